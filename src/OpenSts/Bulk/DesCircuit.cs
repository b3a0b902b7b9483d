namespace OpenSts.Bulk;

/// <summary>The eight substitution boxes of DES for many blocks at once.</summary>
/// <remarks>Written by tools/circuits.py; a test compares it with the tables for every input.</remarks>
internal static unsafe class DesCircuit<T>
    where T : unmanaged, ILanes<T>
{
    /// <summary>Box 1: six expanded slices in, four joined into the half at their places.</summary>
    public static void Box1(T* six, T* half, byte* places)
    {
        T x5 = six[0], x4 = six[1], x3 = six[2], x2 = six[3], x1 = six[4], x0 = six[5];
        half[places[0]] = T.Xor(half[places[0]], T.Select(x5, T.Select(x4, T.Select(x3, T.Lut3(x2, x1, x0, 0x86),
            T.Lut3(x2, x1, x0, 0x9D)), T.Select(x3, T.Lut3(x2, x1, x0, 0x49), T.Lut3(x2, x1, x0, 0x7A))),
            T.Select(x4, T.Select(x3, T.Lut3(x2, x1, x0, 0x86), T.Lut3(x2, x1, x0, 0xE6)), T.Select(x3, T.Lut3(x2,
            x1, x0, 0x76), T.Lut3(x2, x1, x0, 0x19)))));
        half[places[1]] = T.Xor(half[places[1]], T.Select(x5, T.Select(x4, T.Select(x3, T.Lut3(x2, x1, x0, 0xB0),
            T.Lut3(x2, x1, x0, 0xC7)), T.Select(x3, T.Lut3(x2, x1, x0, 0x87), T.Lut3(x2, x1, x0, 0x1B))),
            T.Select(x4, T.Select(x3, T.Lut3(x2, x1, x0, 0x49), T.Lut3(x2, x1, x0, 0x78)), T.Select(x3, T.Lut3(x2,
            x1, x0, 0x26), T.Lut3(x2, x1, x0, 0xBD)))));
        half[places[2]] = T.Xor(half[places[2]], T.Select(x5, T.Select(x4, T.Select(x3, T.Lut3(x2, x1, x0, 0x27),
            T.Lut3(x2, x1, x0, 0xE9)), T.Select(x3, T.Lut3(x2, x1, x0, 0xD4), T.Lut3(x2, x1, x0, 0x92))),
            T.Select(x4, T.Select(x3, T.Lut3(x2, x1, x0, 0x60), T.Lut3(x2, x1, x0, 0x9F)), T.Select(x3, T.Lut3(x2,
            x1, x0, 0x1F), T.Lut3(x2, x1, x0, 0x29)))));
        half[places[3]] = T.Xor(half[places[3]], T.Select(x5, T.Select(x4, T.Select(x3, T.Lut3(x2, x1, x0, 0x91),
            T.Lut3(x2, x1, x0, 0x7B)), T.Select(x3, T.Lut3(x2, x1, x0, 0xE9), T.Lut3(x2, x1, x0, 0x06))),
            T.Select(x4, T.Select(x3, T.Lut3(x2, x1, x0, 0x6F), T.Lut3(x2, x1, x0, 0x81)), T.Select(x3, T.Lut3(x2,
            x1, x0, 0xB4), T.Lut3(x2, x1, x0, 0x78)))));
    }

    /// <summary>Box 2: six expanded slices in, four joined into the half at their places.</summary>
    public static void Box2(T* six, T* half, byte* places)
    {
        T x5 = six[0], x4 = six[1], x3 = six[2], x2 = six[3], x1 = six[4], x0 = six[5];
        half[places[0]] = T.Xor(half[places[0]], T.Select(x5, T.Select(x4, T.Select(x3, T.Lut3(x2, x1, x0, 0xE1),
            T.Lut3(x2, x1, x0, 0x96)), T.Select(x3, T.Lut3(x2, x1, x0, 0x19), T.Lut3(x2, x1, x0, 0x6E))),
            T.Select(x4, T.Select(x3, T.Lut3(x2, x1, x0, 0x69), T.Lut3(x2, x1, x0, 0xC3)), T.Select(x3, T.Lut3(x2,
            x1, x0, 0xA6), T.Lut3(x2, x1, x0, 0x59)))));
        half[places[1]] = T.Xor(half[places[1]], T.Select(x5, T.Select(x4, T.Select(x3, T.Lut3(x2, x1, x0, 0x68),
            T.Lut3(x2, x1, x0, 0xF9)), T.Select(x3, T.Lut3(x2, x1, x0, 0x3C), T.Lut3(x2, x1, x0, 0x16))),
            T.Select(x4, T.Select(x3, T.Lut3(x2, x1, x0, 0x93), T.Lut3(x2, x1, x0, 0x46)), T.Select(x3, T.Lut3(x2,
            x1, x0, 0xC3), T.Lut3(x2, x1, x0, 0xE9)))));
        half[places[2]] = T.Xor(half[places[2]], T.Select(x5, T.Select(x4, T.Select(x3, T.Lut3(x2, x1, x0, 0x74),
            T.Lut3(x2, x1, x0, 0x6A)), T.Select(x3, T.Lut3(x2, x1, x0, 0x8B), T.Lut3(x2, x1, x0, 0x74))),
            T.Select(x4, T.Select(x3, T.Lut3(x2, x1, x0, 0x62), T.Lut3(x2, x1, x0, 0x94)), T.Select(x3, T.Lut3(x2,
            x1, x0, 0x9F), T.Lut3(x2, x1, x0, 0xC3)))));
        half[places[3]] = T.Xor(half[places[3]], T.Select(x5, T.Select(x4, T.Select(x3, T.Lut3(x2, x1, x0, 0xCD),
            T.Lut3(x2, x1, x0, 0x23)), T.Select(x3, T.Lut3(x2, x1, x0, 0x5A), T.Lut3(x2, x1, x0, 0xD2))),
            T.Select(x4, T.Select(x3, T.Lut3(x2, x1, x0, 0xB8), T.Lut3(x2, x1, x0, 0x65)), T.Select(x3, T.Lut3(x2,
            x1, x0, 0x16), T.Lut3(x2, x1, x0, 0x8F)))));
    }

    /// <summary>Box 3: six expanded slices in, four joined into the half at their places.</summary>
    public static void Box3(T* six, T* half, byte* places)
    {
        T x5 = six[0], x4 = six[1], x3 = six[2], x2 = six[3], x1 = six[4], x0 = six[5];
        half[places[0]] = T.Xor(half[places[0]], T.Select(x5, T.Select(x4, T.Select(x3, T.Lut3(x2, x1, x0, 0x96),
            T.Lut3(x2, x1, x0, 0x69)), T.Select(x3, T.Lut3(x2, x1, x0, 0x2D), T.Lut3(x2, x1, x0, 0x69))),
            T.Select(x4, T.Select(x3, T.Lut3(x2, x1, x0, 0x6B), T.Lut3(x2, x1, x0, 0x9C)), T.Select(x3, T.Lut3(x2,
            x1, x0, 0x90), T.Lut3(x2, x1, x0, 0xD3)))));
        half[places[1]] = T.Xor(half[places[1]], T.Select(x5, T.Select(x4, T.Select(x3, T.Lut3(x2, x1, x0, 0xD9),
            T.Lut3(x2, x1, x0, 0x6A)), T.Select(x3, T.Lut3(x2, x1, x0, 0x86), T.Lut3(x2, x1, x0, 0x35))),
            T.Select(x4, T.Select(x3, T.Lut3(x2, x1, x0, 0x26), T.Lut3(x2, x1, x0, 0xF4)), T.Select(x3, T.Lut3(x2,
            x1, x0, 0x79), T.Lut3(x2, x1, x0, 0x4A)))));
        half[places[2]] = T.Xor(half[places[2]], T.Select(x5, T.Select(x4, T.Select(x3, T.Lut3(x2, x1, x0, 0x76),
            T.Lut3(x2, x1, x0, 0xB9)), T.Select(x3, T.Lut3(x2, x1, x0, 0x96), T.Lut3(x2, x1, x0, 0x0C))),
            T.Select(x4, T.Select(x3, T.Lut3(x2, x1, x0, 0x39), T.Lut3(x2, x1, x0, 0xC2)), T.Select(x3, T.Lut3(x2,
            x1, x0, 0xB7), T.Lut3(x2, x1, x0, 0x49)))));
        half[places[3]] = T.Xor(half[places[3]], T.Select(x5, T.Select(x4, T.Select(x3, T.Lut3(x2, x1, x0, 0x4B),
            T.Lut3(x2, x1, x0, 0x8D)), T.Select(x3, T.Lut3(x2, x1, x0, 0x9C), T.Lut3(x2, x1, x0, 0x63))),
            T.Select(x4, T.Select(x3, T.Lut3(x2, x1, x0, 0xA9), T.Lut3(x2, x1, x0, 0x65)), T.Select(x3, T.Lut3(x2,
            x1, x0, 0x56), T.Lut3(x2, x1, x0, 0x9A)))));
    }

    /// <summary>Box 4: six expanded slices in, four joined into the half at their places.</summary>
    public static void Box4(T* six, T* half, byte* places)
    {
        T x5 = six[0], x4 = six[1], x3 = six[2], x2 = six[3], x1 = six[4], x0 = six[5];
        half[places[0]] = T.Xor(half[places[0]], T.Select(x5, T.Select(x4, T.Select(x3, T.Lut3(x2, x1, x0, 0x92),
            T.Lut3(x2, x1, x0, 0xC3)), T.Select(x3, T.Lut3(x2, x1, x0, 0xE7), T.Lut3(x2, x1, x0, 0x19))),
            T.Select(x4, T.Select(x3, T.Lut3(x2, x1, x0, 0xED), T.Lut3(x2, x1, x0, 0x90)), T.Select(x3, T.Lut3(x2,
            x1, x0, 0x58), T.Lut3(x2, x1, x0, 0x3E)))));
        half[places[1]] = T.Xor(half[places[1]], T.Select(x5, T.Select(x4, T.Select(x3, T.Lut3(x2, x1, x0, 0xCB),
            T.Lut3(x2, x1, x0, 0x69)), T.Select(x3, T.Lut3(x2, x1, x0, 0x71), T.Lut3(x2, x1, x0, 0x8C))),
            T.Select(x4, T.Select(x3, T.Lut3(x2, x1, x0, 0x74), T.Lut3(x2, x1, x0, 0xCA)), T.Select(x3, T.Lut3(x2,
            x1, x0, 0x0E), T.Lut3(x2, x1, x0, 0x97)))));
        half[places[2]] = T.Xor(half[places[2]], T.Select(x5, T.Select(x4, T.Select(x3, T.Lut3(x2, x1, x0, 0xAC),
            T.Lut3(x2, x1, x0, 0xD1)), T.Select(x3, T.Lut3(x2, x1, x0, 0x16), T.Lut3(x2, x1, x0, 0x8F))),
            T.Select(x4, T.Select(x3, T.Lut3(x2, x1, x0, 0x69), T.Lut3(x2, x1, x0, 0x2C)), T.Select(x3, T.Lut3(x2,
            x1, x0, 0xCE), T.Lut3(x2, x1, x0, 0x71)))));
        half[places[3]] = T.Xor(half[places[3]], T.Select(x5, T.Select(x4, T.Select(x3, T.Lut3(x2, x1, x0, 0x09),
            T.Lut3(x2, x1, x0, 0xB7)), T.Select(x3, T.Lut3(x2, x1, x0, 0x7C), T.Lut3(x2, x1, x0, 0x1A))),
            T.Select(x4, T.Select(x3, T.Lut3(x2, x1, x0, 0xC3), T.Lut3(x2, x1, x0, 0x49)), T.Select(x3, T.Lut3(x2,
            x1, x0, 0x98), T.Lut3(x2, x1, x0, 0xE7)))));
    }

    /// <summary>Box 5: six expanded slices in, four joined into the half at their places.</summary>
    public static void Box5(T* six, T* half, byte* places)
    {
        T x5 = six[0], x4 = six[1], x3 = six[2], x2 = six[3], x1 = six[4], x0 = six[5];
        half[places[0]] = T.Xor(half[places[0]], T.Select(x5, T.Select(x4, T.Select(x3, T.Lut3(x2, x1, x0, 0x42),
            T.Lut3(x2, x1, x0, 0x9D)), T.Select(x3, T.Lut3(x2, x1, x0, 0xCD), T.Lut3(x2, x1, x0, 0x6A))),
            T.Select(x4, T.Select(x3, T.Lut3(x2, x1, x0, 0x79), T.Lut3(x2, x1, x0, 0xE1)), T.Select(x3, T.Lut3(x2,
            x1, x0, 0x34), T.Lut3(x2, x1, x0, 0x8E)))));
        half[places[1]] = T.Xor(half[places[1]], T.Select(x5, T.Select(x4, T.Select(x3, T.Lut3(x2, x1, x0, 0x69),
            T.Lut3(x2, x1, x0, 0x5B)), T.Select(x3, T.Lut3(x2, x1, x0, 0x9C), T.Lut3(x2, x1, x0, 0xA1))),
            T.Select(x4, T.Select(x3, T.Lut3(x2, x1, x0, 0x91), T.Lut3(x2, x1, x0, 0x66)), T.Select(x3, T.Lut3(x2,
            x1, x0, 0x6B), T.Lut3(x2, x1, x0, 0x96)))));
        half[places[2]] = T.Xor(half[places[2]], T.Select(x5, T.Select(x4, T.Select(x3, T.Lut3(x2, x1, x0, 0xC7),
            T.Lut3(x2, x1, x0, 0x0B)), T.Select(x3, T.Lut3(x2, x1, x0, 0x39), T.Lut3(x2, x1, x0, 0xC6))),
            T.Select(x4, T.Select(x3, T.Lut3(x2, x1, x0, 0x92), T.Lut3(x2, x1, x0, 0xF0)), T.Select(x3, T.Lut3(x2,
            x1, x0, 0x5D), T.Lut3(x2, x1, x0, 0x2B)))));
        half[places[3]] = T.Xor(half[places[3]], T.Select(x5, T.Select(x4, T.Select(x3, T.Lut3(x2, x1, x0, 0xA4),
            T.Lut3(x2, x1, x0, 0xCD)), T.Select(x3, T.Lut3(x2, x1, x0, 0x96), T.Lut3(x2, x1, x0, 0xD2))),
            T.Select(x4, T.Select(x3, T.Lut3(x2, x1, x0, 0x4B), T.Lut3(x2, x1, x0, 0x76)), T.Select(x3, T.Lut3(x2,
            x1, x0, 0xB9), T.Lut3(x2, x1, x0, 0x48)))));
    }

    /// <summary>Box 6: six expanded slices in, four joined into the half at their places.</summary>
    public static void Box6(T* six, T* half, byte* places)
    {
        T x5 = six[0], x4 = six[1], x3 = six[2], x2 = six[3], x1 = six[4], x0 = six[5];
        half[places[0]] = T.Xor(half[places[0]], T.Select(x5, T.Select(x4, T.Select(x3, T.Lut3(x2, x1, x0, 0xB4),
            T.Lut3(x2, x1, x0, 0x4A)), T.Select(x3, T.Lut3(x2, x1, x0, 0xB6), T.Lut3(x2, x1, x0, 0x95))),
            T.Select(x4, T.Select(x3, T.Lut3(x2, x1, x0, 0xC9), T.Lut3(x2, x1, x0, 0xA4)), T.Select(x3, T.Lut3(x2,
            x1, x0, 0x69), T.Lut3(x2, x1, x0, 0x5B)))));
        half[places[1]] = T.Xor(half[places[1]], T.Select(x5, T.Select(x4, T.Select(x3, T.Lut3(x2, x1, x0, 0xC6),
            T.Lut3(x2, x1, x0, 0x99)), T.Select(x3, T.Lut3(x2, x1, x0, 0x38), T.Lut3(x2, x1, x0, 0xD6))),
            T.Select(x4, T.Select(x3, T.Lut3(x2, x1, x0, 0x15), T.Lut3(x2, x1, x0, 0xE6)), T.Select(x3, T.Lut3(x2,
            x1, x0, 0x9A), T.Lut3(x2, x1, x0, 0x69)))));
        half[places[2]] = T.Xor(half[places[2]], T.Select(x5, T.Select(x4, T.Select(x3, T.Lut3(x2, x1, x0, 0x52),
            T.Lut3(x2, x1, x0, 0xCB)), T.Select(x3, T.Lut3(x2, x1, x0, 0xE1), T.Lut3(x2, x1, x0, 0x3C))),
            T.Select(x4, T.Select(x3, T.Lut3(x2, x1, x0, 0x6D), T.Lut3(x2, x1, x0, 0x92)), T.Select(x3, T.Lut3(x2,
            x1, x0, 0x16), T.Lut3(x2, x1, x0, 0xDA)))));
        half[places[3]] = T.Xor(half[places[3]], T.Select(x5, T.Select(x4, T.Select(x3, T.Lut3(x2, x1, x0, 0x95),
            T.Lut3(x2, x1, x0, 0xA3)), T.Select(x3, T.Lut3(x2, x1, x0, 0x6A), T.Lut3(x2, x1, x0, 0x59))),
            T.Select(x4, T.Select(x3, T.Lut3(x2, x1, x0, 0x7C), T.Lut3(x2, x1, x0, 0x3C)), T.Select(x3, T.Lut3(x2,
            x1, x0, 0xA3), T.Lut3(x2, x1, x0, 0x4C)))));
    }

    /// <summary>Box 7: six expanded slices in, four joined into the half at their places.</summary>
    public static void Box7(T* six, T* half, byte* places)
    {
        T x5 = six[0], x4 = six[1], x3 = six[2], x2 = six[3], x1 = six[4], x0 = six[5];
        half[places[0]] = T.Xor(half[places[0]], T.Select(x5, T.Select(x4, T.Select(x3, T.Lut3(x2, x1, x0, 0x92),
            T.Lut3(x2, x1, x0, 0xC7)), T.Select(x3, T.Lut3(x2, x1, x0, 0x61), T.Lut3(x2, x1, x0, 0xF8))),
            T.Select(x4, T.Select(x3, T.Lut3(x2, x1, x0, 0x2C), T.Lut3(x2, x1, x0, 0x96)), T.Select(x3, T.Lut3(x2,
            x1, x0, 0xD9), T.Lut3(x2, x1, x0, 0x66)))));
        half[places[1]] = T.Xor(half[places[1]], T.Select(x5, T.Select(x4, T.Select(x3, T.Lut3(x2, x1, x0, 0x86),
            T.Lut3(x2, x1, x0, 0x9C)), T.Select(x3, T.Lut3(x2, x1, x0, 0xD9), T.Lut3(x2, x1, x0, 0x66))),
            T.Select(x4, T.Select(x3, T.Lut3(x2, x1, x0, 0x99), T.Lut3(x2, x1, x0, 0xE6)), T.Select(x3, T.Lut3(x2,
            x1, x0, 0x43), T.Lut3(x2, x1, x0, 0xC3)))));
        half[places[2]] = T.Xor(half[places[2]], T.Select(x5, T.Select(x4, T.Select(x3, T.Lut3(x2, x1, x0, 0x6A),
            T.Lut3(x2, x1, x0, 0x95)), T.Select(x3, T.Lut3(x2, x1, x0, 0xF4), T.Lut3(x2, x1, x0, 0x1A))),
            T.Select(x4, T.Select(x3, T.Lut3(x2, x1, x0, 0x9E), T.Lut3(x2, x1, x0, 0x4B)), T.Select(x3, T.Lut3(x2,
            x1, x0, 0x81), T.Lut3(x2, x1, x0, 0xF4)))));
        half[places[3]] = T.Xor(half[places[3]], T.Select(x5, T.Select(x4, T.Select(x3, T.Lut3(x2, x1, x0, 0x34),
            T.Lut3(x2, x1, x0, 0x8E)), T.Select(x3, T.Lut3(x2, x1, x0, 0x96), T.Lut3(x2, x1, x0, 0x79))),
            T.Select(x4, T.Select(x3, T.Lut3(x2, x1, x0, 0x49), T.Lut3(x2, x1, x0, 0x79)), T.Select(x3, T.Lut3(x2,
            x1, x0, 0x69), T.Lut3(x2, x1, x0, 0xA6)))));
    }

    /// <summary>Box 8: six expanded slices in, four joined into the half at their places.</summary>
    public static void Box8(T* six, T* half, byte* places)
    {
        T x5 = six[0], x4 = six[1], x3 = six[2], x2 = six[3], x1 = six[4], x0 = six[5];
        half[places[0]] = T.Xor(half[places[0]], T.Select(x5, T.Select(x4, T.Select(x3, T.Lut3(x2, x1, x0, 0xC1),
            T.Lut3(x2, x1, x0, 0x7A)), T.Select(x3, T.Lut3(x2, x1, x0, 0xBD), T.Lut3(x2, x1, x0, 0x24))),
            T.Select(x4, T.Select(x3, T.Lut3(x2, x1, x0, 0x38), T.Lut3(x2, x1, x0, 0xC7)), T.Select(x3, T.Lut3(x2,
            x1, x0, 0x16), T.Lut3(x2, x1, x0, 0xB9)))));
        half[places[1]] = T.Xor(half[places[1]], T.Select(x5, T.Select(x4, T.Select(x3, T.Lut3(x2, x1, x0, 0x39),
            T.Lut3(x2, x1, x0, 0x4E)), T.Select(x3, T.Lut3(x2, x1, x0, 0x96), T.Lut3(x2, x1, x0, 0xB1))),
            T.Select(x4, T.Select(x3, T.Lut3(x2, x1, x0, 0x59), T.Lut3(x2, x1, x0, 0x6A)), T.Select(x3, T.Lut3(x2,
            x1, x0, 0xA5), T.Lut3(x2, x1, x0, 0x69)))));
        half[places[2]] = T.Xor(half[places[2]], T.Select(x5, T.Select(x4, T.Select(x3, T.Lut3(x2, x1, x0, 0xA7),
            T.Lut3(x2, x1, x0, 0x16)), T.Select(x3, T.Lut3(x2, x1, x0, 0x58), T.Lut3(x2, x1, x0, 0xA7))),
            T.Select(x4, T.Select(x3, T.Lut3(x2, x1, x0, 0xC8), T.Lut3(x2, x1, x0, 0xF1)), T.Select(x3, T.Lut3(x2,
            x1, x0, 0x3F), T.Lut3(x2, x1, x0, 0x0C)))));
        half[places[3]] = T.Xor(half[places[3]], T.Select(x5, T.Select(x4, T.Select(x3, T.Lut3(x2, x1, x0, 0x9F),
            T.Lut3(x2, x1, x0, 0x62)), T.Select(x3, T.Lut3(x2, x1, x0, 0x81), T.Lut3(x2, x1, x0, 0xCD))),
            T.Select(x4, T.Select(x3, T.Lut3(x2, x1, x0, 0x61), T.Lut3(x2, x1, x0, 0x9C)), T.Select(x3, T.Lut3(x2,
            x1, x0, 0x7C), T.Lut3(x2, x1, x0, 0x2B)))));
    }
}
