#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Prints how many octets of TLS records Python's ssl makes of data.

usage: check-tls-records.py DIR 1.2|1.3 OCTETS...

DIR holds ca.pem, server.pem and client.pem. For each number of octets of data: the octets of the
records, on a line of their own.
"""
import ssl
import sys


def context(folder, version, is_server):
    """What one end uses."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER if is_server else ssl.PROTOCOL_TLS_CLIENT)
    made.check_hostname = False
    made.verify_mode = ssl.CERT_NONE  # dates are of the simulation
    number = ssl.TLSVersion.TLSv1_3 if version == "1.3" else ssl.TLSVersion.TLSv1_2
    made.minimum_version = number
    made.maximum_version = number
    made.set_ciphers("ECDHE-ECDSA-AES128-GCM-SHA256")
    if is_server:
        made.load_cert_chain(folder + "/server.pem")
        made.num_tickets = 0
    return made


def main():
    folder, version = sys.argv[1:3]
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = context(folder, version, False).wrap_bio(to_client, to_server)
    server = context(folder, version, True).wrap_bio(to_server, to_client, server_side=True)
    open_ends = [client, server]
    while open_ends:
        for end in list(open_ends):
            try:
                end.do_handshake()
                open_ends.remove(end)
            except ssl.SSLWantReadError:
                pass
    to_server.read()
    suite = client.cipher()[0]
    if version == "1.3" and suite == "TLS_CHACHA20_POLY1305_SHA256":
        sys.exit("another suite")
    for octets in map(int, sys.argv[3:]):
        client.write(bytes(octets))
        print(len(to_server.read()))


main()
