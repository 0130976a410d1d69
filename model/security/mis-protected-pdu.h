// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Protecting messages under a security association, and accepting them.
 *
 * A protected message (PA-18) is the header with S = 1, the two identifiers, the SAID TLV and the
 * Security TLV. All TLVs of the service are inside the latter.
 */
#ifndef MIS_PROTECTED_PDU_H
#define MIS_PROTECTED_PDU_H

#include "ns3/mis-crypto-context.h"
#include "ns3/mis-message.h"
#include "ns3/mis-security-association.h"
#include "ns3/mis-types.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace ns3::mis
{

/**
 * @brief The header as it is authenticated: acknowledgement bits, M and FN zero (PA-18, PA-20).
 *
 * These change when a message is acknowledged by another or cut into fragments; all the rest is
 * taken as sent, with the length of the whole message.
 *
 * @param frame a whole frame, at least Header::SIZE octets
 * @return the header to be authenticated
 */
std::array<uint8_t, Header::SIZE> AuthenticatedHeader(ByteView frame);

/**
 * @brief Protect a message.
 *
 * On an error neither @p out nor the association is changed and nothing is computed. An association
 * that has a session of TLS protects by its records; see ProtectByRecords().
 *
 * @param ctx the computing node
 * @param sa the association; its sequence number is used up
 * @param nowNs the time in ns
 * @param header the header of the plain message; S bit and length are set here
 * @param src own identity, must be that of the association
 * @param dst the peer, must be that of the association
 * @param body the TLVs of the service, without the identifiers
 * @param out overwritten with the frame; must not be the memory of @p body
 * @return size of the frame in octets, or UNSUPPORTED, EXPIRED, EXHAUSTED, ID_MISMATCH, TOO_LONG,
 * NO_SA
 */
Result<std::size_t, SecurityError> Protect(CryptoContext& ctx,
                                           SecurityAssociation& sa,
                                           int64_t nowNs,
                                           const Header& header,
                                           const MisfId& src,
                                           const MisfId& dst,
                                           ByteView body,
                                           Bytes& out);

/**
 * @brief Read which association protects a message.
 * @param frame the frame
 * @return the identifier, or MALFORMED when the frame is not protected or has no proper SAID TLV
 */
Result<Said, SecurityError> ReadSaid(const FrameView& frame);

/**
 * @brief Tell whether a frame with S = 1 is part of a handshake that protects itself: an Auth
 * message whose Security TLV holds TLS records and that names no association.
 * @param frame the frame
 * @return whether it is to be taken as it is
 */
bool IsHandshake(const FrameView& frame);

/**
 * @brief Verify and open a protected message.
 *
 * On an error the association is as it was and @p plain is empty. The window moves only for an
 * authentic message.
 *
 * @param ctx the computing node
 * @param sa the association found by the SAID and the source of the frame
 * @param nowNs the time in ns
 * @param frame the frame, reassembled
 * @param plain becomes the TLVs of the service
 * @return the sequence number, or UNSUPPORTED, MALFORMED, NO_SA (the SAID is of another
 * association), ID_MISMATCH, EXPIRED, REPLAY, BAD_ICV
 */
Result<uint64_t, SecurityError> Unprotect(CryptoContext& ctx,
                                          SecurityAssociation& sa,
                                          int64_t nowNs,
                                          const FrameView& frame,
                                          SecretOctets& plain);

} // namespace ns3::mis

#endif /* MIS_PROTECTED_PDU_H */
