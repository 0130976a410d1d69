// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief PKMv2 (IEEE 802.16, 7.2.2): EAP, the SA-TEK three-way handshake, the transport of TEKs.
 *
 * @verbatim
 *   mobile station                              base station
 *       |  --- EAP-Start -------------------------->  |    3 octets
 *       |  <-- EAP-Transfer ----------------------->  |    5 to 7 and the EAP packet
 *       |  <-- SA-TEK-Challenge: BS_RANDOM ---------  |   46
 *       |  --- SA-TEK-Request: MS_RANDOM ---------->  |   79
 *       |  <-- SA-TEK-Response: SA descriptor ------  |   79
 *       |  --- Key-Request: nonce ----------------->  |   34
 *       |  <-- Key-Reply: two TEKs wrapped ---------  |  108
 * @endverbatim
 *
 * All messages from the challenge on have a CMAC digest with a packet number that grows by
 * direction. TEKs are wrapped with KEK by AES key wrap, which is cryptographic suite 02 01 04.
 */
#ifndef MIS_PKMV2_H
#define MIS_PKMV2_H

#include "ns3/mis-eap-carrier.h"
#include "ns3/mis-pkmv2-message.h"

#include <array>
#include <cstdint>
#include <optional>

namespace ns3::mis
{

/** A random number or nonce of PKMv2. */
using PkmRandom = std::array<uint8_t, PKM_RANDOM_SIZE>;

/** @brief Packet numbers and digests of one end. */
class PkmProtection
{
  public:
    /**
     * @brief Begin with new keys.
     * @param keys the keys
     */
    void SetKeys(PkmKeys keys)
    {
        m_keys = std::move(keys);
    }

    /** @return the keys */
    const PkmKeys& Keys() const
    {
        return m_keys;
    }

    /**
     * @brief Append the next digest to a message and encode it.
     * @param ctx the computing node
     * @param message the message without digest
     * @return its octets
     */
    Bytes Protect(CryptoContext& ctx, const PkmMessage& message)
    {
        return SignAndEncodePkm(ctx, m_keys, ++m_sent, message);
    }

    /**
     * @brief Check key, packet number and digest of a message.
     * @param ctx the computing node
     * @param message the message
     * @param octets its octets
     * @return NONE if it is authentic and new; then its packet number is used up
     */
    LinkAuthenticationDrop Accept(CryptoContext& ctx, const PkmMessage& message, ByteView octets);

  private:
    PkmKeys m_keys;         //!< the keys
    uint32_t m_sent{0};     //!< packet number of the last message sent
    uint32_t m_received{0}; //!< packet number of the last message accepted
};

/** @brief The mobile station. */
class PkmMobileStation : public EapCarrierSupplicant
{
  public:
    /**
     * @brief A station that has not begun.
     * @param ctx the computing node; outlives this
     * @param baseStation identifier of the base station
     * @param mobileStation address of the mobile station
     */
    PkmMobileStation(CryptoContext& ctx,
                     const PkmAddress& baseStation,
                     const PkmAddress& mobileStation);

  private:
    void DoTakeKey(ByteView key) override;
    void DoWipe() override;
    void DoReceive(ByteView frame, LinkOutput& output) override;
    Bytes DoMakeStart() override;
    Bytes DoCarryEap(ByteView packet) override;
    void DoRepeatHandshake(LinkOutput& output) override;

    void ReceiveChallenge(const PkmMessage& message, LinkOutput& output);
    void ReceiveResponse(const PkmMessage& message, LinkOutput& output);
    void ReceiveReply(const PkmMessage& message, LinkOutput& output);
    Bytes MakeKeyRequest();

    PkmAddress m_baseStation;            //!< identifier of the base station
    PkmAddress m_mobileStation;          //!< address of this station
    PkmProtection m_protection;          //!< keys and packet numbers
    uint8_t m_eapIdentifier{0};          //!< identifier of the last EAP-Transfer received
    std::optional<PkmRandom> m_bsRandom; //!< of the challenge that was answered
    PkmRandom m_msRandom{};              //!< of the answer
    std::optional<PkmRandom> m_nonce;    //!< of Key-Request, once it was sent
};

/** @brief The base station. */
class PkmBaseStation : public EapCarrierAuthenticator
{
  public:
    /**
     * @brief A station that has not begun.
     * @param ctx the computing node; outlives this
     * @param baseStation identifier of the base station
     * @param mobileStation address of the mobile station
     */
    PkmBaseStation(CryptoContext& ctx,
                   const PkmAddress& baseStation,
                   const PkmAddress& mobileStation);

  private:
    void DoTakeKey(ByteView key) override;
    void DoWipe() override;
    void DoReceive(ByteView frame, LinkOutput& output) override;
    Bytes DoCarryEap(ByteView packet) override;
    void DoBeginHandshake(LinkOutput& output) override;
    void DoRepeatHandshake(LinkOutput& output) override;
    bool DoIsAnswered() const override;

    void ReceiveRequest(const PkmMessage& message, LinkOutput& output);
    void ReceiveKeyRequest(const PkmMessage& message, LinkOutput& output);
    Bytes MakeLast();

    PkmAddress m_baseStation;                  //!< identifier of this station
    PkmAddress m_mobileStation;                //!< address of the mobile station
    PkmProtection m_protection;                //!< keys and packet numbers
    PkmCode m_last{PkmCode::SA_TEK_CHALLENGE}; //!< the message sent last
    PkmRandom m_bsRandom{};                    //!< of the challenge
    PkmRandom m_msRandom{};                    //!< of the request
    PkmRandom m_nonce{};                       //!< of Key-Request
    uint8_t m_keyIdentifier{0};                //!< identifier of Key-Request
    uint8_t m_identifier{0};                   //!< identifier of the next EAP-Transfer
    std::array<SecretBytes, 2> m_tek;          //!< older and newer TEK
};

} // namespace ns3::mis

#endif /* MIS_PKMV2_H */
