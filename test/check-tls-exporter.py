#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Computes exported keying material of TLS from the secrets of a key log.

usage: check-tls-exporter.py 1.3 EXPORTER_SECRET LABEL CONTEXT SIZE
       check-tls-exporter.py 1.2 MASTER_SECRET LABEL CONTEXT SIZE CLIENT_RANDOM SERVER_RANDOM

Secrets, randoms and the context are hexadecimal, "-" stands for no context. Several requests may
follow each other, parted by the argument ",". Prints hexadecimal, a line for each request. The rules are those of RFC 8446, section 7.5, and RFC 5705, section 4, with SHA-256.
"""
import hashlib
import hmac
import sys


def mac(key, message):
    return hmac.new(key, message, hashlib.sha256).digest()


def expand_label(secret, label, context, size):
    """HKDF-Expand-Label of RFC 8446, section 7.1."""
    name = b"tls13 " + label
    info = (size.to_bytes(2, "big") + bytes([len(name)]) + name + bytes([len(context)]) + context)
    output = block = b""
    for counter in range(1, 256):
        if len(output) >= size:
            break
        block = mac(secret, block + info + bytes([counter]))
        output += block
    return output[:size]


def prf(secret, label, seed, size):
    """The PRF of RFC 5246, section 5."""
    seed = label + seed
    output, chain = b"", seed
    while len(output) < size:
        chain = mac(secret, chain)
        output += mac(secret, chain + seed)
    return output[:size]


def answer(request):
    version, secret, label, context, size = request[:5]
    secret, label, size = bytes.fromhex(secret), label.encode(), int(size)
    if version == "1.3":
        context = b"" if context == "-" else bytes.fromhex(context)
        derived = expand_label(secret, label, hashlib.sha256(b"").digest(), 32)
        print(expand_label(derived, b"exporter", hashlib.sha256(context).digest(), size).hex())
    else:
        seed = bytes.fromhex(request[5]) + bytes.fromhex(request[6])
        if context != "-":
            context = bytes.fromhex(context)
            seed += len(context).to_bytes(2, "big") + context
        print(prf(secret, label, seed, size).hex())


def main():
    request = []
    for argument in sys.argv[1:] + [","]:
        if argument == ",":
            answer(request)
            request = []
        else:
            request.append(argument)


main()
