using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace OpenSts.Bulk;

/// <summary>Several 32-bit words side by side.</summary>
internal interface IWords<T>
    where T : unmanaged, IWords<T>
{
    static abstract T Broadcast(uint word);

    static abstract T Add(T a, T b);

    static abstract T Xor3(T a, T b, T c);

    /// <summary>The first where the mask is set, the second elsewhere.</summary>
    static abstract T Select(T mask, T whenSet, T whenClear);

    /// <summary>Each bit as at least two of the three have it.</summary>
    static abstract T Majority(T a, T b, T c);

    static abstract T RotateRight(T a, [ConstantExpected] byte by);

    static abstract T ShiftRight(T a, int by);
}

/// <summary>Sixteen words.</summary>
internal readonly struct Words512(Vector512<uint> v) : IWords<Words512>
{
    private readonly Vector512<uint> _v = v;

    public static Words512 Broadcast(uint word) => new(Vector512.Create(word));

    public static Words512 Add(Words512 a, Words512 b) => new(a._v + b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words512 Xor3(Words512 a, Words512 b, Words512 c) =>
        Avx512F.IsSupported ? new(Avx512F.TernaryLogic(a._v, b._v, c._v, 0x96)) : new(a._v ^ b._v ^ c._v);

    public static Words512 Select(Words512 mask, Words512 whenSet, Words512 whenClear) =>
        new(Vector512.ConditionalSelect(mask._v, whenSet._v, whenClear._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words512 Majority(Words512 a, Words512 b, Words512 c) => Avx512F.IsSupported
        ? new(Avx512F.TernaryLogic(a._v, b._v, c._v, 0xE8))
        : new(Vector512.ConditionalSelect(a._v ^ b._v, c._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words512 RotateRight(Words512 a, [ConstantExpected] byte by) =>
        Avx512F.IsSupported ? new(Avx512F.RotateRight(a._v, by)) : new((a._v >>> by) | (a._v << (32 - by)));

    public static Words512 ShiftRight(Words512 a, int by) => new(a._v >>> by);
}

/// <summary>Eight words.</summary>
internal readonly struct Words256(Vector256<uint> v) : IWords<Words256>
{
    private readonly Vector256<uint> _v = v;

    public static Words256 Broadcast(uint word) => new(Vector256.Create(word));

    public static Words256 Add(Words256 a, Words256 b) => new(a._v + b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words256 Xor3(Words256 a, Words256 b, Words256 c) =>
        Avx512F.VL.IsSupported ? new(Avx512F.VL.TernaryLogic(a._v, b._v, c._v, 0x96)) : new(a._v ^ b._v ^ c._v);

    public static Words256 Select(Words256 mask, Words256 whenSet, Words256 whenClear) =>
        new(Vector256.ConditionalSelect(mask._v, whenSet._v, whenClear._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words256 Majority(Words256 a, Words256 b, Words256 c) => Avx512F.VL.IsSupported
        ? new(Avx512F.VL.TernaryLogic(a._v, b._v, c._v, 0xE8))
        : new(Vector256.ConditionalSelect(a._v ^ b._v, c._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words256 RotateRight(Words256 a, [ConstantExpected] byte by) =>
        Avx512F.VL.IsSupported ? new(Avx512F.VL.RotateRight(a._v, by)) : new((a._v >>> by) | (a._v << (32 - by)));

    public static Words256 ShiftRight(Words256 a, int by) => new(a._v >>> by);
}

/// <summary>Four words.</summary>
internal readonly struct Words128(Vector128<uint> v) : IWords<Words128>
{
    private readonly Vector128<uint> _v = v;

    public static Words128 Broadcast(uint word) => new(Vector128.Create(word));

    public static Words128 Add(Words128 a, Words128 b) => new(a._v + b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words128 Xor3(Words128 a, Words128 b, Words128 c) =>
        Avx512F.VL.IsSupported ? new(Avx512F.VL.TernaryLogic(a._v, b._v, c._v, 0x96)) : new(a._v ^ b._v ^ c._v);

    public static Words128 Select(Words128 mask, Words128 whenSet, Words128 whenClear) =>
        new(Vector128.ConditionalSelect(mask._v, whenSet._v, whenClear._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words128 Majority(Words128 a, Words128 b, Words128 c) => Avx512F.VL.IsSupported
        ? new(Avx512F.VL.TernaryLogic(a._v, b._v, c._v, 0xE8))
        : new(Vector128.ConditionalSelect(a._v ^ b._v, c._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words128 RotateRight(Words128 a, [ConstantExpected] byte by) =>
        Avx512F.VL.IsSupported ? new(Avx512F.VL.RotateRight(a._v, by)) : new((a._v >>> by) | (a._v << (32 - by)));

    public static Words128 ShiftRight(Words128 a, int by) => new(a._v >>> by);
}
