// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Real algorithms for a node whose backend only counts.
 *
 * The sizes of authentication messages depend on real signatures and certificates, so
 * authentication protocols compute for real whatever the backend.
 */
#ifndef MIS_REAL_CRYPTO_H
#define MIS_REAL_CRYPTO_H

#include "ns3/mis-crypto-context.h"

#include <cstddef>

namespace ns3::mis
{

/**
 * @brief A context that computes for real on behalf of a node while in scope.
 *
 * Random octets come from the source of the node. At the end of the scope the operations are
 * added to the counts of the node.
 */
class RealCrypto
{
  public:
    /**
     * @brief Begin to compute for a node.
     * @param node its context; outlives this object
     */
    explicit RealCrypto(CryptoContext& node)
        : m_node(&node),
          m_own(CryptoBackend::OPENSSL, node.Source())
    {
    }

    ~RealCrypto()
    {
        OperationCounter& total = m_node->Counter();
        for (std::size_t i = 0; i < OperationCounter::KINDS; ++i)
        {
            total.calls[i] += m_own.Counter().calls[i];
            total.octets[i] += m_own.Counter().octets[i];
        }
    }

    RealCrypto(const RealCrypto&) = delete;
    RealCrypto& operator=(const RealCrypto&) = delete;

    /** @return the context to compute with; not to be kept beyond the scope */
    CryptoContext& Get()
    {
        return m_own;
    }

    /** @return the context to compute with; not to be kept beyond the scope */
    operator CryptoContext&()
    {
        return m_own;
    }

  private:
    CryptoContext* m_node; //!< the node
    CryptoContext m_own;   //!< computes
};

} // namespace ns3::mis

#endif /* MIS_REAL_CRYPTO_H */
