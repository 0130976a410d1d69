// SPDX-License-Identifier: GPL-2.0-only

#include "mis-record-proof.h"

#include "ns3/mis-assigned.h"
#include "ns3/mis-mac.h"
#include "ns3/mis-tlv.h"

#include <algorithm>
#include <array>

namespace ns3::mis
{

namespace
{

constexpr std::size_t MAC_SIZE = 16;
constexpr std::size_t NUMBERS_SIZE = assigned::RECORD_PROOF_SIZE - MAC_SIZE;

std::array<uint8_t, MAC_SIZE>
MacOf(CryptoContext& crypto, const SecurityAssociation& sa, const MisfId& sender, ByteView numbers)
{
    const auto full = HmacSha256(crypto,
                                 sa.miak.View(),
                                 {ByteView::FromText(assigned::LABEL_RECORD_RESUMPTION),
                                  ByteView(sa.said.value.data(), sa.said.value.size()),
                                  sender.View(),
                                  numbers});
    std::array<uint8_t, MAC_SIZE> mac;
    std::copy_n(full.begin(), mac.size(), mac.begin());
    return mac;
}

} // namespace

Bytes
MakeRecordProof(CryptoContext& crypto, const SecurityAssociation& sa)
{
    Bytes octets;
    Writer writer(octets);
    writer.U64(sa.sendSn);
    writer.U64(sa.window.Highest());
    writer.U32(sa.resumptions);
    const auto mac = MacOf(crypto, sa, sa.local, octets);
    writer.Octets(mac);
    return octets;
}

std::optional<RecordProof>
ReadRecordProof(CryptoContext& crypto, const SecurityAssociation& sa, ByteView octets)
{
    RecordProof proof;
    Reader reader(octets);
    if (octets.size() != assigned::RECORD_PROOF_SIZE || !reader.U64(proof.sent) ||
        !reader.U64(proof.received) || !reader.U32(proof.resumptions))
    {
        return std::nullopt;
    }
    const auto mac = MacOf(crypto, sa, sa.remote, octets.Sub(0, NUMBERS_SIZE));
    if (!SecretBytes::Equal(mac, octets.Sub(NUMBERS_SIZE)))
    {
        return std::nullopt;
    }
    return proof;
}

} // namespace ns3::mis
