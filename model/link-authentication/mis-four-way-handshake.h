// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief The 4-way handshake and the group key handshake of IEEE 802.11 (12.7.6, 12.7.7).
 *
 * @verbatim
 *   supplicant                                   authenticator
 *       |  <-- 1: ANonce, PMKID -------------------  |  99 or 121 octets
 *       |  --- 2: SNonce, RSN element, MIC ------->  |  121
 *       |  <-- 3: RSN element, GTK wrapped, MIC ---  |  155
 *       |  --- 4: MIC ---------------------------->  |  99
 *       |  <-- group 1: GTK wrapped, MIC ----------  |  131
 *       |  --- group 2: MIC ---------------------->  |  99
 * @endverbatim
 *
 * For authentication and key management by IEEE 802.1X with SHA-1 (00-0F-AC:1) and CCMP-128.
 * The pairwise key is made once in a run: a new ANonce after the keys are installed is not taken.
 */
#ifndef MIS_FOUR_WAY_HANDSHAKE_H
#define MIS_FOUR_WAY_HANDSHAKE_H

#include "ns3/mis-crypto-context.h"
#include "ns3/mis-eapol-frame.h"
#include "ns3/mis-link-authentication.h"
#include "ns3/mis-secret-bytes.h"
#include "ns3/mis-types.h"

#include <array>
#include <cstdint>
#include <optional>

namespace ns3::mis
{

/** Octets of a pairwise master key. */
inline constexpr std::size_t PMK_SIZE = 32;

/** An IEEE 802 address without its family. */
using MacOctets = std::array<uint8_t, 6>;

/** @brief Who shakes hands, about what. */
struct FourWayParameters
{
    MacOctets authenticator{}; //!< AA
    MacOctets supplicant{};    //!< SPA
    RsnElement rsn;            //!< what both announced before
    bool sendPmkid{true};      //!< whether message 1 names the key
};

/** @brief The parts of the pairwise transient key. */
struct PairwiseTransientKey
{
    SecretBytes kck; //!< key confirmation key, 16 octets
    SecretBytes kek; //!< key encryption key, 16 octets
    SecretBytes tk;  //!< temporal key, 16 octets
};

/**
 * @brief Derive the pairwise transient key (IEEE 802.11, 12.7.1.3).
 * @param ctx the computing node
 * @param pmk the pairwise master key
 * @param parameters the addresses
 * @param anonce nonce of the authenticator
 * @param snonce nonce of the supplicant
 * @return the key in its parts
 */
PairwiseTransientKey DerivePtk(CryptoContext& ctx,
                               ByteView pmk,
                               const FourWayParameters& parameters,
                               const KeyNonce& anonce,
                               const KeyNonce& snonce);

/**
 * @brief Name a pairwise master key (IEEE 802.11, 12.7.1.3).
 * @param ctx the computing node
 * @param pmk the key
 * @param parameters the addresses
 * @return PMKID
 */
Pmkid DerivePmkid(CryptoContext& ctx, ByteView pmk, const FourWayParameters& parameters);

/** @brief What an end of a handshake does after a frame. */
struct HandshakeStep
{
    std::optional<Bytes> frame; //!< to be sent
    LinkAuthenticationDrop drop{
        LinkAuthenticationDrop::NONE}; //!< why the frame received was dropped
};

/** @brief The end in the mobile node. */
class FourWaySupplicant
{
  public:
    /**
     * @brief An end that waits for message 1.
     * @param ctx the computing node; outlives this
     * @param parameters addresses and what was announced
     * @param pmk the pairwise master key
     */
    FourWaySupplicant(CryptoContext& ctx, const FourWayParameters& parameters, ByteView pmk);

    /**
     * @brief Take an EAPOL-Key frame.
     * @param frame the frame; its type is KEY
     * @return the answer
     */
    HandshakeStep Receive(const EapolFrame& frame);

    /** @return whether message 4 was sent */
    bool IsDone() const
    {
        return m_done;
    }

    /** @return the pairwise keys, empty before IsDone() */
    const PairwiseTransientKey& Ptk() const
    {
        return m_ptk;
    }

    /** @return the group key, empty before IsDone() */
    const SecretBytes& Gtk() const
    {
        return m_gtk;
    }

  private:
    HandshakeStep ReceiveMessage1(const EapolKey& key);
    HandshakeStep ReceiveMessage3(const EapolKey& key, uint8_t version);
    HandshakeStep ReceiveGroup1(const EapolKey& key, uint8_t version);
    const PairwiseTransientKey& PtkFor(const KeyNonce& anonce);
    LinkAuthenticationDrop OpenGroupKey(const EapolKey& key,
                                        const PairwiseTransientKey& ptk,
                                        bool first);
    Bytes Answer(uint16_t information,
                 const EapolKey& asked,
                 const PairwiseTransientKey& ptk,
                 const KeyNonce& nonce,
                 ByteView keyData);

    CryptoContext& m_ctx;              //!< the computing node
    FourWayParameters m_parameters;    //!< addresses and what was announced
    Bytes m_rsn;                       //!< the RSN element, encoded
    SecretBytes m_pmk;                 //!< pairwise master key
    Pmkid m_pmkid;                     //!< its name
    std::optional<KeyNonce> m_snonce;  //!< SNonce, once drawn
    KeyNonce m_anonce{};               //!< the ANonce that m_candidate is made with
    PairwiseTransientKey m_candidate;  //!< keys that message 3 has to confirm, or has confirmed
    PairwiseTransientKey m_ptk;        //!< keys that are installed
    SecretBytes m_gtk;                 //!< group key
    std::optional<uint64_t> m_counter; //!< replay counter of the last authentic frame
    bool m_done{false};                //!< whether message 4 was sent
};

/** @brief The end in the access point. */
class FourWayAuthenticator
{
  public:
    /**
     * @brief An end that has sent nothing.
     * @param ctx the computing node; outlives this
     * @param parameters addresses and what was announced
     * @param pmk the pairwise master key
     */
    FourWayAuthenticator(CryptoContext& ctx, const FourWayParameters& parameters, ByteView pmk);

    /** @return message 1 */
    Bytes Start();

    /**
     * @brief Take an EAPOL-Key frame.
     * @param frame the frame; its type is KEY
     * @return the answer
     */
    HandshakeStep Receive(const EapolFrame& frame);

    /** @return the message that waits for an answer, with a new counter; nothing if none does */
    std::optional<Bytes> Repeat();

    /**
     * @brief Begin a group key handshake, after the 4-way handshake.
     * @return its first message
     */
    Bytes UpdateGroupKey();

    /** @return whether message 2 was accepted */
    bool IsAnswered() const
    {
        return m_state != State::MESSAGE_1;
    }

    /** @return whether message 4 was accepted */
    bool IsDone() const
    {
        return m_state == State::DONE || m_state == State::GROUP_1;
    }

    /** @return the pairwise keys, empty before message 2 was accepted */
    const PairwiseTransientKey& Ptk() const
    {
        return m_ptk;
    }

    /** @return the group key */
    const SecretBytes& Gtk() const
    {
        return m_gtk;
    }

  private:
    /** @brief The message that waits for an answer. */
    enum class State
    {
        MESSAGE_1,
        MESSAGE_3,
        DONE,
        GROUP_1
    };

    void Enter(State state);
    Bytes Make();
    HandshakeStep ReceiveMessage2(const EapolKey& key, uint8_t version);

    CryptoContext& m_ctx;            //!< the computing node
    FourWayParameters m_parameters;  //!< addresses and what was announced
    Bytes m_rsn;                     //!< the RSN element, encoded
    SecretBytes m_pmk;               //!< pairwise master key
    KeyNonce m_anonce{};             //!< ANonce
    PairwiseTransientKey m_ptk;      //!< pairwise keys
    SecretBytes m_gtk;               //!< group key
    uint8_t m_gtkId{1};              //!< its identifier: 1 and 2 in turn
    State m_state{State::MESSAGE_1}; //!< what waits for an answer
    uint64_t m_firstCounter{1};      //!< replay counter when the message was sent first
    uint64_t m_nextCounter{1};       //!< replay counter of the next frame
};

} // namespace ns3::mis

#endif /* MIS_FOUR_WAY_HANDSHAKE_H */
