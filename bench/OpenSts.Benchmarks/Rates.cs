using System.Diagnostics;
using OpenSts.Bulk;
using OpenSts.Cryptography;
using OpenSts.Keys;

namespace OpenSts.Benchmarks;

/// <summary>Each part's rate on one core beside that of the table-driven or bit-sliced C program it is compared with.</summary>
/// <remarks>Medians of several passes; the machine is shared, so only ratios within one run mean something.</remarks>
internal static unsafe class Rates
{
    private const int Passes = 9;
    private const double SecondsOfPass = 0.15;

    public static int Run()
    {
        Console.WriteLine("| part | M/s | ns | C, M/s | ratio | allocated |");
        Console.WriteLine("|---|---|---|---|---|---|");
        Ciphers();
        Sliced();
        Tokens("EA07+DKGA02", 3.6, 43);
        Tokens("EA07+DKGA04", null, null);
        Tokens("EA11+DKGA04", 3.1, null);
        return 0;
    }

    private static void Ciphers()
    {
        var x = 1ul;
        Row("EA07 block, one by one", 7.5, 1, () => x = Ea07.Encrypt(0xE653341F9D5BF36F, x));
        Row("EA07 block decrypted", 7.5, 1, () => x = Ea07.Decrypt(0xE653341F9D5BF36F, x));
        var des = new uint[Des.ScheduleLength];
        Des.ExpandKey(0x133457799BBCDFF1, des);
        Row("DES block, schedule kept", null, 1, () => x = Des.Encrypt(des, x));
        var key = new byte[16];
        var schedule = new ushort[Misty1.ScheduleLength];
        Row("MISTY1 schedule and block", 7.3, 1, () =>
        {
            key[0]++;
            Misty1.ExpandKey(key, schedule);
            x = Misty1.Encrypt(schedule, x);
        });
        var keyed = new uint[HmacSha256.KeyedStateLength];
        HmacSha256.ExpandKey(key, keyed);
        var message = new byte[DecoderKeyGeneration.MessageLength];
        var mac = new byte[32];
        Row("HMAC-SHA-256, pads kept", 8.8, 1, () => HmacSha256.ComputeShort(keyed, message, mac));
        Row("CRC and block", 311, 1, () => x = new TokenContent(TokenClass.Credit, x & 0xFFFF_FFFF_FFFF).Seal().Value);
        var digits = new byte[20];
        Row("66 bits to 20 digits", 142, 1, () =>
        {
            DecimalDigits.Write20((uint)x & 3, x++, digits);
        });
    }

    private static void Sliced()
    {
        if (!System.Runtime.Intrinsics.X86.Avx512F.IsSupported)
            return;
        var memory = (Lanes512*)System.Runtime.InteropServices.NativeMemory.AlignedAlloc(800 * 64, 64);
        new Span<byte>(memory, 800 * 64).Fill(0x5A);
        var masks = (ulong*)(memory + 700);
        Row("EA07 blocks, 512 at once", 101, 512, () => SlicedEa07<Lanes512>.Encrypt(memory, memory + 64, memory + 128));
        Row("EA07 blocks with both transpositions", null, 512, () =>
        {
            BitSlices<Lanes512>.Transpose(memory);
            SlicedEa07<Lanes512>.Encrypt(memory, memory + 64, memory + 128);
            BitSlices<Lanes512>.Transpose(memory);
        });
        Row("DES blocks, 512 at once", 280, 512, () => SlicedDes<Lanes512>.Encrypt(memory, masks, memory + 64, memory + 128));
        Row("MISTY1 schedules and blocks, 512 at once", 7.3, 512, () => SlicedMisty1<Lanes512>.Encrypt(memory, memory + 64, memory + 128, memory + 192));
        Row("checks, 512 at once", 311, 512, () => SlicedCrc<Lanes512>.Put(memory, memory[64], memory[65]));
        var halves = new ulong[512];
        var ascii = new byte[512 * Token66.Digits];
        Array.Fill(halves, 9_876_543_210ul);
        Row("66 bits to 20 digits, 512 at once", 142, 512, () => DecimalDigits.Write20(halves, halves, ascii));
        var keyed = new uint[16];
        var words = (Words512*)memory;
        Row("HMAC-SHA-256, 16 at once", 8.8, 16, () => LaneHmac<Words512>.Compute(keyed, words, words + 16));
        System.Runtime.InteropServices.NativeMemory.AlignedFree(memory);
    }

    private static void Tokens(string algorithms, double? single, double? bulk)
    {
        var attributes = Work.Attributes(algorithms);
        using var vendingKey = Hazmat.ImportVendingKey(Convert.FromHexString(Work.VendingKey(algorithms)));
        using var key = DecoderKeyGeneration.Derive(vendingKey, attributes);
        using var issuer = new BulkIssuer(vendingKey, attributes);
        var requests = Work.Requests(4096);
        var digits = new byte[4096 * Token66.Digits];
        var i = 0;
        var text = new char[20];
        Row($"{algorithms} token, key at hand", null, 1, () =>
        {
            _ = new Token66(key.Encrypt(requests[i++ & 4095].Content.Seal())).TryFormat(text, out _);
        });
        Row($"{algorithms} token, key derived", single, 1, () => issuer.Issue(requests.AsSpan(i++ & 4095, 1), digits));
        Row($"{algorithms} tokens in bulk, keys derived", bulk ?? single, 4096, () => issuer.Issue(requests, digits));
        var token = new Token66(key.Encrypt(requests[0].Content.Seal()));
        var to = attributes with { TariffIndex = TariffIndex.FromNumber(2) };
        using var toKey = DecoderKeyGeneration.Derive(vendingKey, to);
        var change = new KeyChange { From = attributes, FromKey = key, To = to, ToKey = toKey, Count = KeyChangeSet.DefaultCount(attributes.EncryptionAlgorithm) };
        var set = new Token66[4];
        Row($"{algorithms} key change set of {change.Count}", null, 1, () => _ = KeyChangeSet.TryIssue(change, set, out _));
        Row($"{algorithms} decode", 3.2, 1, () => _ = TokenIssuer.TryOpen(token, key, out _));
    }

    private static void Row(string part, double? reference, int blocks, Action work)
    {
        for (var warm = Stopwatch.StartNew(); warm.Elapsed.TotalSeconds < 0.4;)
            work();
        var rates = new double[Passes];
        var before = GC.GetAllocatedBytesForCurrentThread();
        var calls = 0L;
        for (var pass = 0; pass < Passes; pass++)
        {
            var done = 0L;
            var watch = Stopwatch.StartNew();
            while (watch.Elapsed.TotalSeconds < SecondsOfPass)
            {
                for (var i = 0; i < 256; i++)
                    work();
                done += 256;
            }

            rates[pass] = done * blocks / watch.Elapsed.TotalSeconds / 1e6;
            calls += done;
        }

        var allocated = (GC.GetAllocatedBytesForCurrentThread() - before) / calls;
        Array.Sort(rates);
        var rate = rates[Passes / 2];
        Console.WriteLine($"| {part} | {rate:F2} | {1000 / rate:F1} | {(reference is { } c ? c.ToString("0.#") : "")} | {(reference is { } r ? (rate / r).ToString("P0") : "")} | {allocated} B |");
    }
}
