// SPDX-License-Identifier: GPL-2.0-only

#include "mis-key-log.h"

#include "ns3/mis-message-codec.h"
#include "ns3/simulator.h"

#include <filesystem>
#include <iomanip>
#include <system_error>

namespace ns3::mis
{

NS_OBJECT_ENSURE_REGISTERED(KeyLog);

TypeId
KeyLog::GetTypeId()
{
    static TypeId tid = TypeId("ns3::mis::KeyLog")
                            .SetParent<Object>()
                            .SetGroupName("MisPrereg")
                            .AddConstructor<KeyLog>();
    return tid;
}

bool
KeyLog::OpenFile(std::ofstream& file, const std::string& path)
{
    file.open(path, std::ios::trunc);
    std::error_code error;
    if (file.is_open() && std::filesystem::is_regular_file(path, error))
    {
        using std::filesystem::perms;
        std::filesystem::permissions(path, perms::owner_read | perms::owner_write, error);
    }
    return file.is_open() && !error;
}

bool
KeyLog::Open(const std::string& path)
{
    m_path = path;
    return OpenFile(m_file, path);
}

bool
KeyLog::Flush()
{
    bool isWhole = m_file.flush().good();
    for (auto* file : {&m_tls, &m_ikev2, &m_espSa})
    {
        isWhole = file->flush().good() && isWhole;
    }
    return isWhole;
}

void
KeyLog::Append(std::ofstream& file, const char* suffix, const std::string& line)
{
    if (!file.is_open())
    {
        OpenFile(file, m_path + suffix); // if it fails, Flush() tells
    }
    file << line << '\n';
}

void
KeyLog::Tls(const char* line)
{
    Append(m_tls, ".tls", line);
}

void
KeyLog::Ikev2(const std::string& line)
{
    Append(m_ikev2, ".ikev2", line);
}

void
KeyLog::EspSa(const std::string& line)
{
    Append(m_espSa, ".esp_sa", line);
}

std::function<void(const char* line)>
KeyLog::MakeTlsLogger(Ptr<KeyLog> log)
{
    if (!log)
    {
        return nullptr;
    }
    return [log](const char* line) { log->Tls(line); };
}

std::ostream&
KeyLog::Line(const char* kind)
{
    return m_file << Simulator::Now().GetNanoSeconds() << ' ' << kind << ' ';
}

void
KeyLog::Sa(const SecurityAssociation& sa)
{
    const auto hexOrDash = [](const SecretBytes& key) {
        return key.size() == 0 ? std::string("-") : ToHex(key.View());
    };
    const auto& initiator = sa.initiator ? sa.local : sa.remote;
    const auto& responder = sa.initiator ? sa.remote : sa.local;
    Line("SA") << static_cast<unsigned>(sa.said.type) << ':'
               << ToHex(ByteView(sa.said.value.data(), sa.said.value.size())) << ' ' << initiator
               << ' ' << responder << ' ' << std::hex << std::setw(2) << std::setfill('0')
               << static_cast<unsigned>(sa.suite) << std::dec << ' ' << hexOrDash(sa.miik) << ' '
               << hexOrDash(sa.miek) << '\n';
}

void
KeyLog::Kdk(const std::string& remedy, const MisfId& mn, const MisfId& tpos, ByteView k)
{
    Line("KDK") << remedy << ' ' << mn << ' ' << tpos << ' ' << ToHex(k) << '\n';
}

void
KeyLog::Mask(const MisfId& receiver, const MisfId& sender, const std::string& prf, ByteView key)
{
    Line("MASK") << receiver << ' ' << sender << ' ' << prf << ' ' << ToHex(key) << '\n';
}

void
KeyLog::DeviceKey(const MisfId& device, uint8_t level, uint32_t index, ByteView key)
{
    Line("DEV") << device << ' ' << static_cast<unsigned>(level) << ':' << index << ' '
                << ToHex(key) << '\n';
}

void
KeyLog::Mgk(const MisfId& group, uint64_t sequenceNumber, ByteView mgk)
{
    Line("MGK") << group << ' ' << sequenceNumber << ' ' << ToHex(mgk) << '\n';
}

void
KeyLog::LinkKey(const MisfId& mn,
                const MisfId& pos,
                const LinkTupleId& link,
                ByteView root,
                ByteView mspmk)
{
    Bytes octets;
    Writer writer(octets);
    codec::WriteValue(writer, link);
    Line("MSPMK") << mn << ' ' << pos << ' ' << ToHex(octets) << ' ' << ToHex(root) << ' '
                  << ToHex(mspmk) << '\n';
}

} // namespace ns3::mis
