// SPDX-License-Identifier: GPL-2.0-only

#include "mis-processing-model.h"

#include "ns3/abort.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>

namespace ns3::mis
{

namespace
{

using Op = CryptoOperation;

/// One row of a shipped profile.
struct Row
{
    Op operation;
    double fixedNs;
    double perOctetNs;
};

DeviceProfile
MakeProfile(const char* name, const char* source, uint32_t cores, std::initializer_list<Row> rows)
{
    DeviceProfile profile;
    profile.name = name;
    profile.source = source;
    profile.cores = cores;
    for (const auto& row : rows)
    {
        profile.costs[static_cast<size_t>(row.operation)] = {row.fixedNs, row.perOctetNs};
    }
    return profile;
}

/// Scales the figures of a measured profile to a slower device of the same family.
DeviceProfile
ScaleProfile(const DeviceProfile& base,
             const char* name,
             const char* source,
             uint32_t cores,
             double factor)
{
    DeviceProfile profile = base;
    profile.name = name;
    profile.source = source;
    profile.cores = cores;
    for (auto& cost : profile.costs)
    {
        cost.fixedNs *= factor;
        cost.perOctetNs *= factor;
    }
    return profile;
}

std::map<std::string, DeviceProfile, std::less<>>
MakeShippedProfiles()
{
    std::map<std::string, DeviceProfile, std::less<>> profiles;
    const auto server =
        MakeProfile("server",
                    "OpenSSL 3.0.19 on one core of an AMD EPYC server, shared contexts re-keyed "
                    "for each call; 8 cores assumed",
                    8,
                    {{Op::HASH, 110, 0.6},
                     {Op::HMAC_SHA256, 450, 0.5},
                     {Op::HMAC_SHA1, 450, 0.5},
                     {Op::HMAC_MD5, 450, 1.5},
                     {Op::AES_CMAC, 290, 0.9},
                     {Op::AES_CCM, 240, 0.85},
                     {Op::AES_CBC, 240, 0.75},
                     {Op::AES_GCM, 400, 1.0},
                     {Op::KEY_WRAP, 2000, 2.0},
                     {Op::KEY_UNWRAP, 2000, 2.0},
                     {Op::ECDSA_SIGN, 26000, 0.6},
                     {Op::ECDSA_VERIFY, 68000, 0.6},
                     {Op::ECDSA_KEYGEN, 26000, 0},
                     {Op::P256_DERIVE, 164000, 0},
                     {Op::X25519_KEYGEN, 34000, 0},
                     {Op::X25519_DERIVE, 36000, 0},
                     {Op::RANDOM, 100, 1.0}});
    profiles.emplace("laptop",
                     ScaleProfile(server,
                                  "laptop",
                                  "figures of the server profile, one core of like speed; 4 cores "
                                  "assumed",
                                  4,
                                  1.0));
    profiles.emplace("server", server);
    // p256-m on a Cortex-A7: key generation 14 ms, ECDH 14 ms, sign 15 ms, verify 29 ms. A phone
    // of today runs at about ten times that speed, assumed for the public-key rows.
    profiles.emplace("phone",
                     MakeProfile("phone",
                                 "public-key rows: p256-m on a Cortex-A7 divided by 10 (assumed "
                                 "speed of a phone of today); symmetric rows: server times 4 "
                                 "(assumed)",
                                 4,
                                 {{Op::HASH, 440, 2.4},
                                  {Op::HMAC_SHA256, 1800, 2.0},
                                  {Op::HMAC_SHA1, 1800, 2.0},
                                  {Op::HMAC_MD5, 1800, 6.0},
                                  {Op::AES_CMAC, 1160, 3.6},
                                  {Op::AES_CCM, 960, 3.4},
                                  {Op::AES_CBC, 960, 3.0},
                                  {Op::AES_GCM, 1600, 4.0},
                                  {Op::KEY_WRAP, 8000, 8.0},
                                  {Op::KEY_UNWRAP, 8000, 8.0},
                                  {Op::ECDSA_SIGN, 1.5e6, 2.4},
                                  {Op::ECDSA_VERIFY, 2.9e6, 2.4},
                                  {Op::ECDSA_KEYGEN, 1.4e6, 0},
                                  {Op::P256_DERIVE, 1.4e6, 0},
                                  {Op::X25519_KEYGEN, 1.4e6, 0},
                                  {Op::X25519_DERIVE, 1.4e6, 0},
                                  {Op::RANDOM, 400, 4.0}}));
    // Symmetric operations at about 100 cycles an octet (Schwabe and Stoffelen 2016, recalled) on
    // 168 MHz: 600 ns an octet; SHA-256 assumed alike; two AES passes for CCM.
    profiles.emplace("cortex-m",
                     MakeProfile("cortex-m",
                                 "Cortex-M4 at 168 MHz: SEGGER emCrypt P-256 sign 89.3 ms, verify "
                                 "82.9 ms; X25519 75 ms (Cortex-M0 at 48 MHz, Duell et al.) scaled "
                                 "by clock to 21 ms; AES 100 cycles an octet (Schwabe and "
                                 "Stoffelen 2016)",
                                 1,
                                 {{Op::HASH, 40e3, 600},
                                  {Op::HMAC_SHA256, 120e3, 600},
                                  {Op::HMAC_SHA1, 120e3, 600},
                                  {Op::HMAC_MD5, 120e3, 600},
                                  {Op::AES_CMAC, 20e3, 600},
                                  {Op::AES_CCM, 30e3, 1200},
                                  {Op::AES_CBC, 20e3, 600},
                                  {Op::AES_GCM, 30e3, 1200},
                                  {Op::KEY_WRAP, 20e3, 3600},
                                  {Op::KEY_UNWRAP, 20e3, 3600},
                                  {Op::ECDSA_SIGN, 89.3e6, 600},
                                  {Op::ECDSA_VERIFY, 82.9e6, 600},
                                  {Op::ECDSA_KEYGEN, 89.3e6, 0},
                                  {Op::P256_DERIVE, 82.9e6, 0},
                                  {Op::X25519_KEYGEN, 21e6, 0},
                                  {Op::X25519_DERIVE, 21e6, 0},
                                  {Op::RANDOM, 10e3, 100}}));
    profiles.emplace("zero", MakeProfile("zero", "no operation takes time, for checks", 1, {}));
    return profiles;
}

std::map<std::string, DeviceProfile, std::less<>>&
Profiles()
{
    static auto profiles = MakeShippedProfiles();
    return profiles;
}

} // namespace

int64_t
DeviceProfile::ServiceTimeNs(const OperationCounter& spent) const
{
    double total = 0.0;
    for (size_t i = 0; i < costs.size(); ++i)
    {
        total += costs[i].fixedNs * static_cast<double>(spent.calls[i]) +
                 costs[i].perOctetNs * static_cast<double>(spent.octets[i]);
    }
    return std::llround(total);
}

const DeviceProfile*
FindDeviceProfile(std::string_view name)
{
    const auto& profiles = Profiles();
    const auto it = profiles.find(name);
    return it == profiles.end() ? nullptr : &it->second;
}

void
RegisterDeviceProfile(DeviceProfile profile)
{
    NS_ABORT_MSG_IF(profile.name.empty() || profile.cores == 0,
                    "DeviceProfile: needs a name and at least one core, got name \""
                        << profile.name << "\" and " << profile.cores << " cores");
    auto name = profile.name;
    Profiles()[name] = std::move(profile);
}

std::vector<std::string>
DeviceProfileNames()
{
    std::vector<std::string> names;
    for (const auto& [name, profile] : Profiles())
    {
        names.push_back(name);
    }
    return names;
}

CpuQueue::CpuQueue(uint32_t cores)
    : m_freeAtNs(cores, 0)
{
    NS_ABORT_MSG_IF(cores == 0, "CpuQueue: the number of cores must be at least 1, got 0");
}

int64_t
CpuQueue::Submit(int64_t nowNs, int64_t serviceNs)
{
    m_busyNs += serviceNs;
    std::pop_heap(m_freeAtNs.begin(), m_freeAtNs.end(), std::greater<>());
    auto& earliest = m_freeAtNs.back();
    earliest = std::max(earliest, nowNs) + serviceNs;
    const int64_t done = earliest;
    std::push_heap(m_freeAtNs.begin(), m_freeAtNs.end(), std::greater<>());
    return done;
}

} // namespace ns3::mis
