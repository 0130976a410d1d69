// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Tests that both backends of the crypto layer do the same work.
 */
#include "mis-crypto-test-helpers.h"

#include "ns3/mis-aead.h"
#include "ns3/mis-crypto-context.h"
#include "ns3/mis-kdf.h"
#include "ns3/mis-key-agreement.h"
#include "ns3/mis-key-wrap.h"
#include "ns3/mis-mac.h"
#include "ns3/mis-prf.h"
#include "ns3/mis-signature.h"
#include "ns3/mis-types.h"
#include "ns3/test.h"

#include <algorithm>
#include <array>
#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;

namespace
{

/** @brief The counting backend does as much as the real one, and still notices changes. */
class CountingBackendTestCase : public TestCase
{
  public:
    CountingBackendTestCase()
        : TestCase("the counting backend counts, draws and sizes like OpenSSL")
    {
    }

  private:
    /** One function of the layer; returns all there is to see of sizes and verdicts. */
    using Probe = std::function<std::string(CryptoContext&)>;

    static std::string Verdicts(std::initializer_list<std::size_t> values)
    {
        std::string text;
        for (const std::size_t value : values)
        {
            text += std::to_string(value) + " ";
        }
        return text;
    }

    static std::string ProbeCcm(CryptoContext& ctx, std::size_t size)
    {
        const Bytes key = Ascending(3, 16);
        const Bytes nonce = Ascending(5, 13);
        const Bytes aad = Ascending(7, 40);
        const Bytes plain = Ascending(9, size);
        Bytes sealed(size + CCM_TAG_SIZE);
        CcmSeal(ctx, key, nonce, {aad}, plain, sealed.data());
        Bytes opened(size);
        const bool good = CcmOpen(ctx, key, nonce, {aad}, sealed, opened.data());
        const bool same = opened == plain;
        std::size_t wrong = 0;
        for (std::size_t i = 0; i < sealed.size(); ++i)
        {
            Bytes changed = sealed;
            changed[i] ^= 0x10;
            wrong += CcmOpen(ctx, key, nonce, {aad}, changed, opened.data());
            wrong += opened != Repeat(0, size);
        }
        wrong += CcmOpen(ctx, Ascending(4, 16), nonce, {aad}, sealed, opened.data());
        wrong += CcmOpen(ctx, key, Ascending(6, 13), {aad}, sealed, opened.data());
        wrong += CcmOpen(ctx, key, nonce, {Ascending(8, 40)}, sealed, opened.data());
        wrong += CcmOpen(ctx, key, nonce, {ByteView(aad.data(), 39)}, sealed, opened.data());
        wrong += CcmOpen(ctx, key, nonce, {aad}, ByteView(sealed.data(), 11), opened.data());
        CcmSeal(ctx, key, nonce, {}, plain, sealed.data());
        const bool bare = CcmOpen(ctx, key, nonce, {}, sealed, opened.data());
        Bytes inPlace = plain;
        inPlace.resize(sealed.size());
        CcmSeal(ctx, key, nonce, {}, ByteView(inPlace.data(), size), inPlace.data());
        return Verdicts({good, same, wrong, bare, inPlace == sealed});
    }

    static std::string ProbeCbc(CryptoContext& ctx, std::size_t size)
    {
        const Bytes plain = Ascending(9, size);
        Bytes cipher(CbcSize(size));
        CbcEncrypt(ctx, Ascending(3, 16), Ascending(5, 16), plain, cipher.data());
        Bytes opened(cipher.size());
        const auto good =
            CbcDecrypt(ctx, Ascending(3, 16), Ascending(5, 16), cipher, opened.data());
        opened.resize(good.value_or(0));
        const bool same = opened == plain;
        opened.resize(cipher.size());
        const auto other =
            CbcDecrypt(ctx, Ascending(4, 16), Ascending(5, 16), cipher, opened.data());
        const bool hidden = !other || Bytes(opened.begin(), opened.begin() + *other) != plain;
        const auto cut = CbcDecrypt(ctx,
                                    Ascending(4, 16),
                                    Ascending(5, 16),
                                    ByteView(cipher.data(), cipher.size() - 1),
                                    opened.data());
        return Verdicts({good.value_or(999), same, hidden, cut.has_value()});
    }

    static std::string ProbeWrap(CryptoContext& ctx)
    {
        const Bytes key = Ascending(1, 24);
        const Bytes kek = Ascending(2, 16);
        const Bytes wrapped = WrapKey(ctx, kek, key);
        const auto good = UnwrapKey(ctx, kek, wrapped);
        std::size_t wrong = 0;
        for (std::size_t i = 0; i < wrapped.size(); ++i)
        {
            Bytes changed = wrapped;
            changed[i] ^= 1;
            wrong += UnwrapKey(ctx, kek, changed).has_value();
        }
        wrong += UnwrapKey(ctx, Ascending(3, 16), wrapped).has_value();
        wrong += UnwrapKey(ctx, kek, ByteView(wrapped.data(), 23)).has_value();
        wrong += UnwrapKey(ctx, kek, ByteView(wrapped.data(), 16)).has_value();
        wrong += UnwrapKey(ctx, kek, ByteView()).has_value();
        return Verdicts({wrapped.size(), good && good->View() == ByteView(key), wrong});
    }

    static std::string ProbeSignature(CryptoContext& ctx)
    {
        const EcdsaKeyPair key = EcdsaKeyPair::Generate(ctx);
        const EcdsaKeyPair other = EcdsaKeyPair::Generate(ctx);
        const Bytes message = Ascending(0, 100);
        EcdsaSignature signature = Sign(ctx, key, {message});
        const bool good = Verify(ctx,
                                 key.Public(),
                                 {ByteView(message.data(), 10), ByteView(message.data() + 10, 90)},
                                 signature);
        const auto read = EcdsaPublicKey::FromOctets(ctx, key.Public().Octets());
        const bool again = read && Verify(ctx, *read, {message}, signature);
        const auto same = EcdsaKeyPair::FromPrivate(ctx, key.Private());
        const bool samePublic = same && same->Public() == key.Public();
        const bool wrongKey = Verify(ctx, other.Public(), {message}, signature);
        const bool wrongMessage = Verify(ctx, key.Public(), {Ascending(1, 100)}, signature);
        const bool wrongSize = Verify(ctx, key.Public(), {message}, message);
        signature[40] ^= 1;
        const bool changed = Verify(ctx, key.Public(), {message}, signature);
        return Verdicts({good,
                         again,
                         samePublic,
                         wrongKey,
                         wrongMessage,
                         wrongSize,
                         changed,
                         key.Private().size()});
    }

    static std::string ProbeAgreement(CryptoContext& ctx)
    {
        const X25519KeyPair a = X25519KeyPair::Generate(ctx);
        const X25519KeyPair b = X25519KeyPair::Generate(ctx);
        const X25519KeyPair c = X25519KeyPair::FromPrivate(ctx, Ascending(1, 32));
        const auto ab = X25519KeyPair::Derive(ctx, a.priv, b.pub);
        const auto ba = X25519KeyPair::Derive(ctx, b.priv, a.pub);
        const auto ac = X25519KeyPair::Derive(ctx, a.priv, c.pub);
        const auto zero = X25519KeyPair::Derive(ctx, a.priv, Repeat(0, 32));
        const auto cut = X25519KeyPair::Derive(ctx, a.priv, Repeat(9, 31));
        return Verdicts({ab && ba && *ab == *ba,
                         ab && ac && *ab == *ac,
                         ab->size(),
                         zero.has_value(),
                         cut.has_value()});
    }

    /** Every octet of key and message matters, and only the way they are cut does not. */
    template <class Function>
    static std::string ProbeKeyed(CryptoContext& ctx, Function function)
    {
        const Bytes key = Ascending(1, 16);
        const Bytes message = Ascending(2, 51);
        const auto value = function(ctx, ByteView(key), ByteView(message), ByteView());
        std::size_t equal = 0;
        for (std::size_t i = 0; i < message.size(); ++i)
        {
            Bytes changed = message;
            changed[i] ^= 0x80;
            equal += function(ctx, ByteView(key), ByteView(changed), ByteView()) == value;
            equal += function(ctx, ByteView(key), ByteView(message.data(), i), ByteView()) == value;
        }
        for (std::size_t i = 0; i < key.size(); ++i)
        {
            Bytes changed = key;
            changed[i] ^= 1;
            equal += function(ctx, ByteView(changed), ByteView(message), ByteView()) == value;
        }
        std::size_t same = 0;
        for (std::size_t i = 0; i <= message.size(); ++i)
        {
            same += function(ctx,
                             ByteView(key),
                             ByteView(message.data(), i),
                             ByteView(message.data() + i, message.size() - i)) == value;
        }
        return Verdicts({equal, same, value.size()});
    }

    void DoRun() override
    {
        std::vector<std::pair<std::string, Probe>> probes = {
            {"Random", [](CryptoContext& ctx) { return Verdicts({ctx.RandomSecret(17).size()}); }},
            {"Sha256",
             [](CryptoContext& ctx) {
                 return ProbeKeyed(ctx, [](CryptoContext& c, ByteView k, ByteView a, ByteView b) {
                     return Sha256(c, {k, a, b});
                 });
             }},
            {"HmacSha256",
             [](CryptoContext& ctx) {
                 return ProbeKeyed(ctx, [](CryptoContext& c, ByteView k, ByteView a, ByteView b) {
                     return HmacSha256(c, k, {a, b});
                 });
             }},
            {"HmacSha1",
             [](CryptoContext& ctx) {
                 return ProbeKeyed(ctx, [](CryptoContext& c, ByteView k, ByteView a, ByteView b) {
                     return HmacSha1(c, k, {a, b});
                 });
             }},
            {"AesCmac",
             [](CryptoContext& ctx) {
                 return ProbeKeyed(ctx, [](CryptoContext& c, ByteView k, ByteView a, ByteView b) {
                     return AesCmac(c, k, {a, b});
                 });
             }},
            {"Kdf",
             [](CryptoContext& ctx) {
                 return ProbeKeyed(ctx,
                                   [](CryptoContext& c, ByteView k, ByteView a, ByteView b) {
                                       KdfContext context;
                                       context.Raw(a).Raw(b);
                                       return Kdf(c, DefaultPrf(), k, "LABEL", context, 36);
                                   })
                     .substr(0, 100);
             }},
            {"WrapKey", ProbeWrap},
            {"Signature", ProbeSignature},
            {"X25519", ProbeAgreement},
            {"DeriveSaidValue",
             [](CryptoContext& ctx) {
                 const Said a = DeriveSaidValue(ctx, Ascending(0, 16), MisfId("mn"), MisfId("pos"));
                 const Said b = DeriveSaidValue(ctx, Ascending(1, 16), MisfId("mn"), MisfId("pos"));
                 return Verdicts({a == b, a.value.size()});
             }},
            {"other derivations",
             [](CryptoContext& ctx) {
                 const MisfId id("id");
                 Nonce nonce{};
                 return Verdicts(
                     {DeriveMiak(ctx, Ascending(0, 16), nonce, std::nullopt, id, id).size(),
                      DeriveMigsk(ctx, Ascending(0, 16), id, 1).size(),
                      DeriveGroupKeyCheck(ctx, Ascending(0, 16), id).size()});
             }},
        };
        for (const std::size_t size : {0, 1, 16, 45, 300})
        {
            probes.emplace_back("Ccm", [size](CryptoContext& ctx) { return ProbeCcm(ctx, size); });
            probes.emplace_back("Cbc", [size](CryptoContext& ctx) { return ProbeCbc(ctx, size); });
        }
        for (const std::string& name : PrfNames())
        {
            probes.emplace_back(name, [name](CryptoContext& ctx) {
                Nonce nonce{};
                return Verdicts({DeriveKeyMask(ctx,
                                               *FindPrf(name),
                                               Ascending(0, 20),
                                               MisfId("id"),
                                               &nonce,
                                               nullptr,
                                               24)
                                     .size()});
            });
        }
        OperationCounter all;
        for (const auto& [name, probe] : probes)
        {
            RepeatableSource realSource(7);
            RepeatableSource countingSource(7);
            CryptoContext real(CryptoBackend::OPENSSL, realSource);
            CryptoContext counting(CryptoBackend::COUNTING, countingSource);
            NS_TEST_EXPECT_MSG_EQ(probe(real), probe(counting), name);
            NS_TEST_EXPECT_MSG_EQ((real.Counter() == counting.Counter()), true, name << " counts");
            NS_TEST_EXPECT_MSG_EQ(realSource.Drawn(), countingSource.Drawn(), name << " draws");
            for (std::size_t i = 0; i < OperationCounter::KINDS; ++i)
            {
                all.calls[i] += real.Counter().calls[i];
            }
        }
        // Those of the establishment protocols alone are computed with either backend.
        const std::set<CryptoOperation> alwaysReal{CryptoOperation::AES_GCM,
                                                   CryptoOperation::P256_DERIVE,
                                                   CryptoOperation::HMAC_MD5};
        for (std::size_t i = 0; i < OperationCounter::KINDS; ++i)
        {
            const auto operation = static_cast<CryptoOperation>(i);
            NS_TEST_EXPECT_MSG_EQ((all.calls[i] > 0),
                                  (alwaysReal.count(operation) == 0),
                                  ToString(operation) << " was tried");
        }
        CheckVerdicts();
    }

    /** Equal verdicts are not enough: they must be the right ones. */
    void CheckVerdicts()
    {
        RepeatableSource source(7);
        CryptoContext ctx(CryptoBackend::COUNTING, source);
        NS_TEST_EXPECT_MSG_EQ(ProbeCcm(ctx, 45), "1 1 0 1 1 ", "CCM");
        NS_TEST_EXPECT_MSG_EQ(ProbeCbc(ctx, 45), "45 1 1 0 ", "CBC");
        NS_TEST_EXPECT_MSG_EQ(ProbeWrap(ctx), "32 1 0 ", "key wrap");
        NS_TEST_EXPECT_MSG_EQ(ProbeSignature(ctx), "1 1 1 0 0 0 0 32 ", "ECDSA");
        NS_TEST_EXPECT_MSG_EQ(ProbeAgreement(ctx), "1 0 32 0 0 ", "X25519");
        NS_TEST_EXPECT_MSG_EQ(ProbeKeyed(ctx,
                                         [](CryptoContext& c, ByteView k, ByteView a, ByteView b) {
                                             return HmacSha256(c, k, {a, b});
                                         }),
                              "0 52 32 ",
                              "HMAC");
    }
};

/** @brief All tests of the backends. */
class MisCryptoBackendTestSuite : public TestSuite
{
  public:
    MisCryptoBackendTestSuite()
        : TestSuite("mis-crypto-backend", TestSuite::Type::UNIT)
    {
        AddTestCase(new CountingBackendTestCase);
    }
};

MisCryptoBackendTestSuite g_misCryptoBackendTestSuite;

} // namespace
