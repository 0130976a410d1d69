// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * How the key derivation key K reaches the mobile node and the target point of service.
 */
#ifndef MIS_KEY_DELIVERY_REMEDY_H
#define MIS_KEY_DELIVERY_REMEDY_H

#include "ns3/mis-crypto-context.h"
#include "ns3/mis-full-authentication.h"
#include "ns3/mis-group-key-store.h"
#include "ns3/mis-key-log.h"
#include "ns3/mis-prereg-messages.h"
#include "ns3/mis-security-association.h"
#include "ns3/mis-types.h"
#include "ns3/object.h"

#include <boost/unordered/unordered_flat_set.hpp>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ns3::mis
{

/// Octets of a key derivation key.
inline constexpr size_t KEY_DERIVATION_KEY_OCTETS = 16;

/**
 * @brief What one place knows of one preregistration; all state of a remedy is in here.
 */
struct KeyDeliveryContext
{
    /// @param cryptography cryptography of the node
    explicit KeyDeliveryContext(CryptoContext& cryptography)
        : crypto(cryptography)
    {
    }

    CryptoContext& crypto;
    Ptr<KeyLog> log; //!< where secrets are recorded, may be nullptr
    MisfId mn;       //!< mobile node
    MisfId spos;     //!< serving point of service
    MisfId tpos;     //!< target point of service, empty until it is known
    MisfId group;    //!< group of mobile nodes that preregister together, empty for the MN alone
    uint8_t ciphersuite{0};      //!< of the SA to be made; 0 if no key is asked for
    std::optional<Nonce> nonceT; //!< nonce of the MN, input of the derivations if present
    std::optional<Nonce> nonceN; //!< nonce of the network, likewise
    uint32_t keyLifetime{0};     //!< lifetime of K in seconds
    SecretBytes key;             //!< K, empty until it is accepted
    std::optional<Said> said;    //!< identifier of the SA, if it comes with the key
    SecretBytes remedyState;     //!< private to the remedy, between its calls
    MakeFullAuthentication makeAuthentication; //!< begins a full authentication, may be empty
    std::unique_ptr<FullAuthentication> authentication; //!< the one under way
    std::string failure; //!< why an authentication has failed, for outcomes
};

/**
 * @param context what one place knows; the TPoS must be known, and for a group of mobile nodes
 * Nonce-N
 * @return identifier of the group that the group key is for: that of the TPoS and the mobile node,
 * or of the TPoS and the group of mobile nodes
 */
MisfId KeyGroupId(const KeyDeliveryContext& context);

/// The mobile node's place.
struct MobileNodeContext : KeyDeliveryContext
{
    using KeyDeliveryContext::KeyDeliveryContext;

    SecurityAssociation* sposSa{nullptr}; //!< SA with the SPoS, nullptr if there is none
    bool isProtected{false};              //!< whether the response came under it
    bool wantsProtection{true};           //!< whether requests have to go under it
    GroupKeyStore* groupKeys{nullptr};    //!< group keys of the MN
    SecretBytes credential;               //!< for a full authentication with the target
};

/// Where a remedy at the SPoS can turn to.
class ServingServices
{
  public:
    virtual ~ServingServices() = default;

    /**
     * @brief Asks the PoS with group manager to issue a group key.
     *
     * If the group manager refuses or is not reached, the preregistration fails.
     *
     * @param members the MN, or the group of mobile nodes that it is in, the TPoS, and any others;
     * a key that was asked for the same group a moment ago serves for this MN as well. For a group,
     * Nonce-N of the context is set, which names the key.
     * @param tellAddress whether the group manager shall send to the MN directly; if not, it sends
     * through the SPoS
     * @return SUCCESS, or why the question could not be asked
     */
    virtual Status RequestGroupKey(const std::vector<MisfId>& members, bool tellAddress) = 0;
};

/// The serving point of service's place.
struct ServingContext : KeyDeliveryContext
{
    using KeyDeliveryContext::KeyDeliveryContext;

    SecurityAssociation* mnSa{nullptr};   //!< SA with the MN, nullptr if there is none
    SecurityAssociation* tposSa{nullptr}; //!< SA with the TPoS, nullptr if there is none
    bool isProtected{false};              //!< whether the MN's request came under mnSa
    ServingServices* services{nullptr};   //!< never nullptr during a call
};

/**
 * @brief Nonces seen by a TPoS, to refuse a recorded request (legacy only).
 *
 * Bounded: the oldest are forgotten first.
 */
class SeenNonces
{
  public:
    /**
     * @param entry who sent which nonces
     * @return false if it was seen before
     */
    bool Insert(std::string entry);

  private:
    static constexpr size_t LIMIT = 65536; //!< entries kept

    boost::unordered_flat_set<std::string> m_entries;
    std::deque<std::string> m_order; //!< oldest first
};

/// The target point of service's place.
struct TargetContext : KeyDeliveryContext
{
    using KeyDeliveryContext::KeyDeliveryContext;

    SecurityAssociation* sposSa{nullptr}; //!< SA with the SPoS, nullptr if there is none
    bool isProtected{false};              //!< whether the SPoS's request came under it
    GroupKeyStore* groupKeys{nullptr};    //!< group keys of the TPoS
    SeenNonces* seenNonces{nullptr};      //!< shared by all sessions of the TPoS
    SecretBytes credential;               //!< of the MN, for a full authentication
    Status failureStatus{Status::AUTHENTICATION_FAILURE}; //!< what a failure is to the MN
};

/// Called with the answer to a link-layer frame, or nothing if the frame is not acceptable.
using LinkFrameAnswered = std::function<void(std::optional<Bytes> answer)>;

/// Answer of a remedy to what has come.
enum class KeyDecision : uint8_t
{
    ACCEPTED,           //!< K is in the context
    WAIT_FOR_GROUP_KEY, //!< K comes by another message
    AUTHENTICATE,       //!< K comes out of a full authentication
    REFUSED             //!< there is no acceptable K
};

/**
 * @brief Strategy of key delivery, swapped as a whole.
 *
 * It is asked at three places: the SPoS (Issue, Answer), the TPoS (AcceptAtTarget) and the MN
 * (PrepareRequest, AcceptAtMobileNode). It knows no socket and no time, and keeps no state of its
 * own: one object serves all preregistrations of a node. The defaults deliver nothing.
 */
class KeyDeliveryRemedy : public Object
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    /// @return short name for tables, such as "remedy1"
    virtual std::string GetName() const = 0;

    /// @return warning text for users: what this delivery does not protect from
    virtual std::string GetSecurityConsiderations() const = 0;

    /// @return group of mobile nodes in which the MN preregisters, empty (the default) if alone
    virtual MisfId GetGroup() const;

    /// Rejects an impossible combination of attributes with NS_FATAL_ERROR.
    virtual void CheckConfig() const;

    /**
     * @brief MN: completes its first request.
     * @param context of the MN
     * @param request has target, candidates and ciphersuite
     */
    virtual void PrepareRequest(MobileNodeContext& context, PreregXferRequest& request) const;

    /**
     * @brief SPoS: issues K and writes what the TPoS is to get.
     * @param context of the SPoS
     * @param request of the MN
     * @param toTarget has target, link-layer information, MN and ciphersuite
     * @return SUCCESS, or the status to answer the MN with
     */
    virtual Status Issue(ServingContext& context,
                         const PreregXferRequest& request,
                         N2nPreregXferRequest& toTarget) const;

    /**
     * @brief SPoS: writes what the MN is to get, when the TPoS has answered with success.
     * @param context of the SPoS
     * @param fromTarget response of the TPoS
     * @param toMobileNode has target, TPoS, status
     */
    virtual void Answer(ServingContext& context,
                        const N2nPreregXferResponse& fromTarget,
                        PreregXferResponse& toMobileNode) const;

    /**
     * @brief TPoS: looks for K.
     * @param context of the TPoS
     * @param request of the SPoS
     * @param response receives what the remedy adds to it
     * @return what to do
     */
    virtual KeyDecision AcceptAtTarget(TargetContext& context,
                                       const N2nPreregXferRequest& request,
                                       N2nPreregXferResponse& response) const;

    /**
     * @brief MN: looks for K.
     * @param context of the MN
     * @param response of the SPoS; nullptr when something else has come (a group key, the end of
     * an authentication)
     * @return what to do
     */
    virtual KeyDecision AcceptAtMobileNode(MobileNodeContext& context,
                                           const PreregXferResponse* response) const;

    /**
     * @brief MN: next flight of a full authentication, carried as link-layer information.
     * @param context of the MN
     * @param answer answer to the previous flight; empty before the first
     * @return the flight, or nothing when there is none (left)
     */
    virtual std::optional<Bytes> NextLinkFrame(MobileNodeContext& context, ByteView answer) const;

    /**
     * @brief TPoS: answers a flight of a full authentication.
     * @param context of the TPoS
     * @param frame the flight
     * @param answered called once, maybe before this function returns, unless the context is
     * destroyed before; it may destroy the context
     */
    virtual void AnswerLinkFrame(TargetContext& context,
                                 ByteView frame,
                                 LinkFrameAnswered answered) const;
};

} // namespace ns3::mis

#endif // MIS_KEY_DELIVERY_REMEDY_H
