// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief The link-layer authentication of an access network, whatever its technology.
 *
 * Two ends, the supplicant in the mobile node and the authenticator of the point of attachment,
 * exchange frames until both hold the keys of the link. Whoever owns an end carries the frames and
 * the EAP packets: nothing here knows a device, an EAP method or the time.
 *
 * @verbatim
 *   EAP peer                                          EAP server
 *      | packets, MSK                                     | packets, MSK
 *   LinkSupplicant  <------------ frames ------------> LinkAuthenticator
 *      ^                                                  ^
 *      +---- InstallKey(MSPMK): only the handshake -------+
 * @endverbatim
 *
 * A frame that anybody could have made ends nothing: it is dropped for a named reason. Whoever
 * waits in vain calls Repeat() of both ends and, when that does not help any more, GiveUp().
 *
 * Sizes of frames, counts of operations and draws of randomness are the same with both backends.
 */
#ifndef MIS_LINK_AUTHENTICATION_H
#define MIS_LINK_AUTHENTICATION_H

#include "ns3/mis-crypto-context.h"
#include "ns3/mis-secret-bytes.h"
#include "ns3/mis-types.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace ns3::mis
{

class Usim;

/** @brief How far an end is. */
enum class LinkAuthenticationState : uint8_t
{
    IDLE,           //!< nothing was sent or received
    AUTHENTICATING, //!< credentials are being checked: EAP, or AKA
    HANDSHAKE,      //!< the master key is there, the keys of the link are being made from it
    AUTHENTICATED,  //!< the keys of the link are there
    FAILED          //!< over; there are no keys
};

/** @brief What became of an authentication. */
enum class LinkAuthenticationOutcome : uint8_t
{
    PENDING,           //!< not known yet
    SUCCESS,           //!< the keys of the link are there
    EAP_FAILED,        //!< the EAP method failed
    REFUSED,           //!< the network does not accept the credentials
    KEY_MISMATCH,      //!< the ends hold different master keys
    SECURITY_MISMATCH, //!< the authentic offer of the peer differs from the one seen before
    UNUSABLE_KEY,      //!< the master key is too short
    TIMEOUT            //!< the peer does not answer
};

/** @brief Why an input was dropped. */
enum class LinkAuthenticationDrop : uint8_t
{
    NONE,
    MALFORMED,         //!< not a frame of this technology
    UNEXPECTED,        //!< not what this end may receive now
    NO_KEY,            //!< there is no master key yet to check it with
    UNKNOWN_KEY,       //!< made with a master key of another name
    REPLAYED,          //!< its counter was used before
    BAD_MIC,           //!< its integrity check value is wrong
    BAD_KEY_DATA,      //!< the wrapped keys in it do not open or are incomplete
    NONCE_MISMATCH,    //!< authentic, but the answer to something else
    SECURITY_MISMATCH, //!< authentic, but the peer offers something else than before
    SYNC_FAILURE,      //!< a challenge with an old sequence number; it was answered
    REFUSED            //!< the peer sends the wrong response; it was refused
};

/**
 * @brief Name of a state.
 * @param state the state
 * @return its enumerator as text
 */
const char* ToString(LinkAuthenticationState state);
/** @brief Print the name. */
std::ostream& operator<<(std::ostream& os, LinkAuthenticationState state);

/**
 * @brief Name of an outcome.
 * @param outcome the outcome
 * @return its enumerator as text
 */
const char* ToString(LinkAuthenticationOutcome outcome);
/** @brief Print the name. */
std::ostream& operator<<(std::ostream& os, LinkAuthenticationOutcome outcome);

/**
 * @brief Name of a reason.
 * @param reason the reason
 * @return its enumerator as text
 */
const char* ToString(LinkAuthenticationDrop reason);
/** @brief Print the name. */
std::ostream& operator<<(std::ostream& os, LinkAuthenticationDrop reason);

/** @brief One key of a link. */
struct LinkKey
{
    std::string_view name; //!< as the standard calls it, for example "TK"
    SecretBytes key;       //!< the key
};

/** @brief The keys of a link. */
class LinkKeys
{
  public:
    /**
     * @brief Add a key, or replace the one of the same name.
     * @param name its name, a literal
     * @param key the key
     */
    void Set(std::string_view name, const SecretBytes& key);

    /**
     * @brief Find a key.
     * @param name its name
     * @return the key, nullptr if there is none; valid until the next change
     */
    const SecretBytes* Find(std::string_view name) const;

    /** @return all keys */
    const std::vector<LinkKey>& All() const
    {
        return m_keys;
    }

    /** @return whether there are none */
    bool IsEmpty() const
    {
        return m_keys.empty();
    }

    /** @brief Wipe and forget all keys. */
    void Clear()
    {
        m_keys.clear();
    }

    /** @brief Compare names and keys, these in constant time. */
    friend bool operator==(const LinkKeys& a, const LinkKeys& b);

    /** @brief Compare names and keys, these in constant time. */
    friend bool operator!=(const LinkKeys& a, const LinkKeys& b)
    {
        return !(a == b);
    }

  private:
    std::vector<LinkKey> m_keys; //!< the keys, in the order added
};

/** @brief What an authenticator of LTE asks the home network for (TS 29.272, 5.2.3). */
struct AuthenticationVectorRequest
{
    /** @brief What a USIM that is ahead of the home network has sent. */
    struct Resynchronisation
    {
        std::array<uint8_t, 16> rand{}; //!< the challenge it belongs to
        std::array<uint8_t, 14> auts{}; //!< AUTS
    };

    std::string imsi;                                   //!< the subscriber, 6 to 15 digits
    std::array<uint8_t, 3> plmn{};                      //!< identity of the serving network
    std::optional<Resynchronisation> resynchronisation; //!< after a synchronisation failure
};

/** @brief EPS authentication vector (TS 33.401, 6.1.2). */
struct AuthenticationVector
{
    std::array<uint8_t, 16> rand{}; //!< random challenge
    std::array<uint8_t, 16> autn{}; //!< proves to the USIM who asks
    SecretBytes xres;               //!< expected response, 4 to 16 octets
    SecretBytes kasme;              //!< K_ASME, 32 octets
};

/** @brief What an end wants done after an input. */
struct LinkOutput
{
    std::vector<Bytes> frames; //!< to be sent to the peer, in this order
    std::optional<Bytes> eap;  //!< EAP packet from the peer, for the EAP engine of this end
    /** The authenticator wants the first request of its EAP server, to be given to SendEap(). */
    bool eapWanted{false};
    /** Wanted from the home network, to be given to ReceiveVector(). */
    std::optional<AuthenticationVectorRequest> vectorRequest;
    LinkAuthenticationDrop drop{LinkAuthenticationDrop::NONE}; //!< why the input was dropped
};

/** @brief One end of a link-layer authentication. */
class LinkAuthenticationEnd
{
  public:
    virtual ~LinkAuthenticationEnd() = default;

    LinkAuthenticationEnd(const LinkAuthenticationEnd&) = delete;
    LinkAuthenticationEnd& operator=(const LinkAuthenticationEnd&) = delete;

    /** @return how far this end is */
    LinkAuthenticationState State() const
    {
        return m_state;
    }

    /** @return what became of it */
    LinkAuthenticationOutcome Outcome() const
    {
        return m_outcome;
    }

    /** @return the keys of the link, none before the state is AUTHENTICATED */
    const LinkKeys& Keys() const
    {
        return m_keys;
    }

    /**
     * @brief Install a master key made beforehand: MSPMK by Push_Key, or a cached PMK.
     *
     * To be called at both ends before Start(): only the handshake is run then, without EAP or AKA.
     * On a link without a handshake the end is authenticated at once. When only one end has the key
     * of Wi-Fi or WiMAX, or of LTE only the mobile node, they run the full authentication.
     *
     * @param key the key, at least 32 octets, of which the technology takes what it needs
     * @return whether it was taken: false if it is too short or this end has begun
     */
    [[nodiscard]] bool InstallKey(ByteView key);

    /**
     * @brief Begin. The supplicant of some technologies has nothing to say first.
     * @return what to do
     */
    LinkOutput Start();

    /**
     * @brief Take a frame from the peer.
     * @param frame the frame
     * @return what to do
     */
    LinkOutput Receive(ByteView frame);

    /**
     * @brief Carry an EAP packet from the EAP engine of this end.
     *
     * Success, Failure and the like go with EapSucceeded() and EapFailed() of the authenticator.
     *
     * @param packet the packet
     * @return what to do
     */
    LinkOutput SendEap(ByteView packet);

    /**
     * @brief Say again what was said last, because no answer came.
     *
     * The authenticator repeats its last frames until it is authenticated; after that only a frame
     * that is not answered, since it cannot know whether that arrived. The supplicant repeats only
     * what it said on its own account. Counters in the frames go on.
     *
     * @return what to do
     */
    LinkOutput Repeat();

    /**
     * @brief Stop waiting. An end that is authenticated or has failed stays as it is.
     * @return the outcome: KEY_MISMATCH if frames came that were made with another key, else
     * TIMEOUT
     */
    LinkAuthenticationOutcome GiveUp();

  protected:
    /**
     * @brief An end that has not begun.
     * @param ctx the computing node; outlives this
     */
    explicit LinkAuthenticationEnd(CryptoContext& ctx)
        : m_ctx(ctx)
    {
    }

    /** @return the computing node */
    CryptoContext& Ctx()
    {
        return m_ctx;
    }

    /**
     * @brief Go on to a later state that is not a final one.
     * @param state the state
     */
    void Advance(LinkAuthenticationState state)
    {
        m_state = state;
    }

    /**
     * @brief Become authenticated.
     * @param keys the keys of the link
     */
    void Succeed(LinkKeys keys);

    /**
     * @brief Fail. All keys are wiped.
     * @param outcome why
     */
    void Fail(LinkAuthenticationOutcome outcome);

    /**
     * @brief Replace a key of a link that is authenticated.
     * @param name its name, a literal
     * @param key the key
     */
    void Replace(std::string_view name, const SecretBytes& key)
    {
        m_keys.Set(name, key);
    }

    /**
     * @brief Take a master key of at least 32 octets.
     * @param key MSK, rMSK, MSPMK or a cached PMK
     */
    virtual void DoTakeKey(ByteView key) = 0;
    /** @brief Wipe all keys that are not in Keys(). */
    virtual void DoWipe() = 0;
    /** @brief See Start(); the state is IDLE, or HANDSHAKE with a key made beforehand. */
    virtual void DoStart(LinkOutput& output) = 0;
    /** @brief See Receive(); this end has not failed. */
    virtual void DoReceive(ByteView frame, LinkOutput& output) = 0;
    /** @brief See SendEap(); the state is AUTHENTICATING or HANDSHAKE. */
    virtual void DoSendEap(ByteView packet, LinkOutput& output) = 0;
    /** @brief See Repeat(); this end has begun and not failed. */
    virtual void DoRepeat(LinkOutput& output) = 0;
    /** @brief Go on with a key that was made beforehand; by default, to the handshake. */
    virtual void DoKeyInstalled();

    /** Octets that a master key has at least. */
    static constexpr std::size_t MASTER_KEY_SIZE = 32;

  private:
    CryptoContext& m_ctx;                                                    //!< the computing node
    LinkAuthenticationState m_state{LinkAuthenticationState::IDLE};          //!< how far
    LinkAuthenticationOutcome m_outcome{LinkAuthenticationOutcome::PENDING}; //!< what became of it
    LinkKeys m_keys;                                                         //!< keys of the link
    bool m_started{false};    //!< whether Start() was called or a frame came
    bool m_keyInDoubt{false}; //!< whether a frame was made with another key
};

/** @brief The end in the mobile node. */
class LinkSupplicant : public LinkAuthenticationEnd
{
  public:
    /**
     * @brief Take the key that the EAP method gave.
     *
     * Where a handshake follows, best called as soon as the method has the key: the first frame of
     * the handshake then makes up for an EAP-Success that got lost (RFC 3748, 4.2). On Ethernet it
     * is the end, and to be called at EAP-Success.
     *
     * @param msk MSK or rMSK; with less than 32 octets this end fails with UNUSABLE_KEY
     */
    void EapSucceeded(ByteView msk);

    /** @brief End because the EAP method failed. */
    void EapFailed();

  protected:
    using LinkAuthenticationEnd::LinkAuthenticationEnd;

    /** @brief See EapSucceeded(); the state is AUTHENTICATING, the key is long enough. */
    virtual void DoEapSucceeded(ByteView msk) = 0;
};

/** @brief The end in the point of attachment. */
class LinkAuthenticator : public LinkAuthenticationEnd
{
  public:
    /**
     * @brief Carry the last packet of a successful EAP method, and begin the handshake.
     * @param packet EAP-Success, or EAP-Finish of ERP
     * @param msk MSK or rMSK; with less than 32 octets this end fails with UNUSABLE_KEY
     * @return what to do
     */
    LinkOutput EapSucceeded(ByteView packet, ByteView msk);

    /**
     * @brief Carry the last packet of an EAP method that failed, and end.
     * @param packet EAP-Failure, or EAP-Finish of ERP
     * @return what to do
     */
    LinkOutput EapFailed(ByteView packet);

    /**
     * @brief Take the answer of the home network to a request for a vector.
     * @param vector the vector, nothing if the home network refuses
     * @return what to do
     */
    LinkOutput ReceiveVector(const std::optional<AuthenticationVector>& vector);

    /**
     * @brief Replace the group key of an authenticated link, where there is one.
     * @return what to do
     */
    LinkOutput UpdateGroupKey();

  protected:
    using LinkAuthenticationEnd::LinkAuthenticationEnd;

    /** @brief See EapSucceeded(); the state is AUTHENTICATING, the key is long enough. */
    virtual void DoEapSucceeded(ByteView packet, ByteView msk, LinkOutput& output) = 0;
    /** @brief See EapFailed(); the state is AUTHENTICATING. */
    virtual void DoEapFailed(ByteView packet, LinkOutput& output) = 0;
    /** @brief See ReceiveVector(); only EPS-AKA has asked for one. */
    virtual void DoReceiveVector(const std::optional<AuthenticationVector>& vector,
                                 LinkOutput& output);
    /** @brief See UpdateGroupKey(); the state is AUTHENTICATED. */
    virtual void DoUpdateGroupKey(LinkOutput& output);
};

/**
 * @brief Make the supplicant of a link.
 *
 * - WIFI: IEEE 802.1X and the 4-way handshake; keys KCK, KEK, TK, GTK.
 * - ETHERNET: IEEE 802.1X only; the key is MSK, cut to 32 octets.
 * - WIMAX: PKMv2; keys KEK, CMAC_KEY_U, CMAC_KEY_D, TEK0, TEK1.
 * - UMTS, which by PA-6 is LTE: EPS-AKA in NAS; keys K_ASME, K_NASint, K_NASenc, K_eNB.
 *
 * @param ctx the computing node; outlives the result
 * @param link type and address of the link, and the point of attachment: IEEE 802 addresses, for
 * LTE a cell with its network at the point of attachment
 * @param usim credentials for LTE, may be nullptr if a key will be installed; outlives the result
 * @return the supplicant, nullptr for another link type or addresses of another kind
 */
std::unique_ptr<LinkSupplicant> MakeLinkSupplicant(CryptoContext& ctx,
                                                   const LinkTupleId& link,
                                                   Usim* usim = nullptr);

/**
 * @brief Make the authenticator of a link.
 * @param ctx the computing node; outlives the result
 * @param link as for MakeLinkSupplicant()
 * @return the authenticator, nullptr for another link type or addresses of another kind
 */
std::unique_ptr<LinkAuthenticator> MakeLinkAuthenticator(CryptoContext& ctx,
                                                         const LinkTupleId& link);

} // namespace ns3::mis

#endif /* MIS_LINK_AUTHENTICATION_H */
