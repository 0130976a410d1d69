// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * The simulations of compare-remedies.
 */
#ifndef COMPARE_REMEDIES_SIMULATION_H
#define COMPARE_REMEDIES_SIMULATION_H

#include "compare-remedies-options.h"

#include "ns3/mis-results.h"
#include "ns3/mis-roaming-scenario-helper.h"
#include "ns3/mis-traffic-results.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace ns3::mis::programs
{

/// One simulation of the comparison.
struct Case
{
    std::string remedy; //!< name of the remedy, or COLD
    LinkPair links;     //!< the links that the MN goes over
    uint64_t run;       //!< run

    /// @return a name for files
    std::string GetLabel() const
    {
        return remedy + "-" + links.from + "-" + links.to + "-run" + std::to_string(run);
    }
};

/// What simulations give.
struct Results
{
    ComparisonResults preregistrations; //!< all of them
    TrafficResults traffic;             //!< user traffic, if there is any
};

/**
 * @param name a value of --mn-auth or --n2n
 * @return the establishment
 */
inline Ptr<SaEstablishment>
MakeEstablishment(const std::string& name)
{
    static const std::map<std::string, std::string> types{
        {"tls", "ns3::mis::TlsEstablishment"},
        {"ikev2", "ns3::mis::Ikev2Establishment"},
        {"tls-tcp", "ns3::mis::TlsTcpEstablishment"},
        {"eap-tls", "ns3::mis::EapEstablishment[Method=EAP-TLS]"},
        {"eap-gpsk", "ns3::mis::EapEstablishment[Method=EAP-GPSK]"},
        {"erp", "ns3::mis::EapEstablishment[Method=ERP]"},
        {"erp-local", "ns3::mis::EapEstablishment[Method=ERP]"},
    };
    ObjectFactory factory;
    std::istringstream(types.at(name)) >> factory;
    return factory.Create<SaEstablishment>();
}

/**
 * @param options of the comparison
 * @param name of a remedy
 * @return what makes it
 */
inline ObjectFactory
MakeRemedy(const Options& options, const std::string& name)
{
    const auto type = FindRemedies().at(name);
    ObjectFactory factory;
    factory.SetTypeId(type);
    if (name == "legacy")
    {
        factory.Set("Prf", StringValue(options.prf));
        factory.Set("Formula", StringValue(options.formula));
    }
    else if (name == "remedy2")
    {
        factory.Set("Path", StringValue(options.path));
    }
    else if (type == ClauseRemovedRemedy::GetTypeId())
    {
        factory.Set("Ciphersuite", UintegerValue(options.ciphersuite));
    }
    return factory;
}

/// Runs one case: it must live until the simulation has ended.
class ComparisonSimulation
{
  public:
    /**
     * @param program options of the program, for what goes wrong
     * @param options of the comparison
     * @param which the case
     */
    ComparisonSimulation(const ProgramOptions& program, const Options& options, const Case& which)
        : m_program(program),
          m_options(options),
          m_case(which)
    {
    }

    /**
     * @brief Runs the simulation.
     * @param keyLog file for secrets, or empty
     * @param results takes what is measured
     */
    void Run(const std::string& keyLog, Results& results)
    {
        RngSeedManager::SetSeed(static_cast<uint32_t>(m_options.seed));
        RngSeedManager::SetRun(m_case.run);
        SetRoles();
        SetEstablishments();
        SetTraffic();
        SetAccess();
        m_scenario.Build();
        SetDevices();
        Log(keyLog);
        Roam(results);
        Simulator::Stop(m_begin + m_scenario.GetDuration());
        Simulator::Run();
        if (!m_scenario.GetMis().FlushLogs())
        {
            Lost("the key log or frame log of " + m_case.GetLabel());
        }
        Simulator::Destroy();
    }

  private:
    static constexpr double NEAR_M = 20; //!< from one point of attachment to the next

    [[noreturn]] void Lost(const std::string& file) const
    {
        m_program.Fail(file + " could not be written whole");
    }

    void SetRoles()
    {
        auto& mis = m_scenario.GetMis();
        mis.SetRemedy(MakeRemedy(m_options, m_case.remedy));
        mis.SetDeviceProfiles(m_options.profileMn, m_options.profileSpos);
        mis.SetMobileNodeAttribute("Ciphersuite", UintegerValue(m_options.ciphersuite));
        mis.SetLinkAuthentication(LinkAuthenticationOf(m_options.linkAuth));
        m_scenario.SetPreregistration(m_case.remedy != COLD);
    }

    void SetEstablishments()
    {
        auto& mis = m_scenario.GetMis();
        if (m_options.sa == "on-demand")
        {
            m_scenario.SetAaaServer(m_options.mnAuth != "tls");
            if (m_options.mnAuth == "erp-local")
            {
                m_scenario.SetLocalAaaServer("aaa@visited.example");
            }
            m_scenario.SetFirstAtHome(m_options.first == "home");
            const auto establishment = MakeEstablishment(m_options.mnAuth);
            mis.SetEstablishment(SaPair::MN_POS, establishment);
            if (const auto eap = DynamicCast<EapEstablishment>(establishment))
            {
                mis.SetFullAuthentication(eap);
            }
            else
            {
                mis.SetFullAuthentication(CreateObject<TlsEstablishment>());
            }
        }
        if (m_options.n2n != "static")
        {
            const auto establishment = MakeEstablishment(m_options.n2n);
            mis.SetEstablishment(SaPair::POS_POS, establishment);
            mis.SetEstablishment(SaPair::POS_GM, establishment);
        }
    }

    void SetTraffic()
    {
        if (m_options.traffic.empty())
        {
            return;
        }
        m_scenario.SetAnchor(m_options.anchor == "network" ? RoamingScenarioHelper::Anchor::NETWORK
                                                           : RoamingScenarioHelper::Anchor::CLIENT);
        m_scenario.SetTraffic(m_options.traffic, m_options.direction);
    }

    void SetAccess()
    {
        m_scenario.SetAddressFamily(m_options.ip);
        m_scenario.SetLinks(m_options.links);
        m_scenario.SetDualRadio(m_options.hasTwoRadios);
        m_scenario.SetMovement(NEAR_M, 0);
        const auto handovers = m_options.handovers;
        for (uint64_t i = 0; i <= (m_options.goesBack ? 1 : handovers); ++i)
        {
            m_scenario.AddNetwork(i % 2 == 0 ? m_case.links.from : m_case.links.to);
        }
        if (m_options.goesBack)
        {
            std::vector<uint32_t> path;
            for (uint64_t i = 0; i <= handovers; ++i)
            {
                path.push_back(i % 2);
            }
            m_scenario.SetPath(path);
        }
    }

    void SetDevices()
    {
        if (m_options.handovers == 1)
        {
            m_scenario.GetPointsOfService()[1]->GetMisf()->SetAttribute(
                "DeviceProfile",
                StringValue(m_options.profileTpos));
        }
        m_scenario.GetGroupManager()->GetObject<Misf>()->SetAttribute(
            "DeviceProfile",
            StringValue(m_options.profileGm));
    }

    void Log(const std::string& keyLog)
    {
        auto& mis = m_scenario.GetMis();
        if (!keyLog.empty())
        {
            mis.EnableKeyLog(keyLog);
        }
        if (m_options.hasPcap)
        {
            const auto prefix = m_options.out + "/pcap/" + m_case.GetLabel();
            m_scenario.EnablePcap(prefix);
            mis.EnableFrameLog(prefix + ".frames");
        }
    }

    /// @return what the access links are, and the version of IP, for the column of that name
    std::string GetScenario() const
    {
        const std::string family = m_options.ip == "ipv6" ? "-ipv6" : "";
        if (m_options.links != "radio")
        {
            return "roaming" + family;
        }
        return (m_options.hasTwoRadios ? "roaming-dual-radio" : "roaming-radio") + family;
    }

    /// A row for a handover of the chain.
    template <class Record>
    HandoverRow<Record> MakeRow(uint32_t position, const Record& record) const
    {
        const bool isEven = position % 2 == 0;
        return {GetScenario(),
                m_case.remedy,
                isEven ? m_case.links.from : m_case.links.to,
                isEven ? m_case.links.to : m_case.links.from,
                static_cast<uint32_t>(m_options.seed),
                m_case.run,
                position + 1,
                record};
    }

    void Roam(Results& results)
    {
        // Where the handover falls in the spacing of the flow, and over radios in the 80 ms from
        // one system information of LTE to the next, differs from run to run.
        const double cycleUs = m_options.links == "radio" ? 80e3 : 20e3;
        auto offset = CreateObject<UniformRandomVariable>();
        offset->SetStream(1000000);
        m_begin = StartOf(m_scenario, m_options.links) +
                  MicroSeconds(static_cast<int64_t>(offset->GetValue(0, cycleUs)));
        m_scenario.Roam(m_begin, [&](uint32_t position, const PreregistrationRecord& record) {
            results.preregistrations.Add(MakeRow(position, record));
        });
        if (m_options.traffic.empty())
        {
            return;
        }
        m_scenario.ObserveTraffic([&](uint32_t position,
                                      const RoamingScenarioHelper::TrafficRecords& records,
                                      Time begin,
                                      Time end) {
            for (size_t i = 0; i < records.size(); ++i)
            {
                results.traffic.Add(MakeRow(position, records[i]));
                if (m_case.run == 1 && position == 0)
                {
                    WriteTimeline(i, records[i].direction, begin, end);
                }
            }
        });
    }

    void WriteTimeline(size_t flow, const std::string& direction, Time begin, Time end) const
    {
        const auto file = m_options.out + "/timeline-" + m_case.remedy + "-" + m_case.links.from +
                          "-" + m_case.links.to + "-" + direction + ".csv";
        std::ofstream timeline(file);
        m_scenario.GetTraffic()->GetFlows()[flow]->WriteTimeline(timeline, begin, end);
        if (!timeline.flush())
        {
            Lost(file);
        }
    }

    const ProgramOptions& m_program;
    const Options& m_options;
    const Case m_case;
    RoamingScenarioHelper m_scenario;
    Time m_begin; //!< of the first preregistration
};

/**
 * @brief Runs all simulations of a comparison.
 * @param program options of the program
 * @param options of the comparison
 * @return what they give
 */
inline Results
Compare(const ProgramOptions& program, const Options& options)
{
    Results results;
    const bool isSingle = options.pairs.size() * options.remedies.size() * options.runs == 1;
    for (const auto& pair : options.pairs)
    {
        for (const auto& remedy : options.remedies)
        {
            for (uint64_t run = 1; run <= options.runs; ++run)
            {
                const Case which{remedy, ReadPair(program, options.links, pair), run};
                // Each simulation has its own log.
                const auto keyLog = options.keyLog.empty() || isSingle
                                        ? options.keyLog
                                        : options.keyLog + "-" + which.GetLabel();
                if (!keyLog.empty())
                {
                    program.CheckWritable("keylog", keyLog);
                }
                ComparisonSimulation(program, options, which).Run(keyLog, results);
            }
        }
    }
    return results;
}

} // namespace ns3::mis::programs

#endif // COMPARE_REMEDIES_SIMULATION_H
