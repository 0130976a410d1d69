// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief EAP-GPSK: mutual authentication by a pre-shared key in four messages (RFC 5433).
 */
#include "mis-eap-gpsk.h"

#include "ns3/fatal-error.h"
#include "ns3/mis-mac.h"
#include "ns3/mis-real-crypto.h"
#include "ns3/mis-tlv.h"

#include <algorithm>
#include <cstring>
#include <type_traits>
#include <utility>

namespace ns3::mis
{

namespace
{

/** Octets of a suite in a list. */
constexpr std::size_t SUITE_SIZE = 6;
/** Octets of Method-ID. */
constexpr std::size_t METHOD_ID_SIZE = 16;
/** Purpose of Method-ID in its derivation. */
constexpr std::string_view METHOD_ID_LABEL = "Method ID";

constexpr GpskSuiteInfo SUITES[] = {
    {GPSK_SUITE_AES, 16, 16, true},
    {GPSK_SUITE_SHA256, 32, 32, false},
};

/** @brief Writes members. */
struct PartWriter
{
    Writer& writer; //!< where to

    void Part(const Bytes& value)
    {
        if (value.size() > 0xffff)
        {
            NS_FATAL_ERROR("a value of " << value.size() << " octets has no two-octet length");
        }
        writer.U16(static_cast<uint16_t>(value.size()));
        writer.Octets(value);
    }

    void Part(const GpskRandom& value)
    {
        writer.Octets(value);
    }

    void Part(const GpskSuite& value)
    {
        writer.U32(value.vendor);
        writer.U16(value.specifier);
    }

    void Part(const std::vector<GpskSuite>& value)
    {
        writer.U16(static_cast<uint16_t>(value.size() * SUITE_SIZE));
        for (const GpskSuite& suite : value)
        {
            Part(suite);
        }
    }

    void Part(GpskFailure value)
    {
        writer.U32(static_cast<uint32_t>(value));
    }
};

/** @brief Reads members; after a failure nothing more is read. */
struct PartReader
{
    Reader& reader;  //!< where from
    bool good{true}; //!< whether all was read

    void Part(Bytes& value)
    {
        uint16_t size = 0;
        ByteView octets;
        good = good && reader.U16(size) && reader.Octets(size, octets);
        value.assign(octets.begin(), octets.end());
    }

    void Part(GpskRandom& value)
    {
        ByteView octets;
        good = good && reader.Octets(value.size(), octets);
        std::copy(octets.begin(), octets.end(), value.begin());
    }

    void Part(GpskSuite& value)
    {
        good = good && reader.U32(value.vendor) && reader.U16(value.specifier);
    }

    void Part(std::vector<GpskSuite>& value)
    {
        uint16_t size = 0;
        ByteView octets;
        good = good && reader.U16(size) && reader.Octets(size, octets);
        if (good && (size == 0 || size % SUITE_SIZE != 0))
        {
            good = reader.Fail(CodecError::BAD_LENGTH);
        }
        Reader list(octets);
        PartReader parts{list};
        while (good && !list.AtEnd())
        {
            parts.Part(value.emplace_back());
        }
    }

    void Part(GpskFailure& value)
    {
        uint32_t code = 0;
        good = good && reader.U32(code);
        value = static_cast<GpskFailure>(code);
    }
};

/**
 * @brief The MAC of a suite, whole.
 * @param ctx the computing node
 * @param suite the suite
 * @param key KS octets
 * @param parts the input
 * @return ML octets
 */
SecretBytes
Mac(CryptoContext& ctx, const GpskSuiteInfo& suite, ByteView key, ByteParts parts)
{
    if (suite.suite == GPSK_SUITE_AES)
    {
        return SecretBytes(AesCmac(ctx, key, parts));
    }
    return SecretBytes(HmacSha256(ctx, key, parts));
}

/**
 * @brief Write a message and its MIC.
 * @param ctx the computing node
 * @param suite the suite
 * @param sk SK
 * @param message the message
 * @return Type-Data
 */
template <class M>
Bytes
Seal(CryptoContext& ctx, const GpskSuiteInfo& suite, ByteView sk, const M& message)
{
    Bytes data = EncodeGpsk(message);
    const SecretBytes mic = GpskMic(ctx, suite, sk, ByteView(data).Sub(1));
    Writer(data).Octets(mic);
    return data;
}

/**
 * @brief Verify a MIC.
 * @param ctx the computing node
 * @param suite the suite
 * @param sk SK
 * @param received the message
 * @return whether it is authentic
 */
template <class M>
bool
Verify(CryptoContext& ctx, const GpskSuiteInfo& suite, ByteView sk, const GpskReceived<M>& received)
{
    return SecretBytes::Equal(GpskMic(ctx, suite, sk, received.covered), received.mic);
}

/**
 * @param failure the Failure-Code
 * @return how the method ends, at both ends
 */
EapOutcome
OutcomeOf(GpskFailure failure)
{
    switch (failure)
    {
    case GpskFailure::PSK_NOT_FOUND:
        return EapOutcome::IDENTITY_UNKNOWN;
    case GpskFailure::AUTHENTICATION_FAILURE:
        return EapOutcome::PSK_MISMATCH;
    case GpskFailure::AUTHORIZATION_FAILURE:
        return EapOutcome::NOT_AUTHORIZED;
    }
    return EapOutcome::REFUSED;
}

/**
 * @brief What a run exports.
 * @param keys its keys
 * @param message its GPSK-2
 * @return keys and names
 */
EapExported
Export(const GpskKeys& keys, const Gpsk2& message)
{
    EapExported exported;
    exported.msk = keys.msk;
    exported.emsk = keys.emsk;
    exported.sessionId.push_back(static_cast<uint8_t>(EapType::GPSK));
    exported.sessionId.insert(exported.sessionId.end(), keys.methodId.begin(), keys.methodId.end());
    exported.peerId = ByteView(message.idPeer).Text();
    exported.serverId = ByteView(message.idServer).Text();
    return exported;
}

/** @brief A run at the peer. */
class GpskPeer : public EapPeerMethod
{
  public:
    explicit GpskPeer(std::shared_ptr<const GpskPeerConfiguration> configuration)
        : EapPeerMethod(EapType::GPSK),
          m_configuration(std::move(configuration))
    {
    }

    EapStep Process(CryptoContext& node, ByteView data) override
    {
        RealCrypto ctx(node);
        if (data.empty())
        {
            return EapStep::Discard(EapDrop::METHOD_MALFORMED);
        }
        switch (static_cast<GpskOpcode>(data[0]))
        {
        case GpskOpcode::GPSK_1:
            return TakeGpsk1(ctx, data);
        case GpskOpcode::GPSK_3:
            return TakeGpsk3(ctx, data);
        case GpskOpcode::FAIL:
            return TakeFail(data);
        case GpskOpcode::PROTECTED_FAIL:
            return TakeProtectedFail(ctx, data);
        case GpskOpcode::GPSK_2:
        case GpskOpcode::GPSK_4:
            return EapStep::Discard(EapDrop::METHOD_STATE);
        }
        return EapStep::Discard(EapDrop::METHOD_MALFORMED);
    }

  private:
    EapStep Refuse(GpskFailure failure, EapOutcome outcome)
    {
        Fail(outcome);
        return EapStep::Send(EncodeGpsk(GpskFail{failure}));
    }

    EapStep TakeGpsk1(CryptoContext& ctx, ByteView data)
    {
        if (m_suite != nullptr || State() != EapState::RUNNING)
        {
            return EapStep::Discard(EapDrop::METHOD_STATE);
        }
        const auto received = DecodeGpsk<Gpsk1>(data);
        if (!received || !received->mic.empty())
        {
            return EapStep::Discard(EapDrop::METHOD_MALFORMED);
        }
        const Gpsk1& offer = received->message;
        const std::string& wanted = m_configuration->serverId;
        if (!wanted.empty() && ByteView(offer.idServer) != ByteView::FromText(wanted))
        {
            return Refuse(GpskFailure::PSK_NOT_FOUND, EapOutcome::IDENTITY_UNKNOWN);
        }
        for (const GpskSuite& candidate : m_configuration->suites)
        {
            const GpskSuiteInfo* info = FindGpskSuite(candidate);
            if (info != nullptr && info->keySize <= m_configuration->psk.size() &&
                std::find(offer.suites.begin(), offer.suites.end(), candidate) !=
                    offer.suites.end())
            {
                m_suite = info;
                break;
            }
        }
        if (m_suite == nullptr)
        {
            return Refuse(GpskFailure::AUTHENTICATION_FAILURE, EapOutcome::NO_COMMON_SUITE);
        }
        const ByteView identity = ByteView::FromText(m_configuration->identity);
        m_sent.idPeer.assign(identity.begin(), identity.end());
        m_sent.idServer = offer.idServer;
        ctx.Random(m_sent.randPeer.data(), m_sent.randPeer.size());
        m_sent.randServer = offer.randServer;
        m_sent.suites = offer.suites;
        m_sent.suite = m_suite->suite;
        m_keys = DeriveGpskKeys(ctx, *m_suite, m_configuration->psk, m_sent);
        return EapStep::Send(Seal(ctx, *m_suite, m_keys.sk, m_sent));
    }

    EapStep TakeGpsk3(CryptoContext& ctx, ByteView data)
    {
        if (m_suite == nullptr || State() != EapState::RUNNING)
        {
            return EapStep::Discard(EapDrop::METHOD_STATE);
        }
        const auto received = DecodeGpsk<Gpsk3>(data);
        if (!received || received->mic.size() != m_suite->micSize)
        {
            return EapStep::Discard(EapDrop::METHOD_MALFORMED);
        }
        const Gpsk3& message = received->message;
        if (message.randPeer != m_sent.randPeer || message.randServer != m_sent.randServer ||
            message.idServer != m_sent.idServer || message.suite != m_sent.suite)
        {
            return EapStep::Discard(EapDrop::METHOD_MISMATCH);
        }
        if (!Verify(ctx, *m_suite, m_keys.sk, *received))
        {
            return Refuse(GpskFailure::AUTHENTICATION_FAILURE, EapOutcome::PSK_MISMATCH);
        }
        Succeed(Export(m_keys, m_sent));
        return EapStep::Send(Seal(ctx, *m_suite, m_keys.sk, Gpsk4()));
    }

    EapStep TakeFail(ByteView data)
    {
        if (m_suite == nullptr)
        {
            return EapStep::Discard(EapDrop::METHOD_STATE);
        }
        const auto received = DecodeGpsk<GpskFail>(data);
        if (!received || !received->mic.empty())
        {
            return EapStep::Discard(EapDrop::METHOD_MALFORMED);
        }
        const GpskFailure failure = received->message.failure;
        if (State() == EapState::FAILURE)
        {
            return EapStep::Send(EncodeGpsk(GpskFail{failure}));
        }
        return Refuse(failure, OutcomeOf(failure));
    }

    EapStep TakeProtectedFail(CryptoContext& ctx, ByteView data)
    {
        if (m_suite == nullptr)
        {
            return EapStep::Discard(EapDrop::METHOD_STATE);
        }
        const auto received = DecodeGpsk<GpskProtectedFail>(data);
        if (!received || received->mic.size() != m_suite->micSize)
        {
            return EapStep::Discard(EapDrop::METHOD_MALFORMED);
        }
        if (!Verify(ctx, *m_suite, m_keys.sk, *received))
        {
            return EapStep::Discard(EapDrop::METHOD_INTEGRITY);
        }
        Fail(OutcomeOf(received->message.failure));
        return EapStep::Send(Seal(ctx, *m_suite, m_keys.sk, received->message));
    }

    std::shared_ptr<const GpskPeerConfiguration> m_configuration; //!< what the peer needs
    const GpskSuiteInfo* m_suite{nullptr};                        //!< chosen with GPSK-2
    Gpsk2 m_sent;                                                 //!< the GPSK-2
    GpskKeys m_keys;                                              //!< made with GPSK-2
};

/** @brief A run at the server. */
class GpskServer : public EapServerMethod
{
  public:
    explicit GpskServer(std::shared_ptr<const GpskServerConfiguration> configuration)
        : EapServerMethod(EapType::GPSK),
          m_configuration(std::move(configuration))
    {
    }

    Bytes Start(CryptoContext& ctx) override
    {
        const ByteView identity = ByteView::FromText(m_configuration->identity);
        m_offer.idServer.assign(identity.begin(), identity.end());
        ctx.Random(m_offer.randServer.data(), m_offer.randServer.size());
        m_offer.suites = m_configuration->suites;
        return EncodeGpsk(m_offer);
    }

    EapStep Process(CryptoContext& node, ByteView data) override
    {
        RealCrypto ctx(node);
        if (data.empty())
        {
            return EapStep::Discard(EapDrop::METHOD_MALFORMED);
        }
        switch (static_cast<GpskOpcode>(data[0]))
        {
        case GpskOpcode::GPSK_2:
            return TakeGpsk2(ctx, data);
        case GpskOpcode::GPSK_4:
            return TakeGpsk4(ctx, data);
        case GpskOpcode::FAIL:
            return TakeFail(data);
        case GpskOpcode::PROTECTED_FAIL:
            return TakeProtectedFail(ctx, data);
        case GpskOpcode::GPSK_1:
        case GpskOpcode::GPSK_3:
            return EapStep::Discard(EapDrop::METHOD_STATE);
        }
        return EapStep::Discard(EapDrop::METHOD_MALFORMED);
    }

  private:
    EapStep Refuse(GpskFailure failure, EapOutcome outcome)
    {
        Fail(outcome);
        return EapStep::Send(EncodeGpsk(GpskFail{failure}));
    }

    EapStep TakeGpsk2(CryptoContext& ctx, ByteView data)
    {
        if (m_suite != nullptr || State() != EapState::RUNNING)
        {
            return EapStep::Discard(EapDrop::METHOD_STATE);
        }
        const auto received = DecodeGpsk<Gpsk2>(data);
        if (!received)
        {
            return EapStep::Discard(EapDrop::METHOD_MALFORMED);
        }
        const Gpsk2& message = received->message;
        if (message.idServer != m_offer.idServer || message.randServer != m_offer.randServer ||
            message.suites != m_offer.suites)
        {
            return EapStep::Discard(EapDrop::METHOD_MISMATCH);
        }
        const GpskSuiteInfo* info = FindGpskSuite(message.suite);
        if (info == nullptr ||
            std::find(m_offer.suites.begin(), m_offer.suites.end(), message.suite) ==
                m_offer.suites.end())
        {
            return Refuse(GpskFailure::AUTHENTICATION_FAILURE, EapOutcome::NO_COMMON_SUITE);
        }
        if (received->mic.size() != info->micSize)
        {
            return EapStep::Discard(EapDrop::METHOD_MALFORMED);
        }
        const auto psk = m_configuration->directory->FindPsk(message.idPeer);
        if (!psk)
        {
            return Refuse(GpskFailure::PSK_NOT_FOUND, EapOutcome::IDENTITY_UNKNOWN);
        }
        if (psk->size() < info->keySize)
        {
            return Refuse(GpskFailure::AUTHENTICATION_FAILURE, EapOutcome::NO_COMMON_SUITE);
        }
        GpskKeys keys = DeriveGpskKeys(ctx, *info, *psk, message);
        if (!Verify(ctx, *info, keys.sk, *received))
        {
            return Refuse(GpskFailure::AUTHENTICATION_FAILURE, EapOutcome::PSK_MISMATCH);
        }
        m_suite = info;
        m_received = message;
        m_keys = std::move(keys);
        if (!m_configuration->directory->IsAuthorized(message.idPeer))
        {
            Fail(EapOutcome::NOT_AUTHORIZED);
            return EapStep::Send(Seal(ctx, *m_suite, m_keys.sk, GpskProtectedFail()));
        }
        Gpsk3 reply;
        reply.randPeer = message.randPeer;
        reply.randServer = message.randServer;
        reply.idServer = message.idServer;
        reply.suite = message.suite;
        return EapStep::Send(Seal(ctx, *m_suite, m_keys.sk, reply));
    }

    EapStep TakeGpsk4(CryptoContext& ctx, ByteView data)
    {
        if (m_suite == nullptr || State() != EapState::RUNNING)
        {
            return EapStep::Discard(EapDrop::METHOD_STATE);
        }
        const auto received = DecodeGpsk<Gpsk4>(data);
        if (!received || received->mic.size() != m_suite->micSize)
        {
            return EapStep::Discard(EapDrop::METHOD_MALFORMED);
        }
        if (!Verify(ctx, *m_suite, m_keys.sk, *received))
        {
            return Refuse(GpskFailure::AUTHENTICATION_FAILURE, EapOutcome::PSK_MISMATCH);
        }
        Succeed(Export(m_keys, m_received));
        return EapStep::End();
    }

    EapStep TakeFail(ByteView data)
    {
        const auto received = DecodeGpsk<GpskFail>(data);
        if (!received || !received->mic.empty())
        {
            return EapStep::Discard(EapDrop::METHOD_MALFORMED);
        }
        if (State() == EapState::RUNNING)
        {
            // A peer that fails GPSK-1 has verified nothing yet: it wants none of the suites.
            const GpskFailure failure = received->message.failure;
            Fail(m_suite == nullptr && failure == GpskFailure::AUTHENTICATION_FAILURE
                     ? EapOutcome::NO_COMMON_SUITE
                     : OutcomeOf(failure));
        }
        return EapStep::End();
    }

    EapStep TakeProtectedFail(CryptoContext& ctx, ByteView data)
    {
        if (m_suite == nullptr)
        {
            return EapStep::Discard(EapDrop::METHOD_STATE);
        }
        const auto received = DecodeGpsk<GpskProtectedFail>(data);
        if (!received || received->mic.size() != m_suite->micSize)
        {
            return EapStep::Discard(EapDrop::METHOD_MALFORMED);
        }
        if (!Verify(ctx, *m_suite, m_keys.sk, *received))
        {
            return EapStep::Discard(EapDrop::METHOD_INTEGRITY);
        }
        if (State() == EapState::RUNNING)
        {
            Fail(OutcomeOf(received->message.failure));
        }
        return EapStep::End();
    }

    std::shared_ptr<const GpskServerConfiguration> m_configuration; //!< what the server needs
    Gpsk1 m_offer;                                                  //!< the GPSK-1
    const GpskSuiteInfo* m_suite{nullptr};                          //!< after a good GPSK-2
    Gpsk2 m_received;                                               //!< the good GPSK-2
    GpskKeys m_keys;                                                //!< after a good GPSK-2
};

} // namespace

// ---------------------------------------------------------------------------------------------
// Ciphersuites and messages
// ---------------------------------------------------------------------------------------------

const GpskSuiteInfo*
FindGpskSuite(const GpskSuite& suite)
{
    for (const GpskSuiteInfo& info : SUITES)
    {
        if (info.suite == suite)
        {
            return &info;
        }
    }
    return nullptr;
}

template <class M>
Bytes
EncodeGpsk(const M& message)
{
    Bytes data;
    Writer writer(data);
    writer.U8(static_cast<uint8_t>(M::OPCODE));
    PartWriter parts{writer};
    M::Parts(parts, message);
    return data;
}

template <class M>
Result<GpskReceived<M>>
DecodeGpsk(ByteView data)
{
    Reader reader(data);
    uint8_t opcode;
    if (!reader.U8(opcode))
    {
        return reader.Error();
    }
    if (opcode != static_cast<uint8_t>(M::OPCODE))
    {
        return CodecError::BAD_VALUE;
    }
    const ByteView body = reader.Rest();
    GpskReceived<M> received;
    PartReader parts{reader};
    M::Parts(parts, received.message);
    if (!parts.good)
    {
        return reader.Error();
    }
    received.mic = reader.Rest();
    received.covered = body.Sub(0, body.size() - received.mic.size());
    return received;
}

template Bytes EncodeGpsk(const Gpsk1& message);
template Bytes EncodeGpsk(const Gpsk2& message);
template Bytes EncodeGpsk(const Gpsk3& message);
template Bytes EncodeGpsk(const Gpsk4& message);
template Bytes EncodeGpsk(const GpskFail& message);
template Bytes EncodeGpsk(const GpskProtectedFail& message);
template Result<GpskReceived<Gpsk1>> DecodeGpsk(ByteView data);
template Result<GpskReceived<Gpsk2>> DecodeGpsk(ByteView data);
template Result<GpskReceived<Gpsk3>> DecodeGpsk(ByteView data);
template Result<GpskReceived<Gpsk4>> DecodeGpsk(ByteView data);
template Result<GpskReceived<GpskFail>> DecodeGpsk(ByteView data);
template Result<GpskReceived<GpskProtectedFail>> DecodeGpsk(ByteView data);

// ---------------------------------------------------------------------------------------------
// Keys
// ---------------------------------------------------------------------------------------------

SecretOctets
Gkdf(CryptoContext& ctx, const GpskSuiteInfo& suite, ByteView key, ByteView z, std::size_t octets)
{
    SecretOctets out;
    out.reserve(octets);
    for (uint16_t i = 1; out.size() < octets; ++i)
    {
        Bytes counter;
        Writer(counter).U16(i);
        const SecretBytes block = Mac(ctx, suite, key, {counter, z});
        Writer(out).Octets(block.View().Sub(0, octets - out.size()));
    }
    return out;
}

SecretBytes
GpskMic(CryptoContext& ctx, const GpskSuiteInfo& suite, ByteView sk, ByteView covered)
{
    return Mac(ctx, suite, sk, {covered});
}

Bytes
GpskInputString(const Gpsk2& message)
{
    Bytes input;
    Writer writer(input);
    writer.Octets(message.randPeer);
    writer.Octets(message.idPeer);
    writer.Octets(message.randServer);
    writer.Octets(message.idServer);
    return input;
}

GpskKeys
DeriveGpskKeys(CryptoContext& ctx, const GpskSuiteInfo& suite, ByteView psk, const Gpsk2& message)
{
    const std::size_t ks = suite.keySize;
    if (psk.size() < ks)
    {
        NS_FATAL_ERROR("a pre-shared key of " << psk.size() << " octets is too short");
    }
    const Bytes input = GpskInputString(message);

    SecretOctets seed;
    Writer seedWriter(seed);
    seedWriter.U16(static_cast<uint16_t>(psk.size()));
    seedWriter.Octets(psk);
    PartWriter seedParts{seedWriter};
    seedParts.Part(suite.suite);
    seedWriter.Octets(input);

    GpskKeys keys;
    keys.mk = SecretBytes(Gkdf(ctx, suite, psk.Sub(0, ks), seed, ks));
    const SecretOctets block =
        Gkdf(ctx, suite, keys.mk, input, 2 * EAP_KEY_SIZE + (suite.encrypts ? 2 : 1) * ks);
    Reader reader(block);
    const auto cut = [&reader](std::size_t octets) {
        ByteView view;
        return reader.Octets(octets, view) ? SecretBytes(view) : SecretBytes();
    };
    keys.msk = cut(EAP_KEY_SIZE);
    keys.emsk = cut(EAP_KEY_SIZE);
    keys.sk = cut(ks);
    keys.pk = cut(suite.encrypts ? ks : 0);

    Bytes purpose;
    Writer purposeWriter(purpose);
    purposeWriter.Octets(ByteView::FromText(METHOD_ID_LABEL));
    purposeWriter.U8(static_cast<uint8_t>(EapType::GPSK));
    PartWriter purposeParts{purposeWriter};
    purposeParts.Part(suite.suite);
    purposeWriter.Octets(input);
    const SecretOctets methodId = Gkdf(ctx, suite, SecretBytes::Zeros(ks), purpose, METHOD_ID_SIZE);
    keys.methodId.assign(methodId.begin(), methodId.end());
    return keys;
}

// ---------------------------------------------------------------------------------------------
// Factories
// ---------------------------------------------------------------------------------------------

GpskPeerFactory::GpskPeerFactory(GpskPeerConfiguration configuration)
    : m_configuration(std::make_shared<const GpskPeerConfiguration>(std::move(configuration)))
{
}

std::unique_ptr<EapPeerMethod>
GpskPeerFactory::Make(CryptoContext&, int64_t) const
{
    return std::make_unique<GpskPeer>(m_configuration);
}

bool
PskDirectory::IsAuthorized(ByteView) const
{
    return true;
}

void
PskTable::Add(const std::string& identity, SecretBytes psk, bool authorized)
{
    m_entries[identity] = Entry{std::move(psk), authorized};
}

void
PskTable::Remove(const std::string& identity)
{
    m_entries.erase(identity);
}

std::optional<SecretBytes>
PskTable::FindPsk(ByteView identity) const
{
    const auto it = m_entries.find(identity.Text());
    return it != m_entries.end() ? std::make_optional(it->second.psk) : std::nullopt;
}

bool
PskTable::IsAuthorized(ByteView identity) const
{
    const auto it = m_entries.find(identity.Text());
    return it != m_entries.end() && it->second.authorized;
}

GpskServerFactory::GpskServerFactory(GpskServerConfiguration configuration)
    : m_configuration(std::make_shared<const GpskServerConfiguration>(std::move(configuration)))
{
}

std::unique_ptr<EapServerMethod>
GpskServerFactory::Make(CryptoContext&, ByteView, int64_t) const
{
    return std::make_unique<GpskServer>(m_configuration);
}

} // namespace ns3::mis
