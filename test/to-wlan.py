#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Puts the EAPOL frames of an Ethernet capture into data frames of IEEE 802.11.

Wireshark looks for the keys of a 4-way handshake only there. Which end is the access point shows the
first EAPOL-Key frame, which it sends. Usage: to-wlan.py FROM TO, both classic pcap files.
"""

import struct
import sys


def main():
    source, target = sys.argv[1:]
    with open(source, "rb") as file:
        data = file.read()
    order = "<" if data[:1] in (b"\xd4", b"\x4d") else ">"
    out = bytearray(data[:20] + struct.pack(order + "I", 105))
    access_point = None
    at = 24
    while at < len(data):
        kept = struct.unpack(order + "I", data[at + 8 : at + 12])[0]
        stamp, frame = data[at : at + 8], data[at + 16 : at + 16 + kept]
        at += 16 + kept
        if frame[12:14] != b"\x88\x8e":
            continue
        to, by, eapol = frame[:6], frame[6:12], frame[14:]
        if access_point is None and eapol[1] == 3:
            access_point = by
        if access_point is None:
            continue
        downlink = by == access_point
        wlan = b"\x08" + (b"\x02" if downlink else b"\x01") + bytes(2)
        wlan += to + by + by if downlink else to + by + to
        wlan += bytes(2) + b"\xaa\xaa\x03\x00\x00\x00\x88\x8e" + eapol
        out += stamp + struct.pack(order + "II", len(wlan), len(wlan)) + wlan
    with open(target, "wb") as file:
        file.write(out)


if __name__ == "__main__":
    main()
