// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * The authentications that Izquierdo and Golmie compare, on links with their delays.
 */
#ifndef VALIDATE_EAP_H
#define VALIDATE_EAP_H

#include "ns3/boolean.h"
#include "ns3/mis-eap-establishment.h"
#include "ns3/mis-link-profile.h"
#include "ns3/mis-processing-model.h"
#include "ns3/mis-roaming-scenario-helper.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ns3::mis::validation
{

/**
 * @brief An access technology and what was published for EAP-GPSK over it, milliseconds.
 *
 * A. Izquierdo and N. Golmie give l_EAP = m (d_MPT + d_PST) + c and l_sign = l_EAP + d_MPT m_auth,
 * where m messages of EAP cross MN - point of attachment - server and m_auth messages follow on the
 * access link. The delays themselves are not in the figures at hand. They follow from those of the
 * re-authentication, where m = 2, and of the pre-authenticated case over 802.11, which is the four
 * messages of the handshake:
 * d_MPT = 7.44 / 4 = 1.86 (802.11), d_PST = (45.07 - 1.02) / 2 - 1.86 = 20.165, and over 802.16
 * d_MPT = (61.37 - 1.02) / 2 - 20.165 = 10.01, two frames of 5 ms.
 */
struct Access
{
    const char* name;
    double mptMs;       //!< d_MPT: MN - point of attachment, one way
    double pstMs;       //!< d_PST: point of attachment - server, one way
    uint16_t exchanges; //!< of the handshake on the new link, two messages each
    double fullEap;     //!< published: EAP in full
    double full;        //!< published: in full, with what follows on the access link
    double againEap;    //!< published: EAP of a re-authentication
    double again;       //!< published: re-authentication, likewise
    double ahead;       //!< published: pre-authenticated, what is left after the move
    double aheadEap;    //!< published: EAP before the move; 0 if not at hand
};

inline constexpr double FULL_CRYPTO_MS = 17.48; //!< published: cryptography of EAP-GPSK
inline constexpr double AGAIN_CRYPTO_MS = 1.02; //!< published: cryptography of ERP

inline const std::vector<Access> ACCESSES{
    {"802.11", 1.86, 20.165, 2, 192.47, 194.33, 45.07, 46.59, 7.44, 422.42},
    {"802.16", 10.01, 20.165, 1, 226.37, 235.42, 61.37, 70.42, 10.42, 0},
};

/// Which of the authentications.
enum class Kind
{
    FULL,  //!< after the move, EAP-GPSK with the home
    AGAIN, //!< after the move, ERP with the home
    AHEAD  //!< EAP-GPSK before the move
};

/// What a run gives, milliseconds.
struct Latency
{
    double eap{0};        //!< from its first message until both ends have the key
    double signalling{0}; //!< from the attachment until data may flow
};

/// A link without loss and serialisation.
inline LinkProfile
Delay(double ms)
{
    auto profile = *FindLinkProfile("ethernet");
    profile.rate = DataRate(0);
    profile.upRate = DataRate(0);
    profile.overheadOctets = 0;
    profile.delay = NanoSeconds(static_cast<uint64_t>(ms * 1e6 + 0.5));
    return profile;
}

/// Makes a device profile on which each symmetric operation takes as long.
inline std::string
MakeProfile(double operationNs)
{
    DeviceProfile profile;
    profile.name = "validation";
    profile.source = "fitted";
    profile.cores = 1;
    for (const auto operation : {CryptoOperation::HASH,
                                 CryptoOperation::HMAC_SHA256,
                                 CryptoOperation::HMAC_SHA1,
                                 CryptoOperation::HMAC_MD5,
                                 CryptoOperation::AES_CMAC,
                                 CryptoOperation::AES_CBC,
                                 CryptoOperation::AES_CCM})
    {
        profile.costs[static_cast<size_t>(operation)].fixedNs = operationNs;
    }
    RegisterDeviceProfile(profile);
    return profile.name;
}

/// Does something.
inline void
Call(std::function<void()> action)
{
    action();
}

/// Notes when keys are there and the data path is open.
class Watcher
{
  public:
    explicit Watcher(const RoamingScenarioHelper& roaming)
    {
        const auto mn = roaming.GetMobileNodes()[0];
        const auto tpos = roaming.GetPointsOfService()[1];
        mn->TraceConnectWithoutContext("KeyAccepted", MakeCallback(&Watcher::OnKey, this));
        tpos->TraceConnectWithoutContext("KeyAccepted", MakeCallback(&Watcher::OnKey, this));
        mn->TraceConnectWithoutContext("Handover", MakeCallback(&Watcher::OnHandover, this));
    }

    std::optional<Time> keys;             //!< the later of both ends
    std::optional<HandoverReport> report; //!< of the handover

  private:
    void OnKey(const MisfId&, const MisfId&)
    {
        keys = Simulator::Now();
    }

    void OnHandover(const HandoverReport& handover)
    {
        report = handover;
    }
};

/**
 * @brief Runs one authentication. The point of service is at the point of attachment.
 * @param access the access technology
 * @param kind which authentication
 * @param operationNs what each symmetric operation takes at the MN and at the network's nodes,
 * nanoseconds
 * @return what it takes, or nothing if it failed
 */
inline std::optional<Latency>
Measure(const Access& access, Kind kind, double operationNs)
{
    RngSeedManager::SetSeed(1);
    RngSeedManager::SetRun(1);
    const auto profile = MakeProfile(operationNs);
    RoamingScenarioHelper roaming;
    auto& mis = roaming.GetMis();
    mis.SetDeviceProfiles(profile, profile);
    auto eap = CreateObject<EapEstablishment>();
    eap->SetAttribute("Method", StringValue(kind == Kind::AGAIN ? "ERP" : "EAP-GPSK"));
    eap->SetAttribute("IdentityRequest", StringValue("AaaServer")); // all messages of EAP cross
    mis.SetFullAuthentication(eap);
    if (kind == Kind::AGAIN)
    {
        mis.SetEstablishment(SaPair::MN_POS, eap); // gives the keys to re-authenticate with
    }
    mis.SetRemedy("ns3::mis::ClauseRemovedRemedy");
    mis.SetMobileNodeAttribute("HandshakeExchanges", UintegerValue(access.exchanges));
    roaming.SetAaaServer(true);
    roaming.SetLocalLink(Delay(0));
    roaming.SetHomeLink(Delay(access.pstMs / 2));
    for (int i = 0; i < 2; ++i)
    {
        roaming.AddNetwork(Delay(access.mptMs), Delay(access.pstMs / 2));
    }
    roaming.Build();
    Watcher watcher(roaming);
    const Time start = Seconds(10);
    const auto mn = roaming.GetMobileNodes()[0];
    const auto link = roaming.GetLink(0, 1);
    const MisfId tpos(RoamingScenarioHelper::PosId(1));
    const auto at = [](Time when, std::function<void()> action) {
        Simulator::Schedule(when, &Call, std::move(action));
    };
    at(Seconds(1), [&] {
        mn->GetMisf()->EstablishSa(mn->GetServingPos(),
                                   [](const SecurityAssociation*, const std::string&) {});
    });
    at(start, [&] {
        if (kind != Kind::AHEAD)
        {
            mn->ColdHandover(link, tpos);
            return;
        }
        PreregistrationTarget target;
        target.tpos = tpos;
        target.link = link->GetLinkTupleId();
        mn->Preregister(target);
    });
    at(start + Seconds(10), [&] { mn->Handover(link); });
    Simulator::Stop(start + Seconds(30));
    Simulator::Run();
    Simulator::Destroy();
    if (!watcher.keys || !watcher.report || watcher.report->outcome != "success")
    {
        return std::nullopt;
    }
    const auto ms = [](Time time) { return static_cast<double>(time.GetNanoSeconds()) / 1e6; };
    Latency latency;
    latency.eap = ms(*watcher.keys - start);
    latency.signalling = ms(watcher.report->dataPathOpen - watcher.report->attached);
    return latency;
}

/// What one access technology gives. Cryptography is not in it but for cryptoMs.
struct Findings
{
    Latency full;
    Latency again;
    Latency ahead;
    double cryptoMs{0};    //!< that of EAP in full, if each operation costs operationNs
    double operationNs{0}; //!< so that that of the re-authentication takes what was published
};

/**
 * @brief Runs all authentications with an access technology.
 * @param access the access technology
 * @return what they take, or nothing if one failed
 */
inline std::optional<Findings>
MeasureAll(const Access& access)
{
    constexpr double TRIAL_NS = 10000;
    const auto full = Measure(access, Kind::FULL, 0);
    const auto again = Measure(access, Kind::AGAIN, 0);
    const auto ahead = Measure(access, Kind::AHEAD, 0);
    const auto trial = Measure(access, Kind::AGAIN, TRIAL_NS);
    if (!full || !again || !ahead || !trial)
    {
        return std::nullopt;
    }
    Findings findings;
    findings.full = *full;
    findings.again = *again;
    findings.ahead = *ahead;
    findings.operationNs = TRIAL_NS * AGAIN_CRYPTO_MS / (trial->eap - again->eap);
    const auto costly = Measure(access, Kind::FULL, findings.operationNs);
    if (!costly)
    {
        return std::nullopt;
    }
    findings.cryptoMs = costly->eap - full->eap;
    return findings;
}

} // namespace ns3::mis::validation

#endif // VALIDATE_EAP_H
