// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Roaming over radios that records everything, for the suites on radios.
 */
#ifndef MIS_RADIO_SCENARIO_TEST_H
#define MIS_RADIO_SCENARIO_TEST_H

#include "ns3/mis-radio-access-link.h"
#include "ns3/mis-radio-network-helper.h"
#include "ns3/mis-roaming-scenario-helper.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"

#include <functional>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

namespace ns3::mis::test
{

/// How a mobile node is to roam.
struct RadioSetup
{
    std::vector<std::string> networks;                 //!< technologies; "profile:" in front of one
                                                       //!< makes it a link profile
    std::vector<uint32_t> path;                        //!< networks in turn, all if empty
    std::string remedy{"ns3::mis::SaProtectedRemedy"}; //!< its type
    bool isCold{false};                                //!< without preregistrations
    bool isDual{false};                                //!< with two radios at once
    bool isReal{false};                                //!< link authentication is real
    std::string family{"ipv4"};                        //!< of addresses
    std::string linkMethod{"EAP-GPSK"};                //!< how, without a key
    std::string traffic;                               //!< kind of user traffic, empty for none
    std::string directions{"both"};                    //!< of it
    RoamingScenarioHelper::Anchor anchor{RoamingScenarioHelper::Anchor::NONE}; //!< kind
    std::string pcap;                                                          //!< of captures
    double distance{20};                                                       //!< of networks, m
    uint64_t run{1};                                                           //!< run number
};

/// Roams from the earliest start on, and records.
class RadioRun
{
  public:
    /// @param setup how @param prepare is called when everything is built
    explicit RadioRun(const RadioSetup& setup,
                      const std::function<void(RoamingScenarioHelper&)>& prepare = {})
    {
        RngSeedManager::SetSeed(1);
        RngSeedManager::SetRun(setup.run);
        m_scenario = std::make_unique<RoamingScenarioHelper>();
        Configure(setup);
        m_scenario->Build(1);
        if (!setup.pcap.empty())
        {
            m_scenario->EnablePcap(setup.pcap);
        }
        Trace();
        if (prepare)
        {
            prepare(*m_scenario);
        }
        const Time start = m_scenario->GetEarliestStart();
        m_scenario->Roam(start, [this](uint32_t, const PreregistrationRecord& record) {
            records.push_back(record);
        });
        Simulator::Stop(start + m_scenario->GetDuration());
        Simulator::Run();
        m_scenario.reset();
        Simulator::Destroy();
        frames = m_frames.str();
    }

    RadioRun(const RadioRun&) = delete;
    RadioRun& operator=(const RadioRun&) = delete;

    /// @return handovers that succeeded, were measured, and after which data flowed
    size_t GetSuccesses() const
    {
        size_t successes = 0;
        for (size_t i = 0; i < records.size() && i < handovers.size(); ++i)
        {
            successes += records[i].outcome == "success" && handovers[i].outcome == "success" &&
                         records[i].interruption.has_value();
        }
        return successes;
    }

    /// @return outcomes of all that ended, in one line
    std::string Describe() const
    {
        std::string text;
        for (const auto& record : records)
        {
            text += "preregistration " + record.outcome + ' ';
        }
        for (const auto& handover : handovers)
        {
            text += "handover " + handover.outcome + ' ';
        }
        for (const auto& outcome : mnLinks)
        {
            text += "link " + outcome + ' ';
        }
        return text;
    }

    std::vector<PreregistrationRecord> records;                 //!< measured
    std::vector<HandoverReport> handovers;                      //!< reported
    std::vector<RoamingScenarioHelper::TrafficRecords> traffic; //!< by handover
    std::vector<std::string> mnLinks;  //!< outcomes of link authentications at the mobile node
    std::vector<std::string> poaLinks; //!< and at the points of attachment
    std::string frames;                //!< instant, sender, message, octets of each MIS frame

  private:
    void Configure(const RadioSetup& setup)
    {
        ObjectFactory remedy;
        remedy.SetTypeId(setup.remedy);
        auto& mis = m_scenario->GetMis();
        mis.SetRemedy(remedy);
        if (setup.isReal)
        {
            mis.SetLinkAuthentication("Real");
            mis.SetLinkMethod(setup.linkMethod);
        }
        m_scenario->SetAddressFamily(setup.family);
        m_scenario->SetPreregistration(!setup.isCold);
        m_scenario->SetDualRadio(setup.isDual);
        m_scenario->SetAnchor(setup.anchor);
        if (!setup.traffic.empty())
        {
            m_scenario->SetTraffic(setup.traffic, setup.directions);
            m_scenario->ObserveTraffic(
                [this](uint32_t, const RoamingScenarioHelper::TrafficRecords& all, Time, Time) {
                    traffic.push_back(all);
                });
        }
        const std::string profile = "profile:";
        for (const auto& network : setup.networks)
        {
            const bool isProfile = network.rfind(profile, 0) == 0;
            m_scenario->SetLinks(isProfile ? "profile" : "radio");
            m_scenario->AddNetwork(isProfile ? network.substr(profile.size()) : network);
        }
        m_scenario->SetMovement(setup.distance, 0);
        if (!setup.path.empty())
        {
            m_scenario->SetPath(setup.path);
        }
    }

    void Trace()
    {
        for (const auto& misf : m_scenario->GetMis().GetMisfs())
        {
            misf->TraceConnectWithoutContext("Tx", MakeCallback(&RadioRun::OnFrame, this));
        }
        const auto mn = m_scenario->GetMobileNodes().front();
        mn->TraceConnectWithoutContext("Handover", MakeCallback(&RadioRun::OnHandover, this));
        mn->TraceConnectWithoutContext("LinkAuthentication",
                                       MakeBoundCallback(&OnLinkAuthentication, &mnLinks));
        for (const auto& poa : m_scenario->GetPointsOfAttachment())
        {
            poa->TraceConnectWithoutContext("LinkAuthentication",
                                            MakeBoundCallback(&OnLinkAuthentication, &poaLinks));
        }
    }

    void OnFrame(const FrameRecord& frame)
    {
        m_frames << Simulator::Now().GetNanoSeconds() << ' ' << frame.local << ' '
                 << frame.header.mid.Value() << ' ' << frame.octets << ' ';
        std::vector<uint8_t> octets(frame.packet->GetSize());
        frame.packet->CopyData(octets.data(), octets.size());
        m_frames.write(reinterpret_cast<const char*>(octets.data()),
                       static_cast<std::streamsize>(octets.size()));
        m_frames << '\n';
    }

    void OnHandover(const HandoverReport& report)
    {
        handovers.push_back(report);
    }

    static void OnLinkAuthentication(std::vector<std::string>* outcomes,
                                     const LinkTupleId&,
                                     const std::string& outcome)
    {
        outcomes->push_back(outcome);
    }

    std::unique_ptr<RoamingScenarioHelper> m_scenario;
    std::ostringstream m_frames;
};

} // namespace ns3::mis::test

#endif // MIS_RADIO_SCENARIO_TEST_H
