// SPDX-License-Identifier: GPL-2.0-only

#include "mis-point-of-attachment.h"

#include "mis-media-access.h"

#include "ns3/abort.h"
#include "ns3/log.h"
#include "ns3/mis-answer.h"
#include "ns3/mis-link-kdf.h"
#include "ns3/mis-outcome-name.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

namespace ns3::mis
{

NS_LOG_COMPONENT_DEFINE("MisPointOfAttachment");
NS_OBJECT_ENSURE_REGISTERED(PointOfAttachment);

TypeId
PointOfAttachment::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::mis::PointOfAttachment")
            .SetParent<Object>()
            .SetGroupName("MisPrereg")
            .AddConstructor<PointOfAttachment>()
            .AddAttribute("RepeatInterval",
                          "Time after which a frame of link authentication that is not answered "
                          "is sent again; it doubles each time.",
                          TimeValue(MilliSeconds(100)),
                          MakeTimeAccessor(&PointOfAttachment::m_repeatInterval),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute("MaxRepeats",
                          "How often such a frame is sent again.",
                          UintegerValue(5),
                          MakeUintegerAccessor(&PointOfAttachment::m_maxRepeats),
                          MakeUintegerChecker<uint16_t>(0, 16))
            .AddAttribute("MaxStations",
                          "How many stations are known at once; frames of others are ignored.",
                          UintegerValue(65536),
                          MakeUintegerAccessor(&PointOfAttachment::m_maxStations),
                          MakeUintegerChecker<uint32_t>(1))
            .AddTraceSource("LinkAuthentication",
                            "The link authentication of a station has ended.",
                            MakeTraceSourceAccessor(&PointOfAttachment::m_authenticationTrace),
                            "ns3::mis::PointOfAttachment::AuthenticationTracedCallback")
            .AddTraceSource("KeyInstalled",
                            "The PoS has pushed the key of a station.",
                            MakeTraceSourceAccessor(&PointOfAttachment::m_keyTrace),
                            "ns3::mis::PointOfAttachment::KeyTracedCallback");
    return tid;
}

PointOfAttachment::PointOfAttachment() = default;
PointOfAttachment::~PointOfAttachment() = default;

void
PointOfAttachment::DoDispose()
{
    for (auto& [address, station] : m_stations)
    {
        station.timer.Cancel();
    }
    m_stations.clear();
    m_sender = nullptr;
    m_misf = nullptr;
    Object::DoDispose();
}

void
PointOfAttachment::SetMisf(Ptr<Misf> misf)
{
    m_misf = misf;
    m_misf->SetHandler(PushKeyRequest::ID,
                       [this](const ReceivedMessage& message) { OnPushKey(message); });
}

void
PointOfAttachment::SetPointOfService(const MisfId& pos)
{
    m_pos = pos;
}

void
PointOfAttachment::SetLink(const LinkId& link)
{
    m_link = link;
}

void
PointOfAttachment::SetSender(Sender sender)
{
    m_sender = std::move(sender);
}

void
PointOfAttachment::Admit(const LinkAddress& station)
{
    Find(station).isAuthorized = true;
}

bool
PointOfAttachment::IsAuthorized(const LinkAddress& station) const
{
    const auto it = m_stations.find(station);
    return it != m_stations.end() && it->second.isAuthorized;
}

LinkKeys
PointOfAttachment::GetLinkKeys(const LinkAddress& station) const
{
    const auto it = m_stations.find(station);
    return it != m_stations.end() && it->second.authenticator ? it->second.authenticator->Keys()
                                                              : LinkKeys();
}

void
PointOfAttachment::ReplaceKey(const LinkAddress& station, const SecretBytes& key)
{
    Find(station).key = key;
}

// keys

void
PointOfAttachment::OnPushKey(const ReceivedMessage& message)
{
    const auto request = DecodeBody<PushKeyRequest>(message.body);
    if (!request || !message.sa || message.source != m_pos)
    {
        m_misf->Refuse(message); // anybody could open the network with it
        return;
    }
    PushKeyResponse response;
    for (const auto& mapping : request->keyMapping)
    {
        if (OfferedLink(mapping.link) != m_link || !mapping.link.poa ||
            mapping.key.size() != MSPMK_SIZE || !HasRoom(mapping.link.link.address))
        {
            response.status = Status::REJECTED;
        }
    }
    if (response.status == Status::SUCCESS)
    {
        for (const auto& mapping : request->keyMapping)
        {
            auto& station = Find(mapping.link.link.address);
            station.key = SecretBytes(ByteView(mapping.key.data(), mapping.key.size()));
            station.keyNotAfterNs = Simulator::Now().GetNanoSeconds() +
                                    static_cast<int64_t>(mapping.lifetime) * 1000000000;
            m_misf->TraceAtCompletion(m_keyTrace, station.link);
        }
    }
    SendOptions options;
    options.protection = SendOptions::Protection::REQUIRED;
    m_misf->SendResponse(message.transaction, response, options);
}

PointOfAttachment::Station&
PointOfAttachment::Find(const LinkAddress& address)
{
    auto [it, isNew] = m_stations.try_emplace(address);
    if (isNew)
    {
        it->second.link = {{m_link.type, address}, m_link.address};
        it->second.generation = m_nextGeneration++;
    }
    return it->second;
}

bool
PointOfAttachment::HasRoom(const LinkAddress& address) const
{
    return m_stations.size() < m_maxStations || m_stations.count(address) > 0;
}

bool
PointOfAttachment::HasKey(const Station& station) const
{
    return !station.key.empty() && Simulator::Now().GetNanoSeconds() < station.keyNotAfterNs;
}

// frames

void
PointOfAttachment::Attached(const LinkAddress& address, bool hasKey)
{
    if (!HasRoom(address))
    {
        return;
    }
    Misf::Activity activity(*m_misf);
    auto& station = Find(address);
    station.timer.Cancel();
    station.authenticator.reset();
    station.lastFromPos.clear();
    station.isAuthorized = false;
    station.isAsking = false;
    station.repeats = 0;
    station.generation = m_nextGeneration++;
    if (hasKey && HasKey(station))
    {
        BeginHandshake(station);
        return;
    }
    station.key.Clear();
    if (hasKey || m_link.type == LinkType::UMTS)
    {
        AskPos(station, {}); // the network begins
    }
}

void
PointOfAttachment::Receive(const LinkAddress& address, ByteView frame)
{
    if (!HasRoom(address))
    {
        return;
    }
    Misf::Activity activity(*m_misf);
    auto& station = Find(address);
    station.repeats = 0;
    if (station.authenticator)
    {
        auto output = station.authenticator->Receive(frame);
        if (!output.eapWanted)
        {
            Do(station, std::move(output));
            return;
        }
        // The station begins anew, without the key.
        station.timer.Cancel();
        station.authenticator.reset();
        station.key.Clear();
        station.isAuthorized = false;
        station.generation = m_nextGeneration++;
    }
    else if (station.isAuthorized && m_link.type == LinkType::UMTS && !station.lastFromPos.empty())
    {
        // The user equipment has not heard that it is; the PoS has done with it.
        Send(station, station.lastFromPos);
        return;
    }
    AskPos(station, frame);
}

void
PointOfAttachment::Send(const Station& station, ByteView frame)
{
    m_misf->AtCompletion(
        [this, address = station.link.link.address, octets = Bytes(frame.begin(), frame.end())] {
            if (m_sender)
            {
                m_sender(address, octets);
            }
        });
}

// handshake

void
PointOfAttachment::BeginHandshake(Station& station)
{
    station.timer.Cancel();
    station.repeats = 0;
    station.lastFromPos.clear();
    station.authenticator = MakeLinkAuthenticator(m_misf->GetCrypto(), station.link);
    if (!station.authenticator || !station.authenticator->InstallKey(station.key))
    {
        End(station, "link-authentication-unusable-key");
        return;
    }
    Do(station, station.authenticator->Start());
}

void
PointOfAttachment::Do(Station& station, LinkOutput output)
{
    for (const auto& frame : output.frames)
    {
        Send(station, frame);
    }
    switch (station.authenticator->State())
    {
    case LinkAuthenticationState::AUTHENTICATED:
        if (!station.isAuthorized)
        {
            station.timer.Cancel();
            station.isAuthorized = true;
            m_misf->TraceAtCompletion(m_authenticationTrace, station.link, std::string("success"));
        }
        break;
    case LinkAuthenticationState::FAILED:
        End(station,
            "link-authentication-" + OutcomeName(ToString(station.authenticator->Outcome())));
        break;
    default:
        if (!output.frames.empty())
        {
            Arm(station);
        }
        break;
    }
}

void
PointOfAttachment::Arm(Station& station)
{
    station.timer.Cancel();
    station.timer = Simulator::Schedule(m_repeatInterval * (int64_t{1} << station.repeats),
                                        &PointOfAttachment::Repeat,
                                        this,
                                        station.link.link.address,
                                        station.generation);
}

void
PointOfAttachment::Repeat(LinkAddress address, uint32_t generation)
{
    const auto it = m_stations.find(address);
    if (it == m_stations.end() || it->second.generation != generation)
    {
        return;
    }
    auto& station = it->second;
    Misf::Activity activity(*m_misf);
    if (station.repeats >= m_maxRepeats)
    {
        End(station,
            "link-authentication-" +
                OutcomeName(ToString(station.authenticator ? station.authenticator->GiveUp()
                                                           : LinkAuthenticationOutcome::TIMEOUT)));
        return;
    }
    ++station.repeats;
    if (station.authenticator)
    {
        for (const auto& frame : station.authenticator->Repeat().frames)
        {
            Send(station, frame);
        }
    }
    else if (m_link.type == LinkType::UMTS)
    {
        AskPos(station, {}); // a NAS message must not come twice
        if (m_stations.count(address) == 0)
        {
            return; // the PoS can not be asked
        }
    }
    else if (!station.lastFromPos.empty())
    {
        Send(station, station.lastFromPos);
    }
    Arm(station);
}

void
PointOfAttachment::End(Station& station, const std::string& outcome)
{
    station.timer.Cancel();
    m_misf->TraceAtCompletion(m_authenticationTrace, station.link, outcome);
    m_stations.erase(LinkAddress(station.link.link.address)); // it may come anew, others too
}

// credentials, which the PoS checks

void
PointOfAttachment::AskPos(Station& station, ByteView frame)
{
    if (station.isAsking)
    {
        return; // one after the other; what is lost is sent again
    }
    station.timer.Cancel();
    station.isAsking = true;
    LlAuthRequest request;
    request.link = station.link;
    request.linkLayerInformation.assign(frame.begin(), frame.end());
    SendOptions options;
    options.protection = SendOptions::Protection::REQUIRED;
    const auto error = m_misf->SendRequest(
        m_pos,
        request,
        options,
        [this, address = station.link.link.address, generation = station.generation](
            const TransactionResult& result) { OnPosAnswer(address, generation, result); });
    if (error != SendError::NONE)
    {
        station.isAsking = false;
        End(station, "pos-unreachable");
    }
}

void
PointOfAttachment::OnPosAnswer(const LinkAddress& address,
                               uint32_t generation,
                               const TransactionResult& result)
{
    const auto it = m_stations.find(address);
    if (it == m_stations.end() || it->second.generation != generation)
    {
        return; // the station has begun anew since
    }
    auto& station = it->second;
    station.isAsking = false;
    const auto response = DecodeAnswer<LlAuthResponse>(*m_misf, result);
    if (!response)
    {
        End(station, "pos-unreachable");
        return;
    }
    const auto& frame = response->linkLayerInformation;
    if (!frame.empty())
    {
        Send(station, frame);
        station.lastFromPos = frame;
    }
    if (response->status != Status::SUCCESS)
    {
        End(station, "link-authentication-refused");
        return;
    }
    if (HasKey(station))
    {
        if (HasHandshake(m_link.type))
        {
            BeginHandshake(station);
            return;
        }
        station.isAuthorized = true;
        m_misf->TraceAtCompletion(m_authenticationTrace, station.link, std::string("success"));
        return;
    }
    if (!frame.empty())
    {
        Arm(station);
    }
}

} // namespace ns3::mis
