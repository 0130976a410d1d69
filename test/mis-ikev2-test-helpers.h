// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Two ends of IKEv2, the datagrams between them and a clock that jumps from event to event.
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
const std::string SPOS = "spos.a.example";
const std::string TPOS = "tpos.b.example";

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

} // namespace ns3::mis::test

#endif // MIS_IKEV2_TEST_HELPERS_H
