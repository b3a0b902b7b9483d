using System.Runtime.CompilerServices;

namespace OpenSts.Cryptography;

/// <summary>The known-answer test of an algorithm failed; the algorithm must not be used.</summary>
public sealed class SelfTestException : Exception
{
    /// <summary>Creates the exception for an algorithm.</summary>
    public SelfTestException(string algorithm)
        : base($"The self test of {algorithm} failed; the program or the machine is damaged.")
    {
    }
}

/// <summary>Known-answer tests, which run once before the first use of each algorithm.</summary>
/// <remarks>
/// Each algorithm has a class of its own, whose static field is initialized at the first use of that algorithm.
/// </remarks>
internal static class SelfTests
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void RequireEa07() => Require(Ea07Test.Passed, "EA07");

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void RequireDes() => Require(DesTest.Passed, "DES");

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void RequireMisty1() => Require(Misty1Test.Passed, "MISTY1");

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void RequireHmac() => Require(HmacTest.Passed, "HMAC-SHA-256");

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Require(bool passed, string algorithm)
    {
        if (!passed)
            throw new SelfTestException(algorithm);
    }

    private static class Ea07Test
    {
        // The first published token: DKGA02 key of the test register, 0.1 kWh on 2004-03-01.
        public static readonly bool Passed =
            Ea07.EncryptUntested(0xE653341F9D5BF36F, 0x05599863000119E6) == 0x492083C0AE7CE455
            && Ea07.DecryptUntested(0xE653341F9D5BF36F, 0x492083C0AE7CE455) == 0x05599863000119E6;
    }

    private static class DesTest
    {
        public static readonly bool Passed = Check();

        private static bool Check()
        {
            Span<uint> schedule = stackalloc uint[Des.ScheduleLength];
            Des.ExpandKey(0x133457799BBCDFF1, schedule);
            return Des.EncryptUntested(schedule, 0x0123456789ABCDEF) == 0x85E813540F0AB405;
        }
    }

    private static class Misty1Test
    {
        public static readonly bool Passed = Check();

        // RFC 2994, test vectors.
        private static bool Check()
        {
            Span<ushort> schedule = stackalloc ushort[Misty1.ScheduleLength];
            Misty1.ExpandKey([0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99, 0xAA, 0xBB, 0xCC, 0xDD, 0xEE,
                0xFF], schedule);
            return Misty1.Encrypt(schedule, 0x0123456789ABCDEF) == 0x8B1DA5F56AB3D07C
                && Misty1.Decrypt(schedule, 0x04B68240B13BE95D) == 0xFEDCBA9876543210;
        }
    }

    private static class HmacTest
    {
        public static readonly bool Passed = Check();

        // RFC 4231, test case 2.
        private static bool Check()
        {
            Span<uint> keyed = stackalloc uint[HmacSha256.KeyedStateLength];
            HmacSha256.ExpandKey("Jefe"u8, keyed);
            Span<byte> mac = stackalloc byte[32];
            HmacSha256.ComputeShort(keyed, "what do ya want for nothing?"u8, mac);
            return Convert.ToHexStringLower(mac) == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        }
    }
}
