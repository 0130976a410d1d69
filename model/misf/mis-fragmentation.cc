// SPDX-License-Identifier: GPL-2.0-only

#include "mis-fragmentation.h"

#include "ns3/mis-assigned.h"
#include "ns3/mis-tlv.h"

#include <algorithm>

namespace ns3::mis
{

namespace
{

constexpr size_t MAX_FRAGMENTS = 128; // 7-bit fragment number
constexpr size_t SLICE_UNIT = assigned::FRAGMENT_UNIT;

/// Header, both identifier TLVs, then a slice.
Bytes
MakeFragment(Header header, const FrameView& frame, ByteView slice)
{
    header.length =
        static_cast<uint16_t>(frame.sourceTlv.size() + frame.destinationTlv.size() + slice.size());
    Bytes out;
    out.reserve(Header::SIZE + header.length);
    Writer writer(out);
    header.Write(writer);
    writer.Octets(frame.sourceTlv);
    writer.Octets(frame.destinationTlv);
    writer.Octets(slice);
    return out;
}

} // namespace

std::vector<Bytes>
Fragment(const FrameView& frame, size_t mtu)
{
    std::vector<Bytes> fragments;
    const size_t fixed = Header::SIZE + frame.sourceTlv.size() + frame.destinationTlv.size();
    if (mtu < fixed + SLICE_UNIT)
    {
        return fragments;
    }
    const size_t slice = (mtu - fixed) / SLICE_UNIT * SLICE_UNIT;
    const size_t count = (frame.body.size() + slice - 1) / slice;
    if (count > MAX_FRAGMENTS)
    {
        return fragments;
    }
    for (size_t i = 0; i < count; ++i)
    {
        Header header = frame.header;
        header.more = i + 1 < count;
        header.fragment = static_cast<uint8_t>(i);
        const size_t offset = i * slice;
        fragments.push_back(
            MakeFragment(header,
                         frame,
                         frame.body.Sub(offset, std::min(slice, frame.body.size() - offset))));
    }
    return fragments;
}

Reassembler::Verdict
Reassembler::Add(int64_t nowNs,
                 int64_t timeoutNs,
                 size_t maxMessages,
                 const FrameView& fragment,
                 Bytes& whole)
{
    Bytes key;
    Writer writer(key);
    writer.OctetString(fragment.source);
    writer.OctetString(fragment.destination);
    writer.U16(fragment.header.mid.Value());
    writer.U16(fragment.header.tid);
    auto it = m_partial.find(key);
    if (it == m_partial.end())
    {
        if (m_partial.size() >= maxMessages)
        {
            return Verdict::FULL;
        }
        it = m_partial.emplace(std::move(key), Partial{}).first;
        it->second.deadlineNs = nowNs + timeoutNs;
        it->second.header = fragment.header;
        it->second.ids.assign(fragment.sourceTlv.begin(), fragment.sourceTlv.end());
        it->second.ids.insert(it->second.ids.end(),
                              fragment.destinationTlv.begin(),
                              fragment.destinationTlv.end());
    }
    auto& partial = it->second;
    const size_t number = fragment.header.fragment;
    const bool isLast = !fragment.header.more;
    const bool consistent =
        fragment.header.secured == partial.header.secured &&
        fragment.header.ackReq == partial.header.ackReq &&
        fragment.header.ackRsp == partial.header.ackRsp &&
        fragment.header.uir == partial.header.uir && (!partial.total || number < *partial.total) &&
        (!isLast || !partial.total || *partial.total == number + 1) &&
        (!isLast || partial.slices.size() <= number + 1) &&
        (isLast || fragment.body.size() % SLICE_UNIT == 0) && !fragment.body.empty();
    if (!consistent)
    {
        m_partial.erase(it);
        return Verdict::DROPPED;
    }
    if (isLast)
    {
        partial.total = number + 1;
    }
    if (partial.slices.size() <= number)
    {
        partial.slices.resize(number + 1);
    }
    auto& slot = partial.slices[number];
    if (slot.empty())
    {
        slot.assign(fragment.body.begin(), fragment.body.end());
        ++partial.received;
        partial.octets += slot.size();
    }
    // Too long a message must not fill the memory until its last fragment comes.
    if (!(ByteView(slot) == fragment.body) || partial.ids.size() + partial.octets > UINT16_MAX)
    {
        m_partial.erase(it);
        return Verdict::DROPPED;
    }
    if (!partial.total || partial.received < *partial.total)
    {
        return Verdict::WAITING;
    }
    const size_t length = partial.ids.size() + partial.octets;
    Header header = partial.header;
    header.more = false;
    header.fragment = 0;
    header.length = static_cast<uint16_t>(length);
    whole.clear();
    whole.reserve(Header::SIZE + length);
    Writer frame(whole);
    header.Write(frame);
    frame.Octets(partial.ids);
    for (const auto& slice : partial.slices)
    {
        frame.Octets(slice);
    }
    m_partial.erase(it);
    return Verdict::COMPLETE;
}

size_t
Reassembler::Expire(int64_t nowNs)
{
    size_t dropped = 0;
    for (auto it = m_partial.begin(); it != m_partial.end();)
    {
        if (it->second.deadlineNs <= nowNs)
        {
            it = m_partial.erase(it);
            ++dropped;
        }
        else
        {
            ++it;
        }
    }
    return dropped;
}

std::optional<int64_t>
Reassembler::NextDeadlineNs() const
{
    std::optional<int64_t> next;
    for (const auto& [key, partial] : m_partial)
    {
        next = std::min(next.value_or(partial.deadlineNs), partial.deadlineNs);
    }
    return next;
}

} // namespace ns3::mis
