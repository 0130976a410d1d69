// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief EPS-AKA and the NAS security mode of LTE (3GPP TS 33.401, TS 24.301).
 *
 * @verbatim
 *   USIM and user equipment                 mobility management            home network
 *       |  <-- Identity request -----------------  |                             |
 *       |  --- Identity response --------------->  |  --- vector request ------> |
 *       |  <-- Authentication request -----------  |  <-- vector --------------- |
 *       |  --- Authentication response --------->  |
 *       |  <-- Security mode command ------------  |
 *       |  --- Security mode complete ---------->  |
 *       |  <-- Attach accept -------------------  |
 * @endverbatim
 *
 * With K_ASME pushed beforehand, only the last three are exchanged. They have no nonces, so one
 * K_ASME is good for one authentication: NAS COUNT begins anew (TS 33.401, 6.5). The attach
 * request, which would carry the security capability, is not modelled: both ends know the
 * capability (PA-42). Its timer (TS 24.301, T3410) is that of Security mode complete, which the
 * user equipment repeats until it is accepted. Attach complete, after which no data wait, is not
 * modelled either.
 *
 * Algorithms are 128-EEA2 and 128-EIA2; NAS COUNT stays below 256.
 */
#ifndef MIS_EPS_AKA_H
#define MIS_EPS_AKA_H

#include "ns3/mis-link-authentication.h"
#include "ns3/mis-milenage.h"
#include "ns3/mis-nas-message.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace ns3::mis
{

/** Identity of a public land mobile network, as on the radio. */
using Plmn = std::array<uint8_t, 3>;

// ---------------------------------------------------------------------------------------------
// Credentials
// ---------------------------------------------------------------------------------------------

/** @brief The USIM of a mobile node. Outlives many authentications, since SQN grows. */
class Usim
{
  public:
    /** @brief What a USIM says to a challenge. */
    struct Answer
    {
        /** Why the challenge is not answered, nothing if it is. */
        std::optional<EmmCause> cause;
        SecretBytes res;                //!< response
        SecretBytes ck;                 //!< cipher key
        SecretBytes ik;                 //!< integrity key
        std::array<uint8_t, 14> auts{}; //!< AUTS, for SYNCH_FAILURE
    };

    /**
     * @brief A USIM.
     * @param imsi the subscriber, 6 to 15 digits
     * @param k subscriber key K, 16 octets
     * @param opc operator variant OP_C, 16 octets
     * @param sqn highest sequence number accepted so far, less than 2^48
     */
    Usim(std::string imsi, ByteView k, ByteView opc, uint64_t sqn = 0);

    /** @return the subscriber */
    const std::string& Imsi() const
    {
        return m_imsi;
    }

    /** @return highest sequence number accepted so far */
    uint64_t Sqn() const
    {
        return m_sqn;
    }

    /**
     * @brief Answer a challenge (TS 33.102, 6.3.3).
     * @param ctx the computing node
     * @param rand the challenge
     * @param autn 16 octets
     * @return response and keys, or why not
     */
    Answer Authenticate(CryptoContext& ctx, const AkaRand& rand, ByteView autn);

  private:
    std::string m_imsi;  //!< the subscriber
    Milenage m_milenage; //!< its functions
    uint64_t m_sqn;      //!< highest sequence number accepted so far
};

/** @brief What the home network knows of a subscriber; makes authentication vectors. */
class EpsSubscriber
{
  public:
    /**
     * @brief A subscriber.
     * @param k subscriber key K, 16 octets
     * @param opc operator variant OP_C, 16 octets
     * @param sqn sequence number of the last vector, less than 2^48
     */
    EpsSubscriber(ByteView k, ByteView opc, uint64_t sqn = 0);

    /** @return sequence number of the last vector */
    uint64_t Sqn() const
    {
        return m_sqn;
    }

    /**
     * @brief Make the next vector (TS 33.401, 6.1.2), after a resynchronisation if one is asked.
     * @param ctx the computing node, of the home network
     * @param request what the serving network asks for
     * @return the vector, nothing if AUTS in the request is not authentic
     */
    std::optional<AuthenticationVector> MakeVector(CryptoContext& ctx,
                                                   const AuthenticationVectorRequest& request);

  private:
    Milenage m_milenage; //!< its functions
    uint64_t m_sqn;      //!< sequence number of the last vector
};

// ---------------------------------------------------------------------------------------------
// Keys and protection
// ---------------------------------------------------------------------------------------------

/** @brief The keys of an EPS security context. */
struct EpsKeys
{
    SecretBytes kasme;   //!< K_ASME, 32 octets
    SecretBytes kNasInt; //!< K_NASint, 16 octets
    SecretBytes kNasEnc; //!< K_NASenc, 16 octets
    SecretBytes kEnb;    //!< K_eNB, 32 octets
};

/**
 * @brief Derive K_ASME (TS 33.401, A.2).
 * @param ctx the computing node
 * @param ck cipher key
 * @param ik integrity key
 * @param plmn identity of the serving network
 * @param hiddenSqn SQN xor AK
 * @return 32 octets
 */
SecretBytes DeriveKasme(CryptoContext& ctx,
                        ByteView ck,
                        ByteView ik,
                        const Plmn& plmn,
                        ByteView hiddenSqn);

/**
 * @brief Derive the keys under K_ASME (TS 33.401, A.3 and A.7).
 *
 * K_eNB is made with the uplink NAS COUNT 0, that of the first Security mode complete, also when
 * this had to be repeated.
 *
 * @param ctx the computing node
 * @param kasme K_ASME
 * @return all keys
 */
EpsKeys DeriveEpsKeys(CryptoContext& ctx, ByteView kasme);

/** @brief Direction of a NAS message, as it enters its protection. */
enum class NasDirection : uint8_t
{
    UPLINK = 0,
    DOWNLINK = 1
};

/**
 * @brief Compute the MAC of 128-EIA2 (TS 33.401, B.2.3).
 * @param ctx the computing node
 * @param key 16 octets
 * @param count NAS COUNT
 * @param bearer bearer identity, 0 for NAS
 * @param direction direction
 * @param message the message
 * @return the MAC
 */
std::array<uint8_t, 4> Eia2(CryptoContext& ctx,
                            ByteView key,
                            uint32_t count,
                            uint8_t bearer,
                            NasDirection direction,
                            ByteView message);

/**
 * @brief Encrypt or decrypt with 128-EEA2 (TS 33.401, B.1.3).
 * @param ctx the computing node
 * @param key 16 octets
 * @param count NAS COUNT
 * @param bearer bearer identity, 0 for NAS
 * @param direction direction
 * @param text the text
 * @return as many octets
 */
Bytes Eea2(CryptoContext& ctx,
           ByteView key,
           uint32_t count,
           uint8_t bearer,
           NasDirection direction,
           ByteView text);

// ---------------------------------------------------------------------------------------------
// Ends
// ---------------------------------------------------------------------------------------------

/** @brief The end in the mobile node. */
class EpsUserEquipment : public LinkSupplicant
{
  public:
    /**
     * @brief An end that has not begun.
     * @param ctx the computing node; outlives this
     * @param plmn identity of the serving network
     * @param usim credentials, or nullptr; outlives this
     */
    EpsUserEquipment(CryptoContext& ctx, const Plmn& plmn, Usim* usim);

  private:
    void DoTakeKey(ByteView key) override;
    void DoWipe() override;
    void DoStart(LinkOutput& output) override;
    void DoReceive(ByteView frame, LinkOutput& output) override;
    void DoSendEap(ByteView packet, LinkOutput& output) override;
    void DoRepeat(LinkOutput& output) override;
    void DoEapSucceeded(ByteView msk) override;

    void ReceiveIdentityRequest(const NasIdentityRequest& request, LinkOutput& output);
    void ReceiveChallenge(const NasAuthenticationRequest& request, LinkOutput& output);
    void ReceiveProtected(const NasProtected& message, LinkOutput& output);
    void ReceiveCommand(const NasProtected& message, LinkOutput& output);
    void ReceiveAccept(const NasProtected& message, LinkOutput& output);
    void SendComplete(LinkOutput& output);
    void Begin(ByteView kasme, uint8_t ksi);
    void RejectMode(EmmCause cause, LinkAuthenticationDrop reason, LinkOutput& output);

    Plmn m_plmn;                        //!< identity of the serving network
    Usim* m_usim;                       //!< credentials, or nullptr
    std::optional<AkaRand> m_rand;      //!< the challenge that was answered last
    Bytes m_response;                   //!< the answer
    std::optional<EpsKeys> m_keys;      //!< keys
    uint8_t m_ksi{0};                   //!< their name
    std::optional<uint32_t> m_downlink; //!< NAS COUNT of the last message accepted
    uint32_t m_uplink{0};               //!< NAS COUNT of the next message
};

/** @brief The end in the network: mobility management (MME). */
class EpsMobilityManagement : public LinkAuthenticator
{
  public:
    /**
     * @brief An end that has not begun.
     * @param ctx the computing node; outlives this
     * @param plmn identity of the serving network
     */
    EpsMobilityManagement(CryptoContext& ctx, const Plmn& plmn);

  private:
    /** @brief What is waited for. */
    enum class Wait
    {
        NOTHING,
        IDENTITY,
        VECTOR,
        RESPONSE,
        COMPLETE
    };

    /** Vectors that are asked for in one run, at most. */
    static constexpr unsigned MAX_VECTORS = 3;

    void DoTakeKey(ByteView key) override;
    void DoWipe() override;
    void DoStart(LinkOutput& output) override;
    void DoReceive(ByteView frame, LinkOutput& output) override;
    void DoSendEap(ByteView packet, LinkOutput& output) override;
    void DoRepeat(LinkOutput& output) override;
    void DoEapSucceeded(ByteView packet, ByteView msk, LinkOutput& output) override;
    void DoEapFailed(ByteView packet, LinkOutput& output) override;
    void DoReceiveVector(const std::optional<AuthenticationVector>& vector,
                         LinkOutput& output) override;

    void ReceiveIdentity(const NasIdentityResponse& response, LinkOutput& output);
    void ReceiveResponse(const NasAuthenticationResponse& response, LinkOutput& output);
    void ReceiveFailure(const NasAuthenticationFailure& failure, LinkOutput& output);
    void ReceiveComplete(const NasProtected& message, LinkOutput& output);
    void AskForVector(LinkOutput& output);
    void Refuse(LinkOutput& output);
    Bytes MakeCommand();
    Bytes MakeAccept();

    Plmn m_plmn;                                  //!< identity of the serving network
    AuthenticationVectorRequest m_request;        //!< what is asked of the home network
    unsigned m_vectors{0};                        //!< vectors asked for
    std::optional<AuthenticationVector> m_vector; //!< the vector in use
    std::optional<EpsKeys> m_keys;                //!< keys
    uint8_t m_ksi{0};                             //!< their name
    uint32_t m_downlink{0};                       //!< NAS COUNT of the next message
    std::optional<uint32_t> m_uplink;             //!< NAS COUNT of the last message accepted
    Wait m_wait{Wait::NOTHING};                   //!< what is waited for
    Bytes m_last;                                 //!< the request that was sent last, in clear
};

} // namespace ns3::mis

#endif /* MIS_EPS_AKA_H */
