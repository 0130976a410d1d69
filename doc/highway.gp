# SPDX-License-Identifier: GPL-2.0-only
#
# Signals and events of a drive, and the interruption of voice by remedy with one radio at a time;
# drawn in the folder with the CSV files of highway.
# data: highway --radios=single --runs=10

set terminal svg size 900,640 font "DejaVu Sans,11" background "white"
set output "highway.svg"
set datafile separator ","
set multiplot layout 2,1 title "highway --radios=single --runs=10: LTE cells of different operators"
set lmargin 10
set rmargin 26
set grid
set key outside right top
set xlabel "time [s]"
set ylabel "RSRP [dBm]"
is(name) = (strcol("event") eq name)
plot for [i = 1:9] "highway-signals.csv" \
         using (column("network") == i ? column("time_s") : NaN):"dbm" \
         with points pt 7 ps 0.4 lc i title (i < 3 ? sprintf("cell %d", i) : ""), \
     -95 with lines dt 2 lc rgb "#777777" title "counts as lost", \
     "highway-events.csv" using (is("going-down") ? column("time_s") : NaN):(-88) \
         with points pt 9 ps 1.2 lc rgb "#ff7f0e" title "going down", \
     "" using (is("preregistration-end") ? column("time_s") : NaN):(-86) \
         with points pt 7 ps 0.8 lc rgb "#2ca02c" title "preregistered", \
     "" using (is("handover-end") ? column("time_s") : NaN):(-84) \
         with points pt 6 ps 1.2 lc rgb "#000000" title "handed over"
set xlabel ""
set ylabel "voice stops for [ms]"
set yrange [0:*]
remedies = "legacy removed remedy1 remedy2 cold"
place(name) = (name eq word(remedies, 1) ? 1 : name eq word(remedies, 2) ? 2 : \
               name eq word(remedies, 3) ? 3 : name eq word(remedies, 4) ? 4 : 5)
set xrange [0.5:5.5]
set xtics ("legacy" 1, "removed" 2, "remedy1" 3, "remedy2" 4, "cold" 5)
plot "highway.csv" using (place(strcol("remedy"))):"interruption_ms" \
         with points pt 6 ps 1.2 lc rgb "#1f77b4" title "a handover"
unset multiplot
