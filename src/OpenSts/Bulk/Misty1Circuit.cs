namespace OpenSts.Bulk;

/// <summary>The substitutions S7 and S9 of MISTY1 for many blocks at once, in algebraic normal form.</summary>
/// <remarks>Written by tools/circuits.py; a test compares it with the tables for every input.</remarks>
internal static unsafe class Misty1Circuit<T>
    where T : unmanaged, ILanes<T>
{
    /// <summary>S7: 7 slices in, 7 out; the two may not overlap.</summary>
    public static void S7(T* x, T* y)
    {
        var x0 = x[0];
        var x1 = x[1];
        var x2 = x[2];
        var x3 = x[3];
        var x4 = x[4];
        var x5 = x[5];
        var x6 = x[6];
        y[0] = T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.Xor(T.Ones, x0),
            x1, x3), x1, x5), x4, x5), x2, x6), T.And(x0, x3), x4), T.And(x0, x2), x5), T.And(x0, x1), x6),
            T.And(x0, x5), x6), T.And(x3, x5), x6);
        y[1] = T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.Xor(
            T.Ones, x6), x0, x2), x0, x4), x3, x4), x1, x5), x0, x6), x3, x6), T.And(x2, x4), x5), T.And(x2, x3),
            x6), T.And(x1, x4), x6), T.And(x0, x5), x6);
        y[2] = T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(
            T.XorAnd(x4, x1, x2), x1, x4), x0, x5), x1, x6), x3, x6), x4, x6), T.And(x0, x2), x3), T.And(x0, x1),
            x4), T.And(x0, x4), x5), T.And(x3, x4), x5), T.And(x0, x3), x6), T.And(x2, x4), x6);
        y[3] = T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.Xor(T.Xor(T.Ones, x0), x1),
            x0, x3), x2, x4), x2, x6), x5, x6), T.And(x0, x1), x2), T.And(x1, x4), x5), T.And(x1, x3), x6),
            T.And(x0, x4), x6);
        y[4] = T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.Xor(T.Ones, x5),
            x2, x3), x0, x4), x2, x5), x1, x6), T.And(x1, x3), x4), T.And(x1, x2), x5), T.And(x0, x3), x5),
            T.And(x1, x5), x6), T.And(x4, x5), x6);
        y[5] = T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.Xor(T.Xor(
            x0, x1), x2), x0, x3), x1, x4), x0, x5), x3, x5), x0, x6), T.And(x0, x1), x2), T.And(x1, x2), x3),
            T.And(x0, x2), x4), T.And(x0, x1), x5), T.And(x2, x5), x6);
        y[6] = T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(
            T.XorAnd(x3, x0, x1), x0, x3), x0, x5), x2, x5), x3, x5), x1, x6), x4, x6), T.And(x2, x3), x4),
            T.And(x1, x3), x5), T.And(x1, x2), x6), T.And(x0, x3), x6), T.And(x2, x5), x6);
    }

    /// <summary>S9: 9 slices in, 9 out; the two may not overlap.</summary>
    public static void S9(T* x, T* y)
    {
        var x0 = x[0];
        var x1 = x[1];
        var x2 = x[2];
        var x3 = x[3];
        var x4 = x[4];
        var x5 = x[5];
        var x6 = x[6];
        var x7 = x[7];
        var x8 = x[8];
        y[0] = T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.Ones, x0, x4), x0,
            x5), x1, x5), x1, x6), x2, x6), x2, x7), x3, x7), x3, x8), x4, x8);
        y[1] = T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.Xor(T.Xor(
            T.Ones, x3), x7), x0, x2), x1, x3), x2, x3), x3, x4), x4, x5), x0, x6), x2, x6), x0, x8), x3, x8), x5,
            x8);
        y[2] = T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.Xor(x4,
            x8), x0, x1), x1, x3), x0, x4), x2, x4), x3, x4), x4, x5), x0, x6), x5, x6), x1, x7), x3, x7);
        y[3] = T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.Xor(x0,
            x5), x1, x2), x2, x4), x1, x5), x3, x5), x4, x5), x5, x6), x1, x7), x6, x7), x2, x8), x4, x8);
        y[4] = T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.Xor(x1,
            x6), x0, x3), x2, x3), x0, x5), x3, x5), x2, x6), x4, x6), x5, x6), x6, x7), x2, x8), x7, x8);
        y[5] = T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.Xor(x2,
            x7), x0, x3), x1, x4), x3, x4), x1, x6), x4, x6), x3, x7), x5, x7), x6, x7), x0, x8), x7, x8);
        y[6] = T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.Xor(T.Xor(
            T.Ones, x3), x8), x0, x1), x1, x4), x2, x5), x4, x5), x2, x7), x5, x7), x0, x8), x4, x8), x6, x8), x7,
            x8);
        y[7] = T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.Xor(T.Xor(
            T.Ones, x1), x5), x0, x1), x1, x2), x2, x3), x0, x4), x1, x6), x3, x6), x0, x7), x4, x7), x6, x7), x1,
            x8);
        y[8] = T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.XorAnd(T.Xor(T.Xor(
            T.Ones, x0), x4), x0, x1), x1, x2), x0, x5), x2, x5), x3, x6), x5, x6), x0, x7), x0, x8), x3, x8), x6,
            x8);
    }
}
