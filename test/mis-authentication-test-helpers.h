// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief What the tests of authentication protocols share: both ends over a wire that loses and
 * changes packets, and captures for tshark.
 */
#ifndef MIS_AUTHENTICATION_TEST_HELPERS_H
#define MIS_AUTHENTICATION_TEST_HELPERS_H

#include "mis-crypto-test-helpers.h"
#include "mis-oracle-test-helpers.h"

#include "ns3/mis-eap-gpsk.h"
#include "ns3/mis-eap-peer.h"
#include "ns3/mis-eap-server.h"
#include "ns3/mis-tlv.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ns3::mis::test
{

/** @brief Gives the octets it was given, then zeros. */
class FixedSource : public RandomSource
{
  public:
    /**
     * @brief A source.
     * @param octets what it gives
     */
    explicit FixedSource(Bytes octets)
        : m_octets(std::move(octets))
    {
    }

    void Fill(uint8_t* out, std::size_t n) override
    {
        for (std::size_t i = 0; i < n; ++i)
        {
            out[i] = m_at < m_octets.size() ? m_octets[m_at++] : 0;
        }
    }

  private:
    Bytes m_octets;      //!< what it gives
    std::size_t m_at{0}; //!< how much of it was given
};

/** @brief A packet on the wire. */
struct WirePacket
{
    bool toPeer{false}; //!< sent by the server
    Bytes octets;       //!< the packet as sent
};

/** @brief The wire between a peer and a server. */
struct Wire
{
    /** Given the number of a packet and the packet; returns what arrives, nothing: lost. */
    std::function<std::optional<Bytes>(std::size_t, const Bytes&)> channel;
    std::vector<WirePacket> sent; //!< everything sent, what was lost too
    std::size_t repeats{0};       //!< packets the server has repeated

    /**
     * @brief Send a packet.
     * @param toPeer the direction
     * @param octets the packet
     * @return what arrives
     */
    std::optional<Bytes> Send(bool toPeer, const Bytes& octets)
    {
        const std::size_t number = sent.size();
        sent.push_back({toPeer, octets});
        return channel ? channel(number, octets) : std::make_optional(octets);
    }

    /** @return octets of all packets of the same kind that were sent */
    std::vector<std::size_t> Sizes() const
    {
        std::vector<std::size_t> sizes;
        for (const WirePacket& packet : sent)
        {
            sizes.push_back(packet.octets.size());
        }
        return sizes;
    }

    /** @return all octets sent, one after the other */
    Bytes All() const
    {
        Bytes all;
        for (const WirePacket& packet : sent)
        {
            all.insert(all.end(), packet.octets.begin(), packet.octets.end());
        }
        return all;
    }
};

/** @brief How often a server sends a packet before it gives up. */
inline constexpr std::size_t MAX_SENDS = 4;

/**
 * @brief Run an authentication to its end, the server repeating what is not answered.
 * @param server the server, not started
 * @param peer the peer
 * @param wire between them
 */
inline void
Authenticate(EapServer& server, EapPeer& peer, Wire& wire)
{
    Bytes request = server.Start();
    std::size_t sends = 0;
    while (server.State() == EapState::RUNNING && wire.sent.size() < 1000)
    {
        if (++sends > MAX_SENDS)
        {
            server.Abort(EapOutcome::TIMEOUT);
            peer.Abort(EapOutcome::TIMEOUT);
            return;
        }
        wire.repeats += sends > 1;
        std::optional<Bytes> next;
        if (const auto arrived = wire.Send(true, request))
        {
            if (const auto response = peer.Receive(*arrived))
            {
                if (const auto returned = wire.Send(false, *response))
                {
                    next = server.Receive(*returned);
                }
            }
        }
        if (next)
        {
            request = *next;
            sends = 0;
        }
    }
    if (const auto arrived = wire.Send(true, request))
    {
        peer.Receive(*arrived);
    }
}

/** @brief A peer and a server with EAP-GPSK, and whatever is added. */
struct GpskSetup
{
    GpskPeerConfiguration peer;                                     //!< of the peer
    GpskServerConfiguration server;                                 //!< of the server
    std::shared_ptr<PskTable> table = std::make_shared<PskTable>(); //!< keys at the server

    GpskSetup()
    {
        peer.identity = "mn1@a.example";
        peer.psk = SecretBytes(Ascending(0, 32));
        server.identity = "aaa.a.example";
        server.directory = table;
        table->Add(peer.identity, peer.psk);
    }

    /** @return configuration of the peer */
    std::shared_ptr<const EapPeerConfiguration> Peer() const
    {
        auto configuration = std::make_shared<EapPeerConfiguration>();
        configuration->identity = peer.identity;
        configuration->methods = {std::make_shared<GpskPeerFactory>(peer)};
        return configuration;
    }

    /** @return configuration of the server */
    std::shared_ptr<const EapServerConfiguration> Server() const
    {
        auto configuration = std::make_shared<EapServerConfiguration>();
        configuration->methods = {std::make_shared<GpskServerFactory>(server)};
        return configuration;
    }
};

/** @brief Makes a capture of Ethernet frames. */
class Capture
{
  public:
    Capture()
    {
        // Header of a pcap file with nanoseconds; its integers may be of either order.
        Writer writer(m_octets);
        writer.U32(0xa1b23c4d);
        writer.U16(2);
        writer.U16(4);
        writer.U32(0);
        writer.U32(0);
        writer.U32(65535);
        writer.U32(1);
    }

    /**
     * @brief Add an EAP packet in an EAPOL frame.
     * @param toPeer the direction
     * @param eap the packet
     */
    void AddEapol(bool toPeer, ByteView eap)
    {
        Bytes frame = Addresses(toPeer);
        Writer writer(frame);
        writer.U16(0x888e);
        writer.U8(1);
        writer.U8(0);
        writer.U16(static_cast<uint16_t>(eap.size()));
        writer.Octets(eap);
        AddFrame(frame);
    }

    /**
     * @brief Add a RADIUS message in UDP and IPv4.
     * @param toServer the direction
     * @param radius the message
     */
    void AddRadius(bool toServer, ByteView radius)
    {
        constexpr size_t UDP_HEADER = 8;
        const size_t length = UDP_HEADER + radius.size();
        Bytes frame = Addresses(toServer);
        Writer writer(frame);
        BeginIpv4(writer, toServer, 17, length, 1812);
        writer.U16(static_cast<uint16_t>(length));
        writer.U16(0);
        writer.Octets(radius);
        AddFrame(frame);
    }

    /**
     * @brief Add a segment of a connection to port 443, in IPv4.
     * @param toServer the direction
     * @param sequence sequence number
     * @param acknowledged acknowledgement number
     * @param data its data
     */
    void AddTcp(bool toServer, uint32_t sequence, uint32_t acknowledged, ByteView data)
    {
        constexpr size_t TCP_HEADER = 20;
        Bytes frame = Addresses(toServer);
        Writer writer(frame);
        BeginIpv4(writer, toServer, 6, TCP_HEADER + data.size(), 443);
        writer.U32(sequence);
        writer.U32(acknowledged);
        writer.U16(0x5018); // 20 octets of header, PSH and ACK
        writer.U16(65535);
        writer.U32(0);
        writer.Octets(data);
        AddFrame(frame);
    }

    /**
     * @brief Write the file.
     * @param path where
     */
    void Save(const std::string& path) const
    {
        WriteFile(path, std::string(ByteView(m_octets).Text()));
    }

  private:
    static Bytes Addresses(bool swapped)
    {
        Bytes octets = Hex(swapped ? "020000000001020000000002" : "020000000002020000000001");
        return octets;
    }

    /// EtherType, header of IPv4 and the ports that UDP and TCP begin with.
    static void BeginIpv4(Writer& writer,
                          bool toServer,
                          uint8_t protocol,
                          size_t length,
                          uint16_t serverPort)
    {
        constexpr size_t IPV4_HEADER = 20;
        constexpr uint16_t CLIENT_PORT = 40000;
        writer.U16(0x0800);
        writer.U8(0x45);
        writer.U8(0);
        writer.U16(static_cast<uint16_t>(IPV4_HEADER + length));
        writer.U32(0);
        writer.U8(64);
        writer.U8(protocol);
        writer.U16(0);
        writer.U32(toServer ? 0x0a000001 : 0x0a000002);
        writer.U32(toServer ? 0x0a000002 : 0x0a000001);
        writer.U16(toServer ? CLIENT_PORT : serverPort);
        writer.U16(toServer ? serverPort : CLIENT_PORT);
    }

    void AddFrame(ByteView frame)
    {
        Writer writer(m_octets);
        writer.U32(++m_count);
        writer.U32(0);
        writer.U32(static_cast<uint32_t>(frame.size()));
        writer.U32(static_cast<uint32_t>(frame.size()));
        writer.Octets(frame);
    }

    Bytes m_octets;      //!< the file
    uint32_t m_count{0}; //!< frames
};

/**
 * @brief Split text.
 * @param text the text
 * @param separator the separator
 * @return its parts; none for an empty text
 */
inline std::vector<std::string>
Split(const std::string& text, char separator)
{
    std::vector<std::string> parts;
    std::size_t from = 0;
    while (from < text.size())
    {
        const std::size_t to = std::min(text.find(separator, from), text.size());
        parts.push_back(text.substr(from, to - from));
        from = to + 1;
    }
    return parts;
}

/**
 * @brief Let tshark read a capture.
 * @param path the capture
 * @param fields what to print
 * @param options more options
 * @return a line for each frame: the fields, separated by "|"
 */
inline std::vector<std::string>
ReadCapture(const std::string& path,
            const std::vector<std::string>& fields,
            const std::string& options = "")
{
    std::string command = "tshark -n -r " + Quote(path) + " -T fields -E separator='|' " + options;
    for (const std::string& field : fields)
    {
        command += " -e " + field;
    }
    return Split(RunCommand(command + " 2>/dev/null").output, '\n');
}

} // namespace ns3::mis::test

#endif /* MIS_AUTHENTICATION_TEST_HELPERS_H */
