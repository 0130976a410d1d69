// SPDX-License-Identifier: GPL-2.0-only

#include "mis-traffic-results.h"

#include "mis-traffic-helper.h"

namespace ns3::mis
{

namespace
{

using Field = ResultField<TrafficRow>;

/// A figure of voice and video.
template <class Value>
Field
OfPackets(const ResultColumn& column, Value FlowFigures::*value)
{
    return {column, [value](const TrafficRow& row) {
                const auto& packets = row.record.packets;
                return packets ? ToCell((*packets).*value) : ResultCell(std::optional<double>());
            }};
}

/// Whether an interruption of voice keeps within a budget: 1 or 0.
Field
WithinBudget(const ResultColumn& column, double budgetMs)
{
    return {column, [budgetMs](const TrafficRow& row) -> ResultCell {
                const auto gap = ToMilliseconds(row.record.interruption);
                if (row.record.kind != TrafficKind::VOICE || !gap)
                {
                    return std::optional<double>();
                }
                return std::optional<double>(*gap <= budgetMs ? 1 : 0);
            }};
}

/// All columns of the CSV file, in its order.
const std::vector<Field>&
Fields()
{
    using Record = TrafficRecord;
    static const auto fields = [] {
        auto all = HandoverFields<TrafficRow>();
        for (const auto& field : {
                 HandoverField<TrafficRow>(),
                 Field{
                     {"traffic", nullptr, 0},
                     [](const TrafficRow& row) { return TrafficHelper::NameOf(row.record.kind); }},
                 FieldOf({"direction", nullptr, 0}, &Record::direction),
                 FieldOf({"interruption_ms", "gap [ms]", 6}, &Record::interruption),
                 WithinBudget({"within_50_ms", "<=50 ms", 0}, SHORT_BUDGET_MS),
                 WithinBudget({"within_150_ms", "<=150 ms", 0}, LONG_BUDGET_MS),
                 OfPackets({"sent", nullptr, 0}, &FlowFigures::sent),
                 OfPackets({"lost", "lost", 0}, &FlowFigures::lost),
                 OfPackets({"late", "late", 0}, &FlowFigures::late),
                 OfPackets({"reordered", "reordered", 0}, &FlowFigures::reordered),
                 OfPackets({"delay_mean_ms", "delay [ms]", 6}, &FlowFigures::meanDelay),
                 OfPackets({"delay_max_ms", nullptr, 6}, &FlowFigures::maxDelay),
                 OfPackets({"burst_ratio", nullptr, 3}, &FlowFigures::burstRatio),
                 FieldOf({"r_factor", "R", 3}, &Record::rFactor),
                 FieldOf({"mos", "MOS", 3}, &Record::mos),
                 FieldOf({"tcp_stall_ms", nullptr, 6}, &Record::stall),
                 Field{{"goodput_kbps", "goodput [kbit/s]", 3},
                       [](const TrafficRow& row) {
                           const auto& goodput = row.record.goodput;
                           return goodput ? std::optional<double>(*goodput / 1e3) : std::nullopt;
                       }},
             })
        {
            all.push_back(field);
        }
        return all;
    }();
    return fields;
}

} // namespace

ResultTable
Tabulate(const std::vector<TrafficRow>& rows)
{
    ResultLayout layout;
    layout.hidesEmpty = true;
    ResultTable table({"links", "remedy", "traffic"}, ColumnsOf(Fields()), layout);
    for (const auto& row : rows)
    {
        table.Add({{row.linkFrom + "-" + row.linkTo,
                    row.remedy,
                    TrafficHelper::NameOf(row.record.kind) + " " + row.record.direction},
                   CellsOf(Fields(), row),
                   row.seed,
                   row.run,
                   0,
                   0});
    }
    return table;
}

} // namespace ns3::mis
