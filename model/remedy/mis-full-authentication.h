// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * A full authentication between mobile node and target PoS, as the remedies see it.
 */
#ifndef MIS_FULL_AUTHENTICATION_H
#define MIS_FULL_AUTHENTICATION_H

#include "ns3/mis-secret-bytes.h"
#include "ns3/mis-types.h"

#include <functional>
#include <memory>
#include <string>

namespace ns3::mis
{

/**
 * @brief One authentication at one end: octets of the other end in, octets for it out.
 *
 * The mobile node begins, and each flight of it is answered by one of the TPoS, which may be empty.
 * The TPoS may have to ask somebody else first; a destroyed authentication calls nobody back.
 */
class FullAuthentication
{
  public:
    /// How far it is.
    enum class State : uint8_t
    {
        RUNNING,
        SUCCESS,
        FAILURE
    };

    /// Called with the flight to send, which may be empty; after a failure it tells why.
    using Answered = std::function<void(Bytes flight)>;

    virtual ~FullAuthentication() = default;

    /**
     * @brief Takes a flight.
     * @param in flight of the other end; empty to begin, or if the other end had nothing to say
     * @param answered called once: at the mobile node before this function returns, at the TPoS
     * maybe later. It may destroy this object, so it is called last.
     */
    virtual void Step(ByteView in, Answered answered) = 0;

    /// @return how far it is; the mobile node succeeds only when the TPoS is known to have done so
    virtual State GetState() const = 0;

    /// @return why it has failed, such as "cert-expired"
    virtual std::string GetReason() const = 0;

    /// @return what to answer the mobile node with, in state FAILURE at the TPoS
    virtual Status GetStatus() const
    {
        return Status::AUTHENTICATION_FAILURE;
    }

    /**
     * @param octets smallest size wanted
     * @return the key derivation key K that both ends have now, in state SUCCESS
     */
    virtual SecretBytes GetKey(size_t octets) = 0;
};

/// Makes one end of an authentication with a given node.
using FullAuthenticator = std::function<std::unique_ptr<FullAuthentication>(const MisfId& peer)>;

/// Makes one end of an authentication with the other node of a preregistration.
using MakeFullAuthentication = std::function<std::unique_ptr<FullAuthentication>()>;

} // namespace ns3::mis

#endif // MIS_FULL_AUTHENTICATION_H
