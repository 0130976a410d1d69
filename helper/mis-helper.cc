// SPDX-License-Identifier: GPL-2.0-only

#include "mis-helper.h"

#include "ns3/abort.h"
#include "ns3/boolean.h"
#include "ns3/inet-socket-address.h"
#include "ns3/inet6-socket-address.h"
#include "ns3/ipv4-address.h"
#include "ns3/ipv6-address.h"
#include "ns3/mis-eap-names.h"
#include "ns3/mis-ip-stack.h"
#include "ns3/mis-key-installation.h"
#include "ns3/mis-link-certificates.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/trace-helper.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace ns3::mis
{

namespace
{

// Values of the format; ns-3's own names for them differ from version to version.
constexpr auto DATA_LINK_ETHERNET = static_cast<PcapHelper::DataLinkType>(1);
constexpr auto DATA_LINK_PPP = static_cast<PcapHelper::DataLinkType>(9);

constexpr const char* TRANSPORT_UDP = "Udp";
constexpr const char* TRANSPORT_TCP = "Tcp";

/// Finds a class by its name, which must be that of one of the subclasses of a base.
TypeId
FindSubclass(const char* what, const std::string& name, TypeId base)
{
    TypeId tid;
    if (TypeId::LookupByNameFailSafe(name, &tid) && tid.IsChildOf(base) && tid.HasConstructor())
    {
        return tid;
    }
    std::string allowed;
    for (uint16_t i = 0; i < TypeId::GetRegisteredN(); ++i)
    {
        const auto type = TypeId::GetRegistered(i);
        if (type.IsChildOf(base) && type.HasConstructor())
        {
            allowed += (allowed.empty() ? "" : ", ") + type.GetName();
        }
    }
    NS_FATAL_ERROR("MisHelper: " << what << " is \"" << name << "\", allowed are " << allowed);
    return tid;
}

void
LogFrame(std::shared_ptr<std::ofstream> log, const char* direction, const FrameRecord& record)
{
    const auto name = MessageName(record.header.mid);
    *log << Simulator::Now().GetNanoSeconds() << '\t' << record.local << '\t' << direction << '\t'
         << record.header.mid.Value() << '\t' << record.header.tid << '\t' << record.octets << '\t'
         << name << '\t' << ContributionName(record.header.mid) << '\n';
}

void
TraceFrames(Ptr<Misf> misf, std::shared_ptr<std::ofstream> log)
{
    misf->TraceConnectWithoutContext("Tx", MakeBoundCallback(&LogFrame, log, "tx"));
    misf->TraceConnectWithoutContext("Rx", MakeBoundCallback(&LogFrame, log, "rx"));
}

void
SniffPacket(Ptr<PcapFileWrapper> file, Ptr<const Packet> packet)
{
    file->Write(Simulator::Now(), packet);
}

} // namespace

MisHelper::MisHelper()
    : m_misfFactory("ns3::mis::Misf"),
      m_mnFactory("ns3::mis::MobileNode"),
      m_posFactory("ns3::mis::PointOfService"),
      m_gmFactory("ns3::mis::GroupManager"),
      m_aaaFactory("ns3::mis::AaaServer"),
      m_poaFactory("ns3::mis::PointOfAttachment"),
      m_linkMethod(METHOD_TLS),
      m_subscribers(std::make_shared<PointOfService::Subscribers>()),
      m_mnProfile("phone"),
      m_infrastructureProfile("server"),
      m_directory(CreateObject<PosDirectory>()),
      m_provisioning(CreateObject<Provisioning>()),
      m_pairwise(CreateObject<PairwiseEstablishment>()),
      m_credentials(CreateObject<CredentialStore>()),
      m_pos(std::make_shared<std::set<MisfId>>()),
      m_federation(std::make_shared<std::set<MisfId>>())
{
    GetEstablishment()->SetFederation(m_federation);
    for (const auto pair : {SaPair::MN_POS, SaPair::POS_POS, SaPair::POS_GM, SaPair::POS_POA})
    {
        SetEstablishment(pair, GetEstablishment());
    }
    SetRemedy(DefaultRemedy());
}

TypeId
MisHelper::CheckRemedy(const std::string& type)
{
    return FindSubclass("remedy", type, KeyDeliveryRemedy::GetTypeId());
}

TypeId
MisHelper::CheckEstablishment(const std::string& type)
{
    return FindSubclass("establishment", type, SaEstablishment::GetTypeId());
}

void
MisHelper::SetEstablishment(SaPair pair, Ptr<SaEstablishment> establishment)
{
    establishment->SetCredentials(m_credentials);
    UseAaaServer(establishment);
    m_pairwise->Choose(pair, establishment);
    for (const auto& misf : m_misfs)
    {
        m_pairwise->Serve(*misf);
    }
}

void
MisHelper::SetFullAuthentication(Ptr<TlsEstablishment> tls)
{
    tls->SetCredentials(m_credentials);
    m_fullEap = nullptr;
    m_fullAuthentication = [tls](Misf& misf, const MisfId& peer, bool isServer) {
        return MakeTlsAuthentication(tls, misf, peer, isServer);
    };
    UseFullAuthentications();
}

void
MisHelper::SetFullAuthentication(Ptr<EapEstablishment> eap)
{
    eap->SetCredentials(m_credentials);
    UseAaaServer(eap);
    m_fullEap = eap;
    m_fullAuthentication = [eap](Misf& misf, const MisfId& peer, bool isServer) {
        return eap->MakeAuthentication(misf, peer, isServer);
    };
    UseFullAuthentications();
}

void
MisHelper::UseFullAuthentications()
{
    for (const auto& mn : m_mobileNodes)
    {
        UseFullAuthentication(mn, false);
    }
    for (const auto& pos : m_pointsOfService)
    {
        UseFullAuthentication(pos, true);
    }
}

void
MisHelper::UseAaaServer(Ptr<SaEstablishment> establishment)
{
    if (m_aaa)
    {
        establishment->SetAaaServer(m_aaa->GetObject<Misf>()->GetId(), m_aaaAddress);
    }
    for (const auto& local : m_localClients)
    {
        establishment->SetLocalAaaServer(local.pos, local.server, local.address);
    }
}

void
MisHelper::SetRole(Ptr<Misf> misf, MisfRole role)
{
    m_pairwise->SetRole(misf->GetId(), role);
    m_pairwise->Serve(*misf);
}

void
MisHelper::SetRemedy(const ObjectFactory& remedy)
{
    m_remedy = remedy;
    // A remedy keeps no state of its own, so one serves all.
    m_sharedRemedy = CreateRemedy(remedy, "MisHelper");
    for (const auto& mn : m_mobileNodes)
    {
        UseRemedy(mn);
    }
    for (const auto& pos : m_pointsOfService)
    {
        UseRemedy(pos);
    }
}

void
MisHelper::SetLinkAuthentication(const std::string& mode)
{
    m_linkAuthentication = ParseLinkAuthenticationMode("MisHelper", mode);
    for (const auto& mn : m_mobileNodes)
    {
        UseLinkAuthentication(mn);
    }
    for (const auto& pos : m_pointsOfService)
    {
        UseLinkAuthentication(pos);
    }
}

bool
MisHelper::IsLinkAuthenticationReal() const
{
    return m_linkAuthentication == LinkAuthenticationMode::REAL;
}

void
MisHelper::SetLinkMethod(const std::string& method)
{
    NS_ABORT_MSG_IF(method != METHOD_TLS && method != METHOD_GPSK,
                    "MisHelper: link method is \"" << method << "\", allowed are " << METHOD_TLS
                                                   << " and " << METHOD_GPSK);
    m_linkMethod = method;
    SetLinkAuthentication(ToString(m_linkAuthentication));
}

void
MisHelper::UseLinkAuthentication(Ptr<MobileNode> mn)
{
    mn->SetLinkAuthentication(ToString(m_linkAuthentication));
    mn->SetLinkCredentials(nullptr);
    if (IsLinkAuthenticationReal() && m_linkMethod == METHOD_TLS)
    {
        mn->SetLinkCredentials(
            [credentials = m_credentials, misf = PeekPointer(mn->GetMisf())](const MisfId& pos) {
                return MakeEapTlsPeerConfiguration(*credentials, *misf, pos);
            });
    }
}

void
MisHelper::UseLinkAuthentication(Ptr<PointOfService> pos)
{
    pos->SetLinkAuthentication(ToString(m_linkAuthentication));
    pos->SetSubscribers(m_subscribers);
    pos->SetLinkCredentials(nullptr);
    if (IsLinkAuthenticationReal() && m_linkMethod == METHOD_TLS)
    {
        pos->SetLinkCredentials([credentials = m_credentials, misf = PeekPointer(pos->GetMisf())] {
            return MakeEapTlsServerConfiguration(*credentials, *misf);
        });
    }
}

Ptr<PointOfAttachment>
MisHelper::InstallPointOfAttachment(Ptr<Node> node,
                                    const std::string& id,
                                    const Address& address,
                                    const LinkId& link,
                                    const std::string& pos)
{
    const auto it =
        std::find_if(m_pointsOfService.begin(), m_pointsOfService.end(), [&](const auto& known) {
            return known->GetMisf()->GetId().Get() == pos;
        });
    NS_ABORT_MSG_IF(it == m_pointsOfService.end(),
                    "MisHelper: " << id << " belongs to " << pos << ", which is not installed");
    auto misf = InstallMisf(node, id, m_infrastructureProfile);
    auto poa = m_poaFactory.Create<PointOfAttachment>();
    poa->SetMisf(misf);
    poa->SetPointOfService(MisfId(pos));
    poa->SetLink(link);
    SetRole(misf, MisfRole::POINT_OF_ATTACHMENT);
    node->AggregateObject(poa);
    m_directory->Add({MisfId(id), PeerAddressOf(address), {}});
    GetEstablishment()->AddPair(MisfId(pos), MisfId(id));
    (*it)->AddPointOfAttachment(link, MisfId(id));
    return poa;
}

void
MisHelper::SetPointOfAttachmentAttribute(const std::string& name, const AttributeValue& value)
{
    m_poaFactory.Set(name, value);
}

void
MisHelper::SetTransport(const std::string& transport)
{
    NS_ABORT_MSG_IF(transport != TRANSPORT_UDP && transport != TRANSPORT_TCP,
                    "MisHelper: transport is \"" << transport << "\", allowed are " << TRANSPORT_UDP
                                                 << " and " << TRANSPORT_TCP);
    NS_ABORT_MSG_IF(!m_misfs.empty(),
                    "MisHelper: SetTransport must be called before nodes are installed");
    m_transport = transport == TRANSPORT_TCP ? TransportType::TCP : TransportType::UDP;
    SetMisfAttribute("EnableTcp", BooleanValue(m_transport == TransportType::TCP));
}

void
MisHelper::SetMisfAttribute(const std::string& name, const AttributeValue& value)
{
    m_misfFactory.Set(name, value);
}

void
MisHelper::SetMobileNodeAttribute(const std::string& name, const AttributeValue& value)
{
    m_mnFactory.Set(name, value);
}

void
MisHelper::SetPointOfServiceAttribute(const std::string& name, const AttributeValue& value)
{
    m_posFactory.Set(name, value);
}

void
MisHelper::SetGroupManagerAttribute(const std::string& name, const AttributeValue& value)
{
    m_gmFactory.Set(name, value);
}

void
MisHelper::SetAaaServerAttribute(const std::string& name, const AttributeValue& value)
{
    m_aaaFactory.Set(name, value);
}

void
MisHelper::SetDeviceProfiles(const std::string& mobileNode, const std::string& infrastructure)
{
    m_mnProfile = mobileNode;
    m_infrastructureProfile = infrastructure;
}

void
MisHelper::SetAutomaticPartners(bool automatic)
{
    m_automaticPartners = automatic;
}

void
MisHelper::SetProvisionDeviceKeys(bool provision)
{
    m_provisioning->SetDeviceKeys(provision);
}

Ptr<Misf>
MisHelper::InstallMisf(Ptr<Node> node, const std::string& id, const std::string& profile)
{
    auto misf = node->GetObject<Misf>();
    if (misf)
    {
        NS_ABORT_MSG_IF(misf->GetId().Get() != id,
                        "MisHelper: node " << node->GetId() << " has the MISF identifier "
                                           << misf->GetId() << " already, not " << id);
        return misf;
    }
    misf = m_misfFactory.Create<Misf>();
    misf->SetAttribute("DeviceProfile", StringValue(profile));
    misf->SetId(MisfId(id));
    misf->SetDirectory(m_directory);
    misf->SetSaProvider(m_pairwise);
    misf->SetKeyLog(m_keyLog);
    if (m_frameLog)
    {
        TraceFrames(misf, m_frameLog);
    }
    node->AggregateObject(misf);
    m_misfs.push_back(misf);
    return misf;
}

Ptr<Misf>
MisHelper::InstallFunction(Ptr<Node> node, const std::string& id)
{
    return InstallMisf(node, id, m_infrastructureProfile);
}

PeerAddress
MisHelper::PeerAddressOf(const Address& address) const
{
    UintegerValue port;
    m_misfFactory.Create<Misf>()->GetAttribute("Port", port);
    if (Ipv4Address::IsMatchingType(address) || Ipv6Address::IsMatchingType(address))
    {
        const auto number = static_cast<uint16_t>(port.Get());
        return {m_transport, SocketAddressOf(address, number), nullptr};
    }
    NS_ABORT_MSG_IF(!InetSocketAddress::IsMatchingType(address) &&
                        !Inet6SocketAddress::IsMatchingType(address),
                    "MisHelper: the address of a point of service is neither an IPv4 or IPv6 "
                    "address nor a socket address");
    return {m_transport, address, nullptr};
}

Ptr<MobileNode>
MisHelper::InstallMobileNode(Ptr<Node> node, const std::string& id, const std::string& servingPos)
{
    auto misf = InstallMisf(node, id, m_mnProfile);
    auto mn = m_mnFactory.Create<MobileNode>();
    UseRemedy(mn);
    mn->SetMisf(misf);
    mn->SetServingPos(MisfId(servingPos));
    SetRole(misf, MisfRole::MOBILE_NODE);
    node->AggregateObject(mn);
    GetEstablishment()->AddPair(MisfId(id), MisfId(servingPos));
    if (m_aaa)
    {
        m_aaa->AddSubscriber(MisfId(id));
    }
    m_provisioning->Add(mn);
    m_mobileNodes.push_back(mn);
    UseFullAuthentication(mn, false);
    if (IsLinkAuthenticationReal())
    {
        m_subscribers->emplace(ImsiOf(misf->GetId()), misf->GetId());
        UseLinkAuthentication(mn);
    }
    return mn;
}

void
MisHelper::SetHomePos(const std::string& mn, const std::string& pos)
{
    GetEstablishment()->AddPair(MisfId(mn), MisfId(pos));
    m_pairwise->ChooseFor(MisfId(mn), MisfId(pos), GetEstablishment());
}

Ptr<PointOfService>
MisHelper::InstallPointOfService(Ptr<Node> node,
                                 const std::string& id,
                                 const Address& address,
                                 const std::vector<LinkId>& links)
{
    auto misf = InstallMisf(node, id, m_infrastructureProfile);
    auto pos = m_posFactory.Create<PointOfService>();
    UseRemedy(pos);
    pos->SetMisf(misf);
    pos->SetGroupManager(m_gmId);
    SetRole(misf,
            node->GetObject<GroupManager>() ? MisfRole::GROUP_MANAGER : MisfRole::POINT_OF_SERVICE);
    node->AggregateObject(pos);
    m_directory->Add({MisfId(id), PeerAddressOf(address), links});
    if (m_automaticPartners)
    {
        m_pos->insert(MisfId(id));
        pos->SetPartners(m_pos);
    }
    m_federation->insert(MisfId(id));
    if (auto gm = node->GetObject<GroupManager>())
    {
        pos->SetLocalGroupManager(gm);
    }
    if (m_aaa)
    {
        m_aaa->AddClient(MisfId(id), PeerAddressOf(address).address);
    }
    m_provisioning->Add(pos);
    m_pointsOfService.push_back(pos);
    UseFullAuthentication(pos, true);
    if (IsLinkAuthenticationReal())
    {
        UseLinkAuthentication(pos);
    }
    return pos;
}

Ptr<GroupManager>
MisHelper::InstallGroupManager(Ptr<Node> node, const std::string& id, const Address& address)
{
    auto misf = InstallMisf(node, id, m_infrastructureProfile);
    auto gm = m_gmFactory.Create<GroupManager>();
    gm->SetMisf(misf);
    node->AggregateObject(gm);
    m_gmId = MisfId(id);
    SetRole(misf, MisfRole::GROUP_MANAGER);
    m_directory->Add({m_gmId, PeerAddressOf(address), {}});
    m_federation->insert(m_gmId);
    for (const auto& pos : m_pointsOfService)
    {
        pos->SetGroupManager(m_gmId);
    }
    if (auto pos = node->GetObject<PointOfService>())
    {
        pos->SetLocalGroupManager(gm);
    }
    m_provisioning->Add(gm);
    return gm;
}

Ptr<AaaServer>
MisHelper::InstallAaaServer(Ptr<Node> node, const std::string& id, const Address& address)
{
    auto misf = InstallMisf(node, id, m_infrastructureProfile);
    m_aaa = m_aaaFactory.Create<AaaServer>();
    m_aaa->SetMisf(misf);
    m_aaa->SetCredentials(m_credentials);
    node->AggregateObject(m_aaa);
    UintegerValue port;
    m_aaa->GetAttribute("Port", port);
    m_aaaAddress =
        SocketAddressOf(HostOf(PeerAddressOf(address).address), static_cast<uint16_t>(port.Get()));
    for (const auto& pos : m_pointsOfService)
    {
        const auto posId = pos->GetMisf()->GetId();
        m_aaa->AddClient(posId, m_directory->Find(posId.View())->address.address);
    }
    for (const auto& mn : m_mobileNodes)
    {
        m_aaa->AddSubscriber(mn->GetMisf()->GetId());
    }
    UseAaaServers();
    return m_aaa;
}

Ptr<AaaServer>
MisHelper::InstallLocalAaaServer(Ptr<Node> node,
                                 const std::string& id,
                                 const Address& address,
                                 const std::vector<std::string>& pointsOfService)
{
    NS_ABORT_MSG_IF(!m_aaa, "MisHelper: install the home server first, call InstallAaaServer");
    auto misf = InstallMisf(node, id, m_infrastructureProfile);
    auto server = m_aaaFactory.Create<AaaServer>();
    server->SetMisf(misf);
    server->SetCredentials(m_credentials);
    UintegerValue port;
    server->GetAttribute("Port", port);
    const auto own =
        SocketAddressOf(HostOf(PeerAddressOf(address).address), static_cast<uint16_t>(port.Get()));
    server->SetHomeServer(m_aaa->GetObject<Misf>()->GetId(), m_aaaAddress, own);
    node->AggregateObject(server);
    m_aaa->AddClient(MisfId(id), own);
    for (const auto& pos : pointsOfService)
    {
        const auto* record = m_directory->Find(MisfId(pos).View());
        NS_ABORT_MSG_IF(!record, "MisHelper: there is no point of service " << pos << " yet");
        server->AddClient(MisfId(pos), record->address.address);
        m_localClients.push_back({MisfId(pos), MisfId(id), own});
    }
    UseAaaServers();
    return server;
}

void
MisHelper::UseAaaServers()
{
    for (const auto pair : {SaPair::MN_POS, SaPair::POS_POS, SaPair::POS_GM})
    {
        UseAaaServer(m_pairwise->Get(pair));
    }
    if (m_fullEap)
    {
        UseAaaServer(m_fullEap);
    }
}

void
MisHelper::EnablePcap(const std::string& prefix, const NetDeviceContainer& devices)
{
    std::error_code error; // a folder that can not be made shows when the files are opened
    std::filesystem::create_directories(std::filesystem::path(prefix).parent_path(), error);
    PcapHelper pcap;
    for (uint32_t i = 0; i < devices.GetN(); ++i)
    {
        const auto device = devices.Get(i);
        const auto link = device->GetInstanceTypeId().GetName() == "ns3::PointToPointNetDevice"
                              ? DATA_LINK_PPP
                              : DATA_LINK_ETHERNET;
        auto file =
            pcap.CreateFile(pcap.GetFilenameFromDevice(prefix, device), std::ios::out, link);
        NS_ABORT_MSG_IF(!device->TraceConnectWithoutContext("PromiscSniffer",
                                                            MakeBoundCallback(&SniffPacket, file)),
                        "MisHelper: device " << device->GetInstanceTypeId().GetName()
                                             << " can not be captured");
    }
}

void
MisHelper::EnableKeyLog(const std::string& file)
{
    m_keyLog = CreateObject<KeyLog>();
    NS_ABORT_MSG_IF(!m_keyLog->Open(file), "MisHelper: can not write the key log " << file);
    for (const auto& misf : m_misfs)
    {
        misf->SetKeyLog(m_keyLog);
    }
}

void
MisHelper::EnableFrameLog(const std::string& file)
{
    m_frameLog = std::make_shared<std::ofstream>(file);
    NS_ABORT_MSG_IF(!m_frameLog->is_open(), "MisHelper: can not write the frame log " << file);
    for (const auto& misf : m_misfs)
    {
        TraceFrames(misf, m_frameLog);
    }
}

bool
MisHelper::FlushLogs()
{
    bool isWhole = !m_keyLog || m_keyLog->Flush();
    if (m_frameLog)
    {
        isWhole = m_frameLog->flush().good() && isWhole;
    }
    return isWhole;
}

int64_t
MisHelper::AssignStreams(int64_t stream)
{
    int64_t next = stream;
    next += m_provisioning->AssignStreams(next);
    next += m_pairwise->AssignStreams(next);
    next += m_credentials->AssignStreams(next);
    for (const auto& misf : m_misfs)
    {
        next += misf->AssignStreams(next);
    }
    return next - stream;
}

} // namespace ns3::mis
