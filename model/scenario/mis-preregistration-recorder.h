// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Measures the preregistrations of one mobile node.
 */
#ifndef MIS_PREREGISTRATION_RECORDER_H
#define MIS_PREREGISTRATION_RECORDER_H

#include "ns3/ipv4-address.h"
#include "ns3/mis-constant-rate-flow.h"
#include "ns3/mis-function.h"
#include "ns3/mis-mobile-node.h"
#include "ns3/mis-point-of-service.h"
#include "ns3/net-device.h"
#include "ns3/nstime.h"
#include "ns3/object.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace ns3::mis
{

/// What was measured of one preregistration and the handover after it.
struct PreregistrationRecord
{
    std::string outcome;                 //!< "success", or why not
    MisfId spos;                         //!< serving PoS
    MisfId tpos;                         //!< target PoS
    Time begin;                          //!< the mobile node has been told to go elsewhere
    std::optional<Time> keyDelivery;     //!< first request sent -> both ends hold K
    std::optional<Time> saReady;         //!< -> first message under the SA verified at the MN
    std::optional<Time> preregistration; //!< -> proactive authentication done
    std::optional<Time> interruption;    //!< gap of the flow across the handover, less its spacing
    std::optional<uint32_t> packetsLost; //!< of the flow: under way at the begin of the handover,
                                         //!< or due until its end, and never received
    uint32_t messages{0};                //!< MIS frames, acknowledgements and repetitions included
    uint64_t bytesMnSpos{0};             //!< octets of MIS frames between MN and SPoS
    uint64_t bytesSposTpos{0};           //!< between SPoS and TPoS
    uint64_t bytesGm{0};                 //!< from and to the group manager
    uint64_t bytesMnTpos{0};             //!< directly between MN and TPoS
    uint64_t bytesPosPoa{0};             //!< between points of service and of attachment
    uint64_t bytesLink{0};               //!< of real link authentication frames on the new link
    Time cpuMn;                          //!< simulated processing at the MN
    Time cpuSpos;                        //!< at the SPoS
    Time cpuTpos;                        //!< at the TPoS
    Time cpuGm;                          //!< at the PoS with group manager
    uint64_t signallingOldLink{0}; //!< octets of MIS frames from and to the MN over the link that
                                   //!< it leaves, until the record ends
    uint64_t signallingNewLink{0}; //!< over the link that it comes to, with bytesLink
};

/**
 * @brief Records the preregistrations of one mobile node from the traces of all roles.
 *
 * Frames and processing are counted from the first request until the handover begins, or until the
 * preregistration has failed; without a preregistration, from the begin of the handover until the
 * mobile node is authenticated. The octets of each link are counted from the same instant until the
 * record ends.
 */
class PreregistrationRecorder : public Object
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    /**
     * @param mn the mobile node
     * @param flow its traffic, may be nullptr
     */
    void Observe(Ptr<MobileNode> mn, Ptr<ConstantRateFlow> flow);

    /// @param pos a point of service that may be SPoS or TPoS
    void Observe(Ptr<PointOfService> pos);

    /// @param poa MISF of a point of attachment
    void ObservePointOfAttachment(Ptr<Misf> poa);

    /// @param gm MISF of the PoS with group manager
    void ObserveGroupManager(Ptr<Misf> gm);

    /// Begins a record; the mobile node preregisters now.
    void Begin();

    /// Ends counting: the handover begins, or there will be none.
    void EndCounting();

    /// The handover is over; packets under way are still to arrive.
    void HandoverOver();

    /// Ends the record.
    void End();

    /// @return the record so far
    const PreregistrationRecord& Get() const
    {
        return m_record;
    }

  protected:
    void DoDispose() override;

  private:
    void ObserveMisf(Ptr<Misf> misf);
    void OnFrame(const FrameRecord& frame);
    void OnOverhead(const MisfId& local, const Address& address, uint32_t octets);
    void Count(const MisfId& local, const Address& remote, uint32_t octets, bool isFrame);
    void OnMnKey(const MisfId& mn, const MisfId& tpos);
    void OnTposKey(const MisfId& mn, const MisfId& tpos);
    void OnLinkFrame(const LinkTupleId& link, bool isSent, uint32_t octets);
    void OnSaReady(const MisfId& mn, const MisfId& tpos);
    void OnPreregistration(const PreregistrationReport& report);
    void OnHandoverBegin(const HandoverReport& report);
    Time CpuOf(const MisfId& id) const;
    void NoteKey();

    Ptr<MobileNode> m_mn;
    Ptr<ConstantRateFlow> m_flow;
    std::map<MisfId, Ptr<Misf>> m_misfs;
    std::map<Address, MisfId> m_byHost; //!< who is at an IP address
    MisfId m_gm;
    std::set<MisfId> m_pointsOfAttachment;
    std::map<MisfId, Time> m_cpuBefore;

    struct Exchanged
    {
        MisfId from;
        MisfId to;
        uint32_t octets;
        bool isFrame; //!< not what a transport adds
    };

    std::vector<Exchanged> m_frames; //!< of the current record
    PreregistrationRecord m_record;
    std::optional<Time> m_mnKey;
    std::map<MisfId, Time> m_tposKeys;
    Ptr<NetDevice> m_oldDevice; //!< of the MN, for the link that it leaves
    bool m_isOpen{false};       //!< the record has begun and not ended
    bool m_counting{false};
};

} // namespace ns3::mis

#endif // MIS_PREREGISTRATION_RECORDER_H
