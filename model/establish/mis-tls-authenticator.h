// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * TLS as the full authentication between mobile node and target PoS.
 */
#ifndef MIS_TLS_AUTHENTICATOR_H
#define MIS_TLS_AUTHENTICATOR_H

#include "ns3/mis-full-authentication.h"
#include "ns3/mis-function.h"
#include "ns3/mis-tls-establishment.h"

namespace ns3::mis
{

/**
 * @brief Makes a full authentication by TLS.
 * @param tls version, credentials and trust
 * @param misf MISF of this end
 * @param peer the other end
 * @param isServer whether this end is the TPoS
 * @return one end of it; K is exported from TLS
 */
std::unique_ptr<FullAuthentication> MakeTlsAuthentication(Ptr<TlsEstablishment> tls,
                                                          Misf& misf,
                                                          const MisfId& peer,
                                                          bool isServer);

} // namespace ns3::mis

#endif // MIS_TLS_AUTHENTICATOR_H
