// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Receives the link events of mobile nodes at a point of service.
 */
#ifndef MIS_LINK_EVENT_LISTENER_H
#define MIS_LINK_EVENT_LISTENER_H

#include "ns3/mis-event-messages.h"
#include "ns3/mis-function.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/traced-callback.h"

#include <optional>

namespace ns3::mis
{

/// A link event as a message carries it.
struct LinkEvent
{
    MessageId mid{0};                     //!< which event
    LinkTupleId link;                     //!< link and point of attachment
    std::optional<double> signal;         //!< dBm, of Link_Detected and Link_Parameters_Report
    std::optional<Time> timeToDown;       //!< of Link_Going_Down
    std::optional<LinkDownReason> reason; //!< of Link_Down
};

/**
 * @brief Takes the link events that mobile nodes send to a PoS, and fires them as a trace.
 */
class LinkEventListener : public Object
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    /// @param misf MISF of the PoS
    void SetMisf(Ptr<Misf> misf);

    /**
     * @brief Asks a mobile node for events of a link (Event_Subscribe).
     * @param mn the mobile node
     * @param link the link
     * @param events bits of EVENT_LIST, those not named are no longer sent
     * @return NONE, or why nothing was sent
     */
    SendError Subscribe(const MisfId& mn, const LinkTupleId& link, uint32_t events);

    /// @param mn whose @param event what has happened
    typedef void (*EventTracedCallback)(const MisfId& mn, const LinkEvent& event);
    /// @param mn mobile node @param events what it sends now, as bits of EVENT_LIST
    typedef void (*SubscribedTracedCallback)(const MisfId& mn, uint32_t events);

  protected:
    void DoDispose() override;

  private:
    template <class M>
    void Listen();

    Ptr<Misf> m_misf;
    TracedCallback<const MisfId&, const LinkEvent&> m_eventTrace;
    TracedCallback<const MisfId&, uint32_t> m_subscribedTrace;
};

} // namespace ns3::mis

#endif // MIS_LINK_EVENT_LISTENER_H
