"""OpenSts from Python with the standard library alone: the functions of opensts.h by ctypes.

    python3 opensts.py libopensts.so              shows one token
    python3 opensts.py libopensts.so VECTORS      runs issue.jsonl, keyChange.jsonl and decode.jsonl of that folder
"""
import ctypes
import datetime
import json
import pathlib
import sys

KEY_TYPES = {"DITK": 0, "DDTK": 1, "DUTK": 2, "DCTK": 3}
# The codes of the JSON Lines contract and the statuses of the library that mean the same.
ERRORS = {
    "Format": {1, 4}, "Range": {1, 11}, "CheckDigit": {1}, "IssuerIdentificationNumber": {1}, "BaseDate": {1},
    "VendingKeyLength": {4}, "Algorithm": {5}, "KeyExpired": {6}, "DdtkError": {7}, "KeyTypeError": {8},
    "CrcError": {10}, "FunctionError": {11},
}


class Meter(ctypes.Structure):
    _fields_ = [
        ("meter_pan", ctypes.c_char_p), ("supply_group_code", ctypes.c_char_p), ("tariff_index", ctypes.c_char_p),
        ("key_revision_number", ctypes.c_int32), ("key_type", ctypes.c_int32), ("key_expiry_number", ctypes.c_int32),
        ("base_date", ctypes.c_int32), ("encryption_algorithm", ctypes.c_int32),
        ("key_generation_algorithm", ctypes.c_int32),
    ]

    @classmethod
    def of(cls, m):
        return cls(
            m["pan"].encode(), m["supplyGroupCode"].encode(), m["tariffIndex"].encode(), m["keyRevisionNumber"],
            KEY_TYPES[m["keyType"]], m["keyExpiryNumber"], m["baseDate"], int(m["encryptionAlgorithm"][2:]),
            int(m["decoderKeyGenerationAlgorithm"][4:]))


class OpenStsError(Exception):
    def __init__(self, status, text):
        super().__init__(text)
        self.status = status


class OpenSts:
    def __init__(self, path):
        self._c = ctypes.CDLL(str(path))
        self._c.opensts_status_text.restype = ctypes.c_char_p

    def _check(self, status):
        if status != 0:
            raise OpenStsError(status, self._c.opensts_status_text(status).decode())

    def _text(self, function, *arguments, capacity=65536):
        buffer = ctypes.create_string_buffer(capacity)
        self._check(function(*arguments, buffer, ctypes.c_int32(capacity)))
        return buffer.value.decode()

    def vending_key(self, key):
        handle = ctypes.c_int64()
        self._check(self._c.opensts_vending_key_import(key, ctypes.c_int32(len(key)), ctypes.byref(handle)))
        return handle

    def manufacturer_key(self, key):
        handle = ctypes.c_int64()
        self._check(self._c.opensts_manufacturer_key_import(key, ctypes.c_int32(len(key)), ctypes.byref(handle)))
        return handle

    def decoder_key(self, key, base_date):
        handle = ctypes.c_int64()
        self._check(self._c.opensts_decoder_key_import(
            key, ctypes.c_int32(len(key)), ctypes.c_int32(base_date), None, ctypes.byref(handle)))
        return handle

    def derive(self, vending_key, meter):
        handle = ctypes.c_int64()
        self._check(self._c.opensts_decoder_key_derive(vending_key, ctypes.byref(meter), ctypes.byref(handle)))
        return handle

    def release(self, handle):
        self._check(self._c.opensts_key_release(handle))

    def issue(self, key, token_class, subclass, issued_at, random, amount):
        return self._text(
            self._c.opensts_issue, key, ctypes.c_int32(token_class), ctypes.c_int32(subclass), ctypes.c_int64(issued_at),
            ctypes.c_int32(random), amount.encode())

    def issue_test(self, subclass, control, manufacturer_code):
        return self._text(
            self._c.opensts_issue_test, ctypes.c_int32(subclass), ctypes.c_int64(control), ctypes.c_int32(manufacturer_code))

    def key_change(self, old, new, count=0, issued_at=None):
        return self._text(
            self._c.opensts_key_change, old, new, ctypes.c_int32(count), ctypes.c_int32(issued_at is not None),
            ctypes.c_int64(issued_at or 0)).split(" ")

    def decode(self, key, digits):
        return json.loads(self._text(self._c.opensts_decode, key, digits.encode()))

    def explain(self, key, digits):
        return json.loads(self._text(self._c.opensts_explain, key, digits.encode()))


def seconds(text):
    return int(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp())


def key_of(sts, side, held):
    if "decoderKey" in side:
        key = sts.decoder_key(bytes.fromhex(side["decoderKey"]), side["meter"]["baseDate"])
    else:
        load = sts.manufacturer_key if side["meter"]["keyType"] == "DITK" else sts.vending_key
        vending_key = load(bytes.fromhex(side["vendingKey"]))
        held.append(vending_key)
        key = sts.derive(vending_key, Meter.of(side["meter"]))
    held.append(key)
    return key


def run(sts, request, held):
    """Answers one request of the JSON Lines contract; None where it asks for what this sample has no call for."""
    if request["op"] == "keyChange":
        old, new = key_of(sts, request["from"], held), key_of(sts, request["to"], held)
        at = seconds(request["issuedAt"]) if "issuedAt" in request else None
        return {"tokens": sts.key_change(old, new, request.get("tokens", 0), at)}
    if request["op"] == "decode":
        return sts.decode(key_of(sts, request, held), request["token"])
    if request["op"] != "issue":
        return None
    token = request["token"]
    if token["class"] == 1:
        return {"token": sts.issue_test(token["subclass"], token["control"], int(token.get("manufacturerCode", 0)))}
    for name in ("amount", "watts", "register", "value"):
        if name in token:
            value = str(token[name])
            break
    else:
        if "flag" in token:
            value = str(63 << 10 | token["flag"]["index"] << 1 | int(token["flag"]["value"]))
        else:
            value = str(token["control"]["index"] << 10 | token["control"]["value"])
    return {"token": sts.issue(
        key_of(sts, request, held), token["class"], token["subclass"], seconds(token["issuedAt"]), token.get("random", 0), value)}


def run_vectors(sts, folder):
    passed, unlike = 0, []
    for name in ("issue.jsonl", "keyChange.jsonl", "decode.jsonl"):
        for line in (pathlib.Path(folder) / name).read_text().splitlines():
            vector = json.loads(line)
            request, expected, held = vector["request"], vector["expected"], []
            try:
                answer = run(sts, request, held)
                right = answer is None or all(answer.get(k) == v for k, v in expected.items() if k != "decoderKey")
            except OpenStsError as error:
                answer = str(error)
                right = "error" in expected and error.status in ERRORS[expected["error"]]
            for handle in held:
                sts.release(handle)
            if right:
                passed += 1
            else:
                unlike.append(f"{vector['id']}: {answer}, expected {expected}")
    for text in unlike:
        print(text)
    print(f"{passed} vectors passed, {len(unlike)} failed")
    return 1 if unlike else 0


def main():
    sts = OpenSts(pathlib.Path(sys.argv[1]).resolve())
    if len(sys.argv) > 2:
        return run_vectors(sts, sys.argv[2])
    # A public test key: never for a live supply group.
    vending_key = sts.vending_key(bytes.fromhex("abababababababab949494949494949401234567"))
    key = sts.derive(vending_key, Meter(b"600727000000000009", b"201457", b"01", 1, KEY_TYPES["DUTK"], 255, 2014, 7, 4))
    token = sts.issue(key, 0, 0, seconds("2014-03-01T13:00:00Z"), 5, "0.1")
    print(token, json.dumps(sts.decode(key, token)))
    sts.release(key)
    sts.release(vending_key)
    return 0


if __name__ == "__main__":
    sys.exit(main())
