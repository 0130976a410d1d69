# SPDX-License-Identifier: GPL-2.0-only
#
# Signals, events and voice of one walk of campus; drawn in the folder with its CSV files.
# data: campus --remedies=remedy1 --runs=1

set terminal svg size 900,640 font "DejaVu Sans,11" background "white"
set output "campus.svg"
set datafile separator ","
set multiplot layout 2,1 title "campus --remedies=remedy1: one walk out of Wi-Fi into LTE and back"
set lmargin 10
set rmargin 26
set grid
stats "campus-packets.csv" using (column("time_ms") / 1000) nooutput
set xrange [0:STATS_max]
is(name) = (strcol("event") eq name)
set ylabel "signal [dBm]"
set key outside right top
set yrange [-95:-45]
plot "campus-signals.csv" using (strcol("technology") eq "wifi" ? column("time_s") : NaN):"dbm" \
         with points pt 7 ps 0.3 lc rgb "#1f77b4" title "Wi-Fi, beacons", \
     "" using (strcol("technology") eq "lte" ? column("time_s") : NaN):"dbm" \
         with points pt 5 ps 0.3 lc rgb "#d62728" title "LTE, RSRP", \
     -74 with lines dt 2 lc rgb "#1f77b4" title "Wi-Fi is lost", \
     "campus-events.csv" using (is("going-down") ? column("time_s") : NaN):(-50) \
         with impulses lc rgb "#ff7f0e" title "link going down", \
     "" using (is("preregistration-begin") ? column("time_s") : NaN):(-55) \
         with points pt 9 ps 1.2 lc rgb "#2ca02c" title "preregistration", \
     "" using (is("handover-begin") ? column("time_s") : NaN):(-60) \
         with points pt 11 ps 1.2 lc rgb "#000000" title "handover begins", \
     "" using (is("handover-end") ? column("time_s") : NaN):(-65) \
         with points pt 6 ps 1.2 lc rgb "#000000" title "handover ends"
set xlabel "time [s]"
set ylabel "voice, one way [ms]"
set key outside right top
set yrange [0:200]
plot "campus-packets.csv" using (column("time_ms") / 1000):"delay_ms" \
         with points pt 7 ps 0.25 lc rgb "#1f77b4" title "received", \
     "" using (strlen(strcol("delay_ms")) == 0 ? column("time_ms") / 1000 : NaN):(190) \
         with points pt 2 ps 0.7 lc rgb "#d62728" title "lost", \
     150 with lines dt 2 lc rgb "#777777" title "playout deadline"
unset multiplot
