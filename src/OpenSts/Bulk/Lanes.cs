using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace OpenSts.Bulk;

/// <summary>One bit of many blocks side by side: 64 blocks for every 64-bit word.</summary>
/// <remarks>
/// The wider forms need the machine's vectors; the narrowest is a plain word and gives the same answers everywhere.
/// </remarks>
internal interface ILanes<T>
    where T : unmanaged, ILanes<T>
{
    /// <summary>How many 64-bit words a lane has: 1, 2, 4 or 8.</summary>
    static abstract int Words { get; }

    static abstract T Zero { get; }

    static abstract T Ones { get; }

    static abstract T Broadcast(ulong word);

    static abstract T Xor(T a, T b);

    static abstract T And(T a, T b);

    static abstract T Or(T a, T b);

    /// <summary>x ^ (a &amp; b).</summary>
    static abstract T XorAnd(T x, T a, T b);

    /// <summary>Where the mask is set the first, elsewhere the second.</summary>
    static abstract T Select(T mask, T whenSet, T whenClear);

    /// <summary>Any function of three bits: bit 4a + 2b + c of the table.</summary>
    static abstract T Lut3(T a, T b, T c, [ConstantExpected] byte table);

    static abstract T ShiftLeft(T a, int by);

    static abstract T ShiftRight(T a, int by);
}

/// <summary>512 blocks at once.</summary>
internal readonly struct Lanes512(Vector512<ulong> v) : ILanes<Lanes512>
{
    private readonly Vector512<ulong> _v = v;

    public static int Words => 8;

    public static Lanes512 Zero => new(Vector512<ulong>.Zero);

    public static Lanes512 Ones => new(Vector512<ulong>.AllBitsSet);

    public static Lanes512 Broadcast(ulong word) => new(Vector512.Create(word));

    public static Lanes512 Xor(Lanes512 a, Lanes512 b) => new(a._v ^ b._v);

    public static Lanes512 And(Lanes512 a, Lanes512 b) => new(a._v & b._v);

    public static Lanes512 Or(Lanes512 a, Lanes512 b) => new(a._v | b._v);

    public static Lanes512 XorAnd(Lanes512 x, Lanes512 a, Lanes512 b) =>
        new(Avx512F.TernaryLogic(x._v, a._v, b._v, 0x78));

    public static Lanes512 Select(Lanes512 mask, Lanes512 whenSet, Lanes512 whenClear) =>
        new(Avx512F.TernaryLogic(mask._v, whenSet._v, whenClear._v, 0xCA));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Lut3(Lanes512 a, Lanes512 b, Lanes512 c, [ConstantExpected] byte table) =>
        new(Avx512F.TernaryLogic(a._v, b._v, c._v, table));

    public static Lanes512 ShiftLeft(Lanes512 a, int by) => new(a._v << by);

    public static Lanes512 ShiftRight(Lanes512 a, int by) => new(a._v >>> by);
}

/// <summary>256 blocks at once.</summary>
internal readonly struct Lanes256(Vector256<ulong> v) : ILanes<Lanes256>
{
    private readonly Vector256<ulong> _v = v;

    public static int Words => 4;

    public static Lanes256 Zero => new(Vector256<ulong>.Zero);

    public static Lanes256 Ones => new(Vector256<ulong>.AllBitsSet);

    public static Lanes256 Broadcast(ulong word) => new(Vector256.Create(word));

    public static Lanes256 Xor(Lanes256 a, Lanes256 b) => new(a._v ^ b._v);

    public static Lanes256 And(Lanes256 a, Lanes256 b) => new(a._v & b._v);

    public static Lanes256 Or(Lanes256 a, Lanes256 b) => new(a._v | b._v);

    public static Lanes256 XorAnd(Lanes256 x, Lanes256 a, Lanes256 b) => new(x._v ^ (a._v & b._v));

    public static Lanes256 Select(Lanes256 mask, Lanes256 whenSet, Lanes256 whenClear) =>
        new(Vector256.ConditionalSelect(mask._v, whenSet._v, whenClear._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Lut3(Lanes256 a, Lanes256 b, Lanes256 c, [ConstantExpected] byte table) =>
        Avx512F.VL.IsSupported ? new(Avx512F.VL.TernaryLogic(a._v, b._v, c._v, table))
            : LaneFunctions.Of3(a, b, c, table);

    public static Lanes256 ShiftLeft(Lanes256 a, int by) => new(a._v << by);

    public static Lanes256 ShiftRight(Lanes256 a, int by) => new(a._v >>> by);
}

/// <summary>128 blocks at once.</summary>
internal readonly struct Lanes128(Vector128<ulong> v) : ILanes<Lanes128>
{
    private readonly Vector128<ulong> _v = v;

    public static int Words => 2;

    public static Lanes128 Zero => new(Vector128<ulong>.Zero);

    public static Lanes128 Ones => new(Vector128<ulong>.AllBitsSet);

    public static Lanes128 Broadcast(ulong word) => new(Vector128.Create(word));

    public static Lanes128 Xor(Lanes128 a, Lanes128 b) => new(a._v ^ b._v);

    public static Lanes128 And(Lanes128 a, Lanes128 b) => new(a._v & b._v);

    public static Lanes128 Or(Lanes128 a, Lanes128 b) => new(a._v | b._v);

    public static Lanes128 XorAnd(Lanes128 x, Lanes128 a, Lanes128 b) => new(x._v ^ (a._v & b._v));

    public static Lanes128 Select(Lanes128 mask, Lanes128 whenSet, Lanes128 whenClear) =>
        new(Vector128.ConditionalSelect(mask._v, whenSet._v, whenClear._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Lut3(Lanes128 a, Lanes128 b, Lanes128 c, [ConstantExpected] byte table) =>
        Avx512F.VL.IsSupported ? new(Avx512F.VL.TernaryLogic(a._v, b._v, c._v, table))
            : LaneFunctions.Of3(a, b, c, table);

    public static Lanes128 ShiftLeft(Lanes128 a, int by) => new(a._v << by);

    public static Lanes128 ShiftRight(Lanes128 a, int by) => new(a._v >>> by);
}

/// <summary>64 blocks at once, on any machine.</summary>
internal readonly struct Lanes64(ulong v) : ILanes<Lanes64>
{
    private readonly ulong _v = v;

    public static int Words => 1;

    public static Lanes64 Zero => new(0);

    public static Lanes64 Ones => new(ulong.MaxValue);

    public static Lanes64 Broadcast(ulong word) => new(word);

    public static Lanes64 Xor(Lanes64 a, Lanes64 b) => new(a._v ^ b._v);

    public static Lanes64 And(Lanes64 a, Lanes64 b) => new(a._v & b._v);

    public static Lanes64 Or(Lanes64 a, Lanes64 b) => new(a._v | b._v);

    public static Lanes64 XorAnd(Lanes64 x, Lanes64 a, Lanes64 b) => new(x._v ^ (a._v & b._v));

    public static Lanes64 Select(Lanes64 mask, Lanes64 whenSet, Lanes64 whenClear) =>
        new((mask._v & whenSet._v) | (~mask._v & whenClear._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes64 Lut3(Lanes64 a, Lanes64 b, Lanes64 c, [ConstantExpected] byte table) =>
        LaneFunctions.Of3(a, b, c, table);

    public static Lanes64 ShiftLeft(Lanes64 a, int by) => new(a._v << by);

    public static Lanes64 ShiftRight(Lanes64 a, int by) => new(a._v >>> by);
}

/// <summary>Functions of three bits for lanes that have no instruction of their own for them.</summary>
internal static class LaneFunctions
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Of3<T>(T a, T b, T c, byte table)
        where T : unmanaged, ILanes<T> =>
        T.Select(a, Of2(b, c, table >> 4), Of2(b, c, table & 15));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Of2<T>(T b, T c, int table)
        where T : unmanaged, ILanes<T> =>
        table switch
        {
            0 => T.Zero,
            1 => Not(T.Or(b, c)),
            2 => T.And(Not(b), c),
            3 => Not(b),
            4 => T.And(b, Not(c)),
            5 => Not(c),
            6 => T.Xor(b, c),
            7 => Not(T.And(b, c)),
            8 => T.And(b, c),
            9 => Not(T.Xor(b, c)),
            10 => c,
            11 => T.Or(Not(b), c),
            12 => b,
            13 => T.Or(b, Not(c)),
            14 => T.Or(b, c),
            _ => T.Ones,
        };

    private static T Not<T>(T a)
        where T : unmanaged, ILanes<T> =>
        T.Xor(a, T.Ones);
}
