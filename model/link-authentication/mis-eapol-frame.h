// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief EAPOL frames (IEEE 802.1X, 11.3) with the EAPOL-Key frames and elements of IEEE 802.11.
 *
 * What goes behind EtherType 0x888E, without the header of the link.
 */
#ifndef MIS_EAPOL_FRAME_H
#define MIS_EAPOL_FRAME_H

#include "ns3/mis-types.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace ns3::mis
{

/** EtherType of EAPOL. */
inline constexpr uint16_t ETHERTYPE_EAPOL = 0x888e;
/** Octets of an EAPOL header. */
inline constexpr std::size_t EAPOL_HEADER_SIZE = 4;

/** @brief Packet Type of an EAPOL frame. */
enum class EapolType : uint8_t
{
    EAP_PACKET = 0,
    START = 1,
    LOGOFF = 2,
    KEY = 3
};

/** @brief An EAPOL frame. */
struct EapolFrame
{
    /** Protocol version that is sent: that of 802.1X-2004, on which IEEE 802.11 builds. */
    static constexpr uint8_t VERSION = 2;

    uint8_t version{VERSION};              //!< 1 to 3
    EapolType type{EapolType::EAP_PACKET}; //!< what the body is
    Bytes body;                            //!< at most 65535 octets

    /** @brief The fields in the order sent. */
    template <class V, class Self>
    static void Fields(V& v, Self& self)
    {
        v.Number(self.version);
        v.Number(self.type);
        v.template Sized<uint16_t>(self.body);
    }
};

/**
 * @brief Encode a frame.
 * @param frame the frame
 * @return its octets
 */
Bytes EncodeEapol(const EapolFrame& frame);

/**
 * @brief Encode a frame with the version of this implementation.
 * @param type its type
 * @param body its body, at most 65535 octets
 * @return its octets
 */
Bytes EncodeEapol(EapolType type, ByteView body);

/**
 * @brief Decode a frame.
 *
 * Octets behind the body are ignored, since short frames are padded on some links.
 *
 * @param octets the frame
 * @return the frame; TRUNCATED, BAD_VERSION for version 0, UNKNOWN_MESSAGE for another type,
 * OVERLONG for a Start or Logoff with a body
 */
Result<EapolFrame> DecodeEapol(ByteView octets);

/** @brief Key Information of an EAPOL-Key frame (IEEE 802.11, 12.7.2). */
namespace key_information
{
inline constexpr uint16_t DESCRIPTOR_VERSION = 0x0007; //!< mask of the descriptor version
inline constexpr uint16_t HMAC_SHA1_AES = 2;           //!< version: HMAC-SHA1-128 and AES key wrap
inline constexpr uint16_t PAIRWISE = 0x0008;  //!< of the 4-way handshake, not of a group key
inline constexpr uint16_t INSTALL = 0x0040;   //!< configure the temporal key
inline constexpr uint16_t ACK = 0x0080;       //!< an answer is wanted: from the authenticator
inline constexpr uint16_t MIC = 0x0100;       //!< the frame has a MIC
inline constexpr uint16_t SECURE = 0x0200;    //!< the exchange of pairwise keys is complete
inline constexpr uint16_t ERROR = 0x0400;     //!< the supplicant reports a MIC failure
inline constexpr uint16_t REQUEST = 0x0800;   //!< the supplicant asks for a handshake
inline constexpr uint16_t ENCRYPTED = 0x1000; //!< the key data is encrypted

/** Message 1: from the authenticator, with ANonce. */
inline constexpr uint16_t MESSAGE_1 = HMAC_SHA1_AES | PAIRWISE | ACK;
/** Message 2: from the supplicant, with SNonce. */
inline constexpr uint16_t MESSAGE_2 = HMAC_SHA1_AES | PAIRWISE | MIC;
/** Message 3: from the authenticator, with the group key. */
inline constexpr uint16_t MESSAGE_3 =
    HMAC_SHA1_AES | PAIRWISE | INSTALL | ACK | MIC | SECURE | ENCRYPTED;
/** Message 4: from the supplicant. */
inline constexpr uint16_t MESSAGE_4 = HMAC_SHA1_AES | PAIRWISE | MIC | SECURE;
/** First message of the group key handshake, from the authenticator. */
inline constexpr uint16_t GROUP_1 = HMAC_SHA1_AES | ACK | MIC | SECURE | ENCRYPTED;
/** Second message of the group key handshake, from the supplicant. */
inline constexpr uint16_t GROUP_2 = HMAC_SHA1_AES | MIC | SECURE;
} // namespace key_information

/** Octets of a nonce of the 4-way handshake. */
inline constexpr std::size_t KEY_NONCE_SIZE = 32;
/** Octets of the MIC of an EAPOL-Key frame. */
inline constexpr std::size_t KEY_MIC_SIZE = 16;
/** Octets of a PMKID. */
inline constexpr std::size_t PMKID_SIZE = 16;

/** ANonce or SNonce. */
using KeyNonce = std::array<uint8_t, KEY_NONCE_SIZE>;
/** Name of a pairwise master key. */
using Pmkid = std::array<uint8_t, PMKID_SIZE>;

/** @brief Body of an EAPOL-Key frame (IEEE 802.11, 12.7.2): 95 octets and the key data. */
struct EapolKey
{
    /** Descriptor type of IEEE 802.11. */
    static constexpr uint8_t DESCRIPTOR = 2;

    uint8_t descriptor{DESCRIPTOR};          //!< descriptor type
    uint16_t information{0};                 //!< see key_information
    uint16_t keyLength{0};                   //!< octets of the temporal key; 0 from the supplicant
    uint64_t replayCounter{0};               //!< grows with every frame of the authenticator
    KeyNonce nonce{};                        //!< ANonce, SNonce or zeros
    std::array<uint8_t, 16> iv{};            //!< zeros with AES key wrap
    uint64_t rsc{0};                         //!< receive sequence counter of the group key
    uint64_t reserved{0};                    //!< zero
    std::array<uint8_t, KEY_MIC_SIZE> mic{}; //!< over the whole EAPOL frame with zeros here
    Bytes keyData;                           //!< elements, or elements that are wrapped

    /** @brief The fields in the order sent. */
    template <class V, class Self>
    static void Fields(V& v, Self& self)
    {
        v.Number(self.descriptor);
        v.Number(self.information);
        v.Number(self.keyLength);
        v.Number(self.replayCounter);
        v.Fixed(self.nonce);
        v.Fixed(self.iv);
        v.Number(self.rsc);
        v.Number(self.reserved);
        v.Fixed(self.mic);
        v.template Sized<uint16_t>(self.keyData);
    }
};

/**
 * @brief Encode an EAPOL-Key frame.
 * @param key the body
 * @param version protocol version of the EAPOL header
 * @return the octets of the frame
 */
Bytes EncodeEapolKey(const EapolKey& key, uint8_t version = EapolFrame::VERSION);

/**
 * @brief Decode the body of an EAPOL-Key frame.
 * @param body the body
 * @return the fields; TRUNCATED, OVERLONG, UNKNOWN_MESSAGE for another descriptor type
 */
Result<EapolKey> DecodeEapolKey(ByteView body);

/** @brief Types of a key data encapsulation with the OUI 00-0F-AC (IEEE 802.11, Table 12-6). */
enum class KeyDataType : uint8_t
{
    GTK = 1,
    PMKID = 4
};

/** @brief One element of key data: an element of IEEE 802.11 or a KDE. */
struct KeyDataElement
{
    static constexpr uint8_t RSN = 0x30;             //!< element identifier of the RSN element
    static constexpr uint8_t VENDOR_SPECIFIC = 0xdd; //!< element identifier of a KDE

    uint8_t id{VENDOR_SPECIFIC}; //!< element identifier
    SecretOctets value;          //!< its content, behind identifier and length

    /** @brief The fields in the order sent. */
    template <class V, class Self>
    static void Fields(V& v, Self& self)
    {
        v.Number(self.id);
        v.template Sized<uint8_t>(self.value);
    }
};

/** @brief The key data of an EAPOL-Key frame, in clear. */
class KeyData
{
  public:
    /** Octets that AES key wrap wants at least. */
    static constexpr std::size_t WRAP_MINIMUM = 16;

    /**
     * @brief Append an RSN element.
     * @param element identifier, length and content
     */
    void AddElement(ByteView element);

    /**
     * @brief Append a PMKID KDE.
     * @param pmkid the name of the key
     */
    void AddPmkid(const Pmkid& pmkid);

    /**
     * @brief Append a GTK KDE.
     * @param keyId key identifier, 0 to 3
     * @param gtk the group key, at most 64 octets
     */
    void AddGtk(uint8_t keyId, ByteView gtk);

    /**
     * @brief Append the padding that AES key wrap wants: the octet 0xdd, then zeros, up to a
     * multiple of 8 and at least WRAP_MINIMUM octets.
     */
    void Pad();

    /** @return the octets so far */
    ByteView View() const
    {
        return m_octets;
    }

    /**
     * @brief Read key data.
     * @param octets the octets, in clear
     * @return the elements without the padding; TRUNCATED
     */
    static Result<std::vector<KeyDataElement>> Decode(ByteView octets);

    /**
     * @brief Find an RSN element.
     * @param elements the elements
     * @return identifier, length and content, empty if there is none
     */
    static Bytes FindRsn(const std::vector<KeyDataElement>& elements);

    /**
     * @brief Find the content of a KDE.
     * @param elements the elements
     * @param type its type
     * @return what follows the type, nothing if there is none; valid as long as the elements
     */
    static std::optional<ByteView> FindKde(const std::vector<KeyDataElement>& elements,
                                           KeyDataType type);

  private:
    void AddKde(KeyDataType type, std::initializer_list<ByteView> parts);

    SecretOctets m_octets; //!< the octets so far
};

/** @brief A GTK KDE, read. */
struct GtkKde
{
    uint8_t keyId{0};    //!< key identifier, 0 to 3
    uint8_t reserved{0}; //!< zero
    SecretOctets gtk;    //!< the group key

    /** @brief The fields in the order sent. */
    template <class V, class Self>
    static void Fields(V& v, Self& self)
    {
        v.Number(self.keyId);
        v.Number(self.reserved);
        v.Rest(self.gtk);
    }

    /**
     * @brief Read the content of a GTK KDE.
     * @param content the content
     * @return the fields, nothing if the group key is not one of CCMP (16 octets)
     */
    static std::optional<GtkKde> Decode(ByteView content);
};

/** @brief The RSN element (IEEE 802.11, 9.4.2.25): what an access point protects its link with. */
struct RsnElement
{
    /** OUI and type of a cipher suite or an authentication and key management suite. */
    using Suite = std::array<uint8_t, 4>;

    static constexpr Suite CCMP_128{0x00, 0x0f, 0xac, 4};  //!< cipher suite
    static constexpr Suite AKM_8021X{0x00, 0x0f, 0xac, 1}; //!< authentication by IEEE 802.1X

    uint8_t id{KeyDataElement::RSN};          //!< element identifier
    uint8_t length{20};                       //!< octets behind this one
    uint16_t version{1};                      //!< version of the element
    Suite group{CCMP_128};                    //!< cipher of group frames
    std::vector<Suite> pairwise{CCMP_128};    //!< ciphers of unicast frames
    std::vector<Suite> management{AKM_8021X}; //!< authentication and key management
    uint16_t capabilities{0};                 //!< RSN capabilities

    /** @brief The fields in the order sent. */
    template <class V, class Self>
    static void Fields(V& v, Self& self)
    {
        v.Number(self.id);
        v.Number(self.length);
        v.Little16(self.version);
        v.Fixed(self.group);
        v.LittleList(self.pairwise);
        v.LittleList(self.management);
        v.Little16(self.capabilities);
    }

    /** @return the octets, 22 unless there are more suites than one */
    Bytes Encode() const;

    /**
     * @brief Decode.
     * @param octets identifier, length and content
     * @return the element; TRUNCATED, OVERLONG, BAD_LENGTH, UNKNOWN_MESSAGE for another element
     */
    static Result<RsnElement> Decode(ByteView octets);
};

} // namespace ns3::mis

#endif /* MIS_EAPOL_FRAME_H */
