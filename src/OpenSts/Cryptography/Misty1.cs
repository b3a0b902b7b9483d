using System.Buffers.Binary;

namespace OpenSts.Cryptography;

/// <summary>MISTY1, the cipher of EA11: 64-bit blocks, 128-bit key, 8 rounds.</summary>
/// <remarks>RFC 2994. The schedule holds the eight key words K and, from index 8, the eight derived words K'.</remarks>
internal static class Misty1
{
    public const int ScheduleLength = 16;

    public static ulong Encrypt(ReadOnlySpan<byte> key, ulong block)
    {
        Span<ushort> schedule = stackalloc ushort[ScheduleLength];
        ExpandKey(key, schedule);
        var result = Encrypt(schedule, block);
        schedule.Clear();
        return result;
    }

    public static ulong Decrypt(ReadOnlySpan<byte> key, ulong block)
    {
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
        for (var i = 0; i < 8; i++)
            schedule[8 + i] = Fi(schedule[i], schedule[(i + 1) & 7]);
    }

    public static ulong Encrypt(ReadOnlySpan<ushort> schedule, ulong block)
    {
        unchecked
        {
            var left = (uint)(block >> 32);
            var right = (uint)block;
            for (var round = 0; round < 8; round += 2)
            {
                left = Fl(schedule, left, round);
                right = Fl(schedule, right, round + 1);
                right ^= Fo(schedule, left, round);
                left ^= Fo(schedule, right, round + 1);
            }

            left = Fl(schedule, left, 8);
            right = Fl(schedule, right, 9);
            return ((ulong)right << 32) | left;
        }
    }

    public static ulong Decrypt(ReadOnlySpan<ushort> schedule, ulong block)
    {
        unchecked
        {
            var left = FlInverse(schedule, (uint)block, 8);
            var right = FlInverse(schedule, (uint)(block >> 32), 9);
            for (var round = 6; round >= 0; round -= 2)
            {
                left ^= Fo(schedule, right, round + 1);
                right ^= Fo(schedule, left, round);
                left = FlInverse(schedule, left, round);
                right = FlInverse(schedule, right, round + 1);
            }

            return ((ulong)left << 32) | right;
        }
    }

    private static ushort Fi(ushort input, ushort key)
    {
        unchecked
        {
            var nine = input >> 7;
            var seven = input & 0x7F;
            nine = Misty1Tables.S9[nine] ^ seven;
            seven = Misty1Tables.S7[seven] ^ (nine & 0x7F) ^ (key >> 9);
            nine ^= key & 0x1FF;
            nine = Misty1Tables.S9[nine] ^ seven;
            return (ushort)((seven << 9) | nine);
        }
    }

    private static uint Fo(ReadOnlySpan<ushort> s, uint input, int round)
    {
        unchecked
        {
            var left = (ushort)(input >> 16);
            var right = (ushort)input;
            left = (ushort)(Fi((ushort)(left ^ s[round]), s[8 + ((round + 5) & 7)]) ^ right);
            right = (ushort)(Fi((ushort)(right ^ s[(round + 2) & 7]), s[8 + ((round + 1) & 7)]) ^ left);
            left = (ushort)(Fi((ushort)(left ^ s[(round + 7) & 7]), s[8 + ((round + 3) & 7)]) ^ right);
            right ^= s[(round + 4) & 7];
            return ((uint)right << 16) | left;
        }
    }

    private static uint Fl(ReadOnlySpan<ushort> s, uint input, int index)
    {
        unchecked
        {
            var (and, or) = FlKeys(s, index);
            var left = input >> 16;
            var right = (input & 0xFFFF) ^ (left & and);
            left ^= right | or;
            return (left << 16) | right;
        }
    }

    private static uint FlInverse(ReadOnlySpan<ushort> s, uint input, int index)
    {
        unchecked
        {
            var (and, or) = FlKeys(s, index);
            var right = input & 0xFFFF;
            var left = (input >> 16) ^ (right | or);
            right ^= left & and;
            return (left << 16) | right;
        }
    }

    private static (uint And, uint Or) FlKeys(ReadOnlySpan<ushort> s, int index)
    {
        var half = index >> 1;
        return (index & 1) == 0
            ? (s[half & 7], s[8 + ((half + 6) & 7)])
            : (s[8 + ((half + 2) & 7)], s[(half + 4) & 7]);
    }
}
