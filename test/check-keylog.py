#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Checks captures of MIS frames against the key log of the simulation that wrote them.

Every protected frame on UDP port 4551 is verified and decrypted with the keys of the log. Delivered
keys are followed from the frames that carry them to the security associations made from them: masks
of the legacy clause are computed and taken off, keys in decrypted messages are compared, group key
blocks are opened with device keys, session keys and SAIDs are derived again, and link-layer frames
are verified under MIAK. Where they are frames of an access technology, the keys of links are derived
again and compared with what Push_Key carries.

Shares nothing with the module: Python's standard library does the hashes, the openssl command does
AES, the rest is here. Reads classic pcap files (Ethernet or PPP) with IPv4.

Exit status: 0 if all fits, 1 if anything does not or if there was too little to check, 2 for a
wrong call.
"""

import argparse
import collections
import functools
import hashlib
import hmac
import os
import struct
import subprocess
import sys

PORT = 4551

# Without a configuration file openssl starts faster.
ENVIRONMENT = {**os.environ, "OPENSSL_CONF": os.devnull}

# TLV types
SOURCE_ID, DESTINATION_ID, MOBILE_NODE_ID = 1, 2, 52
LINK_IDENTIFIER, KEY_MAPPING = 13, 140
NONCE, PROTECTED_KEY, LINK_LAYER_INFORMATION, TPOS_ID = 129, 130, 132, 133
SAID, SECURITY = 135, 136
AUTH = (0x1406, 0x1806)
GROUP_ID, COMPLETE_SUBTREE, GROUP_KEY_DATA, VERIFY_GROUP_KEY = 141, 143, 144, 145
SEQUENCE_NUMBER, SAID_NOTIFICATION = 146, 151

# message identifiers
PREREG_REQUEST, PREREG_RESPONSE = 0x340D, 0x380D
N2N_REQUEST, N2N_RESPONSE = 0x340E, 0x380E
LL_AUTH_REQUEST, LL_AUTH_RESPONSE = 0x1409, 0x1809
GROUP_MANIPULATE = (0x140B, 0x1C0B)
PUSH_KEY_REQUEST = 0x1408

# LINK_TYPE: (name, what captures of bare frames of it are: Ethernet, or user 0)
LINK_TYPES = {15: ("eapol", 1), 19: ("eapol", 1), 27: ("pkm", 147), 23: ("nas", 147)}

GKB, PREREGISTRATION = 2, 3  # ID_TYPE

# code: (octets of MIIK, octets of MIEK)
SUITES = {1: (0, 16), 2: (20, 16), 3: (16, 16), 4: (20, 0), 5: (16, 0)}
ICV = 12


class Unreadable(Exception):
    """Octets or a line that break their format."""


# AES, by the openssl command


def openssl(options, key, data):
    done = subprocess.run(
        ["openssl", "enc", *options, "-K", key.hex()],
        input=data,
        capture_output=True,
        check=False,
        env=ENVIRONMENT,
    )
    if done.returncode != 0:
        raise Unreadable("openssl enc: " + done.stderr.decode(errors="replace").strip())
    return done.stdout


def ecb(key, blocks):
    return openssl(["-e", "-aes-128-ecb", "-nopad"], key, blocks)


@functools.lru_cache(maxsize=None)
def ecb_of_zero(key):
    return ecb(key, bytes(16))


def ecb_decrypt(key, blocks):
    return openssl(["-d", "-aes-128-ecb", "-nopad"], key, blocks)


def cbc_mac(key, blocks):
    return openssl(["-e", "-aes-128-cbc", "-nopad", "-iv", "00" * 16], key, blocks)[-16:]


def cbc_decrypt(key, vector, text):
    return openssl(["-d", "-aes-128-cbc", "-iv", vector.hex()], key, text)


def xor(a, b):
    return bytes(x ^ y for x, y in zip(a, b))


def padded(data):
    return data + bytes(-len(data) % 16)


def cmac(key, data):
    def double(block):
        value = int.from_bytes(block, "big") << 1
        return ((value ^ 0x87 if value >> 128 else value) & (2**128 - 1)).to_bytes(16, "big")

    subkey = double(ecb_of_zero(key))
    if not data or len(data) % 16:
        subkey = double(subkey)
        data = padded(data + b"\x80")
    return cbc_mac(key, data[:-16] + xor(data[-16:], subkey))


@functools.lru_cache(maxsize=None)
def unwrap(key, data):
    """RFC 3394; None if its check fails."""
    a, r = data[:8], [data[i : i + 8] for i in range(8, len(data), 8)]
    for j in range(5, -1, -1):
        for i in range(len(r), 0, -1):
            t = struct.pack(">Q", len(r) * j + i)
            block = ecb_decrypt(key, xor(a, t) + r[i - 1])
            a, r[i - 1] = block[:8], block[8:]
    return b"".join(r) if a == b"\xa6" * 8 else None


# key derivation


def prf(name, key, data):
    if name == "HMAC-SHA-256":
        return hmac.new(key, data, hashlib.sha256).digest()
    if name == "HMAC-SHA-1":
        return hmac.new(key, data, hashlib.sha1).digest()
    if name == "AES-CMAC":
        return cmac(key if len(key) == 16 else cmac(bytes(16), key), data)
    raise Unreadable("pseudo-random function " + name)


def kdf(key, label, context, octets, name="HMAC-SHA-256"):
    out, i = b"", 0
    while len(out) < octets:
        i += 1
        out += prf(
            name,
            key,
            struct.pack(">I", i) + label + b"\0" + context + struct.pack(">I", 8 * octets),
        )
    return out[:octets]


def lp(value):
    return struct.pack(">H", len(value)) + value


# formats


def read_length(data, at):
    if at >= len(data):
        raise Unreadable("a length is missing")
    first = data[at]
    if first <= 0x80:
        return first, at + 1
    end = at + 1 + first - 0x80
    if end > len(data):
        raise Unreadable("a length is cut short")
    return 128 + int.from_bytes(data[at + 1 : end], "big"), end


def octet_string(data, at=0):
    length, at = read_length(data, at)
    if at + length > len(data):
        raise Unreadable("an octet string is cut short")
    return data[at : at + length], at + length


def whole_octet_string(data):
    value, end = octet_string(data)
    if end != len(data):
        raise Unreadable("octets behind an octet string")
    return value


def read_tlvs(data):
    """List of (type, value, whole TLV)."""
    tlvs, at = [], 0
    while at < len(data):
        value, end = octet_string(data, at + 1)
        tlvs.append((data[at], value, data[at:end]))
        at = end
    return tlvs


def link_address_end(data, at):
    """LINK_ADDR: a MAC address, or a cell of UMTS."""
    if data[at] == 0:
        return octet_string(data, at + 3)[1]
    if data[at] == 1:
        return at + 8
    raise Unreadable(f"link address of kind {data[at]}")


def link_tuple_end(data, at):
    at = link_address_end(data, at + 1)
    if data[at] == 1:
        return link_address_end(data, at + 1)
    return at + 1


def values(tlvs, kind):
    return [value for type_, value, _ in tlvs if type_ == kind]


def read_pcap(path):
    """Yields (time in ns, source, destination, UDP payload) of datagrams of the port."""
    with open(path, "rb") as file:
        data = file.read()
    orders = {b"\xa1\xb2\xc3\xd4": (">", 1000), b"\xd4\xc3\xb2\xa1": ("<", 1000)}
    orders |= {b"\xa1\xb2\x3c\x4d": (">", 1), b"\x4d\x3c\xb2\xa1": ("<", 1)}
    if len(data) < 24 or data[:4] not in orders:
        raise Unreadable("not a pcap file")
    order, unit = orders[data[:4]]
    link = struct.unpack(order + "I", data[20:24])[0]
    if link not in (1, 9):
        raise Unreadable(f"link type {link}")
    at = 24
    while at < len(data):
        if at + 16 > len(data):
            raise Unreadable("cut short")
        seconds, fraction, kept, length = struct.unpack(order + "IIII", data[at : at + 16])
        packet = data[at + 16 : at + 16 + kept]
        at += 16 + kept
        if at > len(data) or kept != length:
            raise Unreadable("cut short")
        ip, is_ipv4 = (packet[14:], packet[12:14] == b"\x08\x00")
        if link == 9:
            ip, is_ipv4 = (packet[2:], packet[:2] == b"\x00\x21")
        if not is_ipv4 or ip[9] != 17:
            continue
        udp = ip[4 * (ip[0] & 15) : struct.unpack(">H", ip[2:4])[0]]
        if struct.unpack(">H", ip[6:8])[0] & 0x3FFF:
            raise Unreadable("a UDP datagram in IP fragments")
        source_port, destination_port, size = struct.unpack(">HHH", udp[:6])
        if PORT in (source_port, destination_port):
            yield seconds * 10**9 + fraction * unit, ip[12:16], ip[16:20], udp[8:size]


class Frame:
    """A MIS frame; of a fragmented message the whole, put together."""

    def __init__(self, octets):
        if len(octets) < 8:
            raise Unreadable("a header is cut short")
        self.octets = octets
        self.mid, self.tid, length = struct.unpack(">HHH", octets[2:8])
        if octets[0] >> 4 != 1 or 8 + length != len(octets):
            raise Unreadable("version or length of a header")
        self.is_fragment = bool(octets[0] & 1 or octets[1] >> 1)
        self.is_last = not octets[0] & 1
        self.number = octets[1] >> 1
        self.is_protected = bool(octets[1] & 1)
        at, ids, self.ids = 8, [], b""
        for kind in (SOURCE_ID, DESTINATION_ID):
            if at >= len(octets) or octets[at] != kind:
                raise Unreadable("a frame does not begin with its identifiers")
            value, end = octet_string(octets, at + 1)
            ids.append(whole_octet_string(value))
            self.ids += octets[at:end]
            at = end
        self.source, self.destination = ids
        self.body = octets[at:]
        self.time = None
        self.place = None

    def where(self):
        return (
            f"{self.place}: message {self.mid:04X}, transaction {self.tid}, "
            f"{self.source.decode()} to {self.destination.decode()}"
        )


# the key log

Association = collections.namedtuple("Association", "time initiator responder suite miik miek")
Mask = collections.namedtuple("Mask", "prf key")


class KeyLog:
    """Lines of a key log by kind."""

    def __init__(self, path):
        self.associations = collections.defaultdict(list)  # (SAID, ids) -> [Association]
        self.delivered = collections.defaultdict(list)  # (MN, TPoS) -> [(remedy, K)]
        self.masks = collections.defaultdict(set)  # (receiver, sender) -> {Mask}
        self.devices = collections.defaultdict(dict)  # (level, index) -> {device: node key}
        self.groups = collections.defaultdict(set)  # (group, sequence number) -> {MGK}
        self.links = collections.defaultdict(list)  # (MN, PoS, LINK_TUPLE_ID) -> [(root, MSPMK)]
        self.lines = collections.Counter()
        with open(path, "rb") as file:
            text = file.read()
        if not text.endswith(b"\n"):
            raise Unreadable("the last line of the key log is cut short")
        for number, line in enumerate(text.split(b"\n")[:-1], 1):
            try:
                self._read(line.split(b" "))
            except (ValueError, KeyError) as error:
                raise Unreadable(f"line {number} of the key log: {line.decode()}") from error

    @staticmethod
    def _hex(field, *sizes):
        octets = b"" if field == b"-" else bytes.fromhex(field.decode())
        if field != field.lower() or (sizes and len(octets) not in sizes):
            raise ValueError(field)
        return octets

    def _read(self, fields):
        time, kind, *rest = fields
        time = int(time)
        if kind == b"SA":
            said, initiator, responder, suite, miik, miek = rest
            id_type, id_value = said.split(b":")
            code = self._hex(suite, 1)[0]
            integrity, encryption = SUITES[code]
            key = (int(id_type), self._hex(id_value), frozenset((initiator, responder)))
            self.associations[key].append(
                Association(
                    time,
                    initiator,
                    responder,
                    code,
                    self._hex(miik, integrity),
                    self._hex(miek, encryption),
                )
            )
        elif kind == b"KDK":
            remedy, mn, tpos, k = rest
            self.delivered[mn, tpos].append((remedy.decode(), self._hex(k)))
        elif kind == b"MASK":
            receiver, sender, name, key = rest
            self.masks[receiver, sender].add(Mask(name.decode(), self._hex(key)))
        elif kind == b"DEV":
            device, node, key = rest
            level, index = node.split(b":")
            self.devices[int(level), int(index)][device] = self._hex(key, 16)
        elif kind == b"MGK":
            group, number, mgk = rest
            self.groups[group, int(number)].add(self._hex(mgk))
        elif kind == b"MSPMK":
            mn, pos, link, root, key = rest
            self.links[mn, pos, self._hex(link)].append((self._hex(root), self._hex(key, 32)))
        else:
            raise ValueError(kind)
        self.lines[kind.decode()] += 1


class Checker:
    """Frames of some captures, checked against a key log."""

    def __init__(self, log):
        self.log = log
        self.problems = []
        self.count = collections.Counter()
        self.messages = {}  # octets -> Frame, the first of its copies
        self.bodies = []  # (Frame, service TLVs in plain text)
        self.nonces = collections.defaultdict(set)  # (MN, TPoS) -> {(kind, nonce)}
        self.miaks = collections.defaultdict(set)  # (MN, TPoS) -> {MIAK}
        self.carried = collections.defaultdict(set)  # (MN, TPoS) -> {K seen in frames}
        self.used = set()
        self.notified = {}  # MGK -> SAID
        self.fragments = {}  # octets -> Frame
        self.complete = set()  # fragments of complete messages
        self.pushed = collections.defaultdict(set)  # LINK_TUPLE_ID -> {key in Push_Key}

    def problem(self, text):
        self.problems.append(text)

    # captures

    def read(self, path):
        partial = {}
        for time, source, destination, payload in read_pcap(path):
            self.count["frames"] += 1
            try:
                frame = Frame(payload)
            except Unreadable as error:
                self.problem(f"{path}: {error}")
                continue
            frame.time, frame.place = time, path
            if not frame.is_fragment:
                self.messages.setdefault(payload, frame)
                continue
            self.count["fragments"] += 1
            self.fragments.setdefault(payload, frame)
            key = (source, destination, frame.ids, frame.mid, frame.tid)
            parts = partial.setdefault(key, {})
            parts[frame.number] = frame
            last = max(parts)
            if parts[last].is_last and len(parts) == last + 1:
                ordered = [parts[i] for i in range(last + 1)]
                self.complete |= {part.octets for part in ordered}
                whole = self._join(ordered)
                self.messages.setdefault(whole.octets, whole)
                del partial[key]

    @staticmethod
    def _join(parts):
        first = parts[0]
        body = first.ids + b"".join(part.body for part in parts)
        header = bytes([first.octets[0] & 0xFE, first.octets[1] & 1]) + first.octets[2:6]
        whole = Frame(header + struct.pack(">H", len(body)) + body)
        whole.time, whole.place = first.time, first.place
        return whole

    # protection

    def open_frames(self):
        for octets, frame in self.fragments.items():
            if octets not in self.complete:
                self.problem(f"{frame.where()}: fragment {frame.number} of an incomplete message")
        numbers = {}
        sealed = collections.defaultdict(list)  # MIEK -> frames with CCM
        for frame in self.messages.values():
            if not frame.is_protected:
                self._keep(frame, frame.body)
                continue
            if self._is_handshake(frame):
                self.count["handshake frames"] += 1
                continue
            self.count["protected"] += 1
            try:
                number, association = self._open(frame, sealed)
            except Unreadable as error:
                self.problem(f"{frame.where()}: {error}")
                continue
            # A number used twice would repeat the nonce of CCM.
            use = (association, frame.source, number)
            if numbers.setdefault(use, frame.octets) != frame.octets:
                self.problem(f"{frame.where()}: sequence number {number} was used before")
        for key, frames in sealed.items():
            self._open_ccm(key, frames)

    @staticmethod
    def _is_handshake(frame):
        """Whether it carries TLS records, which protect themselves: an Auth message without SAID."""
        tlvs = read_tlvs(frame.body)
        return frame.mid in AUTH and any(kind == SECURITY and value[:1] == b"\0"
                                         for kind, value in (tlv[:2] for tlv in tlvs))

    def _open(self, frame, sealed):
        tlvs = read_tlvs(frame.body)
        if [tlv[0] for tlv in tlvs] != [SAID, SECURITY]:
            raise Unreadable("a protected frame without SAID and Security TLVs")
        (_, said, said_tlv), (_, security, _) = tlvs
        key = (said[0], whole_octet_string(said[1:]), frozenset((frame.source, frame.destination)))
        associations = self.log.associations.get(key)
        if not associations:
            raise Unreadable(f"no key in the log for SAID {key[0]}:{key[1].hex()}")
        association = associations[0]
        if association.time > frame.time + 999:
            self.problem(f"{frame.where()}: captured before its keys were logged")
        if security[0] != 1:
            raise Unreadable("a Security TLV of another kind")
        encrypted, end = octet_string(security, 1)
        tail = security[end:]
        header = bytes([frame.octets[0] & 0xF2, frame.octets[1] & 1]) + frame.octets[2:8]
        covered = header + frame.ids + said_tlv
        number, text = encrypted[:8], encrypted[8:]
        if len(number) != 8 or number == bytes(8):
            raise Unreadable("no sequence number")
        self.used.add(key)
        if association.suite == 1:
            if tail != b"\x01" or len(text) < ICV:
                raise Unreadable("Security TLV does not fit to AES-CCM")
            direction = 0 if frame.source == association.initiator else 1
            nonce = bytes([direction]) + hashlib.sha256(frame.source).digest()[:4] + number
            sealed[association.miek].append((frame, nonce, covered, text[:-ICV], text[-ICV:]))
            return number.hex(), key
        if tail[:1] != b"\x00":
            raise Unreadable("no integrity block")
        if association.suite in (2, 4):
            icv = hmac.new(association.miik, covered + encrypted, hashlib.sha1).digest()
        else:
            icv = cmac(association.miik, covered + encrypted)
        if whole_octet_string(tail[1:]) != icv[:ICV]:
            raise Unreadable("wrong integrity check value")
        if association.suite in (2, 3):
            try:
                text = cbc_decrypt(association.miek, text[:16], text[16:])
            except Unreadable as error:
                raise Unreadable("wrong padding") from error
        self._verified(frame, text, association.suite)
        return number.hex(), key

    def _open_ccm(self, key, frames):
        """RFC 3610 with L = 2, M = 12; the key stream of all frames by one call."""
        counters, places = [], []
        for _, nonce, _, text, _ in frames:
            places.append(16 * len(counters))
            counters += [
                b"\x01" + nonce + struct.pack(">H", i) for i in range(1 + len(padded(text)) // 16)
            ]
        stream = ecb(key, b"".join(counters))
        for (frame, nonce, covered, text, icv), place in zip(frames, places):
            plain = xor(text, stream[place + 16 :])
            blocks = b"\x69" + nonce + struct.pack(">H", len(plain))
            blocks += padded(lp(covered)) + padded(plain)
            if xor(cbc_mac(key, blocks), stream[place : place + 16])[:ICV] != icv:
                self.problem(f"{frame.where()}: wrong integrity check value")
                continue
            self._verified(frame, plain, 1)

    def _verified(self, frame, plain, suite):
        self.count["verified"] += 1
        self.count[f"suite {suite}"] += 1
        self._keep(frame, plain)

    def _keep(self, frame, plain):
        try:
            self.bodies.append((frame, read_tlvs(plain)))
        except Unreadable as error:
            self.problem(f"{frame.where()}: {error}")

    # keys

    def pairs(self, frame, tlvs):
        """(MN, TPoS) a preregistration or link-layer frame is about."""
        if frame.mid in (PREREG_REQUEST, PREREG_RESPONSE):
            mn = frame.source if frame.mid == PREREG_REQUEST else frame.destination
            named = [whole_octet_string(value) for value in values(tlvs, TPOS_ID)]
            return [p for p in self.log.delivered if p[0] == mn and (not named or p[1] == named[0])]
        if frame.mid in (N2N_REQUEST, N2N_RESPONSE):
            tpos = frame.destination if frame.mid == N2N_REQUEST else frame.source
            return [(whole_octet_string(value), tpos) for value in values(tlvs, MOBILE_NODE_ID)]
        if frame.mid == LL_AUTH_REQUEST:
            return [(frame.source, frame.destination)]
        if frame.mid == LL_AUTH_RESPONSE:
            return [(frame.destination, frame.source)]
        return []

    def collect_nonces(self):
        for frame, tlvs in self.bodies:
            for pair in self.pairs(frame, tlvs):
                found = [whole_octet_string(value) for value in values(tlvs, NONCE)]
                kinds = "N" if frame.mid == PREREG_RESPONSE else "TN"
                self.nonces[pair] |= set(zip(kinds, found))
                for value in values(tlvs, LINK_LAYER_INFORMATION):
                    link = whole_octet_string(value)
                    if link[:3] == b"\x01\x00\x01":  # round 1 of a full authentication
                        kind = "T" if frame.mid in (PREREG_REQUEST, N2N_REQUEST) else "N"
                        self.nonces[pair].add((kind, link[3:19]))

    def nonce_pairs(self, pair):
        found = self.nonces[pair]
        ts = [b""] + [nonce for kind, nonce in found if kind == "T"]
        ns = [b""] + [nonce for kind, nonce in found if kind == "N"]
        return [(t, n) for t in ts for n in ns]

    def follow_keys(self):
        """From frames that carry K to the ends that accepted it."""
        for frame, tlvs in self.bodies:
            carried = [whole_octet_string(value) for value in values(tlvs, PROTECTED_KEY)]
            if not carried:
                continue
            for pair in self.pairs(frame, tlvs):
                logged = [k for _, k in self.log.delivered.get(pair, [])]
                if frame.is_protected:
                    candidates = carried
                    self.count["K decrypted"] += 1
                else:
                    candidates = self._unmask(frame, tlvs, pair, carried[0])
                    self.count["K unmasked"] += 1
                hits = [k for k in candidates if k in logged]
                if not hits:
                    self.problem(f"{frame.where()}: carries a K that no end has accepted")
                elif logged.count(hits[0]) != 2:
                    self.problem(f"{frame.where()}: K was not accepted by both ends")
                self.carried[pair] |= set(hits)

    def _unmask(self, frame, tlvs, pair, masked):
        nonces = [whole_octet_string(value) for value in values(tlvs, NONCE)]
        if frame.mid == N2N_REQUEST:
            contexts = [lp(pair[0]) + lp(nonces[0]) + lp(nonces[1])]
        else:
            ts = [nonce for kind, nonce in self.nonces[pair] if kind == "T"]
            contexts = [lp(pair[1]) + lp(t) + lp(nonces[0]) for t in ts]
            contexts.append(lp(pair[1]) + lp(nonces[0]))  # formula without Nonce-T
        return [
            xor(masked, kdf(mask.key, b"MIS KDK-MASK", context, len(masked), mask.prf))
            for mask in self.log.masks.get((frame.destination, frame.source), [])
            for context in contexts
        ]

    def open_blocks(self):
        opened = set()
        for frame, tlvs in self.bodies:
            if frame.mid in GROUP_MANIPULATE and values(tlvs, GROUP_KEY_DATA):
                opened.add(self._open_block(frame, tlvs))
        for group, number in set(self.log.groups) - opened:
            self.problem(f"no group key block of {group.decode()} with number {number} was seen")

    def _open_block(self, frame, tlvs):
        group = whole_octet_string(values(tlvs, GROUP_ID)[0])
        number = int.from_bytes(values(tlvs, SEQUENCE_NUMBER)[0], "big")
        data = values(tlvs, COMPLETE_SUBTREE)[0]
        count, at = read_length(data, 0)
        cover = [struct.unpack(">BI", data[at + 5 * i : at + 5 * i + 5]) for i in range(count)]
        data = values(tlvs, GROUP_KEY_DATA)[0]
        count, at = read_length(data, 0)
        wrapped = []
        for _ in range(count):
            value, at = octet_string(data, at)
            wrapped.append(value)
        logged = self.log.groups.get((group, number), set())
        self.count["group key blocks"] += 1
        if len(logged) != 1 or not cover or len(cover) != len(wrapped):
            self.problem(f"{frame.where()}: group key {number} is not once in the log")
            return group, number
        mgk = next(iter(logged))
        members = set()
        for node, block in zip(cover, wrapped):
            holders = self.log.devices.get(node, {})
            if len(set(holders.values())) != 1:
                self.problem(f"{frame.where()}: no device key of node {node[0]}:{node[1]}")
            elif unwrap(next(iter(holders.values())), block) != mgk:
                self.problem(f"{frame.where()}: node {node[0]}:{node[1]} gives another group key")
            members |= set(holders)
        check = whole_octet_string(values(tlvs, VERIFY_GROUP_KEY)[0])
        if check != kdf(mgk, b"MIS VGK", lp(group), 16):
            self.problem(f"{frame.where()}: wrong VerifyGroupKey")
        for pair, keys in self.log.delivered.items():
            if mgk in [k for _, k in keys]:
                self.carried[pair].add(mgk)
                self.count["K unwrapped"] += 1
                if not members >= set(pair):
                    self.problem(f"{frame.where()}: MN and TPoS are not both members")
        for said in values(tlvs, SAID_NOTIFICATION):
            self.notified[mgk] = (said[0], whole_octet_string(said[1:]))
        return group, number

    def derive(self):
        """From K to session keys, SAIDs and MIAK."""
        for pair, keys in self.log.delivered.items():
            for remedy, k in keys:
                if remedy in ("legacy", "remedy1", "remedy2") and k not in self.carried[pair]:
                    self.problem(f"no frame carries the K of {b', '.join(pair).decode()}")
        for key, associations in self.log.associations.items():
            first = associations[0]
            if any(other[1:] != first[1:] for other in associations):
                self.problem(f"SAID {key[0]}:{key[1].hex()}: the ends hold different keys")
            if key[0] not in (GKB, PREREGISTRATION):
                continue
            if self._derive(key, first):
                self.count["derived"] += 1
            else:
                self.problem(f"SAID {key[0]}:{key[1].hex()}: does not follow from any K")
        for (receiver, sender), masks in self.log.masks.items():
            miaks = self.miaks.get((receiver, sender))
            for mask in masks if miaks else []:
                self.count["mask keys derived"] += 1
                if mask.key not in miaks:
                    self.problem(f"mask key of {receiver.decode()}: is not the MIAK of its SA")

    def _derive(self, key, association):
        pair = (association.initiator, association.responder)
        ids = lp(pair[0]) + lp(pair[1])
        misk = association.miik + association.miek
        for _, k in self.log.delivered.get(pair, []):
            check = kdf(k, b"MIS SAID", b"", 16)
            said = (PREREGISTRATION, hashlib.sha256(ids + check).digest()[:4])
            if key[:2] != self.notified.get(k, said):
                continue
            for t, n in self.nonce_pairs(pair):
                context = lp(t) + lp(n) + ids
                if misk == kdf(k, b"MIS MISK", bytes([association.suite]) + context, len(misk)):
                    self.miaks[pair].add(kdf(k, b"MIS MIAK", context, 32))
                    return True
        return False

    def follow_link_keys(self):
        """From the root of a media access authentication to the key of the link."""
        for (mn, pos, link), keys in self.log.links.items():
            where = f"link key of {mn.decode()} at {pos.decode()}"
            for root, key in keys:
                msrk = kdf(root, b"MIS MSRK", lp(mn) + lp(pos), 64)
                if key != kdf(msrk, b"MIS MSPMK", lp(link), 32):
                    self.problem(f"{where}: does not follow from its root")
                if key not in self.pushed[link]:
                    self.problem(f"{where}: no Push_Key carries it")
                secrets = [k for ks in self.log.delivered.values() for _, k in ks]
                if any(k in (key, root, key[:16], key[16:]) for k in secrets):
                    self.problem(f"{where}: is a K")
            # Where credentials were checked over the link itself, not all technologies go on with it.
            needs_both = link[0] not in (15, 23) or len(keys) > 1
            if needs_both and len(keys) % 2 or any(
                a != b for a, b in zip(keys[::2], keys[1::2])
            ):
                self.problem(f"{where}: the ends hold different keys")
            self.count["link keys"] += (len(keys) + 1) // 2

    def find_pushed_keys(self):
        for frame, tlvs in self.bodies:
            if frame.mid != PUSH_KEY_REQUEST:
                continue
            if not frame.is_protected:
                self.problem(f"{frame.where()}: Push_Key in the clear")
            for value in values(tlvs, KEY_MAPPING):
                count, at = read_length(value, 0)
                for _ in range(count):
                    end = link_tuple_end(value, at)
                    key, after = octet_string(value, end)
                    self.pushed[value[at:end]].add(key)
                    at = after + 4  # lifetime
                    if not any(key in [k for _, k in keys] for keys in self.log.links.values()):
                        self.problem(f"{frame.where()}: carries a key that is not in the log")

    def link_frames(self):
        """Yields (time, type of the link, MN's address, PoA's, whether from the MN, frame)."""
        for frame, tlvs in sorted(self.bodies, key=lambda body: body[0].time):
            if frame.mid not in (PREREG_REQUEST, PREREG_RESPONSE, LL_AUTH_REQUEST, LL_AUTH_RESPONSE):
                continue
            if frame.mid in (LL_AUTH_REQUEST, LL_AUTH_RESPONSE):
                mn = frame.source if frame.mid == LL_AUTH_REQUEST else frame.destination
                if not any(mn == pair[0] for pair in self.log.delivered):
                    continue  # between other nodes
            for link in values(tlvs, LINK_IDENTIFIER):
                for value in values(tlvs, LINK_LAYER_INFORMATION):
                    octets = whole_octet_string(value)
                    if not octets or octets[0] in (1, 4) or link[0] not in LINK_TYPES:
                        continue  # nothing, or a flight of a full authentication
                    is_request = frame.mid in (PREREG_REQUEST, LL_AUTH_REQUEST)
                    mac = link[5:11]
                    poa = link[16:22] if len(link) == 22 else bytes(6)
                    yield frame.time, link[0], mac, poa, is_request, octets

    def write_link_frames(self, prefix):
        """One capture for each kind of frame."""
        files = {}
        for time, link, mac, poa, is_request, octets in self.link_frames():
            name, kind = LINK_TYPES[link]
            if name not in files:
                files[name] = bytearray(
                    struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 65535, kind)
                )
            if kind == 1:
                ends = poa + mac if is_request else mac + poa
                octets = ends + b"\x88\x8e" + octets
            files[name] += struct.pack(
                "<IIII", time // 10**9, time % 10**9, len(octets), len(octets)
            )
            files[name] += octets
        for name, octets in files.items():
            with open(f"{prefix}.{name}.pcap", "wb") as file:
                file.write(octets)

    def verify_link_frames(self):
        if self.log.links:
            self.count["link frames"] = sum(1 for _ in self.link_frames())
            return
        for frame, tlvs in self.bodies:
            for value in values(tlvs, LINK_LAYER_INFORMATION):
                link = whole_octet_string(value)
                if link[0] not in (2, 3):
                    continue
                is_request = frame.mid in (PREREG_REQUEST, N2N_REQUEST, LL_AUTH_REQUEST)
                data = (b"\x00" if is_request else b"\x01") + link[:-16]
                miaks = [m for pair in self.pairs(frame, tlvs) for m in self.miaks.get(pair, [])]
                if any(prf("HMAC-SHA-256", m, data)[:16] == link[-16:] for m in miaks):
                    self.count["link frames"] += 1
                else:
                    self.problem(f"{frame.where()}: link-layer frame with a wrong MIC")

    def run(self):
        self.open_frames()
        for step in (
            self.collect_nonces,
            self.open_blocks,
            self.follow_keys,
            self.derive,
            self.find_pushed_keys,
            self.follow_link_keys,
            self.verify_link_frames,
        ):
            try:
                step()
            except (Unreadable, IndexError, struct.error) as error:
                self.problem(f"a message can not be read: {error!r}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--expect", type=int, default=1, metavar="N",
                        help="fail if fewer distinct protected frames were verified (default: 1)")
    parser.add_argument("--link-frames", metavar="PREFIX",
                        help="write the frames of access technologies that mobile nodes exchanged "
                        "through MIS to PREFIX.eapol.pcap, PREFIX.pkm.pcap and PREFIX.nas.pcap")
    parser.add_argument("keylog")
    parser.add_argument("pcap", nargs="+")
    arguments = parser.parse_args()
    try:
        checker = Checker(KeyLog(arguments.keylog))
        for path in arguments.pcap:
            try:
                checker.read(path)
            except (Unreadable, IndexError, struct.error) as error:
                raise Unreadable(f"{path}: {error}") from error
    except (OSError, Unreadable) as error:
        print(f"check-keylog: {error}")
        return 1
    checker.run()
    count = checker.count
    if count["verified"] < arguments.expect:
        checker.problem(
            f"{count['verified']} protected frames verified, {arguments.expect} expected"
        )
    print(f"{count['frames']} frames, {count['fragments']} of them fragments, "
          f"{len(checker.messages)} distinct messages")
    suites = ", ".join(
        f"{count[f'suite {s}']} with suite {s}" for s in SUITES if count[f"suite {s}"]
    )
    print(f"{count['protected']} protected, {count['verified']} verified and decrypted"
          + (f" ({suites})" if suites else "")
          + (f"; {count['handshake frames']} with TLS records"
             if count["handshake frames"] else ""))
    print(f"{len(checker.log.associations)} security associations, {len(checker.used)} used, "
          f"{count['derived']} derived from K")
    print(f"{count['K unmasked']} times K unmasked, {count['K decrypted']} times decrypted, "
          f"{count['K unwrapped']} times unwrapped; {count['mask keys derived']} mask keys "
          f"derived, {count['group key blocks']} group key blocks, "
          f"{count['link frames']} link-layer frames verified")
    if checker.log.links:
        print(f"{count['link keys']} link keys derived and pushed")
    if arguments.link_frames:
        checker.write_link_frames(arguments.link_frames)
    for text in checker.problems[:20]:
        print("FAIL", text)
    print(f"{len(checker.problems)} problems" if checker.problems else "OK")
    return 1 if checker.problems else 0


if __name__ == "__main__":
    sys.exit(main())
