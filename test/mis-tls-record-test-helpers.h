// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * What the tests of messages in TLS records share.
 */
#ifndef MIS_TLS_RECORD_TEST_HELPERS_H
#define MIS_TLS_RECORD_TEST_HELPERS_H

#include "mis-n2n-test-helpers.h"

#include "ns3/mis-assigned.h"
#include "ns3/mis-tls-establishment.h"
#include "ns3/mis-tlv.h"
#include "ns3/tcp-header.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace ns3::mis::test
{

/// A frame as sent.
struct WireFrame
{
    std::string by;     //!< MISF identifier
    std::string to;     //!< Destination id
    mis::Header header; //!< its header
    Bytes octets;       //!< all of it
};

/// A scenario whose pairs use TLS over MIS over TCP, with records.
struct RecordScenario : N2nScenario<TlsEstablishment>
{
    explicit RecordScenario(const std::string& attributes = "")
        : N2nScenario<TlsEstablishment>("Protection=Record" +
                                        (attributes.empty() ? "" : "|" + attributes))
    {
        roaming.GetMis().SetTransport("Tcp");
        roaming.GetMis().SetEstablishment(SaPair::MN_POS, establishment);
    }

    void Make(uint32_t count = 2)
    {
        N2nScenario<TlsEstablishment>::Make(count);
        for (const auto& misf : roaming.GetMis().GetMisfs())
        {
            misf->TraceConnectWithoutContext(
                "SaBroken",
                MakeBoundCallback(&RecordScenario::OnBroken, this, misf->GetId().Get()));
            misf->TraceConnectWithoutContext(
                "Tx",
                MakeBoundCallback(&RecordScenario::OnSent, this, misf->GetId().Get()));
        }
    }

    static void OnBroken(RecordScenario* self,
                         std::string who,
                         const SecurityAssociation& sa,
                         const std::string& reason)
    {
        self->broken[who + " " + sa.remote.Get()] += reason + " ";
    }

    static void OnSent(RecordScenario* self, std::string who, const FrameRecord& record)
    {
        WireFrame frame;
        frame.by = std::move(who);
        frame.to = record.destination.Text();
        frame.header = record.header;
        frame.octets.resize(record.packet->GetSize());
        record.packet->CopyData(frame.octets.data(), frame.octets.size());
        self->sent.push_back(std::move(frame));
    }

    /// Establishes if need be, then sends a request from a MISF to a peer that answers.
    void Ask(Time at, Ptr<Misf> from, const std::string& to, size_t octets = 0)
    {
        At(at, [this, from, to, octets] {
            from->EstablishSa(MisfId(to), [this, from, to, octets](auto* sa, const std::string& r) {
                reasons.push_back(r);
                if (sa)
                {
                    SendTo(from, to, octets);
                }
            });
        });
    }

    void SendTo(Ptr<Misf> from, const std::string& to, size_t octets)
    {
        PreregXferRequest request;
        request.linkLayerInformation = Bytes(octets, 0x5a);
        SendOptions options;
        options.protection = SendOptions::Protection::REQUIRED;
        const auto error =
            from->SendRequest(MisfId(to), request, options, [this](const TransactionResult& r) {
                const bool isProtected = r.message && r.message->sa && r.message->sa->tls;
                answers += isProtected;
                if (r.failure != TransactionFailure::NONE)
                {
                    endings.push_back(ToString(r.failure));
                    lastEnd = Simulator::Now();
                }
            });
        if (error != SendError::NONE)
        {
            endings.push_back(std::string("not sent: ") + ToString(error));
        }
    }

    Ptr<Misf> MnMisf() const
    {
        return Mn()->GetMisf();
    }

    std::map<std::string, std::string> broken; //!< reasons, by end and peer
    std::vector<WireFrame> sent;               //!< by all nodes
    std::vector<std::string> reasons;          //!< of Ask(), empty for success
    std::vector<std::string> endings;          //!< failures of Ask()
    Time lastEnd;                              //!< of the last of them
};

/// Records of a frame, none if its Security TLV holds none.
inline Bytes
RecordsIn(const Bytes& octets)
{
    const auto frame = ParseFrame(octets);
    if (!frame || !frame->header.secured)
    {
        return {};
    }
    Reader reader(frame->body);
    uint8_t type = 0;
    ByteView value;
    ByteView whole;
    while (!reader.AtEnd() && reader.Tlv(type, value, whole))
    {
        const auto security = type == assigned::TLV_SECURITY
                                  ? ReadSecurityValue(value)
                                  : Result<SecurityValue>(CodecError::TRUNCATED);
        if (security && security->kind == SecurityValue::Kind::TLS_RECORD)
        {
            return Bytes(security->encrypted.begin(), security->encrypted.end());
        }
    }
    return {};
}

/// Whether a segment of TCP has data.
inline bool
HasData(const Bytes& segment)
{
    TcpHeader header;
    auto packet = Create<Packet>(segment.data(), segment.size());
    return packet->RemoveHeader(header) < segment.size();
}

} // namespace ns3::mis::test

#endif // MIS_TLS_RECORD_TEST_HELPERS_H
