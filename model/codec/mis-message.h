// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Frames: header, identifiers, and the messages between them and the octets.
 *
 * A message is a struct M with
 * - `static constexpr MessageId ID`,
 * - plain members for mandatory TLVs and std::optional members for optional ones,
 * - `std::vector<UnknownTlv> unknown` for TLVs that the message does not list,
 * - one list `template <class V, class Self> static void Fields(V& v, Self& self)` of calls
 *   `v.Mandatory(type, self.x)`, `v.Optional(type, self.y)` and, for an optional TLV that has to be
 *   the last one of a message, `v.Last(type, self.z)`.
 *
 * The list alone gives EncodeBody(), DecodeBody() and PrintBody(). Those of the messages of this
 * module are compiled once; a message of one's own includes mis-message-codec.h in one source file
 * and has a line MIS_INSTANTIATE_MESSAGE(M) there.
 */
#ifndef MIS_MESSAGE_H
#define MIS_MESSAGE_H

#include "ns3/mis-tlv.h"
#include "ns3/mis-types.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <ostream>
#include <vector>

namespace ns3::mis
{

/** @brief The fixed header (IEEE 802.21, 8.4.1; the S bit is PA-1). */
struct Header
{
    /** Octets of the header. */
    static constexpr std::size_t SIZE = 8;
    /** The protocol version. */
    static constexpr uint8_t VERSION = 1;
    /** The largest transaction identifier. */
    static constexpr uint16_t MAX_TID = 0xfff;
    /** The largest fragment number. */
    static constexpr uint8_t MAX_FRAGMENT = 127;
    /** The largest payload in octets. */
    static constexpr std::size_t MAX_LENGTH = 0xffff;

    bool ackReq{false};  //!< AckReq: an acknowledgement is wanted
    bool ackRsp{false};  //!< AckRsp: is or carries an acknowledgement
    bool uir{false};     //!< UIR: unauthenticated information request
    bool more{false};    //!< M: fragments follow
    bool secured{false}; //!< S: protected, the payload has SAID and Security TLVs
    uint8_t fragment{0}; //!< FN: fragment number, 0 to MAX_FRAGMENT
    MessageId mid;       //!< MID: which message
    uint16_t tid{0};     //!< TID: transaction identifier, 0 to MAX_TID
    uint16_t length{0};  //!< octets of this frame after the header

    /** @return whether this frame is a part of a message */
    bool IsFragment() const
    {
        return more || fragment != 0;
    }

    /**
     * @brief Append the header.
     * @param writer where to
     */
    void Write(Writer& writer) const;

    /**
     * @brief Write the header over octets.
     * @param out SIZE octets
     */
    void WriteTo(uint8_t* out) const;

    /**
     * @brief Read a header; reserved bits are ignored.
     * @param octets at least SIZE octets
     * @return the header, or TRUNCATED or BAD_VERSION
     */
    static Result<Header> Read(ByteView octets);
};

/** @brief A frame and where its parts are. Views the octets it was parsed from. */
struct FrameView
{
    Header header;           //!< the header
    ByteView source;         //!< Source id
    ByteView destination;    //!< Destination id, may be empty
    ByteView sourceTlv;      //!< the whole TLV
    ByteView destinationTlv; //!< the whole TLV
    ByteView body;           //!< behind the two identifiers; if these are not first, all TLVs
    ByteView whole;          //!< the whole frame
};

/**
 * @brief Find the parts of a frame.
 *
 * All TLVs must be well-formed and each identifier must be there once, anywhere. Of a fragment only
 * the two identifiers are read, which are first then (PA-13), and the body is a slice.
 *
 * @param octets one frame, no more and no less
 * @return the parts, or TRUNCATED, OVERLONG, BAD_VERSION, BAD_LENGTH, MISSING_TLV, DUPLICATE_TLV,
 * or BAD_VALUE for an identifier of more than MisfId::MAX_SIZE octets
 */
Result<FrameView> ParseFrame(ByteView octets);

/**
 * @brief Begin a frame: header and identifiers.
 * @param out overwritten with the frame so far, to which the caller appends TLVs
 * @param header the header; its length is filled in by FinishFrame()
 * @param src Source id
 * @param dst Destination id; empty when the receiver is not known or there are many
 */
void BeginFrame(Bytes& out, const Header& header, const MisfId& src, const MisfId& dst);

/**
 * @brief Finish a frame: fill in the length.
 * @param out begun with BeginFrame()
 * @return false if the payload exceeds Header::MAX_LENGTH; the frame is not valid then
 */
bool FinishFrame(Bytes& out);

/** @brief A TLV that a message does not list. */
struct UnknownTlv
{
    uint8_t type{0}; //!< its type
    Bytes value;     //!< its value

    /** @brief Compare. */
    friend bool operator==(const UnknownTlv& a, const UnknownTlv& b)
    {
        return a.type == b.type && a.value == b.value;
    }
};

/**
 * @brief Append the TLVs of a message in the order of its list, unknown ones behind.
 * @param message the message
 * @param writer where to
 */
template <class M>
void EncodeBody(const M& message, Writer& writer);

/**
 * @brief Read the TLVs of a message, in any order. Identifiers are skipped, unknown TLVs kept.
 *
 * Of TLVs listed more than once, such as the nonces, the first one sent is the first one listed.
 *
 * @param body FrameView::body, or the plain text of a protected message
 * @return the message, or TRUNCATED, OVERLONG, BAD_LENGTH, DUPLICATE_TLV, MISSING_TLV or BAD_VALUE
 */
template <class M>
Result<M> DecodeBody(ByteView body);

/**
 * @brief Print a message on one line; secrets are left out.
 * @param message the message
 * @param os where to
 */
template <class M>
void PrintBody(const M& message, std::ostream& os);

/**
 * @brief Make a whole frame.
 * @param header the header; MID and length are set here
 * @param src Source id
 * @param dst Destination id, may be empty
 * @param message the message
 * @return the frame, empty if the payload exceeds Header::MAX_LENGTH
 */
template <class M>
Bytes
EncodeFrame(const Header& header, const MisfId& src, const MisfId& dst, const M& message)
{
    Bytes out;
    Header copy = header;
    copy.mid = M::ID;
    BeginFrame(out, copy, src, dst);
    Writer writer(out);
    EncodeBody(message, writer);
    if (!FinishFrame(out))
    {
        out.clear();
    }
    return out;
}

// ---------------------------------------------------------------------------------------------
// Protected messages
// ---------------------------------------------------------------------------------------------

/** @brief SECURITY (IEEE 802.21a): value of the Security TLV. Views octets. */
struct SecurityValue
{
    /** @brief The alternatives. */
    enum class Kind : uint8_t
    {
        TLS_RECORD = 0, //!< a record of (D)TLS
        MIS_RECORD = 1  //!< ENCR_BLOCK and perhaps INTG_BLOCK
    };

    Kind kind{Kind::MIS_RECORD};       //!< which alternative
    ByteView encrypted;                //!< ENCR_BLOCK, or TLS_RECORD
    std::optional<ByteView> integrity; //!< INTG_BLOCK; never with a TLS_RECORD
};

/**
 * @brief Read the value of a Security TLV.
 * @param value the value
 * @return its parts, or TRUNCATED, OVERLONG, BAD_LENGTH or BAD_VALUE
 */
Result<SecurityValue> ReadSecurityValue(ByteView value);

/**
 * @brief Append the value of a Security TLV.
 * @param writer where to
 * @param value the value
 */
void WriteSecurityValue(Writer& writer, const SecurityValue& value);

/**
 * @brief Octets that the value of a Security TLV of MIS_RECORD takes.
 * @param encrypted octets of ENCR_BLOCK
 * @param integrity octets of INTG_BLOCK, or nothing
 * @return octets of the value
 */
std::size_t SecurityValueSize(std::size_t encrypted, std::optional<std::size_t> integrity);

/**
 * @brief Read the value of a SAID TLV.
 * @param value the value
 * @return the identifier, or TRUNCATED, OVERLONG, BAD_LENGTH or BAD_VALUE
 */
Result<Said> ReadSaidValue(ByteView value);

/**
 * @brief Append a whole SAID TLV.
 * @param writer where to
 * @param said the identifier
 */
void WriteSaidTlv(Writer& writer, const Said& said);

/** @brief The body of a protected frame (PA-18). Views octets, except the identifier. */
struct ProtectedBody
{
    Said said;              //!< which association
    ByteView saidTlv;       //!< the whole TLV
    SecurityValue security; //!< the protected content
};

/**
 * @brief Read the body of a frame with the S bit; TLVs in any order, others are ignored.
 * @param body FrameView::body
 * @return SAID and Security, or an error as of DecodeBody()
 */
Result<ProtectedBody> ReadProtectedBody(ByteView body);

// ---------------------------------------------------------------------------------------------
// All messages
// ---------------------------------------------------------------------------------------------

/** @brief What can be done with a message of which only the MID is known. */
struct MessageInfo
{
    MessageId id;                                   //!< which message
    const char* name;                               //!< as MessageName()
    const char* primitive;                          //!< as ContributionName()
    CodecError (*check)(ByteView body);             //!< decode and forget
    void (*print)(ByteView body, std::ostream& os); //!< print, or print why it does not decode
};

/**
 * @brief Look up a message.
 * @param mid which one
 * @return its entry, nullptr if this module has no such message
 */
const MessageInfo* FindMessage(MessageId mid);

/** @return the entries of all messages, by MID */
const std::vector<MessageInfo>& AllMessages();

} // namespace ns3::mis

#endif /* MIS_MESSAGE_H */
