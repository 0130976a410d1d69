// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Proactive authentication with a target network: real frames of its access technology, or
 * counted ones.
 */
#ifndef MIS_PROACTIVE_AUTHENTICATION_H
#define MIS_PROACTIVE_AUTHENTICATION_H

#include "mis-media-access.h"

#include "ns3/mis-function.h"
#include "ns3/mis-types.h"

#include <memory>
#include <optional>
#include <string>

namespace ns3::mis
{

/// What link-layer frames are.
enum class LinkAuthenticationMode : uint8_t
{
    COUNTED, //!< only their size counts, and that they prove possession of K (mis::LinkFrame)
    REAL     //!< frames of the access technology
};

/// Which messages carry link-layer frames to a TPoS through the SPoS.
enum class LinkFrameRelay : uint8_t
{
    PREREG_XFER, //!< Prereg_Xfer and N2N_Prereg_Xfer, as in IEEE 802.21.1
    LL_AUTH      //!< LL_Auth on both hops, as in IEEE 802.21a (PA-74)
};

/**
 * @param mode a mode
 * @return its name as a value of an attribute
 */
const char* ToString(LinkAuthenticationMode mode);

/**
 * @param owner class whose attribute LinkAuthentication it is; NS_FATAL_ERROR names it
 * @param value Counted or Real
 * @return the mode
 */
LinkAuthenticationMode ParseLinkAuthenticationMode(const char* owner, const std::string& value);

/**
 * @param relay which messages
 * @return its name as a value of an attribute
 */
const char* ToString(LinkFrameRelay relay);

/**
 * @param owner class whose attribute LinkFrameRelay it is; NS_FATAL_ERROR names it
 * @param value Prereg_Xfer or LL_Auth
 * @return which messages
 */
LinkFrameRelay ParseLinkFrameRelay(const char* owner, const std::string& value);

/**
 * @brief Derives the secret that a mobile node and a TPoS authenticate each other by when they
 * share K: MSRK of K (PA-72).
 * @param crypto cryptography of the node
 * @param key K
 * @param mn the mobile node
 * @param tpos the TPoS
 * @return MSRK_SIZE octets
 */
SecretBytes ProactiveSecret(CryptoContext& crypto,
                            ByteView key,
                            const MisfId& mn,
                            const MisfId& tpos);

/**
 * @brief Derives the key of a link, from the root that a media access authentication gave (PA-72).
 * @param crypto cryptography of the node
 * @param root MSK or K_ASME
 * @param mn the mobile node
 * @param pos the PoS that has authenticated it
 * @param link the link of the mobile node and the point of attachment
 * @return MSPMK, which Push_Key carries
 */
SecretBytes LinkKeyOf(CryptoContext& crypto,
                      ByteView root,
                      const MisfId& mn,
                      const MisfId& pos,
                      const LinkTupleId& link);

/// What a TPoS knows of the target link of a mobile node that preregisters.
struct ProactiveAuthentication
{
    /// How far the key is.
    enum class Push : uint8_t
    {
        NOT_BEGUN,
        UNDER_WAY,
        DONE,
        FAILED
    };

    LinkTupleId link;
    std::unique_ptr<MediaAccessAuthenticator> access;
    Push push{Push::NOT_BEGUN};
    std::optional<TransactionReference> waiting; //!< of the MN, who asks whether the key is there
};

} // namespace ns3::mis

#endif // MIS_PROACTIVE_AUTHENTICATION_H
