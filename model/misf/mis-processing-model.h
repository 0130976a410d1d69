// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * What cryptography costs in simulated time, and the processor queue of a node.
 */
#ifndef MIS_PROCESSING_MODEL_H
#define MIS_PROCESSING_MODEL_H

#include "ns3/mis-crypto-context.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ns3::mis
{

/**
 * @brief Simulated cost of each cryptographic operation on one class of device.
 *
 * The cost of an operation is a fixed part plus a part per octet processed.
 */
struct DeviceProfile
{
    /// Cost of one kind of operation.
    struct Cost
    {
        double fixedNs{0.0};    //!< nanoseconds per call
        double perOctetNs{0.0}; //!< nanoseconds per octet
    };

    std::string name;   //!< name users give
    std::string source; //!< where the figures come from
    uint32_t cores{1};  //!< processors that serve the queue
    std::array<Cost, static_cast<size_t>(CryptoOperation::COUNT_)> costs{}; //!< by operation

    /**
     * @param spent operations done
     * @return time they take on one core, in nanoseconds
     */
    int64_t ServiceTimeNs(const OperationCounter& spent) const;
};

/**
 * @brief Finds a shipped or registered profile.
 * @param name "server", "laptop", "phone", "cortex-m", "zero", or one added by
 * RegisterDeviceProfile
 * @return the profile, or nullptr
 */
const DeviceProfile* FindDeviceProfile(std::string_view name);

/**
 * @brief Adds or replaces a profile, for instance one measured on the user's machine.
 * @param profile the profile; its name must not be empty
 */
void RegisterDeviceProfile(DeviceProfile profile);

/// @return names of all known profiles, sorted
std::vector<std::string> DeviceProfileNames();

/**
 * @brief Queue in front of the cores of a node: first come, first served.
 */
class CpuQueue
{
  public:
    /// @param cores number of processors, at least 1
    explicit CpuQueue(uint32_t cores = 1);

    /**
     * @brief Enters a job.
     * @param nowNs arrival, nanoseconds
     * @param serviceNs time the job needs on one core, nanoseconds
     * @return instant at which the job is done, nanoseconds
     */
    int64_t Submit(int64_t nowNs, int64_t serviceNs);

    /// @return total service time of all jobs so far, nanoseconds
    int64_t BusyNs() const
    {
        return m_busyNs;
    }

  private:
    std::vector<int64_t> m_freeAtNs; //!< per core, as a heap with the earliest in front
    int64_t m_busyNs{0};             //!< total service time
};

} // namespace ns3::mis

#endif // MIS_PROCESSING_MODEL_H
