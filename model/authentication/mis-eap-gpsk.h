// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief EAP-GPSK: mutual authentication by a pre-shared key in four messages (RFC 5433).
 *
 *     server                                   peer
 *       GPSK-1  ID_Server, RAND_Server, suites  ->
 *       <-  GPSK-2  ID_Peer, RAND_Peer, chosen suite, MIC
 *       GPSK-3  RANDs, ID_Server, suite, MIC    ->
 *       <-  GPSK-4  MIC
 *
 * A MIC that does not verify is answered by GPSK-Fail, a peer that is not allowed by
 * GPSK-Protected-Fail; the other end answers with the same code and EAP-Failure follows. A message
 * that does not repeat what the receiver has sent is silently discarded.
 *
 * No type of protected data is registered, so none is sent, and what is received is covered by the
 * MIC and otherwise ignored.
 */
#ifndef MIS_EAP_GPSK_H
#define MIS_EAP_GPSK_H

#include "ns3/mis-crypto-context.h"
#include "ns3/mis-eap-method.h"
#include "ns3/mis-secret-bytes.h"
#include "ns3/mis-types.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ns3::mis
{

// ---------------------------------------------------------------------------------------------
// Ciphersuites
// ---------------------------------------------------------------------------------------------

/** @brief CSuite: a vendor, 0 for the IETF, and a specifier. */
struct GpskSuite
{
    uint32_t vendor{0};    //!< Vendor
    uint16_t specifier{0}; //!< Specifier

    /** @brief Compare. */
    friend bool operator==(const GpskSuite& a, const GpskSuite& b)
    {
        return a.vendor == b.vendor && a.specifier == b.specifier;
    }

    /** @brief Compare. */
    friend bool operator!=(const GpskSuite& a, const GpskSuite& b)
    {
        return !(a == b);
    }
};

/** AES-CBC-128, AES-CMAC-128. */
inline constexpr GpskSuite GPSK_SUITE_AES{0, 1};
/** No encryption, HMAC-SHA-256. */
inline constexpr GpskSuite GPSK_SUITE_SHA256{0, 2};

/** @brief Sizes of a suite, in octets. */
struct GpskSuiteInfo
{
    GpskSuite suite;     //!< which
    std::size_t keySize; //!< KS: of SK, and of PK if there is one
    std::size_t micSize; //!< ML
    bool encrypts;       //!< whether there is a PK
};

/**
 * @brief Find a suite.
 * @param suite which
 * @return its sizes, which live as long as the process, or nullptr when it is not known
 */
const GpskSuiteInfo* FindGpskSuite(const GpskSuite& suite);

// ---------------------------------------------------------------------------------------------
// Messages: the Type-Data of EAP packets, an OP-Code and then the members in order
// ---------------------------------------------------------------------------------------------

/** @brief OP-Code. */
enum class GpskOpcode : uint8_t
{
    GPSK_1 = 1,
    GPSK_2 = 2,
    GPSK_3 = 3,
    GPSK_4 = 4,
    FAIL = 5,
    PROTECTED_FAIL = 6
};

/** @brief Failure-Code. */
enum class GpskFailure : uint32_t
{
    PSK_NOT_FOUND = 1,
    AUTHENTICATION_FAILURE = 2,
    AUTHORIZATION_FAILURE = 3
};

/** @brief RAND_Peer or RAND_Server. */
using GpskRandom = std::array<uint8_t, 32>;

/** @brief GPSK-1. */
struct Gpsk1
{
    static constexpr GpskOpcode OPCODE = GpskOpcode::GPSK_1; //!< its OP-Code

    Bytes idServer;                //!< ID_Server
    GpskRandom randServer{};       //!< RAND_Server
    std::vector<GpskSuite> suites; //!< CSuite_List

    /** @brief The members in the order sent. */
    template <class V, class Self>
    static void Parts(V& v, Self& self)
    {
        v.Part(self.idServer);
        v.Part(self.randServer);
        v.Part(self.suites);
    }
};

/** @brief GPSK-2, in front of its MIC. */
struct Gpsk2
{
    static constexpr GpskOpcode OPCODE = GpskOpcode::GPSK_2; //!< its OP-Code

    Bytes idPeer;                  //!< ID_Peer
    Bytes idServer;                //!< ID_Server
    GpskRandom randPeer{};         //!< RAND_Peer
    GpskRandom randServer{};       //!< RAND_Server
    std::vector<GpskSuite> suites; //!< CSuite_List
    GpskSuite suite;               //!< CSuite_Sel
    Bytes payload;                 //!< PD_Payload_1

    /** @brief The members in the order sent. */
    template <class V, class Self>
    static void Parts(V& v, Self& self)
    {
        v.Part(self.idPeer);
        v.Part(self.idServer);
        v.Part(self.randPeer);
        v.Part(self.randServer);
        v.Part(self.suites);
        v.Part(self.suite);
        v.Part(self.payload);
    }
};

/** @brief GPSK-3, in front of its MIC. */
struct Gpsk3
{
    static constexpr GpskOpcode OPCODE = GpskOpcode::GPSK_3; //!< its OP-Code

    GpskRandom randPeer{};   //!< RAND_Peer
    GpskRandom randServer{}; //!< RAND_Server
    Bytes idServer;          //!< ID_Server
    GpskSuite suite;         //!< CSuite_Sel
    Bytes payload;           //!< PD_Payload_2

    /** @brief The members in the order sent. */
    template <class V, class Self>
    static void Parts(V& v, Self& self)
    {
        v.Part(self.randPeer);
        v.Part(self.randServer);
        v.Part(self.idServer);
        v.Part(self.suite);
        v.Part(self.payload);
    }
};

/** @brief GPSK-4, in front of its MIC. */
struct Gpsk4
{
    static constexpr GpskOpcode OPCODE = GpskOpcode::GPSK_4; //!< its OP-Code

    Bytes payload; //!< PD_Payload_3

    /** @brief The members in the order sent. */
    template <class V, class Self>
    static void Parts(V& v, Self& self)
    {
        v.Part(self.payload);
    }
};

/** @brief GPSK-Fail. */
struct GpskFail
{
    static constexpr GpskOpcode OPCODE = GpskOpcode::FAIL; //!< its OP-Code

    GpskFailure failure{GpskFailure::AUTHENTICATION_FAILURE}; //!< Failure-Code

    /** @brief The members in the order sent. */
    template <class V, class Self>
    static void Parts(V& v, Self& self)
    {
        v.Part(self.failure);
    }
};

/** @brief GPSK-Protected-Fail, in front of its MIC. */
struct GpskProtectedFail
{
    static constexpr GpskOpcode OPCODE = GpskOpcode::PROTECTED_FAIL; //!< its OP-Code

    GpskFailure failure{GpskFailure::AUTHORIZATION_FAILURE}; //!< Failure-Code

    /** @brief The members in the order sent. */
    template <class V, class Self>
    static void Parts(V& v, Self& self)
    {
        v.Part(self.failure);
    }
};

/**
 * @brief Write a message.
 * @tparam M one of the six messages above
 * @param message the message, whose octet strings have at most 65535 octets; more is a fatal
 * programming error
 * @return OP-Code and members, without MIC
 */
template <class M>
Bytes EncodeGpsk(const M& message);

/** @brief A message that was read, whose MIC is not verified. */
template <class M>
struct GpskReceived
{
    M message;        //!< the members
    ByteView covered; //!< what the MIC is computed over
    ByteView mic;     //!< what is behind the members
};

/**
 * @brief Read a message.
 * @tparam M one of the six messages above
 * @param data Type-Data of an EAP packet; outlives the result
 * @return the message; or TRUNCATED, BAD_LENGTH (a list of suites that is none), BAD_VALUE
 * (another OP-Code)
 */
template <class M>
Result<GpskReceived<M>> DecodeGpsk(ByteView data);

// ---------------------------------------------------------------------------------------------
// Keys
// ---------------------------------------------------------------------------------------------

/**
 * @brief The key derivation GKDF (RFC 5433, section 4).
 * @param ctx the computing node
 * @param suite the suite, whose MAC is used
 * @param key KS octets
 * @param z the input
 * @param octets length of the result
 * @return M_1, M_2, ... cut to length, where M_i = MAC(key; i in two octets, z)
 */
SecretOctets Gkdf(CryptoContext& ctx,
                  const GpskSuiteInfo& suite,
                  ByteView key,
                  ByteView z,
                  std::size_t octets);

/** @brief The keys of a run (RFC 5433, section 4). */
struct GpskKeys
{
    SecretBytes mk;   //!< MK, KS octets
    SecretBytes msk;  //!< MSK, 64 octets
    SecretBytes emsk; //!< EMSK, 64 octets
    SecretBytes sk;   //!< SK, KS octets, keys the MICs
    SecretBytes pk;   //!< PK, KS octets, empty with a suite that does not encrypt
    Bytes methodId;   //!< Method-ID, 16 octets
};

/**
 * @brief Compute inputString: RAND_Peer, ID_Peer, RAND_Server, ID_Server.
 * @param message a GPSK-2
 * @return the octets
 */
Bytes GpskInputString(const Gpsk2& message);

/**
 * @brief Derive the keys of a run.
 *
 * Method-ID is keyed with zeros, as the RFC has it. (Software in use keys it with the pre-shared
 * key; MSK and EMSK are the same, Session-Id and what is named after it are not.)
 *
 * @param ctx the computing node
 * @param suite the chosen suite
 * @param psk at least KS octets; less is a fatal programming error
 * @param message the GPSK-2 of the run
 * @return the keys
 */
GpskKeys DeriveGpskKeys(CryptoContext& ctx,
                        const GpskSuiteInfo& suite,
                        ByteView psk,
                        const Gpsk2& message);

/**
 * @brief Compute a MIC.
 * @param ctx the computing node
 * @param suite the suite
 * @param sk SK
 * @param covered what is behind the OP-Code, in front of the MIC
 * @return ML octets
 */
SecretBytes GpskMic(CryptoContext& ctx, const GpskSuiteInfo& suite, ByteView sk, ByteView covered);

// ---------------------------------------------------------------------------------------------
// Peer
// ---------------------------------------------------------------------------------------------

/** @brief What a peer needs; read only. */
struct GpskPeerConfiguration
{
    std::string identity; //!< ID_Peer
    /** The server that shares the key; empty: any. */
    std::string serverId;
    SecretBytes psk; //!< the pre-shared key; a suite with a longer KS is not chosen
    /** Suites, the preferred first. */
    std::vector<GpskSuite> suites{GPSK_SUITE_AES, GPSK_SUITE_SHA256};
};

/** @brief Makes runs of EAP-GPSK at a peer. Computes for real with every CryptoBackend. */
class GpskPeerFactory : public EapPeerMethodFactory
{
  public:
    /**
     * @brief A factory.
     * @param configuration what the peer needs
     */
    explicit GpskPeerFactory(GpskPeerConfiguration configuration);

    EapType Type() const override
    {
        return EapType::GPSK;
    }

    std::unique_ptr<EapPeerMethod> Make(CryptoContext& ctx, int64_t nowNs) const override;

  private:
    std::shared_ptr<const GpskPeerConfiguration> m_configuration; //!< shared with the runs
};

// ---------------------------------------------------------------------------------------------
// Server
// ---------------------------------------------------------------------------------------------

/** @brief Finds the pre-shared keys of peers. */
class PskDirectory
{
  public:
    virtual ~PskDirectory() = default;

    /**
     * @brief Find a key.
     * @param identity ID_Peer
     * @return the key, or nothing when the peer is unknown
     */
    virtual std::optional<SecretBytes> FindPsk(ByteView identity) const = 0;

    /**
     * @brief Ask whether a peer that has proven its identity may have access.
     * @param identity ID_Peer
     * @return whether; true unless overridden
     */
    virtual bool IsAuthorized(ByteView identity) const;
};

/** @brief A table of pre-shared keys. */
class PskTable : public PskDirectory
{
  public:
    /**
     * @brief Add a peer, or replace its entry.
     * @param identity ID_Peer
     * @param psk its key, 16 to 64 octets
     * @param authorized whether it may have access
     */
    void Add(const std::string& identity, SecretBytes psk, bool authorized = true);

    /**
     * @brief Remove a peer.
     * @param identity ID_Peer
     */
    void Remove(const std::string& identity);

    std::optional<SecretBytes> FindPsk(ByteView identity) const override;
    bool IsAuthorized(ByteView identity) const override;

  private:
    /** @brief A peer. */
    struct Entry
    {
        SecretBytes psk;       //!< its key
        bool authorized{true}; //!< whether it may have access
    };

    std::map<std::string, Entry, std::less<>> m_entries; //!< by identity
};

/** @brief What a server needs; read only. */
struct GpskServerConfiguration
{
    std::string identity; //!< ID_Server
    /** Suites offered, known to FindGpskSuite(). */
    std::vector<GpskSuite> suites{GPSK_SUITE_AES, GPSK_SUITE_SHA256};
    std::shared_ptr<const PskDirectory> directory; //!< the keys of the peers
};

/** @brief Makes runs of EAP-GPSK at a server. Computes for real with every CryptoBackend. */
class GpskServerFactory : public EapServerMethodFactory
{
  public:
    /**
     * @brief A factory.
     * @param configuration what the server needs
     */
    explicit GpskServerFactory(GpskServerConfiguration configuration);

    EapType Type() const override
    {
        return EapType::GPSK;
    }

    std::unique_ptr<EapServerMethod> Make(CryptoContext& ctx,
                                          ByteView identity,
                                          int64_t nowNs) const override;

  private:
    std::shared_ptr<const GpskServerConfiguration> m_configuration; //!< shared with the runs
};

} // namespace ns3::mis

#endif /* MIS_EAP_GPSK_H */
