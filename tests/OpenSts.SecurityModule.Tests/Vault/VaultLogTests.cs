using System.Buffers.Binary;
using OpenSts.SecureStorage;
using OpenSts.SecurityModule.Vault;

namespace OpenSts.SecurityModule.Tests.Vault;

public sealed class VaultLogTests
{
    [Fact]
    public void VerifyLog_EveryBitFlippedAfterClosing_Refused()
    {
        using var folder = new TestVault();
        folder.Sell(3);
        var whole = File.ReadAllBytes(folder.Log);
        for (var bit = 0; bit < whole.Length * 8; bit++)
        {
            var changed = (byte[])whole.Clone();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            File.WriteAllBytes(folder.Log, changed);
            var report = folder.Verify();
            // The last entry of all stands behind the vault's last sealing: broken there, it looks like a group that
            // was cut.
            Assert.True(report.Verdict != LogVerdict.Good || report.Unsealed > 0, $"bit {bit}");
        }
    }

    [Theory]
    [InlineData("an entry altered", 9, LogVerdict.Altered)]
    [InlineData("an entry removed", 9, LogVerdict.Removed)]
    [InlineData("a seal removed", 10, LogVerdict.Removed)]
    [InlineData("two entries exchanged", 9, LogVerdict.Reordered)]
    public void VerifyLog_OneChange_NamesTheFirstEntry(string change, int entry, LogVerdict verdict)
    {
        using var folder = new TestVault();
        folder.Sell(8);
        var whole = File.ReadAllBytes(folder.Log);
        var frames = Frames(whole);
        var body = frames.ToArray();
        switch (change)
        {
            case "an entry altered":
                body[entry - 1][20] ^= 1;
                break;
            case "two entries exchanged":
                (body[entry - 1], body[entry]) = (body[entry], body[entry - 1]);
                break;
            default:
                body[entry - 1] = [];
                break;
        }

        File.WriteAllBytes(folder.Log, [.. whole[..LogChain.HeadLength], .. body.SelectMany(frame => frame)]);
        var report = folder.Verify();
        Assert.Equal((verdict, (ulong)entry), (report.Verdict, report.Sequence));
        using var nobody = folder.Lock();
        Assert.Equal(verdict, KeyVault.VerifyLog(folder.Folder, null).Verdict);
    }

    [Fact]
    public void VerifyLog_RewrittenWithRightLinks_ForgedSealIsNamed()
    {
        // Whoever can write the file can also make the chain fit; the seals they cannot make.
        using var folder = new TestVault();
        folder.Sell(4);
        var whole = File.ReadAllBytes(folder.Log);
        var frames = Frames(whole);
        frames[6][4 + 15] ^= 1;
        using var chain = new LogChain(whole.AsSpan(0, LogChain.HeadLength));
        foreach (var frame in frames)
        {
            chain.Add(frame.AsSpan(4..^LogChain.LinkLength));
            chain.Link.CopyTo(frame.AsSpan(^LogChain.LinkLength..));
        }

        File.WriteAllBytes(folder.Log, [.. whole[..LogChain.HeadLength], .. frames.SelectMany(frame => frame)]);
        Assert.Equal(LogVerdict.Good, KeyVault.VerifyLog(folder.Folder, null).Verdict);
        Assert.Equal(LogVerdict.Forged, folder.Verify().Verdict);
    }

    [Fact]
    public void VerifyLog_CutBeforeTheLastSealing_Removed()
    {
        using var folder = new TestVault();
        folder.Sell(4);
        var whole = File.ReadAllBytes(folder.Log);
        File.WriteAllBytes(folder.Log, whole[..(whole.Length / 2)]);
        Assert.Equal(LogVerdict.Removed, folder.Verify().Verdict);
    }

    [Fact]
    public void Open_LogCutAnywhereAfterAnsweredSales_CountersNeverBehind()
    {
        // A crash leaves some prefix of what was being written: every prefix that holds what was confirmed must open,
        // with every confirmed sale. 10,000 cuts with VAULT_CUTS=10000.
        var cuts = int.Parse(Environment.GetEnvironmentVariable("VAULT_CUTS") ?? "300");
        using var folder = new TestVault();
        var marks = new List<(long Length, long Units)>();
        byte[] vault, log;
        using (var open = folder.Open())
        {
            for (var i = 0; i < 120; i++)
            {
                TestVault.Sell(open);
                marks.Add((new FileInfo(folder.Log).Length, open.Counters(1).Units));
            }

            (vault, log) = (File.ReadAllBytes(folder.Sealed), ReadShared(folder.Log));
        }

        var random = new Random(20_261_121);
        for (var cut = 0; cut < cuts; cut++)
        {
            var length = random.Next((int)marks[0].Length, log.Length + 1);
            byte[] left = [.. log[..length], .. random.Next(3) == 0 ? new byte[random.Next(200)] : []];
            File.WriteAllBytes(folder.Sealed, vault);
            File.WriteAllBytes(folder.Log, left);
            var confirmed = marks.Last(mark => mark.Length <= length).Units;
            using (var open = folder.Open())
                Assert.True(open.Counters(1).Units >= confirmed,
                    $"cut at {length}: {open.Counters(1).Units} of {confirmed}");
            var report = folder.Verify();
            Assert.True(report.Verdict == LogVerdict.Good && report.Unsealed == 0, $"cut at {length}: {report}");
        }
    }

    [Fact]
    public async Task WhenDurable_ManyAtOnce_ShareGroups()
    {
        using var folder = new TestVault();
        using var vault = folder.Open();
        var groups = vault.Groups;
        var tasks = new List<Task>();
        for (var i = 1; i <= 20_000; i++)
            tasks.Add(vault.WhenDurable(vault.RecordIssue(1, new VaultCounters { Units = i, Tokens = i }, "VC")));
        await Task.WhenAll(tasks);
        Assert.InRange(vault.Groups - groups, 1, 10_000);
    }

    [Fact]
    public void Open_AfterSealingEverySoOften_CountersAreThere()
    {
        using var folder = new TestVault();
        using (var storageLock = folder.Lock())
        using (var vault = KeyVault.Open(folder.Folder, storageLock, new VaultOptions { IssuesBetweenSealings = 10 }))
        {
            var before = vault.Generation;
            for (var i = 1; i <= 105; i++)
            {
                _ = vault.RecordIssue(1, new VaultCounters { Units = i, Tokens = i }, "VC");
                // It is sealed beside the issues.
                Assert.True(
                    SpinWait.SpinUntil(() => vault.Generation >= before + (ulong)(i / 10), TimeSpan.FromSeconds(30)));
            }

            Assert.True(vault.Generation >= 12);
        }

        using var again = folder.Open();
        Assert.Equal(105, again.Counters(1).Units);
        Assert.Equal(LogVerdict.Good, folder.Verify().Verdict);
    }

    [Fact]
    public void Read_RandomOctets_NeverThrowsNeverAccepts()
    {
        using var folder = new TestVault();
        var head = File.ReadAllBytes(folder.Log)[..LogChain.HeadLength];
        var random = new Random(5);
        for (var i = 0; i < 500; i++)
        {
            var noise = new byte[random.Next(400)];
            random.NextBytes(noise);
            if (noise.Length > 4 && i % 2 == 0)
                BinaryPrimitives.WriteUInt32BigEndian(noise, (uint)random.Next(17, 80));
            File.WriteAllBytes(folder.Log, [.. head, .. noise]);
            Assert.NotEqual(LogVerdict.Good, folder.Verify().Verdict);
        }
    }

    [Fact]
    public async Task WhenDurable_DiskTakesNothing_FailsAndNothingMoreIsTaken()
    {
        // /dev/full: every write ends with "no space left".
        using var cipher = VaultCipher.Create();
        var file = File.OpenHandle("/dev/full", FileMode.Open, FileAccess.ReadWrite);
        var end = new LogPosition { Sequence = 0, Length = 0, Chain = new string('0', 64) };
        using var log = new HashChainedLog(file, end, cipher.MacOfLog, TimeProvider.System);
        var entry = log.Append(3, "lost"u8);
        var error = await Assert.ThrowsAsync<StorageException>(() => log.WhenDurable(entry));
        Assert.Equal(StorageFault.Storage, error.Fault);
        Assert.Equal(StorageFault.Storage, Assert.Throws<StorageException>(() => _ = log.Append(3, "later"u8)).Fault);
        Assert.Equal(StorageFault.Storage, Assert.Throws<StorageException>(() => _ = log.Flush()).Fault);
    }

    private static List<byte[]> Frames(byte[] log)
    {
        var frames = new List<byte[]>();
        for (var at = LogChain.HeadLength; at < log.Length;)
        {
            var length = 4 + BinaryPrimitives.ReadInt32BigEndian(log.AsSpan(at)) + LogChain.LinkLength;
            frames.Add(log[at..(at + length)]);
            at += length;
        }

        return frames;
    }

    private static byte[] ReadShared(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}
