// SPDX-License-Identifier: GPL-2.0-only

#include "mis-proactive-authentication.h"

#include "ns3/abort.h"
#include "ns3/mis-link-kdf.h"

namespace ns3::mis
{

const char*
ToString(LinkAuthenticationMode mode)
{
    return mode == LinkAuthenticationMode::REAL ? "Real" : "Counted";
}

LinkAuthenticationMode
ParseLinkAuthenticationMode(const char* owner, const std::string& value)
{
    for (const auto mode : {LinkAuthenticationMode::COUNTED, LinkAuthenticationMode::REAL})
    {
        if (value == ToString(mode))
        {
            return mode;
        }
    }
    NS_FATAL_ERROR(owner << ": attribute LinkAuthentication is \"" << value
                         << "\", allowed are Counted and Real");
    return LinkAuthenticationMode::COUNTED;
}

const char*
ToString(LinkFrameRelay relay)
{
    return relay == LinkFrameRelay::LL_AUTH ? "LL_Auth" : "Prereg_Xfer";
}

LinkFrameRelay
ParseLinkFrameRelay(const char* owner, const std::string& value)
{
    for (const auto relay : {LinkFrameRelay::PREREG_XFER, LinkFrameRelay::LL_AUTH})
    {
        if (value == ToString(relay))
        {
            return relay;
        }
    }
    NS_FATAL_ERROR(owner << ": attribute LinkFrameRelay is \"" << value
                         << "\", allowed are Prereg_Xfer and LL_Auth");
    return LinkFrameRelay::PREREG_XFER;
}

SecretBytes
ProactiveSecret(CryptoContext& crypto, ByteView key, const MisfId& mn, const MisfId& tpos)
{
    return DeriveMsrk(crypto, key, mn, tpos);
}

SecretBytes
LinkKeyOf(CryptoContext& crypto,
          ByteView root,
          const MisfId& mn,
          const MisfId& pos,
          const LinkTupleId& link)
{
    return DeriveMspmk(crypto, DeriveMsrk(crypto, root, mn, pos), link);
}

} // namespace ns3::mis
