// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Protecting messages by records of TLS (PA-55).
 *
 * A message so protected is the header with S = 1, the two identifiers, the SAID TLV and a Security
 * TLV with a TLS_RECORD: whole records of application data, one for each 16384 octets begun. Their
 * data is the header of the plain message, which TLS would not authenticate otherwise, and the TLVs
 * of the service. That header has S = 0 and no acknowledgement bits, and its length is that of the
 * TLVs. The two identifiers are those that the ends of the session have authenticated.
 *
 * The records of a session have to be opened in the order in which they were made, and none may be
 * left out: what carries the messages must be reliable.
 */
#ifndef MIS_RECORD_PROTECTION_H
#define MIS_RECORD_PROTECTION_H

#include "ns3/mis-message.h"
#include "ns3/mis-security-association.h"

#include <cstddef>
#include <cstdint>

namespace ns3::mis
{

/**
 * @brief Protect a message.
 *
 * On an error neither @p out nor the session is changed.
 *
 * @param sa the association, which has a session; a sequence number is used up
 * @param nowNs the time in ns
 * @param header the header of the plain message; S bit and length are set here
 * @param src own identity, must be that of the association
 * @param dst the peer, must be that of the association
 * @param body the TLVs of the service, without the identifiers
 * @param out overwritten with the frame; must not be the memory of @p body
 * @return size of the frame in octets, or NO_SA (the session is over), EXPIRED, ID_MISMATCH,
 * TOO_LONG
 */
Result<std::size_t, SecurityError> ProtectByRecords(SecurityAssociation& sa,
                                                    int64_t nowNs,
                                                    const Header& header,
                                                    const MisfId& src,
                                                    const MisfId& dst,
                                                    ByteView body,
                                                    Bytes& out);

/**
 * @brief Put records that carry no message, such as an alert, into a frame.
 * @param sa the association
 * @param header the header of the frame; S bit and length are set here
 * @param records the records
 * @param out overwritten with the frame
 */
void FrameRecords(const SecurityAssociation& sa,
                  const Header& header,
                  ByteView records,
                  Bytes& out);

/**
 * @brief Open a protected message.
 *
 * On any error but EXPIRED, NO_SA and ID_MISMATCH the session is of no use any more, since no later
 * record can be opened.
 *
 * @param sa the association found by the SAID and the source of the frame, which has a session
 * @param nowNs the time in ns
 * @param frame the frame
 * @param plain becomes the plain message, a whole frame
 * @param alert becomes what to send to the peer, empty for nothing
 * @return NONE, EXPIRED, NO_SA (the SAID is of another association, or the session is over),
 * ID_MISMATCH, MALFORMED (no whole records, or they hold another message), BAD_ICV (a record is not
 * authentic, or an alert)
 */
SecurityError OpenRecords(SecurityAssociation& sa,
                          int64_t nowNs,
                          const FrameView& frame,
                          SecretOctets& plain,
                          Bytes& alert);

} // namespace ns3::mis

#endif /* MIS_RECORD_PROTECTION_H */
