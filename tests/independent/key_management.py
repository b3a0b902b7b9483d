#!/usr/bin/env python3
"""Reproduces vectors/keyManagement.jsonl with nothing but Python's standard library.

Curve, AES, key wrap, HKDF, line check and the whole key load file are written here a second time, from FIPS 186-4, FIPS 197,
RFC 5649, RFC 5869 and docs/standard/key-load-file.md, so that the design is not checked by its own code only. Slow and not
constant in time: for known answers, never for keys that matter.

    python3 tests/independent/key_management.py vectors/keyManagement.jsonl
"""
import hashlib
import hmac
import json
import struct
import sys

# ---- P-384 -------------------------------------------------------------------------------------------------------------------
P = 2**384 - 2**128 - 2**96 + 2**32 - 1
B = 0xB3312FA7E23EE7E4988E056BE3F82D19181D9C6EFE8141120314088F5013875AC656398D8A2ED19D2A85C8EDD3EC2AEF
G = (0xAA87CA22BE8B05378EB1C71EF320AD746E1D3B628BA79B9859F741E082542A385502F25DBF55296C3A545E3872760AB7,
     0x3617DE4A96262C6F5D9E98BF9292DC29F8F41DBD289A147CE9DA3113B5F0B8C00A60B1CE1D7E819D7A431D7C90EA0E5F)


def add(a, b):
    if a is None or b is None:
        return a or b
    if a[0] == b[0]:
        if (a[1] + b[1]) % P == 0:
            return None
        slope = (3 * a[0] * a[0] - 3) * pow(2 * a[1], -1, P) % P
    else:
        slope = (b[1] - a[1]) * pow(b[0] - a[0], -1, P) % P
    x = (slope * slope - a[0] - b[0]) % P
    return x, (slope * (a[0] - x) - a[1]) % P


def multiply(k, point):
    result = None
    while k:
        if k & 1:
            result = add(result, point)
        point, k = add(point, point), k >> 1
    return result


def compress(point):
    return "%02X%096X" % (2 + (point[1] & 1), point[0])


def expand(text):
    x = int(text[2:], 16)
    square = (x**3 - 3 * x + B) % P
    y = pow(square, (P + 1) // 4, P)
    assert x < P and y * y % P == square, "not on the curve"
    return x, y if y & 1 == int(text[:2], 16) & 1 else P - y


def agree(private, public):
    return multiply(int(private, 16), expand(public))[0].to_bytes(48, "big")


# ---- AES (FIPS 197) ----------------------------------------------------------------------------------------------------------
def xtime(a):
    return ((a << 1) ^ (0x11B if a & 0x80 else 0)) & 0xFF


def gf(a, b):
    r = 0
    while b:
        r, a, b = r ^ (a if b & 1 else 0), xtime(a), b >> 1
    return r


def make_sbox():
    box = []
    for a in range(256):
        inverse = next((b for b in range(256) if gf(a, b) == 1), 0)
        box.append(0x63 ^ inverse ^ (inverse << 1 | inverse >> 7) & 255 ^ (inverse << 2 | inverse >> 6) & 255
                   ^ (inverse << 3 | inverse >> 5) & 255 ^ (inverse << 4 | inverse >> 4) & 255)
    return box


SBOX = make_sbox()
UNBOX = [SBOX.index(i) for i in range(256)]


def schedule(key):
    nk, words, rcon = len(key) // 4, [list(key[i:i + 4]) for i in range(0, len(key), 4)], 1
    for i in range(nk, 4 * (nk + 7)):
        word = list(words[-1])
        if i % nk == 0:
            word = [SBOX[b] for b in word[1:] + word[:1]]
            word[0] ^= rcon
            rcon = xtime(rcon)
        elif nk > 6 and i % nk == 4:
            word = [SBOX[b] for b in word]
        words.append([a ^ b for a, b in zip(words[i - nk], word)])
    return [sum(words[i:i + 4], []) for i in range(0, len(words), 4)]


def mix(state, row):
    return [gf(row[0], state[c + r]) ^ gf(row[1], state[c + (r + 1) % 4]) ^ gf(row[2], state[c + (r + 2) % 4]) ^ gf(row[3], state[c + (r + 3) % 4])
            for c in (0, 4, 8, 12) for r in range(4)]


def encrypt(keys, block):
    state = [a ^ b for a, b in zip(block, keys[0])]
    for n, key in enumerate(keys[1:], 1):
        state = [SBOX[state[(i + 4 * (i % 4)) % 16]] for i in range(16)]
        if n < len(keys) - 1:
            state = mix(state, (2, 3, 1, 1))
        state = [a ^ b for a, b in zip(state, key)]
    return bytes(state)


def decrypt(keys, block):
    state = list(block)
    for n in range(len(keys) - 1, 0, -1):
        state = [a ^ b for a, b in zip(state, keys[n])]
        if n < len(keys) - 1:
            state = mix(state, (14, 11, 13, 9))
        state = [UNBOX[state[(i - 4 * (i % 4)) % 16]] for i in range(16)]
    return bytes(a ^ b for a, b in zip(state, keys[0]))


# ---- Key wrap with padding (RFC 5649) ----------------------------------------------------------------------------------------
def wrap(kek, plain):
    keys = schedule(kek)
    a = bytes.fromhex("A65959A6") + struct.pack(">I", len(plain))
    plain += bytes(-len(plain) % 8)
    if len(plain) == 8:
        return encrypt(keys, a + plain)
    r = [plain[i:i + 8] for i in range(0, len(plain), 8)]
    for t in range(6 * len(r)):
        block = encrypt(keys, a + r[t % len(r)])
        a, r[t % len(r)] = struct.pack(">Q", struct.unpack(">Q", block[:8])[0] ^ (t + 1)), block[8:]
    return a + b"".join(r)


def unwrap(kek, wrapped):
    keys = schedule(kek)
    if len(wrapped) == 16:
        block = decrypt(keys, wrapped)
        a, plain = block[:8], block[8:]
    else:
        a, r = wrapped[:8], [wrapped[i:i + 8] for i in range(8, len(wrapped), 8)]
        for t in range(6 * len(r) - 1, -1, -1):
            block = decrypt(keys, struct.pack(">Q", struct.unpack(">Q", a)[0] ^ (t + 1)) + r[t % len(r)])
            a, r[t % len(r)] = block[:8], block[8:]
        plain = b"".join(r)
    length = struct.unpack(">I", a[4:])[0]
    if a[:4] != bytes.fromhex("A65959A6") or not len(plain) - 8 < length <= len(plain) or any(plain[length:]):
        raise ValueError("Integrity")
    return plain[:length]


# ---- Lines and files ---------------------------------------------------------------------------------------------------------
def close(content):
    crc = 0xFFFF
    for octet in content.encode("ascii"):
        crc ^= octet
        for _ in range(8):
            crc = crc >> 1 ^ 0xA001 if crc & 1 else crc >> 1
    return "%s%04X" % (content, crc)


def whole(line):
    return close(line[:-4]) == line


def hkdf(secret, salt, info, length):
    key, out, block = hmac.new(salt, secret, hashlib.sha384).digest(), b"", b""
    while len(out) < length:
        block = hmac.new(key, block + info + bytes([len(out) // 48 + 1]), hashlib.sha384).digest()
        out += block
    return out[:length]


def transport_keys(static, ephemeral, other_static, other_ephemeral, request, header):
    secret = agree(ephemeral, other_ephemeral) + agree(static, other_static)
    salt = hashlib.sha384(request.encode()).digest()
    keys = hkdf(secret, salt, b"STS-OPEN-KMC-1\0" + header.encode(), 72)
    return keys[:24], keys[24:]


def mac(key, text):
    return hmac.new(key, text.encode(), hashlib.sha384).hexdigest()[:48].upper()


def public(private):
    return compress(multiply(int(private, 16), G))


def write_file(v):
    header = v["header"]
    kek, mac_key = transport_keys(v["centreStatic"], v["centreEphemeral"], public(v["moduleStatic"]), public(v["moduleEphemeral"]), v["request"], header)
    number, count = header.split(":")[5], len(v["keys"])
    lines = [header]
    for index, key in enumerate(v["keys"], 1):
        content = "VKEY.1:%s:%d:%s:%s:" % (number, index, key["card"], wrap(kek, bytes.fromhex(key["key"])).hex().upper())
        lines.append(close(content + mac(mac_key, content) + ":"))
    content = "KEND.1:%s:%d:" % (number, count)
    end = close(content + mac(mac_key, "".join(line + "\n" for line in lines) + content) + ":")
    return {"lines": lines + [end], "confirmationMac": mac(mac_key, "KCONF.1:%s:%d:%s" % (number, count, end))}


def read_file(v):
    lines, keys = v["lines"], []
    if not all(whole(line) for line in lines):
        raise ValueError("DfFormatError")
    kek, mac_key = transport_keys(v["moduleStatic"], v["moduleEphemeral"], public(v["centreStatic"]), lines[0].split(":")[7], v["request"], lines[0])
    for line in lines[1:-1]:
        fields = line.split(":")
        if mac(mac_key, line[:-5 - 48]) != fields[5]:
            raise ValueError("AuthenticationError")
        if int(fields[2]) != len(keys) + 1:
            raise ValueError("InvalidInstruction")
        keys.append({"card": fields[3], "key": unwrap(kek, bytes.fromhex(fields[4])).hex()})
    fields = lines[-1].split(":")
    if mac(mac_key, "".join(line + "\n" for line in lines[:-1]) + lines[-1][:-5 - 48]) != fields[3]:
        raise ValueError("AuthenticationError")
    return {"keys": keys, "confirmationMac": mac(mac_key, "KCONF.1:%s:%s:%s" % (fields[1], fields[2], lines[-1]))}


def point(v):
    text = public(v["private"])
    return {"public": text, "identifier": hashlib.sha384(bytes.fromhex(text)).hexdigest()[:16].upper()}


def keys_of(v):
    kek, mac_key = transport_keys(v["centreStatic"], v["centreEphemeral"], public(v["moduleStatic"]), public(v["moduleEphemeral"]), v["request"], v["header"])
    return {"requestHash": hashlib.sha384(v["request"].encode()).hexdigest()[:32].upper(), "kek": kek.hex().upper(), "macKey": mac_key.hex().upper()}


OPERATIONS = {
    "keyWrap": lambda v: {"wrapped": wrap(bytes.fromhex(v["kek"]), bytes.fromhex(v["plain"])).hex()},
    "keyUnwrap": lambda v: {"plain": unwrap(bytes.fromhex(v["kek"]), bytes.fromhex(v["wrapped"])).hex()},
    "concatLine": lambda v: {"line": close(v["content"])},
    "publicPoint": point,
    "keyLoadKeys": keys_of,
    "keyLoadFile": write_file,
    "keyLoadRead": read_file,
}


def main(path):
    passed = failed = 0
    for line in open(path, encoding="ascii"):
        vector = json.loads(line)
        try:
            answer = OPERATIONS[vector["request"]["op"]](vector["request"])
        except ValueError as error:
            answer = {"error": str(error)}
        if all(answer.get(name) == value for name, value in vector["expected"].items()):
            passed += 1
        else:
            failed += 1
            print("%s: %s" % (vector["id"], answer), file=sys.stderr)
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
