# SPDX-License-Identifier: GPL-2.0-only
#
# What the distance of the home costs each remedy, means over the runs of the first handover; drawn
# in the folder with the CSV file of operators.
# data: operators

set terminal svg size 900,420 font "DejaVu Sans,11" background "white"
set output "operators.svg"
set datafile separator ","
set multiplot layout 1,2 title "operators: the home is far away"
set grid
set key top left
set xlabel "delay of the home network, one way [ms]"
remedies = "legacy removed remedy1 remedy2 cold"
first(name, figure) = (strcol("remedy") eq name && column("handover") == 1 ? column(figure) : NaN)
set ylabel "until both ends hold the key [ms]"
plot for [remedy in remedies] "operators.csv" \
         using "home_delay_ms":(first(remedy, "key_delivery_ms")) smooth unique \
         with linespoints title remedy
set ylabel "interruption by the handover [ms]"
plot for [remedy in remedies] "operators.csv" \
         using "home_delay_ms":(first(remedy, "interruption_ms")) smooth unique \
         with linespoints title remedy
unset multiplot
