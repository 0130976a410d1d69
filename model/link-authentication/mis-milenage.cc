// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief MILENAGE, the functions f1 to f5 of a USIM and its home network (3GPP TS 35.206).
 */
#include "mis-milenage.h"

#include "ns3/fatal-error.h"

#include <algorithm>
#include <boost/endian/conversion.hpp>

namespace ns3::mis
{

namespace
{

/**
 * @brief Combine octets by exclusive or.
 * @param a a block
 * @param b as many octets
 * @return the combination
 */
AesBlock
Xor(const AesBlock& a, ByteView b)
{
    AesBlock out;
    std::transform(a.begin(), a.end(), b.begin(), out.begin(), [](uint8_t x, uint8_t y) {
        return static_cast<uint8_t>(x ^ y);
    });
    return out;
}

/**
 * @brief Rotate a block towards its first octet.
 * @param block the block
 * @param octets by how many octets
 * @return the rotated block
 */
AesBlock
Rotate(AesBlock block, std::size_t octets)
{
    std::rotate(block.begin(), block.begin() + static_cast<std::ptrdiff_t>(octets), block.end());
    return block;
}

/**
 * @brief Cut octets out of a block.
 * @tparam N how many
 * @param block the block
 * @param from the first
 * @return the octets
 */
template <std::size_t N>
std::array<uint8_t, N>
Cut(const AesBlock& block, std::size_t from)
{
    std::array<uint8_t, N> out;
    std::copy_n(block.begin() + static_cast<std::ptrdiff_t>(from), N, out.begin());
    return out;
}

} // namespace

Milenage::Milenage(ByteView k, ByteView opc)
    : m_k(k),
      m_opc(opc)
{
    if (k.size() != AesBlock().size() || opc.size() != AesBlock().size())
    {
        NS_FATAL_ERROR("K and OP_C of MILENAGE have 16 octets");
    }
}

SecretBytes
Milenage::DeriveOpc(CryptoContext& ctx, ByteView k, const AesBlock& op)
{
    return SecretBytes(Xor(AesEncryptBlock(ctx, k, op), op));
}

AesBlock
Milenage::Hidden(CryptoContext& ctx, const AkaRand& rand) const
{
    return AesEncryptBlock(ctx, m_k, Xor(rand, m_opc));
}

AesBlock
Milenage::Out(CryptoContext& ctx,
              const AesBlock& hidden,
              std::size_t rotation,
              uint8_t constant) const
{
    AesBlock input = Rotate(Xor(hidden, m_opc), rotation);
    input.back() ^= constant;
    return Xor(AesEncryptBlock(ctx, m_k, input), m_opc);
}

Milenage::Codes
Milenage::F1(CryptoContext& ctx, const AkaRand& rand, const AkaSequence& sqn, uint16_t amf) const
{
    AesBlock in1;
    std::copy(sqn.begin(), sqn.end(), in1.begin());
    boost::endian::store_big_u16(in1.data() + sqn.size(), amf);
    std::copy_n(in1.begin(), in1.size() / 2, in1.begin() + in1.size() / 2);
    const AesBlock input = Xor(Rotate(Xor(in1, m_opc), 8), Hidden(ctx, rand));
    const AesBlock out = Xor(AesEncryptBlock(ctx, m_k, input), m_opc);
    return Codes{Cut<8>(out, 0), Cut<8>(out, 8)};
}

Milenage::Challenge
Milenage::F2345(CryptoContext& ctx, const AkaRand& rand) const
{
    const AesBlock hidden = Hidden(ctx, rand);
    const AesBlock out2 = Out(ctx, hidden, 0, 1);
    Challenge challenge;
    challenge.res.Assign(ByteView(out2).Sub(8));
    challenge.ak = Cut<6>(out2, 0);
    challenge.ck.Assign(Out(ctx, hidden, 4, 2));
    challenge.ik.Assign(Out(ctx, hidden, 8, 4));
    return challenge;
}

AkaSequence
Milenage::F5Star(CryptoContext& ctx, const AkaRand& rand) const
{
    return Cut<6>(Out(ctx, Hidden(ctx, rand), 12, 8), 0);
}

} // namespace ns3::mis
