// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief MILENAGE, the functions f1 to f5 of a USIM and its home network (3GPP TS 35.206).
 */
#ifndef MIS_MILENAGE_H
#define MIS_MILENAGE_H

#include "ns3/mis-aes.h"
#include "ns3/mis-crypto-context.h"
#include "ns3/mis-secret-bytes.h"
#include "ns3/mis-types.h"

#include <array>
#include <cstdint>

namespace ns3::mis
{

/** Random challenge RAND. */
using AkaRand = std::array<uint8_t, 16>;
/** Sequence number SQN, or one that AK hides. */
using AkaSequence = std::array<uint8_t, 6>;
/** MAC-A or MAC-S. */
using AkaMac = std::array<uint8_t, 8>;

/** @brief MILENAGE with the keys of one subscriber. */
class Milenage
{
  public:
    /** @brief Results of f2, f3, f4 and f5. */
    struct Challenge
    {
        SecretBytes res; //!< f2: response, 8 octets
        SecretBytes ck;  //!< f3: cipher key, 16 octets
        SecretBytes ik;  //!< f4: integrity key, 16 octets
        AkaSequence ak;  //!< f5: anonymity key
    };

    /** @brief Results of f1 and f1*. */
    struct Codes
    {
        AkaMac macA; //!< f1: network authentication code
        AkaMac macS; //!< f1*: resynchronisation authentication code
    };

    /**
     * @brief The functions of a subscriber.
     * @param k subscriber key K, 16 octets; another length is a fatal programming error
     * @param opc operator variant OP_C, 16 octets; another length is a fatal programming error
     */
    Milenage(ByteView k, ByteView opc);

    /**
     * @brief Make OP_C of an operator's OP.
     * @param ctx the computing node
     * @param k subscriber key K, 16 octets
     * @param op the operator's OP
     * @return OP_C, 16 octets
     */
    static SecretBytes DeriveOpc(CryptoContext& ctx, ByteView k, const AesBlock& op);

    /**
     * @brief Compute f1 and f1*.
     * @param ctx the computing node
     * @param rand the challenge
     * @param sqn sequence number, not hidden
     * @param amf authentication management field
     * @return MAC-A and MAC-S
     */
    Codes F1(CryptoContext& ctx, const AkaRand& rand, const AkaSequence& sqn, uint16_t amf) const;

    /**
     * @brief Compute f2 to f5.
     * @param ctx the computing node
     * @param rand the challenge
     * @return response and keys
     */
    Challenge F2345(CryptoContext& ctx, const AkaRand& rand) const;

    /**
     * @brief Compute f5*.
     * @param ctx the computing node
     * @param rand the challenge
     * @return the anonymity key of a resynchronisation
     */
    AkaSequence F5Star(CryptoContext& ctx, const AkaRand& rand) const;

  private:
    AesBlock Hidden(CryptoContext& ctx, const AkaRand& rand) const;
    AesBlock Out(CryptoContext& ctx,
                 const AesBlock& hidden,
                 std::size_t rotation,
                 uint8_t constant) const;

    SecretBytes m_k;   //!< K
    SecretBytes m_opc; //!< OP_C
};

} // namespace ns3::mis

#endif /* MIS_MILENAGE_H */
