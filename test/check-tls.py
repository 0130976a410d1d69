#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Prints the records of a TLS handshake between openssl's own client and server.

usage: check-tls.py DIR 1.2|1.3 cert|psk

DIR holds ca.pem, server.pem and client.pem. One line a record: c or s for who sent it, content type,
octets of its content.
"""
import socket
import subprocess
import sys
import threading

PSK = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"


def records(octets):
    """Content type and size of each whole record."""
    found = []
    while len(octets) >= 5:
        size = int.from_bytes(octets[3:5], "big")
        found.append((octets[0], size))
        octets = octets[5 + size:]
    return found


def pump(source, sink, log):
    """Copies until the end, keeping what went by."""
    while True:
        octets = source.recv(65536)
        if not octets:
            break
        log.append(octets)
        sink.sendall(octets)
    try:
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def main():
    folder, version, kind = sys.argv[1:]
    common = ["-tls" + version.replace(".", "_"), "-groups", "X25519:P-256", "-sigalgs", "ECDSA+SHA256",
              "-ciphersuites", "TLS_AES_128_GCM_SHA256", "-no_ticket", "-no_middlebox"]
    if kind == "psk":
        common += ["-cipher", "ECDHE-PSK-AES128-CBC-SHA256", "-psk", PSK,
                   "-psk_identity", "mn1@a.example"]
        server_only = ["-nocert"]
        client_only = []
    else:
        common += ["-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256",
                   "-verifyCAfile", folder + "/ca.pem", "-verify_return_error"]
        server_only = ["-cert", folder + "/server.pem", "-key", folder + "/server.pem",
                       "-Verify", "1"]
        client_only = ["-cert", folder + "/client.pem", "-key", folder + "/client.pem"]
    server = subprocess.Popen(
        ["openssl", "s_server", "-accept", "127.0.0.1:0", "-num_tickets", "0", "-naccept", "1", "-no_cache"]
        + common + server_only,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    port = 0
    for line in server.stdout:
        if line.startswith(b"ACCEPT "):
            port = int(line.split(b":")[-1])
            break
    listener = socket.create_server(("127.0.0.1", 0))
    client = subprocess.Popen(
        ["openssl", "s_client", "-connect", "127.0.0.1:%d" % listener.getsockname()[1],
         "-noservername"] + common + client_only,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    near, _ = listener.accept()
    far = socket.create_connection(("127.0.0.1", port))
    sent = {"c": [], "s": []}
    threads = [threading.Thread(target=pump, args=(near, far, sent["c"])),
               threading.Thread(target=pump, args=(far, near, sent["s"]))]
    for thread in threads:
        thread.start()
    client.wait()
    server.stdin.close()
    for thread in threads:
        thread.join()
    server.kill()
    server.wait()
    for who in "cs":
        for content, size in records(b"".join(sent[who])):
            print(who, content, size)


main()
