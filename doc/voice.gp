# SPDX-License-Identifier: GPL-2.0-only
#
# How long a handover over radios of ns-3 interrupts voice, by remedy and pair of access networks:
# each run, and the mean; the lines are the budgets of 50 and 150 ms.
# data: compare-remedies --traffic=voip --runs=10

set terminal svg size 900,420 font "DejaVu Sans,11" background "white"
set output "voice.svg"
set datafile separator ","
set title "compare-remedies --traffic=voip --runs=10: voice is interrupted"
set grid ytics
set key outside right top
set ylabel "interruption [ms]"
set logscale y
set yrange [10:2000]
pairs = "wifi-lte lte-wifi wifi-wimax ethernet-lte"
remedies = "legacy removed remedy1 remedy2 ephemeral cold"
set xrange [0.5:words(pairs) + 0.5]
set xtics ("wifi-lte" 1, "lte-wifi" 2, "wifi-wimax" 3, "ethernet-lte" 4)
# What is not measurable on a logarithmic axis is drawn at its lower end.
at_least(ms) = (ms < 10 ? 10 : ms)
is(pair, remedy) = (strcol("link_from") . "-" . strcol("link_to") eq word(pairs, pair) && \
                    strcol("remedy") eq word(remedies, remedy))
place(pair, remedy) = pair + (remedy - 0.5 * (words(remedies) + 1)) * 0.12
plot for [remedy = 1:words(remedies)] for [pair = 1:words(pairs)] "traffic.csv" \
         using (is(pair, remedy) ? place(pair, remedy) : NaN):(at_least(column("interruption_ms"))) \
         with points pt 6 ps 0.6 lc remedy \
         title (pair == 1 ? word(remedies, remedy) : ""), \
     for [remedy = 1:words(remedies)] for [pair = 1:words(pairs)] "traffic.csv" \
         using (is(pair, remedy) ? place(pair, remedy) : NaN):(at_least(column("interruption_ms"))) \
         smooth unique with points pt 2 ps 1 lc remedy notitle, \
     50 with lines dt 2 lc rgb "#777777" title "50 ms", \
     150 with lines dt 3 lc rgb "#777777" title "150 ms"
