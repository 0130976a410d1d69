// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * The medium between one hub and many stations.
 */

#ifndef MIS_POINT_TO_MULTIPOINT_CHANNEL_H
#define MIS_POINT_TO_MULTIPOINT_CHANNEL_H

#include "ns3/address.h"
#include "ns3/channel.h"
#include "ns3/data-rate.h"
#include "ns3/ipv4-address.h"
#include "ns3/mac48-address.h"
#include "ns3/mis-link-profile.h"
#include "ns3/nstime.h"
#include "ns3/packet.h"
#include "ns3/queue-size.h"
#include "ns3/random-variable-stream.h"

#include <array>
#include <boost/container/deque.hpp>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <optional>
#include <vector>

namespace ns3
{
namespace mis
{

class PointToMultipointNetDevice;

/// Why a frame was not delivered.
enum class LinkDropReason : uint8_t
{
    LINK_DOWN,           //!< The sending device is down or on no channel.
    TOO_LONG,            //!< The payload is longer than the MTU.
    UNKNOWN_DESTINATION, //!< No station has the destination address.
    STATION_DOWN,        //!< The addressed device is down.
    QUEUE_FULL,          //!< The queue of this direction is full.
    LOST,                //!< Lost on the medium.
    DETACHED,            //!< Sender or receiver went down while the frame was queued or in flight.
};

/**
 * @param reason A reason.
 * @return Its name as in the enumeration.
 */
const char* ToString(LinkDropReason reason);

/**
 * One hub and many stations on a medium whose two directions are independent.
 *
 * Each direction has one rate and one first-in first-out queue that all stations share. The queue
 * is kept as the time until which the direction is busy, so that a delivered frame costs one
 * simulator event and an idle station none; a frame to a group of stations also costs one. Jitter
 * never reorders the frames between two devices. Stations hear only the hub: a frame from one
 * station to another is the hub's to forward.
 *
 * The hub finds a station by MAC address, or, where IP sends without address resolution to the
 * broadcast address, by the IP destination. IP addresses are registered when the simulation starts,
 * by RegisterAddress(), and learned from what stations send.
 */
class PointToMultipointChannel : public Channel
{
  public:
    /// @return The TypeId.
    static TypeId GetTypeId();

    PointToMultipointChannel();
    ~PointToMultipointChannel() override;

    /**
     * Takes over rates, delay, jitter, loss and overhead; devices attached from now on get the MTU.
     * @param profile The profile.
     */
    void SetProfile(const LinkProfile& profile);

    /// @return The profile, with the attributes set since.
    const LinkProfile& GetProfile() const;

    /**
     * @param hub The device of the hub; there is one, and it comes before any station.
     */
    void AttachHub(Ptr<PointToMultipointNetDevice> hub);

    /**
     * @param station The device of a station; may be attached while the simulation runs.
     */
    void AttachStation(Ptr<PointToMultipointNetDevice> station);

    /// @return The hub, or nullptr.
    Ptr<PointToMultipointNetDevice> GetHub() const;

    /// @return Number of stations.
    std::size_t GetNStations() const;

    /**
     * Makes the hub send frames for an address to a station, whoever had it before.
     * @param address A Mac48Address, Ipv4Address or Ipv6Address; others are ignored.
     * @param station Device of an attached station.
     */
    void RegisterAddress(const Address& address, Ptr<PointToMultipointNetDevice> station);

    /**
     * Forgets an address.
     * @param address As in RegisterAddress().
     */
    void UnregisterAddress(const Address& address);

    /**
     * Fixes the random streams: two a direction, for jitter and loss.
     * @param stream First stream number, not negative.
     * @return Number of streams used, 4.
     */
    int64_t AssignStreams(int64_t stream);

    std::size_t GetNDevices() const override;
    Ptr<NetDevice> GetDevice(std::size_t i) const override;

  protected:
    void DoDispose() override;

  private:
    friend class PointToMultipointNetDevice;

    using Ipv6Key = std::array<uint8_t, 16>;

    /// Hash of an IPv6 address: the two halves mixed.
    struct Ipv6Hash
    {
        /**
         * @param key The address.
         * @return The hash.
         */
        std::size_t operator()(const Ipv6Key& key) const;
    };

    /// One direction of the medium.
    struct Direction
    {
        /// A frame that waits for its transmission.
        struct Waiting
        {
            Time start;      //!< When the transmission begins.
            uint32_t octets; //!< Octets on the medium.
        };

        Time busyUntil;                           //!< End of the last transmission so far.
        boost::container::deque<Waiting> waiting; //!< Frames not begun, oldest first.
        uint64_t waitingOctets{0};                //!< Their octets.
        Time lastArrival;                         //!< Latest arrival at any device.
        Ptr<UniformRandomVariable> jitter;        //!< Made at the first draw.
        Ptr<UniformRandomVariable> loss;          //!< Made at the first draw.
        int64_t stream{-1};                       //!< First stream, negative for automatic.
    };

    /// Where and when a frame goes.
    struct Flight
    {
        Time sent;    //!< End of the transmission.
        Time arrival; //!< At the receiver.
    };

    /// Station index that means all of them.
    static constexpr uint32_t ALL_STATIONS = UINT32_MAX;

    /**
     * Sends a packet; called by a device that is up.
     * @param from The sending device.
     * @param packet The payload, which becomes the frame.
     * @param source Source MAC address for the frame.
     * @param destination Destination as the upper layer gave it.
     * @param protocol EtherType, host order.
     * @return Whether the frame was accepted.
     */
    bool Transmit(PointToMultipointNetDevice* from,
                  Ptr<Packet> packet,
                  Mac48Address source,
                  Mac48Address destination,
                  uint16_t protocol);

    /**
     * Finds the receiver of a frame from the hub, and the MAC address that resolution would give.
     * @param packet The payload.
     * @param protocol EtherType.
     * @param destination The destination; replaced where the payload says better.
     * @return A station index, ALL_STATIONS, or nothing when no station has the address.
     */
    std::optional<uint32_t> FindStation(const Packet& packet,
                                        uint16_t protocol,
                                        Mac48Address& destination) const;

    /**
     * The same for a frame from a station, whose only peer is the hub.
     * @param packet The payload.
     * @param protocol EtherType.
     * @param destination The destination; replaced where the payload says better.
     */
    void ResolveHub(const Packet& packet, uint16_t protocol, Mac48Address& destination) const;

    /**
     * Remembers the addresses a station sends from.
     * @param station Its index.
     * @param frame A frame from it.
     */
    void Learn(uint32_t station, const Packet& frame);

    /**
     * @param address An IPv4 address.
     * @return Whether it is the broadcast address of a network the hub is on.
     */
    bool IsSubnetBroadcast(Ipv4Address address) const;

    /**
     * Books the medium for a frame.
     * @param direction The direction.
     * @param rate Its rate.
     * @param payload Octets of the payload.
     * @param notBefore Earliest arrival that keeps the order.
     * @return The times, or nothing when the queue is full.
     */
    std::optional<Flight> Book(Direction& direction,
                               const DataRate& rate,
                               uint32_t payload,
                               Time notBefore);

    /**
     * Decides on the loss of a frame.
     * @param direction The direction.
     * @return Whether it is lost.
     */
    bool IsLost(Direction& direction);

    /**
     * A frame of the hub reaches a station.
     * @param station Station index.
     * @param frame The frame.
     * @param stamp Value of the down counter when it was sent.
     * @param sent End of its transmission.
     */
    void ArriveAtStation(uint32_t station, Ptr<Packet> frame, uint64_t stamp, Time sent);

    /**
     * A frame of the hub reaches a station and goes on to the next at the same time: ns-3 wants
     * each reception in the context of its node, so in an event of its own.
     * @param station Station index.
     * @param frame The frame.
     * @param stamp Value of the down counter when it was sent.
     * @param sent End of its transmission.
     */
    void ArriveAtStations(uint32_t station, Ptr<Packet> frame, uint64_t stamp, Time sent);

    /**
     * A frame of a station reaches the hub.
     * @param station Index of the sender.
     * @param frame The frame.
     * @param stamp Value of the down counter when it was sent.
     * @param sent End of its transmission.
     */
    void ArriveAtHub(uint32_t station, Ptr<Packet> frame, uint64_t stamp, Time sent);

    /**
     * @param receiver Where a frame arrives.
     * @param stamp Value of the down counter when the frame was sent.
     * @return Whether the receiver is down or was since.
     */
    static bool IsReceiverGone(const PointToMultipointNetDevice& receiver, uint64_t stamp);

    /**
     * @param sender Where a frame came from.
     * @param stamp Value of the down counter when the frame was sent.
     * @param sent End of its transmission.
     * @return Whether the sender went down before the frame had left it.
     */
    static bool IsSenderGone(const PointToMultipointNetDevice& sender, uint64_t stamp, Time sent);

    // Attribute accessors of the profile's members.
    /// @param rate The rate towards the stations.
    void SetDownRate(DataRate rate);
    /// @param rate The rate towards the hub.
    void SetUpRate(DataRate rate);
    /// @return The rate towards the stations.
    DataRate GetDownRate() const;
    /// @return The rate towards the hub.
    DataRate GetUpRate() const;
    /// @param delay One-way delay.
    void SetDelay(Time delay);
    /// @return One-way delay.
    Time GetDelay() const;
    /// @param jitter Width of the jitter.
    void SetJitter(Time jitter);
    /// @return Width of the jitter.
    Time GetJitter() const;
    /// @param loss Loss probability.
    void SetLoss(double loss);
    /// @return Loss probability.
    double GetLoss() const;
    /// @param octets Octets charged a frame.
    void SetOverhead(uint32_t octets);
    /// @return Octets charged a frame.
    uint32_t GetOverhead() const;

    LinkProfile m_profile;                 //!< What the medium costs.
    QueueSize m_queueSize;                 //!< Bound of the queue of each direction.
    Direction m_down;                      //!< Hub to stations.
    Direction m_up;                        //!< Stations to hub.
    uint64_t m_downCounter{0};             //!< Times a device went down.
    Time m_lastGroupArrival;               //!< Of frames to all stations.
    Ptr<PointToMultipointNetDevice> m_hub; //!< The hub.
    std::vector<Ptr<PointToMultipointNetDevice>> m_stations;       //!< The stations, by index.
    boost::unordered_flat_map<uint64_t, uint32_t> m_macs;          //!< MAC address to station.
    boost::unordered_flat_map<uint32_t, uint32_t> m_ipv4;          //!< IPv4 address to station.
    boost::unordered_flat_map<Ipv6Key, uint32_t, Ipv6Hash> m_ipv6; //!< IPv6 address to station.
};

} // namespace mis
} // namespace ns3

#endif // MIS_POINT_TO_MULTIPOINT_CHANNEL_H
