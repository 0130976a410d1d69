// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Randomness of a node's cryptography, drawn from an ns-3 random variable stream.
 */
#ifndef MIS_RANDOM_SOURCE_H
#define MIS_RANDOM_SOURCE_H

#include "ns3/mis-crypto-context.h"
#include "ns3/random-variable-stream.h"

namespace ns3::mis
{

/**
 * @brief RandomSource over a UniformRandomVariable, so that RngRun and AssignStreams decide keys,
 * nonces and signatures.
 */
class StreamRandomSource : public RandomSource
{
  public:
    StreamRandomSource();

    void Fill(uint8_t* out, size_t n) override;

    /// @return 32 random bits
    uint32_t Next();

    /**
     * @param stream first stream index to use
     * @return number of streams used (1)
     */
    int64_t AssignStreams(int64_t stream);

  private:
    Ptr<UniformRandomVariable> m_variable; //!< the stream
};

} // namespace ns3::mis

#endif // MIS_RANDOM_SOURCE_H
