// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief EAP-TLS: mutual authentication by certificates, with TLS 1.2 (RFC 5216) or 1.3 (RFC 9190).
 *
 *     server                                      peer
 *       Start                                      ->
 *       <-  ClientHello
 *       ServerHello ... ServerHelloDone / Finished ->
 *       <-  Certificate ... Finished
 *       ChangeCipherSpec, Finished / commitment    ->
 *       <-  empty
 *
 * The commitment of TLS 1.3 is one protected octet 0, sent when the server has accepted the peer's
 * certificate; only with it has the method succeeded at the peer. A flight that is longer than a
 * packet goes in fragments, each acknowledged by an empty packet. A TLS alert of the server goes in
 * a Request, which the peer answers by an empty Response, and Failure follows.
 */
#ifndef MIS_EAP_TLS_H
#define MIS_EAP_TLS_H

#include "ns3/mis-crypto-context.h"
#include "ns3/mis-eap-method.h"
#include "ns3/mis-tls-session.h"
#include "ns3/mis-types.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace ns3::mis
{

// ---------------------------------------------------------------------------------------------
// Packets
// ---------------------------------------------------------------------------------------------

/** @brief Flags of EAP-TLS (RFC 5216, section 3.1). */
namespace eaptlsflag
{
inline constexpr uint8_t LENGTH = 0x80; //!< L: TLS Message Length is there
inline constexpr uint8_t MORE = 0x40;   //!< M: fragments follow
inline constexpr uint8_t START = 0x20;  //!< S: Start
} // namespace eaptlsflag

/** The longest flight that is put together from fragments, in octets. */
inline constexpr std::size_t EAP_TLS_MAX_FLIGHT = 65536;

/** TLS data in a packet unless set otherwise, in octets: fits 1404 octets of EAP, 1408 if first. */
inline constexpr std::size_t EAP_TLS_FRAGMENT_SIZE = 1398;

/** @brief Type-Data of a packet: flags, TLS Message Length if L is set, TLS data. */
struct EapTlsPacket
{
    uint8_t flags{0};               //!< of eaptlsflag; LENGTH follows from the next member
    std::optional<uint32_t> length; //!< TLS Message Length: octets of the whole flight
    ByteView data;                  //!< TLS data
};

/**
 * @brief Write a packet.
 * @param packet the packet
 * @return Type-Data
 */
Bytes EncodeEapTls(const EapTlsPacket& packet);

/**
 * @brief Read a packet.
 * @param data Type-Data; outlives the result
 * @return the packet, or TRUNCATED, BAD_VALUE (an empty packet that more fragments are to follow)
 */
Result<EapTlsPacket> DecodeEapTls(ByteView data);

/** @brief Cuts flights into packets, and puts them together. */
class EapTlsFragments
{
  public:
    /**
     * @brief Nothing to send, nothing received.
     * @param fragmentSize TLS data in a packet, in octets, at least 1
     */
    explicit EapTlsFragments(std::size_t fragmentSize);

    /**
     * @brief Begin to send a flight.
     * @param flight the flight; empty for an empty packet
     * @return Type-Data of its first packet
     */
    Bytes Send(Bytes flight);

    /** @return whether fragments of the flight are still to be sent */
    bool IsSending() const
    {
        return m_at < m_flight.size();
    }

    /** @return Type-Data of the next packet; only while IsSending() */
    Bytes Next();

    /** @brief What became of a packet. */
    enum class Taken : uint8_t
    {
        REFUSED,  //!< it does not fit what came before; nothing has changed
        FRAGMENT, //!< more are to come: acknowledge it
        COMPLETE  //!< the flight is complete
    };

    /**
     * @brief Take a packet with TLS data.
     * @param packet the packet
     * @return what became of it
     */
    Taken Take(const EapTlsPacket& packet);

    /** @return the flight that is complete, which begins anew */
    Bytes Collect();

  private:
    std::size_t m_fragmentSize;         //!< TLS data in a packet
    Bytes m_flight;                     //!< being sent
    std::size_t m_at{0};                //!< how much of it was sent
    Bytes m_received;                   //!< put together so far
    std::optional<uint32_t> m_expected; //!< octets of the flight, as the other end says
};

// ---------------------------------------------------------------------------------------------
// Keys
// ---------------------------------------------------------------------------------------------

/**
 * @brief What a TLS session gives to EAP: for TLS 1.2 the PRF under the label "client EAP
 * encryption" and the two randoms, for TLS 1.3 its exporter.
 * @param session an established session
 * @param version its version
 * @return keys and Session-Id; the names are left empty
 */
EapExported ExportEapTls(TlsSession& session, TlsVersion version);

// ---------------------------------------------------------------------------------------------
// Peer and server
// ---------------------------------------------------------------------------------------------

/** @brief What a peer needs; read only. */
struct EapTlsPeerConfiguration
{
    std::shared_ptr<const TlsContext> tls;           //!< of a client
    std::string serverName;                          //!< in the server's certificate; empty: any
    std::size_t fragmentSize{EAP_TLS_FRAGMENT_SIZE}; //!< TLS data in a packet, octets
    TlsSession::KeyLogger keyLogger;                 //!< receives secrets, may be empty
};

/** @brief Makes runs of EAP-TLS at a peer. Computes for real with every CryptoBackend. */
class EapTlsPeerFactory : public EapPeerMethodFactory
{
  public:
    /**
     * @brief A factory.
     * @param configuration what the peer needs
     */
    explicit EapTlsPeerFactory(EapTlsPeerConfiguration configuration);

    EapType Type() const override
    {
        return EapType::TLS;
    }

    std::unique_ptr<EapPeerMethod> Make(CryptoContext& ctx, int64_t nowNs) const override;

  private:
    std::shared_ptr<const EapTlsPeerConfiguration> m_configuration; //!< shared with the runs
};

/** @brief What a server needs; read only. */
struct EapTlsServerConfiguration
{
    std::shared_ptr<const TlsContext> tls; //!< of a server
    /** Whether the peer's certificate has to be of the identity that it gave. */
    bool nameIsIdentity{true};
    std::size_t fragmentSize{EAP_TLS_FRAGMENT_SIZE}; //!< TLS data in a packet, octets
    TlsSession::KeyLogger keyLogger;                 //!< receives secrets, may be empty
};

/** @brief Makes runs of EAP-TLS at a server. Computes for real with every CryptoBackend. */
class EapTlsServerFactory : public EapServerMethodFactory
{
  public:
    /**
     * @brief A factory.
     * @param configuration what the server needs
     */
    explicit EapTlsServerFactory(EapTlsServerConfiguration configuration);

    EapType Type() const override
    {
        return EapType::TLS;
    }

    std::unique_ptr<EapServerMethod> Make(CryptoContext& ctx,
                                          ByteView identity,
                                          int64_t nowNs) const override;

  private:
    std::shared_ptr<const EapTlsServerConfiguration> m_configuration; //!< shared with the runs
};

} // namespace ns3::mis

#endif /* MIS_EAP_TLS_H */
