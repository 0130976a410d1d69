// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief EAP-TLS: mutual authentication by certificates (RFC 5216, RFC 9190).
 */
#include "mis-eap-tls.h"

#include "ns3/fatal-error.h"
#include "ns3/mis-tlv.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace ns3::mis
{

namespace
{

/** @name Labels of key material
 * @{
 */
constexpr std::string_view LABEL_TLS_1_2 = "client EAP encryption";
constexpr std::string_view LABEL_TLS_1_3 = "EXPORTER_EAP_TLS_Key_Material";
constexpr std::string_view LABEL_METHOD_ID = "EXPORTER_EAP_TLS_Method-Id";
/** @} */

/** Octets of Method-Id with TLS 1.3. */
constexpr std::size_t METHOD_ID_SIZE = 64;

/** What the server protects and sends to say that it will not fail any more (RFC 9190, 2.5). */
constexpr uint8_t COMMITMENT = 0;

/** The Type is the context of the exporters of TLS 1.3. */
constexpr uint8_t TYPE = static_cast<uint8_t>(EapType::TLS);

/**
 * @param outcome how a TLS handshake ended
 * @return the same for EAP
 */
EapOutcome
OutcomeOf(TlsOutcome outcome)
{
    switch (outcome)
    {
    case TlsOutcome::NONE:
        return EapOutcome::PROTOCOL_ERROR;
    case TlsOutcome::SUCCESS:
        return EapOutcome::SUCCESS;
    case TlsOutcome::CERT_EXPIRED:
        return EapOutcome::CERTIFICATE_EXPIRED;
    case TlsOutcome::CERT_UNKNOWN_CA:
        return EapOutcome::CERTIFICATE_UNKNOWN_CA;
    case TlsOutcome::CERT_NAME_MISMATCH:
        return EapOutcome::CERTIFICATE_NAME_MISMATCH;
    case TlsOutcome::CERT_MISSING:
        return EapOutcome::CERTIFICATE_MISSING;
    case TlsOutcome::CERT_INVALID:
        return EapOutcome::CERTIFICATE_INVALID;
    case TlsOutcome::PSK_MISMATCH:
        return EapOutcome::PSK_MISMATCH;
    case TlsOutcome::PSK_UNKNOWN:
        return EapOutcome::IDENTITY_UNKNOWN;
    case TlsOutcome::NO_COMMON_SUITE:
        return EapOutcome::NO_COMMON_SUITE;
    case TlsOutcome::MALFORMED:
    case TlsOutcome::REFUSED:
        return EapOutcome::TLS_FAILURE;
    }
    return EapOutcome::TLS_FAILURE;
}

/** @brief A run at the peer. */
class EapTlsPeer : public EapPeerMethod
{
  public:
    EapTlsPeer(CryptoContext& ctx,
               std::shared_ptr<const EapTlsPeerConfiguration> configuration,
               int64_t nowNs)
        : EapPeerMethod(EapType::TLS),
          m_configuration(std::move(configuration)),
          m_session(ctx,
                    m_configuration->tls,
                    m_configuration->serverName,
                    nowNs,
                    m_configuration->keyLogger),
          m_fragments(m_configuration->fragmentSize)
    {
    }

    EapStep Process(CryptoContext&, ByteView data) override
    {
        const auto packet = DecodeEapTls(data);
        if (!packet)
        {
            return EapStep::Discard(EapDrop::METHOD_MALFORMED);
        }
        const bool start = packet->flags & eaptlsflag::START;
        if (State() != EapState::RUNNING || start == m_begun)
        {
            return EapStep::Discard(EapDrop::METHOD_STATE);
        }
        if (start)
        {
            m_begun = true;
            return EapStep::Send(m_fragments.Send(m_session.Step(ByteView())));
        }
        if (m_fragments.IsSending() != packet->data.empty())
        {
            return EapStep::Discard(EapDrop::METHOD_STATE);
        }
        if (m_fragments.IsSending())
        {
            return EapStep::Send(m_fragments.Next());
        }
        switch (m_fragments.Take(*packet))
        {
        case EapTlsFragments::Taken::REFUSED:
            return EapStep::Discard(EapDrop::METHOD_MALFORMED);
        case EapTlsFragments::Taken::FRAGMENT:
            return EapStep::Send(EncodeEapTls({}));
        case EapTlsFragments::Taken::COMPLETE:
            break;
        }
        const Bytes flight = m_fragments.Collect();
        return EapStep::Send(m_fragments.Send(m_session.State() == TlsState::ESTABLISHED
                                                  ? TakeCommitment(flight)
                                                  : TakeFlight(flight)));
    }

  private:
    TlsVersion Version() const
    {
        return m_configuration->tls->Configuration().version;
    }

    void FailBy(TlsOutcome outcome)
    {
        // TLS 1.2 has no alert of its own for a missing certificate: it is handshake_failure.
        const bool missing = outcome == TlsOutcome::NO_COMMON_SUITE && m_answered &&
                             !m_configuration->tls->Configuration().credential;
        Fail(missing ? EapOutcome::CERTIFICATE_MISSING : OutcomeOf(outcome));
    }

    Bytes TakeFlight(ByteView flight)
    {
        Bytes reply = m_session.Step(flight);
        if (m_session.State() == TlsState::FAILED)
        {
            FailBy(m_session.Outcome());
        }
        else if (m_session.State() == TlsState::ESTABLISHED && Version() == TlsVersion::TLS_1_2)
        {
            SucceedBySession();
        }
        else if (reply.empty())
        {
            Fail(EapOutcome::PROTOCOL_ERROR);
        }
        m_answered = true;
        return reply;
    }

    Bytes TakeCommitment(ByteView flight)
    {
        SecretOctets plain;
        Bytes reply;
        if (!m_session.Open(flight, plain, reply))
        {
            FailBy(m_session.Outcome());
        }
        else if (ByteView(plain) == ByteView(&COMMITMENT, 1))
        {
            SucceedBySession();
        }
        else
        {
            Fail(EapOutcome::PROTOCOL_ERROR);
        }
        return reply;
    }

    void SucceedBySession()
    {
        EapExported exported = ExportEapTls(m_session, Version());
        exported.serverId = m_session.PeerName();
        const auto& credential = m_configuration->tls->Configuration().credential;
        exported.peerId = credential ? credential->GetCertificate().Name() : std::string();
        Succeed(std::move(exported));
    }

    std::shared_ptr<const EapTlsPeerConfiguration> m_configuration; //!< what the peer needs
    TlsSession m_session;                                           //!< TLS
    EapTlsFragments m_fragments;                                    //!< packets
    bool m_begun{false};                                            //!< after the Start
    bool m_answered{false}; //!< after the first flight of the server
};

/** @brief A run at the server. */
class EapTlsServer : public EapServerMethod
{
  public:
    EapTlsServer(CryptoContext& ctx,
                 std::shared_ptr<const EapTlsServerConfiguration> configuration,
                 const std::string& peerName,
                 int64_t nowNs)
        : EapServerMethod(EapType::TLS),
          m_configuration(std::move(configuration)),
          m_session(ctx, m_configuration->tls, peerName, nowNs, m_configuration->keyLogger),
          m_fragments(m_configuration->fragmentSize)
    {
    }

    Bytes Start(CryptoContext&) override
    {
        EapTlsPacket start;
        start.flags = eaptlsflag::START;
        return EncodeEapTls(start);
    }

    EapStep Process(CryptoContext&, ByteView data) override
    {
        const auto packet = DecodeEapTls(data);
        if (!packet || (packet->flags & eaptlsflag::START))
        {
            return EapStep::Discard(EapDrop::METHOD_MALFORMED);
        }
        if (m_fragments.IsSending())
        {
            return packet->data.empty() ? EapStep::Send(m_fragments.Next())
                                        : EapStep::Discard(EapDrop::METHOD_STATE);
        }
        if (State() == EapState::FAILURE)
        {
            // Whatever answers the alert.
            return EapStep::End();
        }
        if (packet->data.empty())
        {
            if (m_session.State() != TlsState::ESTABLISHED)
            {
                return EapStep::Discard(EapDrop::METHOD_STATE);
            }
            EapExported exported =
                ExportEapTls(m_session, m_configuration->tls->Configuration().version);
            exported.peerId = m_session.PeerName();
            const auto& credential = m_configuration->tls->Configuration().credential;
            exported.serverId = credential ? credential->GetCertificate().Name() : std::string();
            Succeed(std::move(exported));
            return EapStep::End();
        }
        switch (m_fragments.Take(*packet))
        {
        case EapTlsFragments::Taken::REFUSED:
            return EapStep::Discard(EapDrop::METHOD_MALFORMED);
        case EapTlsFragments::Taken::FRAGMENT:
            return EapStep::Send(EncodeEapTls({}));
        case EapTlsFragments::Taken::COMPLETE:
            break;
        }
        return TakeFlight(m_fragments.Collect());
    }

  private:
    EapStep TakeFlight(ByteView flight)
    {
        const bool wasEstablished = m_session.State() == TlsState::ESTABLISHED;
        Bytes reply = m_session.Step(flight);
        if (m_session.State() == TlsState::FAILED)
        {
            Fail(OutcomeOf(m_session.Outcome()));
        }
        else if (wasEstablished)
        {
            // Nothing but the empty answer is to come after the last flight.
            Fail(EapOutcome::PROTOCOL_ERROR);
        }
        else if (m_session.State() == TlsState::ESTABLISHED &&
                 m_configuration->tls->Configuration().version == TlsVersion::TLS_1_3)
        {
            const Bytes commitment = m_session.Seal(ByteView(&COMMITMENT, 1));
            reply.insert(reply.end(), commitment.begin(), commitment.end());
        }
        else if (reply.empty())
        {
            Fail(EapOutcome::PROTOCOL_ERROR);
        }
        return reply.empty() ? EapStep::End() : EapStep::Send(m_fragments.Send(std::move(reply)));
    }

    std::shared_ptr<const EapTlsServerConfiguration> m_configuration; //!< what the server needs
    TlsSession m_session;                                             //!< TLS
    EapTlsFragments m_fragments;                                      //!< packets
};

} // namespace

// ---------------------------------------------------------------------------------------------
// Packets
// ---------------------------------------------------------------------------------------------

Bytes
EncodeEapTls(const EapTlsPacket& packet)
{
    Bytes data;
    Writer writer(data);
    const int flags = packet.flags & ~eaptlsflag::LENGTH;
    writer.U8(static_cast<uint8_t>(packet.length ? flags | eaptlsflag::LENGTH : flags));
    if (packet.length)
    {
        writer.U32(*packet.length);
    }
    writer.Octets(packet.data);
    return data;
}

Result<EapTlsPacket>
DecodeEapTls(ByteView data)
{
    Reader reader(data);
    EapTlsPacket packet;
    if (!reader.U8(packet.flags) ||
        ((packet.flags & eaptlsflag::LENGTH) && !reader.U32(packet.length.emplace())))
    {
        return reader.Error();
    }
    packet.data = reader.Rest();
    if (packet.data.empty() && (packet.flags & eaptlsflag::MORE))
    {
        return CodecError::BAD_VALUE;
    }
    return packet;
}

EapTlsFragments::EapTlsFragments(std::size_t fragmentSize)
    : m_fragmentSize(fragmentSize)
{
    if (fragmentSize == 0)
    {
        NS_FATAL_ERROR("a fragment has at least one octet");
    }
}

Bytes
EapTlsFragments::Send(Bytes flight)
{
    m_flight = std::move(flight);
    m_at = 0;
    return Next();
}

Bytes
EapTlsFragments::Next()
{
    EapTlsPacket packet;
    packet.data = ByteView(m_flight).Sub(m_at, m_fragmentSize);
    const bool first = m_at == 0;
    m_at += packet.data.size();
    if (IsSending())
    {
        packet.flags = eaptlsflag::MORE;
        if (first)
        {
            packet.length = static_cast<uint32_t>(m_flight.size());
        }
    }
    return EncodeEapTls(packet);
}

EapTlsFragments::Taken
EapTlsFragments::Take(const EapTlsPacket& packet)
{
    const bool first = m_received.empty();
    const bool more = packet.flags & eaptlsflag::MORE;
    const std::size_t total = m_received.size() + packet.data.size();
    // A length on a later fragment repeats the first one (RFC 5216, section 2.1.5).
    const auto expected = first ? packet.length : m_expected;
    const std::size_t limit = expected.value_or(EAP_TLS_MAX_FLIGHT);
    if (packet.data.empty() || limit > EAP_TLS_MAX_FLIGHT || total > limit ||
        (packet.length && packet.length != expected) || (!more && expected && total != *expected))
    {
        return Taken::REFUSED;
    }
    m_expected = expected;
    m_received.insert(m_received.end(), packet.data.begin(), packet.data.end());
    return more ? Taken::FRAGMENT : Taken::COMPLETE;
}

Bytes
EapTlsFragments::Collect()
{
    m_expected.reset();
    return std::exchange(m_received, Bytes());
}

// ---------------------------------------------------------------------------------------------
// Keys
// ---------------------------------------------------------------------------------------------

EapExported
ExportEapTls(TlsSession& session, TlsVersion version)
{
    const bool isNew = version == TlsVersion::TLS_1_3;
    const ByteView context(&TYPE, 1);
    const SecretOctets material =
        isNew ? session.Export(LABEL_TLS_1_3, context, 2 * EAP_KEY_SIZE)
              : session.Export(LABEL_TLS_1_2, std::nullopt, 2 * EAP_KEY_SIZE);
    EapExported exported;
    exported.msk = SecretBytes(ByteView(material).Sub(0, EAP_KEY_SIZE));
    exported.emsk = SecretBytes(ByteView(material).Sub(EAP_KEY_SIZE));
    Writer writer(exported.sessionId);
    writer.U8(TYPE);
    if (isNew)
    {
        writer.Octets(session.Export(LABEL_METHOD_ID, context, METHOD_ID_SIZE));
    }
    else
    {
        writer.Octets(session.ClientRandom());
        writer.Octets(session.ServerRandom());
    }
    return exported;
}

// ---------------------------------------------------------------------------------------------
// Factories
// ---------------------------------------------------------------------------------------------

EapTlsPeerFactory::EapTlsPeerFactory(EapTlsPeerConfiguration configuration)
    : m_configuration(std::make_shared<const EapTlsPeerConfiguration>(std::move(configuration)))
{
}

std::unique_ptr<EapPeerMethod>
EapTlsPeerFactory::Make(CryptoContext& ctx, int64_t nowNs) const
{
    return std::make_unique<EapTlsPeer>(ctx, m_configuration, nowNs);
}

EapTlsServerFactory::EapTlsServerFactory(EapTlsServerConfiguration configuration)
    : m_configuration(std::make_shared<const EapTlsServerConfiguration>(std::move(configuration)))
{
}

std::unique_ptr<EapServerMethod>
EapTlsServerFactory::Make(CryptoContext& ctx, ByteView identity, int64_t nowNs) const
{
    const std::string peerName =
        m_configuration->nameIsIdentity ? std::string(identity.Text()) : std::string();
    return std::make_unique<EapTlsServer>(ctx, m_configuration, peerName, nowNs);
}

} // namespace ns3::mis
