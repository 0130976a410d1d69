// SPDX-License-Identifier: GPL-2.0-only

#include "mis-traffic-results.h"

#include "mis-results.h"
#include "mis-traffic-helper.h"

#include <functional>
#include <iomanip>
#include <map>
#include <optional>
#include <tuple>

namespace ns3::mis
{

namespace
{

using Figure = std::function<std::optional<double>(const TrafficRecord&)>;

std::optional<double>
Milliseconds(const std::optional<Time>& time)
{
    return time ? std::optional<double>(static_cast<double>(time->GetNanoSeconds()) / 1e6)
                : std::nullopt;
}

/// A figure of voice and video.
template <class Get>
Figure
OfPackets(Get get)
{
    return [get](const TrafficRecord& r) {
        return r.packets ? std::optional<double>(get(*r.packets)) : std::nullopt;
    };
}

/// A column of the CSV file, and of the table if it has a heading.
struct Column
{
    const char* name;
    const char* heading;
    int decimals;
    Figure figure;
};

const std::vector<Column>&
Columns()
{
    using Record = TrafficRecord;
    using Packets = FlowFigures;
    static const std::vector<Column> columns{
        {"interruption_ms",
         "gap [ms]",
         6,
         [](const Record& r) { return Milliseconds(r.interruption); }},
        {"sent", nullptr, 0, OfPackets([](const Packets& p) { return p.sent; })},
        {"lost", "lost", 0, OfPackets([](const Packets& p) { return p.lost; })},
        {"late", "late", 0, OfPackets([](const Packets& p) { return p.late; })},
        {"reordered", "reordered", 0, OfPackets([](const Packets& p) { return p.reordered; })},
        {"delay_mean_ms",
         "delay [ms]",
         6,
         [](const Record& r) {
             return r.packets ? Milliseconds(r.packets->meanDelay) : std::nullopt;
         }},
        {"delay_max_ms",
         nullptr,
         6,
         [](const Record& r) {
             return r.packets ? Milliseconds(r.packets->maxDelay) : std::nullopt;
         }},
        {"burst_ratio", nullptr, 3, OfPackets([](const Packets& p) { return p.burstRatio; })},
        {"r_factor", "R", 3, [](const Record& r) { return r.rFactor; }},
        {"mos", "MOS", 3, [](const Record& r) { return r.mos; }},
        {"tcp_stall_ms", nullptr, 6, [](const Record& r) { return Milliseconds(r.stall); }},
        {"goodput_kbps",
         "goodput [kbit/s]",
         3,
         [](const Record& r) {
             return r.goodput ? std::optional<double>(*r.goodput / 1e3) : std::nullopt;
         }},
    };
    return columns;
}

} // namespace

void
TrafficResults::Add(TrafficRow row)
{
    m_rows.push_back(std::move(row));
}

void
TrafficResults::WriteCsv(std::ostream& os) const
{
    os << "scenario,remedy,link_from,link_to,seed,run,handover,traffic,direction";
    for (const auto& column : Columns())
    {
        os << ',' << column.name;
    }
    os << '\n';
    for (const auto& row : m_rows)
    {
        os << row.scenario << ',' << row.remedy << ',' << row.linkFrom << ',' << row.linkTo << ','
           << row.seed << ',' << row.run << ',' << row.handover << ','
           << TrafficHelper::NameOf(row.record.kind) << ',' << row.record.direction;
        for (const auto& column : Columns())
        {
            os << ',';
            if (const auto value = column.figure(row.record))
            {
                os << std::fixed << std::setprecision(column.decimals) << *value;
            }
        }
        os << '\n';
    }
}

void
TrafficResults::PrintTable(std::ostream& os) const
{
    using Key = std::tuple<std::string, std::string, std::string>;
    std::map<Key, size_t> groupOf;
    std::vector<std::pair<Key, std::vector<const TrafficRow*>>> groups;
    std::map<const char*, bool> applies; // by heading
    for (const auto& row : m_rows)
    {
        const Key key{row.linkFrom + "-" + row.linkTo,
                      row.remedy,
                      TrafficHelper::NameOf(row.record.kind) + " " + row.record.direction};
        const auto [it, isNew] = groupOf.emplace(key, groups.size());
        if (isNew)
        {
            groups.push_back({key, {}});
        }
        groups[it->second].second.push_back(&row);
        for (const auto& column : Columns())
        {
            applies[column.name] = applies[column.name] || column.figure(row.record);
        }
    }
    std::vector<std::vector<std::string>> lines{{"links", "remedy", "traffic"}};
    for (const auto& column : Columns())
    {
        if (column.heading && applies[column.name])
        {
            lines.front().emplace_back(column.heading);
        }
    }
    for (const auto& [key, rows] : groups)
    {
        std::vector<std::string> line{std::get<0>(key), std::get<1>(key), std::get<2>(key)};
        for (const auto& column : Columns())
        {
            if (!column.heading || !applies[column.name])
            {
                continue;
            }
            std::map<std::pair<uint32_t, uint64_t>, std::vector<double>> byRun;
            for (const auto* row : rows)
            {
                if (const auto value = column.figure(row->record))
                {
                    byRun[{row->seed, row->run}].push_back(*value);
                }
            }
            std::vector<double> values;
            for (const auto& [run, ofRun] : byRun)
            {
                values.push_back(EstimateMean(ofRun).mean);
            }
            line.push_back(Format(EstimateMean(values)));
        }
        lines.push_back(line);
    }
    PrintAligned(os, lines);
}

} // namespace ns3::mis
