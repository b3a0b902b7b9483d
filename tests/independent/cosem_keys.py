#!/usr/bin/env python3
"""Known answers for the key agreement of DLMS/COSEM security suites 1 and 2, with nothing but Python's standard library.

The curves P-256 and P-384, ECDSA's check and the key derivation are written here a second time, from FIPS 186-4 and NIST SP 800-56A, so that
the design is not checked by its own code only. Slow and not constant in time: for known answers, never for keys that matter.

    python3 tests/independent/cosem_keys.py        prints the known answers of tests/OpenSts.Tests/Cosem/KeyAgreementTests.cs
    python3 tests/independent/cosem_keys.py verify SUITE PUBLIC DATA   checks an offer: the signer's point, and key_id, point and signature
"""
import hashlib
import sys


class Curve:
    def __init__(self, p, b, n, gx, gy, octets, digest):
        self.p, self.b, self.n, self.g, self.octets, self.digest = p, b, n, (gx, gy), octets, digest

    def add(self, a, b):
        if a is None or b is None:
            return a or b
        if a[0] == b[0]:
            if (a[1] + b[1]) % self.p == 0:
                return None
            slope = (3 * a[0] * a[0] - 3) * pow(2 * a[1], -1, self.p) % self.p
        else:
            slope = (b[1] - a[1]) * pow(b[0] - a[0], -1, self.p) % self.p
        x = (slope * slope - a[0] - b[0]) % self.p
        return x, (slope * (a[0] - x) - a[1]) % self.p

    def multiply(self, k, point):
        result = None
        while k:
            if k & 1:
                result = self.add(result, point)
            point = self.add(point, point)
            k >>= 1
        return result

    def pack(self, point):
        return b"".join(c.to_bytes(self.octets, "big") for c in point)

    def unpack(self, octets):
        x, y = (int.from_bytes(octets[i:i + self.octets], "big") for i in (0, self.octets))
        assert (y * y - (x * x * x - 3 * x + self.b)) % self.p == 0, "no point of the curve"
        return x, y

    def verify(self, public, message, signature):
        r, s = (int.from_bytes(signature[i:i + self.octets], "big") for i in (0, self.octets))
        if not (0 < r < self.n and 0 < s < self.n):
            return False
        e = int.from_bytes(self.digest(message).digest(), "big") >> max(0, self.digest().digest_size * 8 - self.n.bit_length())
        w = pow(s, -1, self.n)
        point = self.add(self.multiply(e * w % self.n, self.g), self.multiply(r * w % self.n, public))
        return point is not None and point[0] % self.n == r


SUITES = {
    1: Curve(0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF,
             0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B,
             0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
             0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
             0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5, 32, hashlib.sha256),
    2: Curve(2**384 - 2**128 - 2**96 + 2**32 - 1,
             0xB3312FA7E23EE7E4988E056BE3F82D19181D9C6EFE8141120314088F5013875AC656398D8A2ED19D2A85C8EDD3EC2AEF,
             0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973,
             0xAA87CA22BE8B05378EB1C71EF320AD746E1D3B628BA79B9859F741E082542A385502F25DBF55296C3A545E3872760AB7,
             0x3617DE4A96262C6F5D9E98BF9292DC29F8F41DBD289A147CE9DA3113B5F0B8C00A60B1CE1D7E819D7A431D7C90EA0E5F, 48, hashlib.sha384),
}
CLIENT, SERVER = bytes.fromhex("564E440000000001"), bytes.fromhex("4F53540000000007")


def derive(suite, secret, key_id):
    algorithm = (2 if key_id == 3 else 0) + (1 if suite == 2 else 0)
    name = bytes.fromhex("608574050803") + bytes([algorithm])
    return SUITES[suite].digest(bytes([0, 0, 0, 1]) + secret + name + CLIENT + SERVER).digest()[:32 if suite == 2 else 16]


def scalar(suite, text):
    return int.from_bytes(SUITES[suite].digest(text.encode()).digest(), "big") % SUITES[suite].n


def main():
    if sys.argv[1:2] == ["verify"]:
        curve = SUITES[int(sys.argv[2])]
        public, data = curve.unpack(bytes.fromhex(sys.argv[3])), bytes.fromhex(sys.argv[4])
        width = 2 * curve.octets
        print("right" if curve.verify(public, data[:1 + width], data[1 + width:]) else "wrong")
        return
    for suite, curve in SUITES.items():
        ours, theirs = scalar(suite, "client"), scalar(suite, "server")
        point = curve.multiply(theirs, curve.g)
        secret = curve.multiply(ours, point)[0].to_bytes(curve.octets, "big")
        for key_id in (0, 2, 3):
            print(suite, key_id, ours.to_bytes(curve.octets, "big").hex().upper(), curve.pack(point).hex().upper(), derive(suite, secret, key_id).hex().upper())


main()
