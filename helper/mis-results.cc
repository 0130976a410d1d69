// SPDX-License-Identifier: GPL-2.0-only

#include "mis-results.h"

#include "ns3/mis-crypto-version.h"

#include <boost/version.hpp>
#include <cstdlib>

#ifndef MIS_NS3_VERSION
#define MIS_NS3_VERSION "unknown"
#endif

namespace ns3::mis
{

namespace
{

constexpr const char* VERSION = "0.1.0"; // as in CHANGES.md and CITATION.cff

/// All columns of the CSV file, in its order.
const std::vector<ResultField<ComparisonRow>>&
Fields()
{
    using Record = PreregistrationRecord;
    static const auto fields = [] {
        auto all = HandoverFields<ComparisonRow>();
        for (const auto& field : {
                 FieldOf({"outcome", nullptr, 0}, &Record::outcome),
                 FieldOf({"key_delivery_ms", "key [ms]", 6}, &Record::keyDelivery),
                 FieldOf({"sa_ready_ms", "SA [ms]", 6}, &Record::saReady),
                 FieldOf({"prereg_ms", "prereg [ms]", 6}, &Record::preregistration),
                 FieldOf({"interruption_ms", "gap [ms]", 6}, &Record::interruption),
                 FieldOf({"packets_lost", "lost", 0}, &Record::packetsLost),
                 FieldOf({"messages", "frames", 0}, &Record::messages),
                 FieldOf({"bytes_mn_spos", "MN-SPoS [B]", 0}, &Record::bytesMnSpos),
                 FieldOf({"bytes_spos_tpos", "SPoS-TPoS [B]", 0}, &Record::bytesSposTpos),
                 FieldOf({"bytes_gm", "GM [B]", 0}, &Record::bytesGm),
                 FieldOf({"cpu_mn_ms", "CPU MN [ms]", 6}, &Record::cpuMn),
                 FieldOf({"cpu_spos_ms", nullptr, 6}, &Record::cpuSpos),
                 FieldOf({"cpu_tpos_ms", nullptr, 6}, &Record::cpuTpos),
                 FieldOf({"cpu_gm_ms", nullptr, 6}, &Record::cpuGm),
                 FieldOf({"bytes_mn_tpos", "MN-TPoS [B]", 0}, &Record::bytesMnTpos),
                 FieldOf({"bytes_pos_poa", nullptr, 0}, &Record::bytesPosPoa),
                 FieldOf({"bytes_link", nullptr, 0}, &Record::bytesLink),
                 HandoverField<ComparisonRow>(),
                 FieldOf({"signalling_old_link", nullptr, 0}, &Record::signallingOldLink),
                 FieldOf({"signalling_new_link", nullptr, 0}, &Record::signallingNewLink),
             })
        {
            all.push_back(field);
        }
        return all;
    }();
    return fields;
}

/// Where in a chain that goes back and forth: only its first handover may have to establish all.
const char*
PlaceOf(const ComparisonRow& row)
{
    return row.handover == 1 ? "" : row.handover % 2 == 0 ? " (back)" : " (again)";
}

} // namespace

ResultTable
Tabulate(const std::vector<ComparisonRow>& rows)
{
    ResultLayout layout;
    layout.hasSuccess = true;
    ResultTable table({"links", "remedy"}, ColumnsOf(Fields()), layout);
    for (const auto& row : rows)
    {
        table.Add({{row.linkFrom + "-" + row.linkTo + PlaceOf(row), row.remedy},
                   CellsOf(Fields(), row),
                   row.seed,
                   row.run,
                   row.record.outcome == "success" ? 1U : 0U,
                   1});
    }
    return table;
}

void
PrintProvenance(std::ostream& os, const std::vector<std::string>& command)
{
    const char* revision = std::getenv("MIS_REVISION");
    os << "mis-prereg " << VERSION << ", ns-3 " << MIS_NS3_VERSION << ", " << CryptoLibraryVersion()
       << ", Boost " << BOOST_VERSION / 100000 << '.' << BOOST_VERSION / 100 % 1000
       << ", source revision " << (revision ? revision : "unknown") << '\n';
    os << "arguments:";
    for (const auto& argument : command)
    {
        os << ' ' << argument;
    }
    os << (command.empty() ? " none (defaults)\n" : "\n");
}

} // namespace ns3::mis
