// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief The one library context, and the provider whose random generator is the current source.
 */
#include "mis-openssl.h"

#include "ns3/fatal-error.h"

#include <algorithm>
#include <cstring>
#include <openssl/core_dispatch.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/obj_mac.h>
#include <openssl/params.h>
#include <openssl/provider.h>
#include <openssl/rand.h>

namespace ns3::mis::openssl
{

namespace
{

/** Where the generator below draws from; nullptr outside of any ScopedRandomSource. */
RandomSource* g_currentSource = nullptr;

/** The generator has no state of its own, but OpenSSL wants an object. */
char g_generator;

/** Name of the provider and of its generator. */
constexpr const char* GENERATOR_NAME = "SIMRAND";

void*
NewGenerator(void*, void*, const OSSL_DISPATCH*)
{
    return &g_generator;
}

void
FreeGenerator(void*)
{
}

int
Instantiate(void*, unsigned int, int, const unsigned char*, std::size_t, const OSSL_PARAM[])
{
    return 1;
}

int
Uninstantiate(void*)
{
    return 1;
}

int
Generate(void*,
         unsigned char* out,
         std::size_t size,
         unsigned int,
         int,
         const unsigned char*,
         std::size_t)
{
    if (g_currentSource == nullptr)
    {
        return 0;
    }
    g_currentSource->Fill(out, size);
    return 1;
}

int
Reseed(void*, int, const unsigned char*, std::size_t, const unsigned char*, std::size_t)
{
    return 1;
}

int
EnableLocking(void*)
{
    return 1;
}

int
Lock(void*)
{
    return 1;
}

void
Unlock(void*)
{
}

const OSSL_PARAM*
GettableParameters(void*, void*)
{
    static const OSSL_PARAM parameters[] = {
        OSSL_PARAM_int(OSSL_RAND_PARAM_STATE, nullptr),
        OSSL_PARAM_uint(OSSL_RAND_PARAM_STRENGTH, nullptr),
        OSSL_PARAM_size_t(OSSL_RAND_PARAM_MAX_REQUEST, nullptr),
        OSSL_PARAM_END,
    };
    return parameters;
}

int
GetParameters(void*, OSSL_PARAM parameters[])
{
    OSSL_PARAM* p = OSSL_PARAM_locate(parameters, OSSL_RAND_PARAM_STATE);
    if (p != nullptr && !OSSL_PARAM_set_int(p, EVP_RAND_STATE_READY))
    {
        return 0;
    }
    p = OSSL_PARAM_locate(parameters, OSSL_RAND_PARAM_STRENGTH);
    if (p != nullptr && !OSSL_PARAM_set_uint(p, 256))
    {
        return 0;
    }
    p = OSSL_PARAM_locate(parameters, OSSL_RAND_PARAM_MAX_REQUEST);
    return p == nullptr || OSSL_PARAM_set_size_t(p, std::size_t{1} << 24);
}

/** A pointer to any function, as OpenSSL's tables want it. */
using AnyFunction = void (*)();

const OSSL_DISPATCH g_generatorFunctions[] = {
    {OSSL_FUNC_RAND_NEWCTX, reinterpret_cast<AnyFunction>(NewGenerator)},
    {OSSL_FUNC_RAND_FREECTX, reinterpret_cast<AnyFunction>(FreeGenerator)},
    {OSSL_FUNC_RAND_INSTANTIATE, reinterpret_cast<AnyFunction>(Instantiate)},
    {OSSL_FUNC_RAND_UNINSTANTIATE, reinterpret_cast<AnyFunction>(Uninstantiate)},
    {OSSL_FUNC_RAND_GENERATE, reinterpret_cast<AnyFunction>(Generate)},
    {OSSL_FUNC_RAND_RESEED, reinterpret_cast<AnyFunction>(Reseed)},
    {OSSL_FUNC_RAND_ENABLE_LOCKING, reinterpret_cast<AnyFunction>(EnableLocking)},
    {OSSL_FUNC_RAND_LOCK, reinterpret_cast<AnyFunction>(Lock)},
    {OSSL_FUNC_RAND_UNLOCK, reinterpret_cast<AnyFunction>(Unlock)},
    {OSSL_FUNC_RAND_GETTABLE_CTX_PARAMS, reinterpret_cast<AnyFunction>(GettableParameters)},
    {OSSL_FUNC_RAND_GET_CTX_PARAMS, reinterpret_cast<AnyFunction>(GetParameters)},
    {0, nullptr},
};

const OSSL_ALGORITHM g_generators[] = {
    {GENERATOR_NAME, "provider=simrand", g_generatorFunctions, nullptr},
    {nullptr, nullptr, nullptr, nullptr},
};

const OSSL_ALGORITHM*
QueryOperation(void*, int operation, int* noCache)
{
    *noCache = 0;
    return operation == OSSL_OP_RAND ? g_generators : nullptr;
}

const OSSL_DISPATCH g_providerFunctions[] = {
    {OSSL_FUNC_PROVIDER_QUERY_OPERATION, reinterpret_cast<AnyFunction>(QueryOperation)},
    {0, nullptr},
};

int
InitProvider(const OSSL_CORE_HANDLE*,
             const OSSL_DISPATCH*,
             const OSSL_DISPATCH** functions,
             void** providerContext)
{
    *functions = g_providerFunctions;
    *providerContext = &g_generator;
    return 1;
}

OSSL_LIB_CTX*
MakeLibraryContext()
{
    OSSL_LIB_CTX* context = OSSL_LIB_CTX_new();
    if (context == nullptr)
    {
        Fatal("OSSL_LIB_CTX_new");
    }
    if (OSSL_PROVIDER_add_builtin(context, "simrand", InitProvider) != 1 ||
        OSSL_PROVIDER_load(context, "default") == nullptr ||
        OSSL_PROVIDER_load(context, "simrand") == nullptr)
    {
        Fatal("OSSL_PROVIDER_load");
    }
    if (RAND_set_DRBG_type(context, GENERATOR_NAME, nullptr, nullptr, nullptr) != 1)
    {
        Fatal("RAND_set_DRBG_type");
    }
    return context;
}

} // namespace

OSSL_LIB_CTX*
LibraryContext()
{
    static OSSL_LIB_CTX* const context = MakeLibraryContext();
    return context;
}

const EC_GROUP*
CurveP256()
{
    static const EC_GROUP* const group =
        EC_GROUP_new_by_curve_name_ex(LibraryContext(), nullptr, NID_X9_62_prime256v1);
    if (group == nullptr)
    {
        Fatal("EC_GROUP_new_by_curve_name_ex");
    }
    return group;
}

void
Fatal(const char* call)
{
    char reason[256];
    ERR_error_string_n(ERR_peek_last_error(), reason, sizeof reason);
    NS_FATAL_ERROR("OpenSSL call " << call << " failed: " << reason);
}

void
Misuse(const char* what)
{
    NS_FATAL_ERROR("misuse of a cryptographic function: " << what);
}

void
DropErrors()
{
    ERR_clear_error();
}

ScopedRandomSource::ScopedRandomSource(RandomSource& source)
    : m_previous(g_currentSource)
{
    g_currentSource = &source;
}

ScopedRandomSource::~ScopedRandomSource()
{
    g_currentSource = m_previous;
}

ExpandedSource::ExpandedSource(CryptoContext& ctx)
{
    ctx.Random(m_seed, sizeof m_seed);
}

ExpandedSource::~ExpandedSource()
{
    SecureWipe(m_seed, sizeof m_seed);
}

void
ExpandedSource::Fill(uint8_t* out, std::size_t n)
{
    while (n != 0)
    {
        const uint32_t i = m_counter++;
        const uint8_t counter[4] = {static_cast<uint8_t>(i >> 24),
                                    static_cast<uint8_t>(i >> 16),
                                    static_cast<uint8_t>(i >> 8),
                                    static_cast<uint8_t>(i)};
        uint8_t block[32];
        RawSha256({ByteView(m_seed, sizeof m_seed), ByteView(counter, sizeof counter)}, block);
        const std::size_t step = std::min(n, sizeof block);
        std::memcpy(out, block, step);
        SecureWipe(block, sizeof block);
        out += step;
        n -= step;
    }
}

} // namespace ns3::mis::openssl
