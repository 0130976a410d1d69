// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * The opt-in key log: what a reader needs to verify every protected frame of a capture.
 */
#ifndef MIS_KEY_LOG_H
#define MIS_KEY_LOG_H

#include "ns3/mis-security-association.h"
#include "ns3/mis-types.h"
#include "ns3/object.h"

#include <fstream>
#include <functional>
#include <string>

namespace ns3::mis
{

/**
 * @brief Writes secrets to a file, one line each, fields separated by one space.
 *
 * The first field of each line is the simulation time in nanoseconds:
 * - `T SA <id-type>:<id-value> <initiator> <responder> <suite> <MIIK or -> <MIEK or ->`
 * - `T KDK <remedy> <MN> <TPoS> <K>`, from each end that accepted K
 * - `T MASK <receiver> <sender> <PRF> <mask key>`
 * - `T DEV <device> <level>:<index> <node key>`
 * - `T MGK <group> <sequence number> <MGK>`
 *
 * Octets are in lower-case hexadecimal.
 */
class KeyLog : public Object
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    /**
     * @brief Opens the file, emptying it; only its owner may read it.
     * @param path where to write
     * @return false if it can not be written
     */
    bool Open(const std::string& path);

    /**
     * @brief Records secrets of a TLS session, in a file of its own: `<path>.tls`, in the form of
     * SSLKEYLOGFILE.
     * @param line without line end
     */
    void Tls(const char* line);

    /**
     * @param log a key log, may be nullptr
     * @return calls Tls() of it; empty if there is no log
     */
    static std::function<void(const char* line)> MakeTlsLogger(Ptr<KeyLog> log);

    /**
     * @brief Records the keys of an IKE SA, in a file of its own: `<path>.ikev2`, in the form of
     * Wireshark's ikev2_decryption_table.
     * @param line without line end
     */
    void Ikev2(const std::string& line);

    /**
     * @brief Records the keys of one direction of an ESP SA, in a file of its own: `<path>.esp_sa`,
     * in the form of Wireshark's esp_sa.
     * @param line without line end
     */
    void EspSa(const std::string& line);

    /**
     * @brief Writes what is still held back.
     * @return false if some line so far could not be written
     */
    bool Flush();

    /**
     * @brief Records a security association; each of its two ends does so.
     * @param sa the security association
     */
    void Sa(const SecurityAssociation& sa);

    /**
     * @param remedy name of the remedy
     * @param mn MISF identifier of the MN
     * @param tpos MISF identifier of the TPoS
     * @param k key derivation key
     */
    void Kdk(const std::string& remedy, const MisfId& mn, const MisfId& tpos, ByteView k);

    /**
     * @param receiver who unmasks
     * @param sender who masks
     * @param prf name of the pseudo-random function
     * @param key its key
     */
    void Mask(const MisfId& receiver, const MisfId& sender, const std::string& prf, ByteView key);

    /**
     * @param device MISF identifier of the device
     * @param level level of the node in the key tree
     * @param index index of the node within the level
     * @param key node key
     */
    void DeviceKey(const MisfId& device, uint8_t level, uint32_t index, ByteView key);

    /**
     * @param group group identifier
     * @param sequenceNumber of the group key block
     * @param mgk master group key
     */
    void Mgk(const MisfId& group, uint64_t sequenceNumber, ByteView mgk);

    /**
     * @brief Records the key of a link; both its ends do so.
     * @param mn MISF identifier of the MN
     * @param pos MISF identifier of the PoS that has authenticated it
     * @param link the link
     * @param root what it was derived from: MSK or K_ASME
     * @param mspmk the key
     */
    void LinkKey(const MisfId& mn,
                 const MisfId& pos,
                 const LinkTupleId& link,
                 ByteView root,
                 ByteView mspmk);

  private:
    std::ostream& Line(const char* kind);

    bool OpenFile(std::ofstream& file, const std::string& path);

    void Append(std::ofstream& file, const char* suffix, const std::string& line);

    std::string m_path;
    std::ofstream m_file;
    std::ofstream m_tls;   //!< opened with the first line
    std::ofstream m_ikev2; //!< opened with the first line
    std::ofstream m_espSa; //!< opened with the first line
};

} // namespace ns3::mis

#endif // MIS_KEY_LOG_H
