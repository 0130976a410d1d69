# SPDX-License-Identifier: GPL-2.0-only
#
# Octets of MIS frames a mobile node, by the size of the group; drawn in the folder with the CSV
# file of train-group.
# data: train-group

set terminal svg size 800,420 font "DejaVu Sans,11" background "white"
set output "train-group.svg"
set datafile separator ","
set title "train-group: preregistration of mobile nodes that move together"
set grid
set key top right
set logscale x 2
set yrange [0:*]
set xlabel "mobile nodes"
set ylabel "octets of MIS frames on all links, a mobile node"
plot for [remedy in "remedy1 remedy2 remedy2-group"] "train-group.csv" \
         using "mobile_nodes":(strcol("remedy") eq remedy ? \
                               column("bytes_total") / column("mobile_nodes") : NaN) \
         smooth unique with linespoints title remedy
