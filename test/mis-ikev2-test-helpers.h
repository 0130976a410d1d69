// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * What the tests of IKEv2 and ESP share: two ends, the datagrams between them and a clock that
 * jumps from event to event; and the values of a run of strongSwan.
 */
#ifndef MIS_IKEV2_TEST_HELPERS_H
#define MIS_IKEV2_TEST_HELPERS_H

#include "mis-crypto-test-helpers.h"

#include "ns3/mis-aead.h"
#include "ns3/mis-esp.h"
#include "ns3/mis-ikev2-endpoint.h"
#include "ns3/mis-ikev2-keys.h"
#include "ns3/mis-ikev2-message.h"
#include "ns3/mis-key-agreement.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace ns3::mis::test
{

constexpr int64_t MS = 1000000;
constexpr int64_t SECOND = 1000 * MS;
constexpr int64_t IKE_YEAR = 365LL * 86400 * SECOND;

/// Names that are as long as those of the captured runs.
inline const std::string SPOS = "spos.a.example";
inline const std::string TPOS = "tpos.b.example";

/// What strongSwan logged and sent at both ends of one IKE SA with a pre-shared key.
namespace captured
{
inline const std::string PSK = "31323334353637383930616263646566";
inline const std::string REQUEST =
    "2665743ffc6ed59d00000000000000002120220800000000000000d82200002800000024010100030300000c010000"
    "14800e00800300000802000005000000080400001f28000028001f0000fbd465fd0a410bd4e0e0171f26f3590def35"
    "84cdddadbc16c340e13f24ff925129000024cc35a72ec43d0e3cff62826433933710a44eedb981be24ec7ee2e05abc"
    "a0f3142900001c00004004feea77aecc6153d3c736c0aeb5fbf12bd8636f2b2900001c0000400527dfec06ed20c668"
    "eda38cd1177207304deb2f79000000100000402f0002000300040005";
inline const std::string RESPONSE =
    "2665743ffc6ed59d203b146075f4b1562120222000000000000000e82200002800000024010100030300000c010000"
    "14800e00800300000802000005000000080400001f28000028001f0000b632ca7af699b60b8ff6b8194684d3b92d4e"
    "5966d697661a7deebd9b03b4f27e290000244e4ed3c5f9b62c5753a980265dd472fe6d9510bc22acf55f191cebb538"
    "e565082900001c00004004cc49b203b3b6ea7cac592bc650a842c60357a8742900001c0000400513cd7a95aab343d9"
    "f2e92854657b4fd225780670290000100000402f000200030004000529000008000040220000000800004014";
constexpr uint64_t SPI_I = 0x2665743ffc6ed59d;
constexpr uint64_t SPI_R = 0x203b146075f4b156;
inline const std::string NONCE_I =
    "cc35a72ec43d0e3cff62826433933710a44eedb981be24ec7ee2e05abca0f314";
inline const std::string NONCE_R =
    "4e4ed3c5f9b62c5753a980265dd472fe6d9510bc22acf55f191cebb538e56508";
inline const std::string SHARED =
    "3f2c9e12e05dec29a17d782a1586196963bf639539b071acb96bd09a5d5b3320";
inline const std::string SKEYSEED =
    "e6db0ab70cfb53598fe033f61da7d8960228355c5b324780b9ecfc1f20764c36";
inline const std::string SK_D = "9238a7e4c6b705acb304d9a1b11a97c49d9e0a04183d1bbaf749bae785d9b892";
inline const std::string SK_EI = "422650c315c9914c924cc0d8d872341edea25239";
inline const std::string SK_ER = "7ee803f5ff0110eb49ba8e5c4cad9a76c154531c";
inline const std::string SK_PI = "f890badc3972a83c032040de6c1213dea9fdacc4a7b5cb26608a0f98fea407d9";
inline const std::string SK_PR = "30c7c77360bb0963b306e8492e1df36a05c01abf4009b7f99447368bb6188b67";
inline const std::string AUTH_I =
    "9279498f4b11e3397ecb92be3b3af09a8a481c56abd97e117f5d439ec062b818";
inline const std::string AUTH_R =
    "b5e719a110afe6e4842335d154f9ee92d4a5b94806b7a027d9057a25a75335d3";
inline const std::string AUTH_RESPONSE =
    "2665743ffc6ed59d203b146075f4b1562e20232000000001000000cb240000af21b78d16f46366d4e9dd59cf103329"
    "6516ee10d4984d8bca480168a65dd429e19bd0c7b1d4a696c6f761f50c14a1d90050d50c8ea415cebe04fbccab124d"
    "97461addcc0f00bef7edc97c5b440418b4d103253bd706fc75d55358c62749443faa8c4619c38a4b188e99a43b6794"
    "5f1f6c66e7a02c9963dfcef8e2377634602970e805ab5adf6643317476efeace53c0452970d2eb5eddf334777dd116"
    "f219519e45b29b50bdc4c139f20dee";
inline const std::string AUTH_PLAIN =
    "270000160200000074706f732e622e6578616d706c652100002802000000b5e719a110afe6e4842335d154f9ee92d4"
    "a5b94806b7a027d9057a25a75335d32c00002400000020010304027187a31b0300000c01000014800e008000000008"
    "050000002d00001801000000070000100000ffff0a0100010a0100010000001801000000070000100000ffff0a0200"
    "010a020001";
constexpr uint64_t AUTH_IV = 0x21b78d16f46366d4;
constexpr uint32_t ESP_SPI = 0x7187a31b;
inline const std::string ESP_KEY = "b6090c6b32eda033741880807ba68432222d657b";
inline const std::string ESP_KEY_BACK = "62175999f4fd4eb2d24c1f072c66ffc9d1f9fcb1";
inline const std::string ESP_PACKET =
    "7187a31b00000001fc267b0322898d338c46e1030b3b549908df2ae4823d0da2343b8e89691ade1d05ff04df940fb2"
    "309042b5bd03a8b46bf5d7b5ace8fa8c8aa45b68c2e4a7d85481f2506730c4ac8e0c503d916a6555ee3978a5139b93"
    "3dd28da1c9860182ea52dad453440f53c8de7d7e5cda1942e189d969005a64fe37c7e56823495affb06262edc599d9"
    "d2ebb68ff6704aebaddf886414f67d";
} // namespace captured

/// A range of one IPv4 address or of a few.
inline ikev2::TrafficSelector
Range(const std::string& start, const std::string& end)
{
    ikev2::TrafficSelector selector;
    selector.start = Hex(start);
    selector.end = Hex(end);
    selector.type =
        selector.start.size() == 4 ? ikev2::TS_IPV4_ADDR_RANGE : ikev2::TS_IPV6_ADDR_RANGE;
    return selector;
}

/// A datagram on its way.
struct Flight
{
    int64_t atNs;     //!< arrival
    std::size_t from; //!< sending end
    Bytes octets;     //!< the message
};

/// One end.
struct IkeEnd
{
    Ikev2Configuration configuration;        //!< its configuration
    std::unique_ptr<Computer> node;          //!< computes
    std::unique_ptr<Ikev2Endpoint> endpoint; //!< what is tested
    std::vector<Ikev2Event> events;          //!< what it told
    std::vector<Ikev2Drop> drops;            //!< why it ignored datagrams
    std::map<std::string, SecretBytes> psks; //!< keys by name of the peer
    std::string name;                        //!< its name, as the other end expects it
    std::string claimed;                     //!< what it says it is, if not its name
    std::vector<std::string> ikeKeyLog;      //!< lines
    std::vector<std::string> childKeyLog;    //!< lines

    /// Whether it told something.
    std::size_t Count(Ikev2Event::Kind kind) const
    {
        std::size_t count = 0;
        for (const auto& event : events)
        {
            count += event.kind == kind;
        }
        return count;
    }

    /// Why there is no SA, or none any more; empty if nothing was told.
    std::string Outcome() const
    {
        for (const auto& event : events)
        {
            if (event.kind == Ikev2Event::Kind::FAILED ||
                event.kind == Ikev2Event::Kind::IKE_SA_DOWN)
            {
                return ToString(event.outcome);
            }
        }
        return {};
    }
};

/// Two ends, 0 and 1, and a path with a delay of 10 ms.
class IkeNetwork
{
  public:
    /// Two ends with the same pre-shared key.
    explicit IkeNetwork(uint64_t seed = 1)
        : m_seed(seed)
    {
        ends[0].name = SPOS;
        ends[1].name = TPOS;
        ends[0].configuration.local = {Range("0a010001", "0a010001")};
        ends[0].configuration.remote = {Range("0a020001", "0a020001")};
        ends[1].configuration.local = ends[0].configuration.remote;
        ends[1].configuration.remote = ends[0].configuration.local;
        for (std::size_t i = 0; i < 2; ++i)
        {
            ends[i].psks[ends[1 - i].name] = SecretBytes(Ascending(0x30, 16));
            ends[i].configuration.softJitter = 0;
        }
    }

    IkeNetwork(const IkeNetwork&) = delete;
    IkeNetwork& operator=(const IkeNetwork&) = delete;

    /// Gives both ends a certificate of one authority.
    void UseCertificates(bool announcesHashes = true)
    {
        const auto ca = CertifiedKey::MakeAuthority(authority.ctx, "test CA");
        for (std::size_t i = 0; i < 2; ++i)
        {
            auto& c = ends[i].configuration;
            c.credential = ca.Issue(authority.ctx,
                                    ends[i].name,
                                    static_cast<int64_t>(i) + 2,
                                    -IKE_YEAR,
                                    100 * IKE_YEAR);
            c.anchors = {ca.GetCertificate()};
            c.announcesSignatureHashes = announcesHashes;
        }
    }

    /// Makes the ends as configured.
    void Make(CryptoBackend backend = CryptoBackend::OPENSSL)
    {
        for (std::size_t i = 0; i < 2; ++i)
        {
            IkeEnd& end = ends[i];
            end.node = std::make_unique<Computer>(backend, m_seed * 1000 + i);
            end.configuration.name = end.claimed.empty() ? end.name : end.claimed;
            end.configuration.findPsk = [&end](const std::string&, const std::string& peer) {
                const auto found = end.psks.find(peer);
                return found == end.psks.end() ? nullptr : &found->second;
            };
            end.configuration.logIkeKeys = [&end](const std::string& line) {
                end.ikeKeyLog.push_back(line);
            };
            end.configuration.logChildKeys = [&end](const std::string& line) {
                end.childKeyLog.push_back(line);
            };
            end.endpoint = std::make_unique<Ikev2Endpoint>(end.node->ctx, end.configuration);
        }
    }

    /// How an end names the other, or itself, on the path.
    static Bytes AddressOf(std::size_t end)
    {
        return Bytes{10, 99, 0, static_cast<uint8_t>(end + 1), 1, 244};
    }

    Ikev2Endpoint& At(std::size_t end)
    {
        return *ends[end].endpoint;
    }

    const std::string& NameOf(std::size_t end) const
    {
        return ends[end].name;
    }

    void Initiate(std::size_t end)
    {
        Take(end, At(end).Initiate(nowNs, ends[1 - end].name, AddressOf(1 - end)));
    }

    void Rekey(std::size_t end)
    {
        Take(end, At(end).Rekey(nowNs, ends[1 - end].name));
    }

    void Delete(std::size_t end)
    {
        Take(end, At(end).Delete(nowNs, ends[1 - end].name));
    }

    void Probe(std::size_t end)
    {
        Take(end, At(end).Probe(nowNs, ends[1 - end].name));
    }

    void RekeyChild(std::size_t end)
    {
        const auto children = At(end).Children(ends[1 - end].name);
        if (!children.empty())
        {
            Take(end, At(end).RekeyChild(nowNs, children.back().spiIn));
        }
    }

    void DeleteChild(std::size_t end)
    {
        const auto children = At(end).Children(ends[1 - end].name);
        if (!children.empty())
        {
            Take(end, At(end).DeleteChild(nowNs, children.back().spiIn));
        }
    }

    /// Sends and notes what an end wants.
    void Take(std::size_t end, Ikev2Output output)
    {
        for (auto& event : output.events)
        {
            ends[end].events.push_back(std::move(event));
        }
        if (output.drop != Ikev2Drop::NONE)
        {
            ends[end].drops.push_back(output.drop);
        }
        for (auto& datagram : output.datagrams)
        {
            sent.push_back({nowNs, end, datagram.octets});
            const std::size_t number = sent.size() - 1;
            if (change && !change(number, datagram.octets))
            {
                continue;
            }
            m_flying.insert(
                {{nowNs + delayNs, m_order++}, {nowNs + delayNs, end, datagram.octets}});
        }
    }

    /// Lets time pass until nothing more happens, or for a time.
    void Run(int64_t forNs = INT64_MAX / 2)
    {
        const int64_t endNs = forNs > INT64_MAX / 2 - 1 ? INT64_MAX - 1 : nowNs + forNs;
        for (;;)
        {
            const int64_t arrivalNs = m_flying.empty() ? INT64_MAX : m_flying.begin()->first.first;
            const int64_t timerNs = std::min(At(0).NextDeadlineNs(), At(1).NextDeadlineNs());
            const int64_t nextNs = std::min(arrivalNs, timerNs);
            if (nextNs > endNs)
            {
                if (endNs != INT64_MAX - 1)
                {
                    nowNs = endNs;
                }
                return;
            }
            nowNs = std::max(nowNs, nextNs);
            if (arrivalNs <= timerNs)
            {
                const Flight flight = m_flying.begin()->second;
                m_flying.erase(m_flying.begin());
                Take(1 - flight.from,
                     At(1 - flight.from).Receive(nowNs, AddressOf(flight.from), flight.octets));
                continue;
            }
            for (std::size_t end = 0; end < 2; ++end)
            {
                if (At(end).NextDeadlineNs() <= nowNs)
                {
                    Take(end, At(end).Expire(nowNs));
                }
            }
        }
    }

    /// Puts a datagram on the path.
    void Inject(std::size_t from, const Bytes& octets)
    {
        m_flying.insert({{nowNs + delayNs, m_order++}, {nowNs + delayNs, from, octets}});
    }

    /// Why both ends do not have one IKE SA and one Child SA in common; empty if they do.
    std::string WhyNotUp()
    {
        for (std::size_t end = 0; end < 2; ++end)
        {
            const auto count = At(end).CountIkeSas(ends[1 - end].name);
            if (count != 1)
            {
                return std::to_string(count) + " IKE SAs at end " + std::to_string(end);
            }
            const auto children = At(end).Children(ends[1 - end].name).size();
            if (children != 1)
            {
                return std::to_string(children) + " Child SAs at end " + std::to_string(end);
            }
        }
        const auto a = At(0).Children(ends[1].name)[0];
        const auto b = At(1).Children(ends[0].name)[0];
        if (a.spiIn != b.spiOut || a.spiOut != b.spiIn)
        {
            return "other SPIs";
        }
        if (a.keyIn != b.keyOut || a.keyOut != b.keyIn || a.keyIn == a.keyOut)
        {
            return "other keys";
        }
        if (a.local != b.remote || a.remote != b.local)
        {
            return "other traffic selectors";
        }
        return {};
    }

    IkeEnd ends[2];                                 //!< both ends
    std::vector<Flight> sent;                       //!< all that was sent
    int64_t nowNs{0};                               //!< the time
    int64_t delayNs{10 * MS};                       //!< of the path
    Computer authority{CryptoBackend::OPENSSL, 99}; //!< issues certificates
    /// May change a datagram, numbered from 0; loses it by returning false.
    std::function<bool(std::size_t number, Bytes& octets)> change;

  private:
    uint64_t m_seed;                                         //!< of the random sources
    uint64_t m_order{0};                                     //!< of datagrams
    std::map<std::pair<int64_t, uint64_t>, Flight> m_flying; //!< on their way
};

/// How the ends authenticate, and in which group.
struct Variant
{
    std::string name;     //!< in words
    bool hasCertificates; //!< or a pre-shared key
    bool announcesHashes; //!< RFC 7427
    uint16_t group;       //!< group
};

/// Both kinds of credential, both groups.
inline const std::vector<Variant> VARIANTS{
    {"PSK and X25519", false, false, ikev2::GROUP_X25519},
    {"PSK and P-256", false, false, ikev2::GROUP_P256},
    {"certificates of method 14 and X25519", true, true, ikev2::GROUP_X25519},
    {"certificates of method 9 and P-256", true, false, ikev2::GROUP_P256},
};

/// Makes the ends of a network those of a variant.
inline void
Configure(IkeNetwork& network, const Variant& variant)
{
    if (variant.hasCertificates)
    {
        network.UseCertificates(variant.announcesHashes);
    }
    for (auto& end : network.ends)
    {
        end.configuration.groups = {variant.group};
    }
}

/// A set-up and all further exchanges, one after the other.
inline void
RunAll(IkeNetwork& network)
{
    network.Initiate(0);
    network.Run();
    network.RekeyChild(0);
    network.Run();
    network.Rekey(1);
    network.Run();
    network.Probe(0);
    network.Run();
    network.RekeyChild(1);
    network.Run();
}

} // namespace ns3::mis::test

#endif // MIS_IKEV2_TEST_HELPERS_H
