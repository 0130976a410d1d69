// SPDX-License-Identifier: GPL-2.0-only

#include "mis-crypto-version.h"

#include <openssl/crypto.h>

namespace ns3::mis
{

std::string
CryptoLibraryVersion()
{
    return std::string("OpenSSL ") + OpenSSL_version(OPENSSL_VERSION_STRING);
}

} // namespace ns3::mis
