// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Messages of the event service (IEEE 802.21, 8.6.2).
 */
#ifndef MIS_EVENT_MESSAGES_H
#define MIS_EVENT_MESSAGES_H

#include "ns3/mis-assigned.h"
#include "ns3/mis-message.h"
#include "ns3/mis-types.h"

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

namespace ns3::mis
{

/** SIG_STRENGTH: in dBm, or a percentage of 0 to 100. */
using SignalStrength = std::variant<int8_t, uint8_t>;

/** @brief LINK_DET_INFO: a network that a link has detected. */
struct LinkDetectedInfo
{
    LinkTupleId link;                //!< the link and the point of attachment
    Bytes networkId;                 //!< NETWORK_ID, such as an SSID
    Bytes auxiliaryId;               //!< NET_AUX_ID
    SignalStrength signal;           //!< signal strength
    uint16_t sinr{0};                //!< signal to interference and noise ratio in dB
    uint32_t dataRate{0};            //!< LINK_DATA_RATE in kb/s
    uint8_t misCapabilities{0};      //!< LINK_MIHCAP_FLAG
    uint32_t networkCapabilities{0}; //!< NET_CAPS

    /** @brief The members in the order sent. */
    template <class V, class Self>
    static void Parts(V& v, Self& self)
    {
        v.Part(self.link);
        v.Part(self.networkId);
        v.Part(self.auxiliaryId);
        v.Part(self.signal);
        v.Part(self.sinr);
        v.Part(self.dataRate);
        v.Part(self.misCapabilities);
        v.Part(self.networkCapabilities);
    }
};

/** @brief Link_Detected indication. */
struct LinkDetectedIndication
{
    static constexpr MessageId ID{0x2c01}; //!< MID

    std::vector<LinkDetectedInfo> detected; //!< what was detected
    std::vector<UnknownTlv> unknown;        //!< TLVs not listed

    /** @brief The fields in the order sent. */
    template <class V, class Self>
    static void Fields(V& v, Self& self)
    {
        v.Mandatory(tlv::LINK_DETECTED_INFO_LIST, self.detected);
    }
};

/** @brief Link_Up indication. */
struct LinkUpIndication
{
    static constexpr MessageId ID{0x2c02}; //!< MID

    LinkTupleId link;                           //!< the link
    std::optional<LinkAddress> oldAccessRouter; //!< access router before
    std::optional<LinkAddress> newAccessRouter; //!< access router now
    std::optional<bool> ipRenewal;              //!< whether a new IP address is needed
    std::optional<uint16_t> mobilityManagement; //!< MIS_MOB_MGMT support, bits as of PA-4
    std::vector<UnknownTlv> unknown;            //!< TLVs not listed

    /** @brief The fields in the order sent. */
    template <class V, class Self>
    static void Fields(V& v, Self& self)
    {
        v.Mandatory(tlv::LINK_IDENTIFIER, self.link);
        v.Optional(tlv::OLD_ACCESS_ROUTER, self.oldAccessRouter);
        v.Optional(tlv::NEW_ACCESS_ROUTER, self.newAccessRouter);
        v.Optional(tlv::IP_RENEWAL_FLAG, self.ipRenewal);
        v.Optional(tlv::MOBILITY_MANAGEMENT_SUPPORT, self.mobilityManagement);
    }
};

/** @brief Link_Down indication. */
struct LinkDownIndication
{
    static constexpr MessageId ID{0x2c03}; //!< MID

    LinkTupleId link;                                           //!< the link
    std::optional<LinkAddress> oldAccessRouter;                 //!< access router before
    LinkDownReason reason{LinkDownReason::EXPLICIT_DISCONNECT}; //!< why
    std::vector<UnknownTlv> unknown;                            //!< TLVs not listed

    /** @brief The fields in the order sent. */
    template <class V, class Self>
    static void Fields(V& v, Self& self)
    {
        v.Mandatory(tlv::LINK_IDENTIFIER, self.link);
        v.Optional(tlv::OLD_ACCESS_ROUTER, self.oldAccessRouter);
        v.Mandatory(tlv::LINK_DOWN_REASON, self.reason);
    }
};

/** @brief THRESHOLD: a value whose crossing was reported. */
struct LinkParameterThreshold
{
    uint16_t value{0};    //!< THRESHOLD_VAL, as LinkParameterReport::value
    uint8_t direction{0}; //!< THRESHOLD_XDIR: 0 crossed upwards, 1 crossed downwards

    /** @brief The members in the order sent. */
    template <class V, class Self>
    static void Parts(V& v, Self& self)
    {
        v.Part(self.value);
        v.Part(self.direction);
    }
};

/**
 * @brief LINK_PARAM_RPT: the value of a parameter of a link, and which threshold it has crossed.
 * The QoS parameters, whose values are not one number, are not supported.
 */
struct LinkParameterReport
{
    static constexpr uint8_t GENERIC = 0;         //!< family: LINK_PARAM_GEN
    static constexpr uint8_t SIGNAL_STRENGTH = 1; //!< parameter of LINK_PARAM_GEN

    uint8_t family{GENERIC};                         //!< selector of LINK_PARAM_TYPE
    uint8_t parameter{SIGNAL_STRENGTH};              //!< which parameter of the family
    std::variant<uint16_t> value;                    //!< LINK_PARAM_VAL; dBm as of PA-80
    std::optional<LinkParameterThreshold> threshold; //!< what was crossed, if anything

    /** @brief The members in the order sent. */
    template <class V, class Self>
    static void Parts(V& v, Self& self)
    {
        v.Part(self.family);
        v.Part(self.parameter);
        v.Part(self.value);
        v.Part(self.threshold);
    }
};

/** @brief Link_Parameters_Report indication. */
struct LinkParametersReportIndication
{
    static constexpr MessageId ID{0x2c05}; //!< MID

    LinkTupleId link;                         //!< the link
    std::vector<LinkParameterReport> reports; //!< its parameters
    std::vector<UnknownTlv> unknown;          //!< TLVs not listed

    /** @brief The fields in the order sent. */
    template <class V, class Self>
    static void Fields(V& v, Self& self)
    {
        v.Mandatory(tlv::LINK_IDENTIFIER, self.link);
        v.Mandatory(tlv::LINK_PARAMETER_REPORT_LIST, self.reports);
    }
};

/** @brief Link_Going_Down indication. */
struct LinkGoingDownIndication
{
    static constexpr MessageId ID{0x2c06}; //!< MID

    LinkTupleId link;         //!< the link
    uint16_t timeInterval{0}; //!< time left in ms, 0 if not known
    LinkGoingDownReason reason{LinkGoingDownReason::EXPLICIT_DISCONNECT}; //!< why
    std::vector<UnknownTlv> unknown;                                      //!< TLVs not listed

    /** @brief The fields in the order sent. */
    template <class V, class Self>
    static void Fields(V& v, Self& self)
    {
        v.Mandatory(tlv::LINK_IDENTIFIER, self.link);
        v.Mandatory(tlv::TIME_INTERVAL, self.timeInterval);
        v.Mandatory(tlv::LINK_GOING_DOWN_REASON, self.reason);
    }
};

/** @brief Event_Subscribe request (content PA-81). */
struct EventSubscribeRequest
{
    static constexpr MessageId ID{0x1404}; //!< MID

    LinkTupleId link;                //!< whose events
    uint32_t events{0};              //!< EVENT_LIST, bits of event_list
    std::vector<UnknownTlv> unknown; //!< TLVs not listed

    /** @brief The fields in the order sent. */
    template <class V, class Self>
    static void Fields(V& v, Self& self)
    {
        v.Mandatory(tlv::LINK_IDENTIFIER, self.link);
        v.Mandatory(tlv::EVENT_LIST, self.events);
    }
};

/** @brief Event_Subscribe response (content PA-81). */
struct EventSubscribeResponse
{
    static constexpr MessageId ID{0x1804}; //!< MID

    Status status{Status::SUCCESS};  //!< outcome
    LinkTupleId link;                //!< whose events
    std::optional<uint32_t> events;  //!< EVENT_LIST of what is subscribed now
    std::vector<UnknownTlv> unknown; //!< TLVs not listed

    /** @brief The fields in the order sent. */
    template <class V, class Self>
    static void Fields(V& v, Self& self)
    {
        v.Mandatory(tlv::STATUS, self.status);
        v.Mandatory(tlv::LINK_IDENTIFIER, self.link);
        v.Optional(tlv::EVENT_LIST, self.events);
    }
};

/** @brief Bits of EVENT_LIST, bit 0 the most significant one (PA-4). */
namespace event_list
{
inline constexpr uint32_t LINK_DETECTED = 1U << 31;
inline constexpr uint32_t LINK_UP = 1U << 30;
inline constexpr uint32_t LINK_DOWN = 1U << 29;
inline constexpr uint32_t LINK_PARAMETERS_REPORT = 1U << 28;
inline constexpr uint32_t LINK_GOING_DOWN = 1U << 27;
} // namespace event_list

} // namespace ns3::mis

#endif /* MIS_EVENT_MESSAGES_H */
