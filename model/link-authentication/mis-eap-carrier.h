// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief What IEEE 802.1X and PKMv2 have in common: EAP is carried, then a handshake follows.
 */
#ifndef MIS_EAP_CARRIER_H
#define MIS_EAP_CARRIER_H

#include "ns3/mis-link-authentication.h"

namespace ns3::mis
{

/** @brief The end in the mobile node of a technology that carries EAP. */
class EapCarrierSupplicant : public LinkSupplicant
{
  protected:
    using LinkSupplicant::LinkSupplicant;

    /** @return the frame that asks the authenticator to begin */
    virtual Bytes DoMakeStart() = 0;
    /**
     * @brief Put an EAP packet in a frame.
     * @param packet the packet
     * @return the frame
     */
    virtual Bytes DoCarryEap(ByteView packet) = 0;
    /** @brief Say again what was said in the handshake without being asked; by default, nothing. */
    virtual void DoRepeatHandshake(LinkOutput& output);

    /**
     * @brief Hand an EAP packet to the EAP engine, if one is wanted now.
     * @param packet the packet
     * @param output gets the packet, or why it was dropped
     */
    void ReceiveEap(ByteView packet, LinkOutput& output);

    void DoStart(LinkOutput& output) override;
    void DoSendEap(ByteView packet, LinkOutput& output) override;
    void DoRepeat(LinkOutput& output) override;
    void DoEapSucceeded(ByteView msk) override;

  private:
    bool m_eap{false}; //!< whether EAP packets came from the authenticator
};

/** @brief The end in the point of attachment of a technology that carries EAP. */
class EapCarrierAuthenticator : public LinkAuthenticator
{
  protected:
    using LinkAuthenticator::LinkAuthenticator;

    /**
     * @brief Put an EAP packet in a frame.
     * @param packet the packet
     * @return the frame
     */
    virtual Bytes DoCarryEap(ByteView packet) = 0;
    /** @brief Begin the handshake; on a link without one, nothing. */
    virtual void DoBeginHandshake(LinkOutput& output) = 0;
    /** @brief Say the last frame of the handshake again, if it may help. */
    virtual void DoRepeatHandshake(LinkOutput& output) = 0;
    /** @return whether the supplicant has shown that it has the key */
    virtual bool DoIsAnswered() const = 0;

    /**
     * @brief Hand an EAP packet to the EAP engine, if one is wanted now.
     * @param packet the packet
     * @param output gets the packet, or why it was dropped
     */
    void ReceiveEap(ByteView packet, LinkOutput& output);
    /**
     * @brief Answer a supplicant that asks to begin.
     * @param output what to do
     */
    void ReceiveStart(LinkOutput& output);

    void DoStart(LinkOutput& output) override;
    void DoSendEap(ByteView packet, LinkOutput& output) override;
    void DoRepeat(LinkOutput& output) override;
    void DoEapSucceeded(ByteView packet, ByteView msk, LinkOutput& output) override;
    void DoEapFailed(ByteView packet, LinkOutput& output) override;

  private:
    Bytes m_lastEap;     //!< frame with the last EAP packet
    bool m_begun{false}; //!< whether the handshake has begun
};

} // namespace ns3::mis

#endif /* MIS_EAP_CARRIER_H */
