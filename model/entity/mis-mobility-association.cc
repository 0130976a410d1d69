// SPDX-License-Identifier: GPL-2.0-only

#include "mis-mobility-association.h"

#include "ns3/mis-assigned.h"
#include "ns3/mis-mac.h"
#include "ns3/mis-tlv.h"

#include <algorithm>

namespace ns3::mis
{

namespace
{

std::array<uint8_t, MobilityAuthentication::SIZE>
AuthenticatorOf(CryptoContext& crypto,
                const SecretBytes& key,
                Ipv4Address careOf,
                Ipv4Address home,
                ByteView message)
{
    constexpr uint32_t MAPPED = 0xFFFF; // ::ffff:a.b.c.d
    Bytes addresses;
    Writer out(addresses);
    for (const auto& address : {careOf, home})
    {
        out.U64(0);
        out.U32(MAPPED);
        out.U32(address.Get());
    }
    const auto mac = HmacSha1(crypto, key, {ByteView(addresses), AuthenticatedPart(message)});
    std::array<uint8_t, MobilityAuthentication::SIZE> value;
    std::copy_n(mac.begin(), value.size(), value.begin());
    return value;
}

} // namespace

MobilityAssociation
MobilityAssociation::Make(uint32_t spi, RandomSource& random)
{
    MobilityAssociation association;
    association.spi = spi;
    association.key = SecretBytes::Zeros(KEY_OCTETS);
    random.Fill(association.key.data(), association.key.size());
    return association;
}

void
MobilityAssociation::Authenticate(CryptoContext& crypto,
                                  Ipv4Address careOf,
                                  Ipv4Address home,
                                  Bytes& message) const
{
    SetAuthenticator(message, AuthenticatorOf(crypto, key, careOf, home, message));
}

bool
MobilityAssociation::Verify(CryptoContext& crypto,
                            Ipv4Address careOf,
                            Ipv4Address home,
                            ByteView message,
                            const std::optional<MobilityAuthentication>& authentication) const
{
    // Without a key anybody could compute the authenticator.
    return !key.empty() && authentication && authentication->spi == spi &&
           SecretBytes::Equal(AuthenticatorOf(crypto, key, careOf, home, message),
                              authentication->value);
}

uint64_t
MobilityTimestamp(Time at)
{
    constexpr int64_t SECOND_NS = 1000000000;
    const int64_t ns = at.GetNanoSeconds();
    const auto seconds = static_cast<uint64_t>(assigned::CERTIFICATE_EPOCH_S + ns / SECOND_NS);
    const auto fraction = static_cast<uint64_t>(ns % SECOND_NS) * 65536 / SECOND_NS;
    return seconds << 16 | fraction;
}

uint16_t
BindingLifetimeUnits(Time lifetime)
{
    const int64_t units = lifetime.GetMilliSeconds() / (1000 * BINDING_LIFETIME_UNIT_S);
    return static_cast<uint16_t>(std::clamp<int64_t>(units, 0, UINT16_MAX));
}

} // namespace ns3::mis
