// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * What heterogeneous-handover prints: link events as they happen, and what was measured.
 */
#ifndef HETEROGENEOUS_HANDOVER_OUTPUT_H
#define HETEROGENEOUS_HANDOVER_OUTPUT_H

#include "ns3/mis-preregistration-recorder.h"
#include "ns3/mis-roaming-scenario-helper.h"
#include "ns3/mis-traffic-results.h"
#include "ns3/simulator.h"

#include <cmath>
#include <iomanip>
#include <iostream>
#include <optional>
#include <sstream>
#include <string>

namespace ns3::mis::programs
{

/// Prints link events of a mobile node that goes from one network to another.
class LinkEventPrinter
{
  public:
    /**
     * @brief Begins to print.
     * @param scenario a scenario with radios that is built
     * @param from network left
     * @param to network come to
     */
    static void Follow(const RoamingScenarioHelper& scenario,
                       const std::string& from,
                       const std::string& to)
    {
        const std::string names[]{from, to};
        for (uint32_t i = 0; i < 2; ++i)
        {
            const auto link = scenario.GetLink(0, i);
            const auto name = "link " + std::to_string(i + 1) + " (" + names[i] + ")";
            link->TraceConnectWithoutContext("Up", MakeBoundCallback(&OnUp, name));
            link->TraceConnectWithoutContext("Down", MakeBoundCallback(&OnDown, name));
            link->TraceConnectWithoutContext("Detected", MakeBoundCallback(&OnDetected, name));
            link->TraceConnectWithoutContext("GoingDown", MakeBoundCallback(&OnGoingDown, name));
            link->TraceConnectWithoutContext("GoingDownRollback",
                                             MakeBoundCallback(&OnRollback, name));
            if (auto listener = scenario.GetListener(i))
            {
                listener->TraceConnectWithoutContext(
                    "LinkEvent",
                    MakeBoundCallback(&OnTold, RoamingScenarioHelper::PosId(i)));
            }
        }
    }

  private:
    static void Say(const std::string& what)
    {
        std::cout << std::fixed << std::setprecision(4) << std::setw(9)
                  << Simulator::Now().GetSeconds() << " s  " << what << '\n';
    }

    static void OnUp(std::string name, const LinkTupleId&)
    {
        Say(name + " up");
    }

    static void OnDown(std::string name, const LinkTupleId&, LinkDownReason reason)
    {
        Say(name + " down, " + ToString(reason));
    }

    static void OnDetected(std::string name, const LinkTupleId&, double signal)
    {
        Say(name + " detected, " + std::to_string(std::lround(signal)) + " dBm");
    }

    static void OnGoingDown(std::string name, const LinkTupleId&, Time left, double confidence)
    {
        Say(name + " going down, " + std::to_string(left.GetMilliSeconds()) +
            " ms left, confidence " + std::to_string(std::lround(confidence)) + " %");
    }

    static void OnRollback(std::string name, const LinkTupleId&)
    {
        Say(name + " no longer going down");
    }

    static void OnTold(std::string name, const MisfId& mn, const LinkEvent& event)
    {
        Say(name + " is told by " + mn.Get() + ": " + MessageName(event.mid));
    }
};

/// Everything that was measured of a handover.
struct HandoverFigures
{
    std::optional<PreregistrationRecord> record; //!< nothing if nobody has begun
    std::optional<HandoverReport> handover;      //!< nothing if there was none
    std::optional<TrafficRecord> traffic;        //!< nothing if there was none
    std::optional<Time> loss; //!< the old link is, or would have been, lost; nothing if not soon

    /// @return whether the mobile node has come to the new network
    bool IsSuccess() const
    {
        return record && record->outcome == "success" && handover && handover->outcome == "success";
    }
};

/// Prints what was measured of a handover, a line a figure.
class HandoverFiguresPrinter
{
  public:
    /**
     * @param figures what to print
     * @param from network left
     * @param to network come to
     */
    static void Print(const HandoverFigures& figures,
                      const std::string& from,
                      const std::string& to)
    {
        if (!figures.record)
        {
            Line("outcome",
                 "unfinished: no signal has called for it, or the new link has not attached");
            return;
        }
        const auto& record = *figures.record;
        Line("outcome", record.outcome);
        Line("key delivery", Milliseconds(record.keyDelivery));
        Line("SA ready", Milliseconds(record.saReady));
        Line("preregistration", Milliseconds(record.preregistration));
        if (figures.loss)
        {
            PrintLoss(record, *figures.loss);
        }
        if (figures.handover)
        {
            const auto& handover = *figures.handover;
            Line("handover", handover.outcome);
            Line("  attachment", Between(handover.detached, handover.attached));
            Line("  handshake", Between(handover.attached, handover.dataPathOpen));
        }
        Line("interruption", Milliseconds(record.interruption));
        Line("packets lost", record.packetsLost ? std::to_string(*record.packetsLost) : "-");
        Line("signalling",
             std::to_string(record.signallingOldLink) + " octets over the old link (" + from +
                 "), " + std::to_string(record.signallingNewLink) + " over the new one (" + to +
                 ")");
        if (figures.traffic)
        {
            PrintTraffic(*figures.traffic);
        }
    }

  private:
    static void Line(const std::string& name, const std::string& figure)
    {
        std::cout << "  " << std::left << std::setw(17) << name << std::right << figure << '\n';
    }

    static std::string Number(double value, int decimals)
    {
        std::ostringstream text;
        text << std::fixed << std::setprecision(decimals) << value;
        return text.str();
    }

    static std::string Milliseconds(const std::optional<Time>& time)
    {
        return time ? Number(*ToMilliseconds(time), 3) + " ms" : "-";
    }

    static std::string Between(Time from, Time to)
    {
        return Milliseconds(to.IsZero() || to < from ? std::optional<Time>() : to - from);
    }

    static void PrintLoss(const PreregistrationRecord& record, Time loss)
    {
        Line("link lost", Milliseconds(loss - record.begin) + " after the signal has called");
        if (record.preregistration)
        {
            const bool isInTime = record.begin + *record.preregistration < loss;
            Line("  preregistered", isInTime ? "in time" : "too late");
        }
    }

    static std::string Within(Time interruption, double budgetMs)
    {
        return std::string(*ToMilliseconds(interruption) <= budgetMs ? "" : "not ") + "within " +
               Number(budgetMs, 0) + " ms";
    }

    static void PrintTraffic(const TrafficRecord& traffic)
    {
        std::cout << "  " << TrafficHelper::NameOf(traffic.kind) << ", " << traffic.direction
                  << '\n';
        if (traffic.kind == TrafficKind::STREAM)
        {
            Line("  stall", Milliseconds(traffic.stall));
            Line("  goodput", Number(traffic.goodput.value_or(0) / 1e3, 1) + " kbit/s");
            return;
        }
        Line("  interruption",
             Milliseconds(traffic.interruption) +
                 (traffic.interruption ? ", " + Within(*traffic.interruption, SHORT_BUDGET_MS) +
                                             ", " + Within(*traffic.interruption, LONG_BUDGET_MS)
                                       : ""));
        if (traffic.packets)
        {
            Line("  packets",
                 std::to_string(traffic.packets->sent) + " sent, " +
                     std::to_string(traffic.packets->lost) + " lost, " +
                     std::to_string(traffic.packets->late) + " late");
        }
        if (traffic.rFactor && traffic.mos)
        {
            Line("  R factor", Number(*traffic.rFactor, 1) + ", MOS " + Number(*traffic.mos, 2));
        }
    }
};

} // namespace ns3::mis::programs

#endif // HETEROGENEOUS_HANDOVER_OUTPUT_H
