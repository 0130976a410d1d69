// SPDX-License-Identifier: GPL-2.0-only

#include "mis-clause-removed-remedy.h"

#include "ns3/mis-assigned.h"
#include "ns3/mis-kdf.h"
#include "ns3/mis-link-frame.h"
#include "ns3/uinteger.h"

#include <array>

namespace ns3::mis
{

NS_OBJECT_ENSURE_REGISTERED(ClauseRemovedRemedy);

namespace
{

/// Octets of the two halves of a round.
struct Round
{
    size_t fromMobileNode;
    size_t fromTarget;
};

/**
 * EAP packets of EAP-TLS over TLS 1.3 with mutual ECDSA P-256 certificates (leaf and CA sent, no
 * tickets), measured with hostapd and wpa_supplicant: Identity 18 / Start 6, ClientHello 267 /
 * server flight 1290, client flight 1070 / commitment 29, empty response 6 / Success 4. Frames
 * shorter than LinkFrame::SMALLEST are raised to it.
 */
constexpr std::array<Round, 4> ROUNDS{{{18, 6}, {267, 1290}, {1070, 29}, {6, 4}}};

constexpr uint16_t MAX_FLIGHTS = 100;    // of a real authentication
constexpr uint16_t HELLO = 1;            // round in which nonces and key shares cross
constexpr uint16_t CLIENT_FLIGHT = 2;    // round in which the MN proves itself
constexpr size_t PUBLIC_KEY_INPUT = 130; // octets signed by a TLS 1.3 CertificateVerify

void
CountVerifications(CryptoContext& crypto)
{
    crypto.Count(CryptoOperation::ECDSA_VERIFY, PUBLIC_KEY_INPUT); // certificate
    crypto.Count(CryptoOperation::ECDSA_VERIFY, PUBLIC_KEY_INPUT); // CertificateVerify
}

void
CountKeyExchange(CryptoContext& crypto)
{
    crypto.Count(CryptoOperation::X25519_DERIVE, 0);
}

void
MakeKey(KeyDeliveryContext& context, ByteView credential)
{
    KdfContext inputs;
    inputs.LengthPrefixed(*context.nonceT)
        .LengthPrefixed(*context.nonceN)
        .LengthPrefixed(context.mn.View())
        .LengthPrefixed(context.tpos.View());
    context.key = Kdf(context.crypto,
                      DefaultPrf(),
                      credential,
                      assigned::LABEL_FULL_AUTHENTICATION,
                      inputs.View(),
                      KEY_DERIVATION_KEY_OCTETS);
}

uint16_t
RoundsDone(const SecretBytes& state)
{
    return state.empty() ? 0 : state.data()[0];
}

void
SetRoundsDone(SecretBytes& state, uint16_t rounds)
{
    state = SecretBytes::Zeros(1);
    state.data()[0] = static_cast<uint8_t>(rounds);
}

/// A step of the mobile node, which has its answer at once.
Bytes
StepNow(FullAuthentication& authentication, ByteView in)
{
    Bytes out;
    authentication.Step(in, [&out](Bytes flight) { out = std::move(flight); });
    return out;
}

} // namespace

TypeId
ClauseRemovedRemedy::GetTypeId()
{
    static TypeId tid = TypeId("ns3::mis::ClauseRemovedRemedy")
                            .SetParent<KeyDeliveryRemedy>()
                            .SetGroupName("MisPrereg")
                            .AddConstructor<ClauseRemovedRemedy>()
                            .AddAttribute("Ciphersuite",
                                          "Ciphersuite of the SA made after the authentication.",
                                          UintegerValue(assigned::SUITE_AES_CCM),
                                          MakeUintegerAccessor(&ClauseRemovedRemedy::m_ciphersuite),
                                          MakeUintegerChecker<uint8_t>(1, 5))
                            .AddAttribute("KeyLifetime",
                                          "Lifetime of K in seconds.",
                                          UintegerValue(assigned::KEY_LIFETIME_S),
                                          MakeUintegerAccessor(&ClauseRemovedRemedy::m_keyLifetime),
                                          MakeUintegerChecker<uint32_t>(1));
    return tid;
}

std::string
ClauseRemovedRemedy::GetName() const
{
    return "removed";
}

std::string
ClauseRemovedRemedy::GetSecurityConsiderations() const
{
    return "No domino effect: no PoS delivers a key, MN and TPoS authenticate each other in full. "
           "The price is the time and the octets of a full authentication at each handover.";
}

void
ClauseRemovedRemedy::PrepareRequest(MobileNodeContext& context, PreregXferRequest& request) const
{
    request.ciphersuite.reset(); // nobody is asked for a key
    context.ciphersuite = m_ciphersuite;
    context.keyLifetime = m_keyLifetime;
}

KeyDecision
ClauseRemovedRemedy::AcceptAtTarget(TargetContext& context,
                                    const N2nPreregXferRequest&,
                                    N2nPreregXferResponse&) const
{
    return context.key.empty() ? KeyDecision::AUTHENTICATE : KeyDecision::ACCEPTED;
}

KeyDecision
ClauseRemovedRemedy::AcceptAtMobileNode(MobileNodeContext& context, const PreregXferResponse*) const
{
    if (!context.key.empty())
    {
        return KeyDecision::ACCEPTED;
    }
    const size_t most = context.makeAuthentication ? MAX_FLIGHTS : ROUNDS.size();
    return context.failure.empty() && RoundsDone(context.remedyState) < most
               ? KeyDecision::AUTHENTICATE
               : KeyDecision::REFUSED;
}

std::optional<Bytes>
ClauseRemovedRemedy::NextFlight(MobileNodeContext& context, ByteView answer) const
{
    using State = FullAuthentication::State;
    LinkFrame frame;
    if (answer.empty())
    {
        context.authentication = context.makeAuthentication();
        frame.content = StepNow(*context.authentication, {});
        return frame.EncodeFlight();
    }
    const uint16_t round = RoundsDone(context.remedyState);
    const auto received = LinkFrame::Decode(answer);
    if (!context.authentication || !received || received->kind != LinkFrame::Kind::FLIGHT ||
        received->round != round)
    {
        context.failure = "malformed";
        return std::nullopt;
    }
    auto& authentication = *context.authentication;
    frame.content = StepNow(authentication, received->content);
    switch (authentication.GetState())
    {
    case State::SUCCESS:
        context.key = authentication.GetKey(KEY_DERIVATION_KEY_OCTETS);
        break;
    case State::FAILURE:
        context.failure = authentication.GetReason();
        break;
    case State::RUNNING:
        break;
    }
    if (frame.content.empty())
    {
        return std::nullopt;
    }
    frame.round = round + 1;
    SetRoundsDone(context.remedyState, frame.round);
    return frame.EncodeFlight();
}

void
ClauseRemovedRemedy::AnswerFlight(TargetContext& context,
                                  ByteView octets,
                                  LinkFrameAnswered answered) const
{
    using State = FullAuthentication::State;
    const auto received = LinkFrame::Decode(octets);
    const uint16_t round = RoundsDone(context.remedyState);
    if (!received || received->kind != LinkFrame::Kind::FLIGHT || received->round != round ||
        round >= MAX_FLIGHTS || (round > 0 && !context.authentication))
    {
        answered(std::nullopt);
        return;
    }
    if (round == 0)
    {
        context.authentication = context.makeAuthentication();
    }
    SetRoundsDone(context.remedyState, round + 1);
    context.authentication->Step(
        received->content,
        [self = Ptr<const ClauseRemovedRemedy>(this), &context, round, answered](Bytes flight) {
            LinkFrame answer;
            answer.round = round;
            answer.content = std::move(flight);
            auto& authentication = context.authentication;
            std::unique_ptr<FullAuthentication> over;
            switch (authentication->GetState())
            {
            case State::SUCCESS:
                context.ciphersuite = self->m_ciphersuite;
                context.keyLifetime = self->m_keyLifetime;
                context.key = authentication->GetKey(KEY_DERIVATION_KEY_OCTETS);
                over = std::move(authentication);
                break;
            case State::FAILURE:
                context.failure = authentication->GetReason();
                context.failureStatus = authentication->GetStatus();
                break;
            case State::RUNNING:
                break;
            }
            answered(answer.EncodeFlight());
        });
}

std::optional<Bytes>
ClauseRemovedRemedy::NextLinkFrame(MobileNodeContext& context, ByteView answer) const
{
    if (context.makeAuthentication)
    {
        return NextFlight(context, answer);
    }
    uint16_t round = RoundsDone(context.remedyState);
    if (!answer.empty())
    {
        const auto frame = LinkFrame::Decode(answer);
        if (!frame || frame->kind != LinkFrame::Kind::AUTHENTICATION || frame->round != round)
        {
            SetRoundsDone(context.remedyState, ROUNDS.size());
            return std::nullopt;
        }
        if (round == HELLO)
        {
            context.nonceN = frame->nonce;
            CountKeyExchange(context.crypto);
            CountVerifications(context.crypto);
            context.crypto.Count(CryptoOperation::ECDSA_SIGN, PUBLIC_KEY_INPUT);
        }
        SetRoundsDone(context.remedyState, ++round);
        if (round == ROUNDS.size())
        {
            MakeKey(context, context.credential);
            return std::nullopt;
        }
    }
    LinkFrame frame;
    frame.kind = LinkFrame::Kind::AUTHENTICATION;
    frame.round = round;
    if (round == HELLO)
    {
        context.nonceT.emplace();
        context.crypto.Random(context.nonceT->data(), context.nonceT->size());
        context.crypto.Count(CryptoOperation::X25519_KEYGEN, 0);
        frame.nonce = *context.nonceT;
    }
    return frame.Encode(ROUNDS[round].fromMobileNode);
}

void
ClauseRemovedRemedy::AnswerLinkFrame(TargetContext& context,
                                     ByteView octets,
                                     LinkFrameAnswered answered) const
{
    if (context.makeAuthentication)
    {
        AnswerFlight(context, octets, std::move(answered));
        return;
    }
    answered(AnswerCounted(context, octets));
}

std::optional<Bytes>
ClauseRemovedRemedy::AnswerCounted(TargetContext& context, ByteView octets) const
{
    const auto frame = LinkFrame::Decode(octets);
    const uint16_t round = RoundsDone(context.remedyState);
    if (context.credential.empty() || !frame || frame->kind != LinkFrame::Kind::AUTHENTICATION ||
        frame->round != round || round >= ROUNDS.size())
    {
        return std::nullopt;
    }
    LinkFrame answer;
    answer.kind = LinkFrame::Kind::AUTHENTICATION;
    answer.round = round;
    if (round == HELLO)
    {
        context.nonceT = frame->nonce;
        context.nonceN.emplace();
        context.crypto.Random(context.nonceN->data(), context.nonceN->size());
        context.crypto.Count(CryptoOperation::X25519_KEYGEN, 0);
        CountKeyExchange(context.crypto);
        context.crypto.Count(CryptoOperation::ECDSA_SIGN, PUBLIC_KEY_INPUT);
        answer.nonce = *context.nonceN;
    }
    if (round == CLIENT_FLIGHT)
    {
        CountVerifications(context.crypto);
    }
    SetRoundsDone(context.remedyState, round + 1);
    if (round + 1u == ROUNDS.size())
    {
        context.ciphersuite = m_ciphersuite;
        context.keyLifetime = m_keyLifetime;
        MakeKey(context, context.credential);
    }
    return answer.Encode(ROUNDS[round].fromTarget);
}

} // namespace ns3::mis
