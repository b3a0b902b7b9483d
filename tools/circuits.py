#!/usr/bin/env python3
"""Writes the bit-sliced substitution circuits of src/OpenSts/Bulk from the tables of src/OpenSts/Cryptography.

EA07 and DES: each output bit is a tree of selections over functions of three inputs (one instruction each on the
widest machines). MISTY1: each output bit is its algebraic normal form. Run from the root of the repository:
    python3 tools/circuits.py
A test compares every circuit with its table for every input.
"""
import re

CRYPTO = "src/OpenSts/Cryptography/"
BULK = "src/OpenSts/Bulk/"


def table(file, name):
    text = open(CRYPTO + file).read()
    body = re.search(name + r"\s*=>\s*\[(.*?)\]", text, re.S).group(1)
    return [int(x) for x in re.findall(r"\d+", body)]


def wrapped(text):
    """Breaks lines before column 120, after a comma or a parenthesis."""
    lines = []
    for line in text.split("\n"):
        while len(line) > 118:
            at = line.rfind(", ", 0, 117) + 1
            if not line[:at].strip():
                at = line.rfind("(", 0, 117) + 1
            lines.append(line[:at])
            line = " " * 12 + line[at:].lstrip()
        lines.append(line)
    return "\n".join(lines)


def write(file, text):
    open(BULK + file, "w").write(wrapped(text))


def header(summary, name, usings=""):
    return usings + f"""namespace OpenSts.Bulk;

/// <summary>{summary}</summary>
/// <remarks>Written by tools/circuits.py; a test compares it with the tables for every input.</remarks>
internal static unsafe class {name}<T>
    where T : unmanaged, ILanes<T>
{{
"""


def lut(f, fixed, a, b, c):
    """The truth table of f over three inputs (the first is the upper index bit) with the other inputs fixed."""
    imm = 0
    for i in range(8):
        bits = dict(fixed)
        bits[a], bits[b], bits[c] = i >> 2 & 1, i >> 1 & 1, i & 1
        imm |= f(bits) << i
    return imm


def leaf(imm, a, b, c):
    if imm == 0:
        return "T.Zero"
    if imm == 255:
        return "T.Ones"
    return f"T.Lut3({a}, {b}, {c}, 0x{imm:02X})"


def ea07():
    s1, s2 = table("Ea07Tables.cs", "Substitution1"), table("Ea07Tables.cs", "Substitution2")
    # Decryption takes the inverse tables in the other order: the key bit is that of the decoder key itself.
    backward = ([s2.index(x) for x in range(16)], [s1.index(x) for x in range(16)])

    def outputs(tables):
        lines = ""
        for j in range(4):
            def f(bits):
                return (tables[bits["k"]][sum(bits[f"x{i}"] << i for i in range(4))] >> j) & 1
            parts = {}
            for k in range(2):
                low = leaf(lut(f, {"k": k, "x3": 0}, "x2", "x1", "x0"), "x2", "x1", "x0")
                high = leaf(lut(f, {"k": k, "x3": 1}, "x2", "x1", "x0"), "x2", "x1", "x0")
                parts[k] = f"T.Select(x3, {high}, {low})"
            lines += f"        *y{j} = T.Select(decoderKeyBit, {parts[1]}, {parts[0]});\n"
        return lines

    text = header("The substitutions of EA07 for one nibble of many blocks at once.", "Ea07Circuit", "using System.Runtime.CompilerServices;\n\n")
    signature = "(\n        T x0, T x1, T x2, T x3, T decoderKeyBit, T* y0, T* y1, T* y2, T* y3)\n    {\n"
    text += """    /// <summary>Encryption. The key bit is that of the decoder key, whose complement chooses the table.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Substitute""" + signature + outputs((s2, s1)) + "    }\n\n"
    text += """    /// <summary>Decryption. The key bit is that of the decoder key.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SubstituteBack""" + signature + outputs(backward) + "    }\n}\n"
    write("Ea07Circuit.cs", text)


def des():
    tables = table("Des.cs", "Substitutions")
    text = header("The eight substitution boxes of DES for many blocks at once.", "DesCircuit")
    for box in range(8):
        t = tables[64 * box:64 * box + 64]

        def output(j):
            def f(bits):
                x = sum(bits[f"x{i}"] << i for i in range(6))
                row = (x >> 4 & 2) | (x & 1)
                return (t[row * 16 + (x >> 1 & 15)] >> (3 - j)) & 1
            return f

        text += f"""    /// <summary>Box {box + 1}: six expanded slices in, four joined into the half at their places.</summary>
    public static void Box{box + 1}(T* six, T* half, byte* places)
    {{
        T x5 = six[0], x4 = six[1], x3 = six[2], x2 = six[3], x1 = six[4], x0 = six[5];
"""
        for j in range(4):
            f = output(j)

            def tree(fixed, rest):
                if not rest:
                    return leaf(lut(f, fixed, "x2", "x1", "x0"), "x2", "x1", "x0")
                v = rest[0]
                high, low = tree({**fixed, v: 1}, rest[1:]), tree({**fixed, v: 0}, rest[1:])
                return f"T.Select({v}, {high}, {low})"

            text += f"        half[places[{j}]] = T.Xor(half[places[{j}]], {tree({}, ['x5', 'x4', 'x3'])});\n"
        text += "    }\n\n"
    text = text.rstrip("\n") + "\n}\n"
    write("DesCircuit.cs", text)


def misty1():
    text = header("The substitutions S7 and S9 of MISTY1 for many blocks at once, in algebraic normal form.", "Misty1Circuit")
    for name, width in (("S7", 7), ("S9", 9)):
        t = table("Misty1Tables.cs", name)
        text += f"    /// <summary>{name}: {width} slices in, {width} out; the two may not overlap.</summary>\n"
        text += f"    public static void {name}(T* x, T* y)\n    {{\n"
        for i in range(width):
            text += f"        var x{i} = x[{i}];\n"
        for j in range(width):
            anf = [(v >> j) & 1 for v in t]
            for i in range(width):
                for m in range(1 << width):
                    if m >> i & 1:
                        anf[m] ^= anf[m ^ (1 << i)]
            expr = "T.Ones" if anf[0] else None
            for m in sorted((m for m in range(1, 1 << width) if anf[m]), key=lambda m: (bin(m).count("1"), m)):
                v = [f"x{i}" for i in range(width) if m >> i & 1]
                if len(v) == 1:
                    expr = v[0] if expr is None else f"T.Xor({expr}, {v[0]})"
                else:
                    left = v[0] if len(v) == 2 else f"T.And({v[0]}, {v[1]})"
                    expr = f"T.And({left}, {v[-1]})" if expr is None else f"T.XorAnd({expr}, {left}, {v[-1]})"
            text += f"        y[{j}] = {expr};\n"
        text += "    }\n\n"
    text = text.rstrip("\n") + "\n}\n"
    write("Misty1Circuit.cs", text)


ea07()
des()
misty1()
