// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Media access authentication: the part of a link-layer authentication that checks credentials.
 */
#ifndef MIS_MEDIA_ACCESS_H
#define MIS_MEDIA_ACCESS_H

#include "ns3/mis-crypto-context.h"
#include "ns3/mis-eap-method.h"
#include "ns3/mis-eap-peer.h"
#include "ns3/mis-eap-server.h"
#include "ns3/mis-eps-aka.h"
#include "ns3/mis-link-authentication.h"
#include "ns3/mis-secret-bytes.h"
#include "ns3/mis-types.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ns3::mis
{

// credentials

/// What a mobile node proves itself by.
struct SupplicantCredentials
{
    std::shared_ptr<const EapPeerConfiguration> eap; //!< where frames carry EAP
    std::shared_ptr<Usim> usim;                      //!< for LTE
};

/// What a network checks mobile nodes by.
struct AuthenticatorCredentials
{
    std::shared_ptr<const EapServerConfiguration> eap; //!< where frames carry EAP
    /// Makes vectors for LTE; nothing for a subscriber that is not known.
    std::function<std::optional<AuthenticationVector>(const AuthenticationVectorRequest&)> vectors;
};

/**
 * @param mn a mobile node
 * @return its IMSI in the test network 001-01 (PA-71)
 */
std::string ImsiOf(const MisfId& mn);

/**
 * @brief Makes credentials of a shared secret: the pre-shared key of EAP-GPSK, and K and OP_C of a
 * USIM (PA-71).
 * @param secret 32 to 64 octets
 * @param mn the mobile node
 * @param server who checks, empty for anybody
 * @return credentials of the mobile node
 */
SupplicantCredentials MakeSupplicantCredentials(const SecretBytes& secret,
                                                const MisfId& mn,
                                                const MisfId& server);

/// Finds the secret shared with a mobile node; nothing if there is none.
using FindSharedSecret = std::function<std::optional<SecretBytes>(const MisfId& mn)>;

/**
 * @brief The other end of MakeSupplicantCredentials().
 * @param crypto cryptography of the node; outlives the result
 * @param find finds secrets
 * @param subscribers finds the mobile node of an IMSI
 * @param server who checks
 * @return credentials of the network
 */
AuthenticatorCredentials MakeAuthenticatorCredentials(
    CryptoContext& crypto,
    FindSharedSecret find,
    std::function<std::optional<MisfId>(const std::string& imsi)> subscribers,
    const MisfId& server);

// both ends

/// How far an end of a media access authentication is.
enum class MediaAccessState : uint8_t
{
    RUNNING,
    SUCCESS, //!< the root of the media-specific keys is there
    FAILURE
};

/**
 * @brief What both ends have in common.
 *
 * An end takes and gives whole frames of the access technology, wherever they are carried: on the
 * link itself, in LL_Auth, or in Prereg_Xfer. It ends before keys of the link are made, with the
 * root of the media-specific keys: MSK of the EAP method, or K_ASME. The handshake of the link is
 * left to the point of attachment. On LTE, where mobility management checks credentials, NAS
 * security mode is part of it.
 */
class MediaAccess
{
  public:
    virtual ~MediaAccess() = default;
    MediaAccess(const MediaAccess&) = delete;
    MediaAccess& operator=(const MediaAccess&) = delete;

    /// @return how far it is
    MediaAccessState GetState() const
    {
        return m_state;
    }

    /// @return why it has failed, such as "psk-mismatch"
    const std::string& GetReason() const
    {
        return m_reason;
    }

    /// @return root of the media-specific keys, in state SUCCESS
    const SecretBytes& GetRoot() const
    {
        return m_root;
    }

    /// @return why the last frame was dropped
    LinkAuthenticationDrop GetLastDrop() const
    {
        return m_drop;
    }

  protected:
    MediaAccess() = default;

    /// @param root root of the media-specific keys
    void Succeed(const SecretBytes& root);

    /// @param reason why not
    void Fail(const std::string& reason);

    /**
     * @brief Ends as an end of a link-layer authentication has, if that has ended.
     * @param end the end
     */
    void Follow(const LinkAuthenticationEnd& end);

    LinkAuthenticationDrop m_drop{LinkAuthenticationDrop::NONE}; //!< of the last frame

  private:
    MediaAccessState m_state{MediaAccessState::RUNNING};
    std::string m_reason;
    SecretBytes m_root;
};

/// The end in the mobile node.
class MediaAccessSupplicant : public MediaAccess
{
  public:
    /**
     * @param crypto cryptography of the node; outlives this
     * @param link the link of the mobile node and the point of attachment
     * @param credentials what it proves itself by
     * @param nowNs time in nanoseconds, for the validity of credentials
     */
    MediaAccessSupplicant(CryptoContext& crypto,
                          const LinkTupleId& link,
                          SupplicantCredentials credentials,
                          int64_t nowNs);

    /**
     * @brief Begins.
     * @return frames to send; none where the network begins
     */
    std::vector<Bytes> Start();

    /**
     * @brief Takes a frame.
     * @param frame the frame
     * @return frames to send
     */
    std::vector<Bytes> Receive(ByteView frame);

    /**
     * @brief Says again what was said on the mobile node's own account.
     * @return frames to send
     */
    std::vector<Bytes> Repeat();

    /**
     * @brief Takes a sign that the network has accepted the mobile node, in place of an
     * EAP-Success (RFC 3748, section 4.2).
     * @return whether that was all that was missing
     */
    bool Accept();

  private:
    std::vector<Bytes> Do(LinkOutput output);

    SupplicantCredentials m_credentials;
    std::unique_ptr<LinkSupplicant> m_link;
    std::optional<EapPeer> m_eap;
};

/// The end in the network.
class MediaAccessAuthenticator : public MediaAccess
{
  public:
    /**
     * @param crypto cryptography of the node; outlives this
     * @param link the link of the mobile node and the point of attachment
     * @param credentials what it checks mobile nodes by
     * @param nowNs time in nanoseconds, for the validity of credentials
     */
    MediaAccessAuthenticator(CryptoContext& crypto,
                             const LinkTupleId& link,
                             AuthenticatorCredentials credentials,
                             int64_t nowNs);

    /**
     * @brief Begins.
     * @return frames to send
     */
    std::vector<Bytes> Start();

    /**
     * @brief Takes a frame.
     * @param frame the frame
     * @return frames to send; in state SUCCESS the last of them tells the mobile node so, if there
     * is any
     */
    std::vector<Bytes> Receive(ByteView frame);

    /**
     * @brief Says again what was said last.
     * @return frames to send
     */
    std::vector<Bytes> Repeat();

    /// @return who was authenticated, in state SUCCESS: a network access identifier, or an IMSI
    const std::string& GetIdentity() const
    {
        return m_identity;
    }

  private:
    std::vector<Bytes> Do(LinkOutput output);
    void Serve(ByteView packet, std::vector<Bytes>& frames);

    CryptoContext& m_crypto;
    AuthenticatorCredentials m_credentials;
    int64_t m_nowNs;
    std::unique_ptr<LinkAuthenticator> m_link;
    std::optional<EapServer> m_eap;
    std::string m_identity;
};

/**
 * @param type type of a link
 * @return whether a handshake with the point of attachment follows when the credentials were
 * checked over the same link
 */
bool HasHandshake(LinkType type);

/**
 * @param tuple a link of a mobile node
 * @return the link that a point of attachment offers: that of the point of attachment if it is
 * named
 */
LinkId OfferedLink(const LinkTupleId& tuple);

} // namespace ns3::mis

#endif // MIS_MEDIA_ACCESS_H
