// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Version of the cryptographic library.
 */
#ifndef MIS_CRYPTO_VERSION_H
#define MIS_CRYPTO_VERSION_H

#include <string>

namespace ns3::mis
{

/// @return name and version of the library in use, such as "OpenSSL 3.0.19"
std::string CryptoLibraryVersion();

} // namespace ns3::mis

#endif // MIS_CRYPTO_VERSION_H
