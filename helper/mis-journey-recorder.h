// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * What happens on a journey: handovers, link events, signals, packets.
 */
#ifndef MIS_JOURNEY_RECORDER_H
#define MIS_JOURNEY_RECORDER_H

#include "mis-journey.h"

#include "ns3/mis-result-table.h"
#include "ns3/mis-traffic-flow.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

namespace ns3::mis
{

/// A handover of a journey, and what the user traffic to the mobile node met.
struct JourneyRecord
{
    std::string outcome;                 //!< "success", or why not
    std::string trigger;                 //!< what it began with: "going-down", "link-down", ...
    uint32_t from{0};                    //!< index of the network left
    uint32_t to{0};                      //!< index of the network come to
    Time begin;                          //!< the trigger
    std::optional<Time> warning;         //!< trigger -> the link left is, or would have been, lost;
                                         //!< nothing if it would have lasted
    std::optional<Time> preregistration; //!< first request -> done
    std::optional<double> prepared;      //!< 1 if that was done before the link was lost, 0 if not
    std::optional<Time> attachment;      //!< old link left -> new one attached
    std::optional<Time> handshake;       //!< -> user data may flow
    std::optional<TrafficRecord> traffic; //!< around the handover
};

/// A handover of one run.
using JourneyRow = HandoverRow<JourneyRecord>;

/**
 * @param rows handovers
 * @return them with a line a link pair and remedy
 */
ResultTable Tabulate(const std::vector<JourneyRow>& rows);

/// Collects handovers.
using JourneyResults = HandoverResults<JourneyRecord>;

/**
 * @brief Prints a handover in one line.
 * @param os where
 * @param row the handover
 */
void PrintHandover(std::ostream& os, const JourneyRow& row);

/**
 * @brief Watches the mobile node of a journey, its links and its policy.
 *
 * Must live as long as the simulation.
 */
class JourneyRecorder
{
  public:
    /**
     * @param journey a journey whose scenario is built, with user traffic that has been started, or
     * will be by Roam() now
     * @param until end of the journey at the latest
     */
    JourneyRecorder(const Journey& journey, Time until);

    JourneyRecorder(const JourneyRecorder&) = delete;
    JourneyRecorder& operator=(const JourneyRecorder&) = delete;

    /// @param policy whose decisions are events, and the triggers of handovers
    void Observe(const JourneyPolicy& policy);

    /// @return handovers so far; with their traffic when that is over
    const std::vector<JourneyRecord>& GetRecords() const
    {
        return m_records;
    }

    /**
     * @brief Writes `time_s,network,technology,event,detail`; no network where an event has none.
     * @param os where
     */
    void WriteEvents(std::ostream& os) const;

    /**
     * @brief Writes `time_s,network,technology,dbm`: what the radios have measured.
     * @param os where
     */
    void WriteSignals(std::ostream& os) const;

    /**
     * @brief Writes `time_ms,number,delay_ms` a packet of the user traffic to the mobile node.
     * @param os where
     */
    void WritePackets(std::ostream& os) const;

  private:
    /// Something that happened.
    struct Event
    {
        Time at;
        std::optional<uint32_t> network;
        std::string name;
        std::string detail;
    };

    /// A measured signal.
    struct Signal
    {
        Time at;
        uint32_t network;
        double dBm;
    };

    using Self = JourneyRecorder;

    void Note(const std::string& name,
              std::optional<uint32_t> network,
              const std::string& detail = "");
    void NoteTrigger(const std::string& cause);
    std::optional<uint32_t> NetworkOf(const MisfId& pos) const;
    static void OnDetected(Self* self, uint32_t network, const LinkTupleId& link, double dBm);
    static void OnUp(Self* self, uint32_t network, const LinkTupleId& link);
    static void OnGoingDown(Self* self,
                            uint32_t network,
                            const LinkTupleId& link,
                            Time left,
                            double confidence);
    static void OnRollback(Self* self, uint32_t network, const LinkTupleId& link);
    static void OnDown(Self* self,
                       uint32_t network,
                       const LinkTupleId& link,
                       LinkDownReason reason);
    static void OnCommit(Self* self,
                         uint32_t network,
                         const MisfId& mn,
                         const std::string& outcome);
    void OnDecision(const HandoverDecision& decision);
    void OnState(PreregistrationState from, PreregistrationState to);
    void OnPreregistration(const PreregistrationReport& report);
    void OnHandoverBegin(const HandoverReport& report);
    void OnHandover(const HandoverReport& report);
    void MeasureTraffic(size_t record, Time begin, Time end);

    const Journey& m_journey;
    RoamingScenarioHelper& m_scenario;
    Time m_until;
    bool m_hasPolicy{false};
    uint32_t m_current{0};
    std::string m_cause;        //!< of the next handover, empty if none is in sight
    Time m_begin;               //!< its trigger
    std::optional<Time> m_lost; //!< the current link was
    std::optional<PreregistrationReport> m_prepared;
    std::vector<JourneyRecord> m_records;
    std::vector<Event> m_events;
    std::vector<Signal> m_signals;
};

} // namespace ns3::mis

#endif // MIS_JOURNEY_RECORDER_H
