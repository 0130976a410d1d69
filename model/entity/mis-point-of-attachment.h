// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * The MIS user of a point of attachment.
 */
#ifndef MIS_POINT_OF_ATTACHMENT_H
#define MIS_POINT_OF_ATTACHMENT_H

#include "ns3/event-id.h"
#include "ns3/mis-auth-messages.h"
#include "ns3/mis-function.h"
#include "ns3/mis-link-authentication.h"
#include "ns3/nstime.h"
#include "ns3/traced-callback.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace ns3::mis
{

/**
 * @brief Point of attachment of an access network: an access point, base station, eNodeB or switch
 * whose point of service pushes keys to it (Push_Key).
 *
 * @verbatim
 *   MN                     point of attachment               its PoS
 *    |                            | <-- Push_Key request --------|
 *    | attaches, has the key      |                              |
 *    | <== handshake of the link ==>                             |
 *    |                                                           |
 *    | attaches without a key     |                              |
 *    | <== credentials, whole frames ==> LL_Auth request, response
 *    |                            | <-- Push_Key request --------|
 *    | <== handshake of the link ==>                             |
 * @endverbatim
 *
 * A frame that is not answered is sent again after RepeatInterval, and each time after twice as
 * long.
 */
class PointOfAttachment : public Object
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    PointOfAttachment();
    ~PointOfAttachment() override;

    /**
     * @brief Binds to the MISF of the node.
     * @param misf the MISF
     */
    void SetMisf(Ptr<Misf> misf);

    /// @return the MISF of the node
    Ptr<Misf> GetMisf() const
    {
        return m_misf;
    }

    /// @param pos the point of service that pushes keys and checks credentials
    void SetPointOfService(const MisfId& pos);

    /// @param link the link offered: technology and address of the point of attachment
    void SetLink(const LinkId& link);

    /// @return the link offered
    const LinkId& GetLink() const
    {
        return m_link;
    }

    /**
     * @brief Counts a station as authenticated, as if it had been before the simulation began; that
     * ends when it attaches.
     * @param station its link-layer address
     */
    void Admit(const LinkAddress& station);

    /// Sends a frame to the station with a link-layer address.
    using Sender = std::function<void(const LinkAddress& station, ByteView frame)>;

    /// @param sender sends frames of link authentication over the link
    void SetSender(Sender sender);

    /**
     * @brief A station has attached.
     * @param station its link-layer address
     * @param hasKey whether it says that it has a key that was pushed
     */
    void Attached(const LinkAddress& station, bool hasKey);

    /**
     * @brief A frame of link authentication has come from a station.
     * @param station its link-layer address
     * @param frame the frame
     */
    void Receive(const LinkAddress& station, ByteView frame);

    /**
     * @param station link-layer address
     * @return whether its link is authenticated, which opens the controlled port
     */
    bool IsAuthorized(const LinkAddress& station) const;

    /**
     * @param station link-layer address
     * @return the keys of its link, empty unless a handshake made them
     */
    LinkKeys GetLinkKeys(const LinkAddress& station) const;

    /**
     * @brief Replaces the key of a station, as somebody who errs or attacks may.
     * @param station link-layer address
     * @param key another key
     */
    void ReplaceKey(const LinkAddress& station, const SecretBytes& key);

    /// @return stations that are known: attached, being authenticated, or expected with a key
    size_t GetStations() const
    {
        return m_stations.size();
    }

    /// @param link the link of the station @param outcome "success", or why not
    typedef void (*AuthenticationTracedCallback)(const LinkTupleId& link,
                                                 const std::string& outcome);
    /// @param link the link of the station
    typedef void (*KeyTracedCallback)(const LinkTupleId& link);

  protected:
    void DoDispose() override;

  private:
    /// A station, from its key or its first frame on.
    struct Station
    {
        LinkTupleId link;
        SecretBytes key;                                  //!< pushed, empty if there is none
        int64_t keyNotAfterNs{0};                         //!< end of its lifetime
        std::unique_ptr<LinkAuthenticator> authenticator; //!< of the handshake
        bool isAuthorized{false};
        bool isAsking{false}; //!< the PoS is asked
        Bytes lastFromPos;    //!< frame of the PoS that was sent last
        uint16_t repeats{0};
        EventId timer;
        uint32_t generation{0}; //!< distinguishes authentications of the station
    };

    void OnPushKey(const ReceivedMessage& message);
    Station& Find(const LinkAddress& station);
    bool HasRoom(const LinkAddress& station) const;
    bool HasKey(const Station& station) const;
    void BeginHandshake(Station& station);
    void Do(Station& station, LinkOutput output);
    void AskPos(Station& station, ByteView frame);
    void OnPosAnswer(const LinkAddress& address,
                     uint32_t generation,
                     const TransactionResult& result);
    void Send(const Station& station, ByteView frame);
    void Arm(Station& station);
    void Repeat(LinkAddress address, uint32_t generation);
    void End(Station& station, const std::string& outcome); // which is no more then

    // attributes
    Time m_repeatInterval;
    uint16_t m_maxRepeats;
    uint32_t m_maxStations;

    Ptr<Misf> m_misf;
    MisfId m_pos;
    LinkId m_link;
    Sender m_sender;
    std::map<LinkAddress, Station> m_stations;
    uint32_t m_nextGeneration{1};

    TracedCallback<const LinkTupleId&, const std::string&> m_authenticationTrace;
    TracedCallback<const LinkTupleId&> m_keyTrace;
};

} // namespace ns3::mis

#endif // MIS_POINT_OF_ATTACHMENT_H
