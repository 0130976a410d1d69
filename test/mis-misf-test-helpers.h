// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * What the tests of the MIS Function share: MISFs on one simple link, with a record of everything
 * that happens and the power to lose, change and forge frames.
 */
#ifndef MIS_MISF_TEST_HELPERS_H
#define MIS_MISF_TEST_HELPERS_H

#include "ns3/error-model.h"
#include "ns3/mac48-address.h"
#include "ns3/mis-function.h"
#include "ns3/mis-prereg-messages.h"
#include "ns3/node.h"
#include "ns3/queue.h"
#include "ns3/simple-channel.h"
#include "ns3/simple-net-device.h"
#include "ns3/simulator.h"
#include "ns3/string.h"

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace ns3::mis::test
{

/// EtherType of MIS.
constexpr uint16_t ETHERTYPE = 0x8917;

/// @param action called
inline void
Call(std::function<void()> action)
{
    action();
}

/**
 * @brief Schedules an action.
 * @param when instant
 * @param action what
 */
inline void
At(Time when, std::function<void()> action)
{
    Simulator::Schedule(when - Simulator::Now(), &Call, std::move(action));
}

/// Loses the frames a function says.
class FrameFilter : public ErrorModel
{
  public:
    std::function<bool(Ptr<const Packet>)> lose; //!< whether to lose a frame

  private:
    bool DoCorrupt(Ptr<Packet> packet) override
    {
        return lose && lose(packet);
    }

    void DoReset() override
    {
    }
};

/// @return octets of a packet
inline Bytes
OctetsOf(Ptr<const Packet> packet)
{
    Bytes octets(packet->GetSize());
    packet->CopyData(octets.data(), octets.size());
    return octets;
}

/// A frame that was sent.
struct SentFrame
{
    Time time;      //!< when
    size_t by;      //!< which MISF
    Header header;  //!< its header
    Bytes octets;   //!< all of it
    PeerAddress to; //!< where to
};

/// A state that a transaction reached.
struct StateChange
{
    Time time;              //!< when
    size_t at;              //!< which MISF
    MessageId mid;          //!< message
    uint16_t tid;           //!< transaction
    TransactionState state; //!< new state
};

/// How a request ended.
struct Ending
{
    Time time;                  //!< when
    TransactionFailure failure; //!< NONE for an answer
    bool isProtected;           //!< the answer was
};

/**
 * @brief Records what a number of MISFs do.
 */
class Observer
{
  public:
    Observer() = default;
    Observer(const Observer&) = delete;
    Observer& operator=(const Observer&) = delete;

    /// @param misf one more to record; the first has index 0
    void Watch(Ptr<Misf> misf)
    {
        const size_t index = m_count++;
        misf->TraceConnectWithoutContext("Tx", MakeBoundCallback(&Observer::OnSent, this, index));
        misf->TraceConnectWithoutContext("Transaction",
                                         MakeBoundCallback(&Observer::OnTransaction, this, index));
    }

    /**
     * @param at a MISF
     * @return the states its transactions went through
     */
    std::vector<TransactionState> StatesAt(size_t at) const
    {
        std::vector<TransactionState> result;
        for (const auto& change : states)
        {
            if (change.at == at)
            {
                result.push_back(change.state);
            }
        }
        return result;
    }

    /**
     * @param by a MISF
     * @return the frames it sent
     */
    std::vector<SentFrame> SentBy(size_t by) const
    {
        std::vector<SentFrame> result;
        for (const auto& frame : sent)
        {
            if (frame.by == by)
            {
                result.push_back(frame);
            }
        }
        return result;
    }

    std::vector<SentFrame> sent;                            //!< frames, in order
    std::vector<StateChange> states;                        //!< states, in order
    std::function<void(size_t by)> onSent;                  //!< called after recording
    std::function<void(const StateChange& change)> onState; //!< called after recording

  private:
    static void OnSent(Observer* self, size_t by, const FrameRecord& record)
    {
        self->sent.push_back(
            {Simulator::Now(), by, record.header, OctetsOf(record.packet), record.remote});
        if (self->onSent)
        {
            self->onSent(by);
        }
    }

    static void OnTransaction(Observer* self,
                              size_t at,
                              MessageId mid,
                              uint16_t tid,
                              TransactionState state)
    {
        self->states.push_back({Simulator::Now(), at, mid, tid, state});
        if (self->onState)
        {
            self->onState(StateChange(self->states.back()));
        }
    }

    size_t m_count{0};
};

/**
 * @brief MISFs "misf0", "misf1", ... over EtherType 0x8917 on one link without rate limit, each
 * knowing where the others are, and a stranger who sends what he likes.
 */
class Lan : public Observer
{
  public:
    /**
     * @param count number of MISFs
     * @param delay of the link
     */
    explicit Lan(size_t count, Time delay = MilliSeconds(1))
    {
        auto channel = CreateObject<SimpleChannel>();
        channel->SetAttribute("Delay", TimeValue(delay));
        for (size_t i = 0; i <= count; ++i)
        {
            auto node = CreateObject<Node>();
            auto device = CreateObject<SimpleNetDevice>();
            uint8_t mac[6] = {2, 0, 0, 0, 0, static_cast<uint8_t>(i)};
            Mac48Address address;
            address.CopyFrom(mac);
            device->SetAddress(address);
            device->SetChannel(channel);
            device->GetQueue()->SetAttribute("MaxSize", StringValue("1000000p"));
            node->AddDevice(device);
            devices.push_back(device);
            if (i == count)
            {
                break; // the stranger
            }
            auto filter = CreateObject<FrameFilter>();
            filter->lose = [this, i](Ptr<const Packet> packet) {
                receiver = i;
                return lose && IsFor(packet, i) && lose(packet);
            };
            device->SetReceiveErrorModel(filter);
            auto misf = CreateObject<Misf>();
            misf->SetId(Id(i));
            node->AggregateObject(misf);
            misf->AssignStreams(100 + static_cast<int64_t>(i));
            misfs.push_back(misf);
            Watch(misf);
        }
        for (size_t i = 0; i < count; ++i)
        {
            for (size_t j = 0; j < count; ++j)
            {
                if (i != j)
                {
                    misfs[i]->SetPeerAddress(Id(j), Where(i, j));
                }
            }
        }
    }

    ~Lan()
    {
        Simulator::Destroy();
    }

    /**
     * @param i a MISF
     * @return its identifier
     */
    static MisfId Id(size_t i)
    {
        return MisfId("misf" + std::to_string(i));
    }

    /**
     * @param from a MISF
     * @param to another
     * @return where the one finds the other
     */
    PeerAddress Where(size_t from, size_t to) const
    {
        return PeerAddress::L2(Mac48Address::ConvertFrom(devices[to]->GetAddress()), devices[from]);
    }

    /**
     * @brief Sets an attribute of all MISFs.
     * @param name of the attribute
     * @param value of the attribute
     */
    void Set(const std::string& name, const AttributeValue& value)
    {
        for (const auto& misf : misfs)
        {
            misf->SetAttribute(name, value);
        }
    }

    /**
     * @brief Has a MISF answer every Prereg_Xfer request.
     * @param at the MISF
     * @param after time until it answers; zero for at once
     * @param options how it answers
     */
    void Answer(size_t at, Time after = Seconds(0), SendOptions options = SendOptions())
    {
        misfs[at]->SetHandler(
            PreregXferRequest::ID,
            [this, at, after, options](const ReceivedMessage& message) {
                ++deliveries;
                lastSa = message.sa;
                const auto transaction = message.transaction;
                const auto respond = [this, at, transaction, options] {
                    answered.push_back(
                        misfs[at]->SendResponse(transaction, PreregXferResponse(), options));
                };
                if (after.IsZero())
                {
                    respond();
                }
                else
                {
                    At(Simulator::Now() + after, respond);
                }
            });
    }

    /**
     * @brief Counts Prereg_Xfer requests of a MISF and leaves them unanswered.
     * @param at the MISF
     */
    void Ignore(size_t at)
    {
        misfs[at]->SetHandler(PreregXferRequest::ID,
                              [this](const ReceivedMessage&) { ++deliveries; });
    }

    /**
     * @brief Sends a Prereg_Xfer request.
     * @param from sender
     * @param to receiver
     * @param options how
     * @param octets of link-layer information, to make it long
     * @return what Misf::SendRequest returned
     */
    SendError Request(size_t from,
                      size_t to,
                      SendOptions options = SendOptions(),
                      size_t octets = 0)
    {
        PreregXferRequest request;
        if (octets > 0)
        {
            request.linkLayerInformation = Bytes(octets, 0x5a);
        }
        return misfs[from]->SendRequest(Id(to), request, options, [this](const auto& result) {
            endings.push_back({Simulator::Now(),
                               result.failure,
                               result.message && result.message->sa != nullptr});
        });
    }

    /**
     * @brief The stranger sends a frame.
     * @param to a MISF
     * @param frame what
     */
    void Forge(size_t to, const Bytes& frame)
    {
        SendFrom(devices.size() - 1, to, frame);
    }

    /**
     * @brief Sends a frame past the MISF.
     * @param from index of the sending device
     * @param to a MISF
     * @param frame what
     */
    void SendFrom(size_t from, size_t to, const Bytes& frame)
    {
        devices[from]->Send(Create<Packet>(frame.data(), frame.size()),
                            devices[to]->GetAddress(),
                            ETHERTYPE);
    }

    /**
     * @param at a MISF
     * @param reason a reason
     * @return frames it dropped for it
     */
    uint64_t Drops(size_t at, DropReason reason) const
    {
        return misfs[at]->GetDropCount(reason);
    }

    /**
     * @param at a MISF
     * @return frames it dropped for whatever reason
     */
    uint64_t AllDrops(size_t at) const
    {
        uint64_t sum = 0;
        for (size_t i = 0; i < static_cast<size_t>(DropReason::COUNT_); ++i)
        {
            sum += misfs[at]->GetDropCount(static_cast<DropReason>(i));
        }
        return sum;
    }

    std::vector<Ptr<Misf>> misfs;                //!< the MISFs
    std::vector<Ptr<SimpleNetDevice>> devices;   //!< their devices, then the stranger's
    std::function<bool(Ptr<const Packet>)> lose; //!< whether to lose a frame to a MISF
    size_t receiver{0};                          //!< to which MISF, when `lose` is asked
    MisfId group;                                //!< an identifier that is for all, may be empty
    size_t deliveries{0};                        //!< requests handed to users
    const SecurityAssociation* lastSa{nullptr};  //!< that protected the last request
    std::vector<SendError> answered;             //!< results of sending responses
    std::vector<Ending> endings;                 //!< of requests

  private:
    /// Whether a frame is addressed to a MISF: the link hands every frame to everybody.
    bool IsFor(Ptr<const Packet> packet, size_t i) const
    {
        const Bytes octets = OctetsOf(packet);
        const auto frame = ParseFrame(octets);
        return !frame || frame->destination == Id(i).View() || frame->destination == group.View();
    }
};

/**
 * @brief Builds a plain frame.
 * @param header all but length
 * @param source identifier
 * @param destination identifier
 * @param body TLVs
 * @return the frame
 */
inline Bytes
PlainFrame(const Header& header,
           const MisfId& source,
           const MisfId& destination,
           ByteView body = {})
{
    Bytes frame;
    BeginFrame(frame, header, source, destination);
    frame.insert(frame.end(), body.begin(), body.end());
    FinishFrame(frame);
    return frame;
}

/**
 * @param mid message
 * @param tid transaction
 * @return a header
 */
inline Header
MakeHeader(MessageId mid, uint16_t tid)
{
    Header header{};
    header.mid = mid;
    header.tid = tid;
    return header;
}

} // namespace ns3::mis::test

#endif // MIS_MISF_TEST_HELPERS_H
