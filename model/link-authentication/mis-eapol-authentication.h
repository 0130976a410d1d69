// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief IEEE 802.1X on Wi-Fi, with the 4-way handshake behind it, and on Ethernet, without.
 */
#ifndef MIS_EAPOL_AUTHENTICATION_H
#define MIS_EAPOL_AUTHENTICATION_H

#include "ns3/mis-eap-carrier.h"
#include "ns3/mis-eapol-frame.h"
#include "ns3/mis-four-way-handshake.h"

#include <optional>

namespace ns3::mis
{

/** @brief What follows EAP. */
enum class EapolKeying
{
    FOUR_WAY, //!< the 4-way handshake of IEEE 802.11
    NONE      //!< nothing: a port of an Ethernet switch opens
};

/** @brief The supplicant PAE of IEEE 802.1X and the 4-way handshake. */
class EapolSupplicant : public EapCarrierSupplicant
{
  public:
    /**
     * @brief An end that has not begun.
     * @param ctx the computing node; outlives this
     * @param authenticator address of the point of attachment
     * @param supplicant address of the mobile node
     * @param keying what follows EAP
     */
    EapolSupplicant(CryptoContext& ctx,
                    const MacOctets& authenticator,
                    const MacOctets& supplicant,
                    EapolKeying keying);

  private:
    void DoTakeKey(ByteView key) override;
    void DoKeyInstalled() override;
    void DoWipe() override;
    void DoReceive(ByteView frame, LinkOutput& output) override;
    Bytes DoMakeStart() override;
    Bytes DoCarryEap(ByteView packet) override;

    FourWayParameters m_parameters;               //!< addresses and what was announced
    EapolKeying m_keying;                         //!< what follows EAP
    SecretBytes m_pmk;                            //!< pairwise master key
    std::optional<FourWaySupplicant> m_handshake; //!< the handshake, once there is a key
};

/** @brief The authenticator PAE of IEEE 802.1X and the handshakes of IEEE 802.11. */
class EapolAuthenticator : public EapCarrierAuthenticator
{
  public:
    /**
     * @brief An end that has not begun.
     * @param ctx the computing node; outlives this
     * @param authenticator address of the point of attachment
     * @param supplicant address of the mobile node
     * @param keying what follows EAP
     */
    EapolAuthenticator(CryptoContext& ctx,
                       const MacOctets& authenticator,
                       const MacOctets& supplicant,
                       EapolKeying keying);

  private:
    void DoTakeKey(ByteView key) override;
    void DoKeyInstalled() override;
    void DoWipe() override;
    void DoReceive(ByteView frame, LinkOutput& output) override;
    Bytes DoCarryEap(ByteView packet) override;
    void DoBeginHandshake(LinkOutput& output) override;
    void DoRepeatHandshake(LinkOutput& output) override;
    bool DoIsAnswered() const override;
    void DoUpdateGroupKey(LinkOutput& output) override;

    FourWayParameters m_parameters;                  //!< addresses and what was announced
    EapolKeying m_keying;                            //!< what follows EAP
    SecretBytes m_pmk;                               //!< pairwise master key
    std::optional<FourWayAuthenticator> m_handshake; //!< the handshake, once begun
};

} // namespace ns3::mis

#endif /* MIS_EAPOL_AUTHENTICATION_H */
