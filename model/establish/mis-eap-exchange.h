// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * What both ends of an exchange of EAP over MIS do; private to EapEstablishment.
 */
#ifndef MIS_EAP_EXCHANGE_H
#define MIS_EAP_EXCHANGE_H

#include "ns3/mis-assigned.h"
#include "ns3/mis-function.h"
#include "ns3/mis-mac.h"
#include "ns3/mis-message.h"
#include "ns3/mis-secret-bytes.h"
#include "ns3/mis-tlv.h"

#include <optional>

namespace ns3::mis::eap
{

/**
 * @brief Adds a message to the transcript that AUTH covers (PA-30).
 * @param transcript the transcript
 * @param body service TLVs of the message as sent
 */
inline void
AppendBody(Bytes& transcript, ByteView body)
{
    Writer writer(transcript);
    writer.U16(static_cast<uint16_t>(body.size()));
    writer.Octets(body);
}

/**
 * @brief Adds a message to the transcript that AUTH covers.
 * @param transcript the transcript
 * @param message the message
 */
template <class M>
void
AppendMessage(Bytes& transcript, const M& message)
{
    Bytes body;
    Writer writer(body);
    EncodeBody(message, writer);
    AppendBody(transcript, body);
}

/**
 * @param crypto cryptography of the node
 * @param miak key
 * @param label who computes, LABEL_AUTH_POS or LABEL_AUTH_MN
 * @param transcript all messages so far
 * @return AUTH, 16 octets (PA-30)
 */
inline Bytes
ComputeAuth(CryptoContext& crypto, ByteView miak, std::string_view label, ByteView transcript)
{
    constexpr uint8_t ZERO = 0;
    const auto mac =
        HmacSha256(crypto, miak, {ByteView::FromText(label), ByteView(&ZERO, 1), transcript});
    return Bytes(mac.begin(), mac.begin() + assigned::AUTH_SIZE);
}

/**
 * @param received AUTH of a message, if it has one
 * @param expected what it should be
 * @return whether it is, compared in constant time
 */
inline bool
IsEqual(const std::optional<Bytes>& received, const Bytes& expected)
{
    return received && SecretBytes::Equal(*received, expected);
}

/// @return to send in the clear
inline SendOptions
Plain()
{
    SendOptions options;
    options.protection = SendOptions::Protection::NONE;
    return options;
}

/// @return to send under an SA
inline SendOptions
Protected()
{
    SendOptions options;
    options.protection = SendOptions::Protection::REQUIRED;
    return options;
}

} // namespace ns3::mis::eap

#endif // MIS_EAP_EXCHANGE_H
