// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * What the suites on EAP over MIS share: a scenario with an AAA server that records what all ends
 * report, and a tap that sees both legs.
 */
#ifndef MIS_EAP_SCENARIO_H
#define MIS_EAP_SCENARIO_H

#include "mis-scenario-test.h"

#include "ns3/mis-certificate.h"
#include "ns3/mis-eap-establishment.h"
#include "ns3/mis-random-source.h"
#include "ns3/nstime.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

namespace ns3::mis::test::aaa
{

inline const std::string MN = RoamingScenarioHelper::MobileNodeId(0);
inline const std::string SPOS = RoamingScenarioHelper::PosId(0);
inline const std::string TPOS = RoamingScenarioHelper::PosId(1);
inline const std::string AAA = "aaa@home.example";

/// Sees every message of MIS or RADIUS that reaches the node.
class LegTap : public UdpTap
{
  public:
    /// May change the message; returns false to drop it.
    using Rule = std::function<bool(bool isRadius, Bytes& message)>;

    LegTap(Ptr<NetDevice> device, Rule rule)
        : UdpTap(device,
                 [rule = std::move(rule)](uint16_t fromPort, uint16_t toPort, Bytes& message) {
                     const bool isRadius = toPort == RADIUS_PORT || fromPort == RADIUS_PORT;
                     return (!isRadius && toPort != 4551) || rule(isRadius, message);
                 })
    {
    }
};

/// A scenario whose mobile nodes establish their SAs by EAP.
struct EapScenario : Scenario
{
    /// @param attributes of the establishment @param networks access networks
    explicit EapScenario(const std::string& attributes = "", uint32_t networks = 2)
    {
        ObjectFactory factory;
        std::istringstream("ns3::mis::EapEstablishment[" + attributes + "]") >> factory;
        eap = factory.Create<EapEstablishment>();
        eap->TraceConnectWithoutContext("Established",
                                        MakeCallback(&EapScenario::OnEstablished, this));
        eap->TraceConnectWithoutContext("Answered", MakeCallback(&EapScenario::OnAnswered, this));
        roaming.GetMis().SetEstablishment(SaPair::MN_POS, eap);
        roaming.GetMis().SetRemedy(Remedy("ns3::mis::SaProtectedRemedy"));
        roaming.SetAaaServer(true);
        const DataRate fast("1000Gbps");
        roaming.SetLocalLink(Link(MilliSeconds(1), fast));
        roaming.SetHomeLink(Link(MilliSeconds(7), fast));
        for (uint32_t i = 0; i < networks; ++i)
        {
            roaming.AddNetwork(Link(MilliSeconds(2), fast), Link(MilliSeconds(5), fast));
        }
    }

    /// Builds and records.
    void Start()
    {
        Build();
        if (auto aaa = roaming.GetAaaServer())
        {
            aaa->TraceConnectWithoutContext("Authenticated",
                                            MakeCallback(&EapScenario::OnAuthenticated, this));
            aaa->TraceConnectWithoutContext("Dropped", MakeCallback(&EapScenario::OnDropped, this));
        }
    }

    void OnEstablished(const EstablishmentReport& report)
    {
        established.push_back(report);
    }

    void OnAnswered(const MisfId& pos, const MisfId&, const std::string& outcome)
    {
        answered.push_back(pos.Get() + " " + outcome);
    }

    void OnAuthenticated(const std::string& identity,
                         const std::string& method,
                         const std::string& outcome)
    {
        authenticated.push_back(identity + " " + method + " " + outcome);
    }

    void OnDropped(const std::string& reason, uint32_t)
    {
        dropped.push_back(reason);
    }

    CredentialStore& Credentials()
    {
        return *roaming.GetMis().GetCredentials();
    }

    /// @return MISF of the AAA server
    Ptr<Misf> Aaa()
    {
        return roaming.GetAaaServer()->GetObject<Misf>();
    }

    /// @param at when @param network of the PoS @param mn index of the mobile node
    void EstablishAt(Time at, uint32_t network = 0, uint32_t mn = 0)
    {
        At(at, [this, network, mn] {
            Mn(mn)->GetMisf()->EstablishSa(
                MisfId(RoamingScenarioHelper::PosId(network)),
                [this](const SecurityAssociation* sa, const std::string& reason) {
                    told.push_back(sa ? "success" : reason);
                });
        });
    }

    /// @param misf at whose node @param rule what to do with the messages that come there
    void AddLegTap(Ptr<Misf> misf, LegTap::Rule rule)
    {
        m_legTaps.push_back(std::make_unique<LegTap>(DeviceOf(misf), std::move(rule)));
    }

    /// @param device where @param rule what to do with the messages that come there
    void AddLegTap(Ptr<NetDevice> device, LegTap::Rule rule)
    {
        m_legTaps.push_back(std::make_unique<LegTap>(device, std::move(rule)));
    }

    /// @param misf a node @param peer a peer @return its SAs by EAP with the peer
    static std::vector<SecurityAssociation> EapSas(Ptr<Misf> misf, const std::string& peer)
    {
        auto all = SasWith(misf, MisfId(peer), false);
        all.erase(std::remove_if(all.begin(),
                                 all.end(),
                                 [](const auto& sa) { return sa.said.type != IdType::EAP; }),
                  all.end());
        return all;
    }

    /// @return what an exchange that failed must not leave, empty if nothing is left
    std::string EapLeftovers(uint32_t network = 0)
    {
        std::string left = LiveTransactions();
        const auto pos = RoamingScenarioHelper::PosId(network);
        left += EapSas(Mn()->GetMisf(), pos).empty() ? "" : "the MN has an SA; ";
        left += EapSas(Pos(network)->GetMisf(), MN).empty() ? "" : "the PoS has an SA; ";
        left += eap->GetSessions() == 0 ? "" : "the PoS has a session; ";
        left += roaming.GetAaaServer()->GetSessions() == 0 ? "" : "the server has a session; ";
        return left;
    }

    /// @return whether MN and PoS have one and the same SA
    bool IsShared(uint32_t network = 0, uint32_t mn = 0)
    {
        const auto pos = RoamingScenarioHelper::PosId(network);
        const auto here = EapSas(Mn(mn)->GetMisf(), pos);
        const auto there = EapSas(Pos(network)->GetMisf(), RoamingScenarioHelper::MobileNodeId(mn));
        return here.size() == 1 && there.size() == 1 && here[0].said == there[0].said &&
               here[0].miek == there[0].miek && here[0].miik == there[0].miik &&
               here[0].miak == there[0].miak && !here[0].miak.empty() && here[0].initiator &&
               !there[0].initiator && here[0].suite == there[0].suite;
    }

    /// @return outcome of the last establishment at its MN
    std::string Last() const
    {
        return established.empty() ? "none" : established.back().outcome;
    }

    Ptr<EapEstablishment> eap;
    std::vector<EstablishmentReport> established;
    std::vector<std::string> told;          //!< to those who waited
    std::vector<std::string> answered;      //!< "PoS outcome"
    std::vector<std::string> authenticated; //!< "identity method outcome"
    std::vector<std::string> dropped;       //!< by the AAA server

  private:
    std::vector<std::unique_ptr<LegTap>> m_legTaps;
};

/// @param parts texts @return all of them, separated by commas
inline std::string
Join(const std::vector<std::string>& parts)
{
    std::string all;
    for (const auto& part : parts)
    {
        all += (all.empty() ? "" : ", ") + part;
    }
    return all;
}

/// A method.
struct Method
{
    const char* name;
    const char* attributes; //!< of the establishment
    const char* server;     //!< attribute TlsVersion of the server
    uint32_t eapRoundTrips; //!< between PoS and server
};

inline const std::vector<Method> METHODS{{"EAP-GPSK", "Method=EAP-GPSK", "1.3", 3},
                                         {"EAP-TLS", "Method=EAP-TLS", "1.3", 4},
                                         {"EAP-TLS", "Method=EAP-TLS|TlsVersion=1.2", "1.2", 4}};

/// Configures the server for a method.
inline void
Configure(EapScenario& scenario, const Method& method)
{
    auto& mis = scenario.roaming.GetMis();
    mis.SetAaaServerAttribute("TlsVersion", StringValue(method.server));
    mis.SetAaaServerAttribute("Methods", StringValue(std::string(method.name) + ",ERP"));
}

/// Gives a node a certificate of an authority nobody trusts. @param scenario where @param who the
/// node
inline void
MakeForeign(EapScenario& scenario, const std::string& who)
{
    StreamRandomSource source;
    source.AssignStreams(5001);
    CryptoContext crypto(CryptoBackend::OPENSSL, source);
    const auto ca = CertifiedKey::MakeAuthority(crypto, "another authority");
    scenario.Credentials().SetCertifiedKey(
        MisfId(who),
        ca.Issue(crypto, who, 2, -1, Seconds(1000).GetNanoSeconds()));
}

/// Gives a node a certificate that has expired. @param scenario where @param who the node
inline void
MakeExpired(EapScenario& scenario, const std::string& who)
{
    auto& store = scenario.Credentials();
    store.SetAttribute("Validity", TimeValue(MilliSeconds(500)));
    store.GetCertifiedKey(MisfId(who));
    store.SetAttribute("Validity", TimeValue(Seconds(1000)));
}

} // namespace ns3::mis::test::aaa

#endif // MIS_EAP_SCENARIO_H
