// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Files for NetAnim, if this build of ns-3 can write them.
 */
#ifndef MIS_ANIMATION_H
#define MIS_ANIMATION_H

#include "ns3/mis-helper.h"
#include "ns3/object.h"

#include <string>

namespace ns3::mis
{

/**
 * @brief Writes a file for NetAnim while a simulation runs; dispose of it to end the file.
 *
 * Its one subclass is there if ns-3 has module netanim.
 */
class Animation : public Object
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    /// @return one line that says why there are no animations, empty if there are
    static std::string GetMissing();

    /**
     * @brief Begins a file for all nodes that there are; the program ends if the module is missing.
     *
     * Nodes have the names of their roles. Those that nothing has given a place stand in a row.
     *
     * @param file its name
     * @param mis what has installed the roles
     * @return the animation
     */
    static Ptr<Animation> Begin(const std::string& file, const MisHelper& mis);

  private:
    /**
     * @param file its name
     * @param mis what has installed the roles
     */
    virtual void DoBegin(const std::string& file, const MisHelper& mis) = 0;
};

} // namespace ns3::mis

#endif // MIS_ANIMATION_H
