// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * What one end of a session of TLS records proves before the session goes on elsewhere (PA-55).
 */
#ifndef MIS_RECORD_PROOF_H
#define MIS_RECORD_PROOF_H

#include "ns3/mis-crypto-context.h"
#include "ns3/mis-security-association.h"

#include <cstdint>
#include <optional>

namespace ns3::mis
{

/// How far the sender of a proof is.
struct RecordProof
{
    uint64_t sent{0};        //!< messages it has sent in records
    uint64_t received{0};    //!< messages it has received in records
    uint32_t resumptions{0}; //!< which resumption of the session this is, from 1

    /**
     * @param sa association of the receiver
     * @return whether neither end has sent anything that the other lacks
     */
    bool Matches(const SecurityAssociation& sa) const
    {
        return sent == sa.window.Highest() && received == sa.sendSn;
    }
};

/**
 * @brief Makes the octets for AUTH: the numbers, and the first 16 octets of HMAC-SHA-256 under
 * MIAK over a label, SAID, sender and the numbers.
 * @param crypto the computing node
 * @param sa its association
 * @return the octets
 */
Bytes MakeRecordProof(CryptoContext& crypto, const SecurityAssociation& sa);

/**
 * @brief Verifies a proof of the peer.
 * @param crypto the computing node
 * @param sa its association
 * @param octets as received
 * @return the proof, or nothing if it is not the peer's
 */
std::optional<RecordProof> ReadRecordProof(CryptoContext& crypto,
                                           const SecurityAssociation& sa,
                                           ByteView octets);

} // namespace ns3::mis

#endif // MIS_RECORD_PROOF_H
