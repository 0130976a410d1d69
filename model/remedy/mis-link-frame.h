// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Byte-counted link-layer frames that preregistration carries as link-layer information.
 */
#ifndef MIS_LINK_FRAME_H
#define MIS_LINK_FRAME_H

#include "ns3/mis-crypto-context.h"
#include "ns3/mis-types.h"

#include <cstdint>
#include <optional>

namespace ns3::mis
{

/**
 * @brief A link-layer frame of the target access.
 *
 * The access technologies define what is in such a frame; here only its size counts, and that it
 * proves possession of a key the way an EAPOL-Key frame does:
 * @verbatim
 *   kind (1) | round (2) | nonce (16, AUTHENTICATION only) | zeros ... | MIC (16, not
 * AUTHENTICATION)
 * @endverbatim
 * The MIC is the first half of HMAC-SHA-256 under MIAK over a direction octet (0 from the MN, 1
 * from the TPoS) and the frame before the MIC. The layout is project-assigned (PA-24).
 */
struct LinkFrame
{
    /// What a frame is for.
    enum class Kind : uint8_t
    {
        AUTHENTICATION = 1, //!< a flight of a full authentication, before any key is held
        KEYED = 2,          //!< under the key K
        LAST = 3,           //!< under the key K, and nothing follows
        FLIGHT = 4          //!< a flight of a full authentication, with its content
    };

    /// Who sent it.
    enum class Direction : uint8_t
    {
        FROM_MN = 0,
        FROM_TPOS = 1
    };

    static constexpr size_t MIC_OCTETS = 16;
    static constexpr size_t SMALLEST = 1 + 2 + 16; //!< octets of the smallest frame

    Kind kind{Kind::KEYED};
    uint16_t round{0};
    Nonce nonce{}; //!< AUTHENTICATION only
    Bytes content; //!< FLIGHT only

    /**
     * @brief Encodes a FLIGHT: kind, round and the content, which may be empty.
     * @return the frame
     */
    Bytes EncodeFlight() const;

    /**
     * @brief Encodes a frame without MIC.
     * @param octets size; raised to SMALLEST
     * @return the frame
     */
    Bytes Encode(size_t octets) const;

    /**
     * @brief Encodes a frame with MIC.
     * @param crypto cryptography of the sender
     * @param miak key
     * @param direction who sends
     * @param octets size; raised to SMALLEST
     * @return the frame
     */
    Bytes EncodeKeyed(CryptoContext& crypto,
                      ByteView miak,
                      Direction direction,
                      size_t octets) const;

    /**
     * @param octets a frame
     * @return its parts, or nothing if it breaks the layout
     */
    static std::optional<LinkFrame> Decode(ByteView octets);

    /**
     * @brief Checks the MIC of a frame.
     * @param crypto cryptography of the receiver
     * @param miak key
     * @param direction who sent it
     * @param octets the frame
     * @return true if it fits
     */
    static bool Verify(CryptoContext& crypto, ByteView miak, Direction direction, ByteView octets);
};

} // namespace ns3::mis

#endif // MIS_LINK_FRAME_H
