using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OpenSts.Cryptography;

/// <summary>MISTY1, the cipher of EA11: 64-bit blocks, 128-bit key, 8 rounds.</summary>
/// <remarks>
/// RFC 2994. The schedule holds the eight key words K and, from index 8, the eight derived words K'.
/// </remarks>
internal static class Misty1
{
    public const int ScheduleLength = 16;

    public static ulong Encrypt(ReadOnlySpan<byte> key, ulong block)
    {
        SelfTests.RequireMisty1();
        Span<ushort> schedule = stackalloc ushort[ScheduleLength];
        ExpandKey(key, schedule);
        var result = Encrypt(schedule, block);
        schedule.Clear();
        return result;
    }

    public static ulong Decrypt(ReadOnlySpan<byte> key, ulong block)
    {
        SelfTests.RequireMisty1();
        Span<ushort> schedule = stackalloc ushort[ScheduleLength];
        ExpandKey(key, schedule);
        var result = Decrypt(schedule, block);
        schedule.Clear();
        return result;
    }

    public static void ExpandKey(ReadOnlySpan<byte> key, Span<ushort> schedule)
    {
        for (var i = 0; i < 8; i++)
            schedule[i] = BinaryPrimitives.ReadUInt16BigEndian(key[(2 * i)..]);
        ref var s7 = ref MemoryMarshal.GetReference(Misty1Tables.S7);
        ref var s9 = ref MemoryMarshal.GetReference(Misty1Tables.S9);
        for (var i = 0; i < 8; i++)
            schedule[8 + i] = (ushort)Fi(ref s7, ref s9, schedule[i], schedule[(i + 1) & 7]);
    }

    public static ulong Encrypt(ReadOnlySpan<ushort> schedule, ulong block)
    {
        unchecked
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(schedule.Length, ScheduleLength);
            ref var s = ref MemoryMarshal.GetReference(schedule);
            var left = (uint)(block >> 32);
            var right = (uint)block;
            for (var round = 0; round < 8; round += 2)
            {
                left = Fl(ref s, left, round);
                right = Fl(ref s, right, round + 1);
                right ^= Fo(ref s, left, round);
                left ^= Fo(ref s, right, round + 1);
            }

            left = Fl(ref s, left, 8);
            right = Fl(ref s, right, 9);
            return ((ulong)right << 32) | left;
        }
    }

    public static ulong Decrypt(ReadOnlySpan<ushort> schedule, ulong block)
    {
        unchecked
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(schedule.Length, ScheduleLength);
            ref var s = ref MemoryMarshal.GetReference(schedule);
            var left = FlInverse(ref s, (uint)block, 8);
            var right = FlInverse(ref s, (uint)(block >> 32), 9);
            for (var round = 6; round >= 0; round -= 2)
            {
                left ^= Fo(ref s, right, round + 1);
                right ^= Fo(ref s, left, round);
                left = FlInverse(ref s, left, round);
                right = FlInverse(ref s, right, round + 1);
            }

            return ((ulong)left << 32) | right;
        }
    }

    // Input and key are 16 bits: every index below stays within its table.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Fi(ref byte s7, ref ushort s9, uint input, uint key)
    {
        unchecked
        {
            var seven = input & 0x7F;
            var nine = Unsafe.Add(ref s9, (nint)(input >> 7)) ^ seven;
            seven = Unsafe.Add(ref s7, (nint)seven) ^ (nine & 0x7F) ^ (key >> 9);
            nine ^= key & 0x1FF;
            return (seven << 9) | (Unsafe.Add(ref s9, (nint)nine) ^ seven);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Fo(ref ushort s, uint input, int round)
    {
        unchecked
        {
            ref var s7 = ref MemoryMarshal.GetReference(Misty1Tables.S7);
            ref var s9 = ref MemoryMarshal.GetReference(Misty1Tables.S9);
            var left = input >> 16;
            var right = input & 0xFFFF;
            left = Fi(ref s7, ref s9, left ^ K(ref s, round), Derived(ref s, round + 5)) ^ right;
            right = Fi(ref s7, ref s9, right ^ K(ref s, round + 2), Derived(ref s, round + 1)) ^ left;
            left = Fi(ref s7, ref s9, left ^ K(ref s, round + 7), Derived(ref s, round + 3)) ^ right;
            right ^= K(ref s, round + 4);
            return (right << 16) | left;
        }
    }

    private static uint Fl(ref ushort s, uint input, int index)
    {
        unchecked
        {
            var (and, or) = FlKeys(ref s, index);
            var left = input >> 16;
            var right = (input & 0xFFFF) ^ (left & and);
            left ^= right | or;
            return (left << 16) | right;
        }
    }

    private static uint FlInverse(ref ushort s, uint input, int index)
    {
        unchecked
        {
            var (and, or) = FlKeys(ref s, index);
            var right = input & 0xFFFF;
            var left = (input >> 16) ^ (right | or);
            right ^= left & and;
            return (left << 16) | right;
        }
    }

    private static (uint And, uint Or) FlKeys(ref ushort s, int index)
    {
        var half = index >> 1;
        return (index & 1) == 0
            ? (K(ref s, half), Derived(ref s, half + 6))
            : (Derived(ref s, half + 2), K(ref s, half + 4));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint K(ref ushort s, int i) => Unsafe.Add(ref s, i & 7);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Derived(ref ushort s, int i) => Unsafe.Add(ref s, 8 + (i & 7));
}
