using System.Diagnostics;
using OpenSts.SecureStorage;
using OpenSts.SecurityModule.Tests.Commands;
using OpenSts.SecurityModule.Transport;
using OpenSts.SecurityModule.Vault;
using OpenSts.Sts6;

namespace OpenSts.SecurityModule.Tests.Vault;

/// <summary>A full vault opens fast, and keys are exchanged without holding up token issues.</summary>
public sealed class VaultCapacityTests : IDisposable
{
    private const int Registers = 999;
    private const string Request = "SM?VCN1~P600727000000000009~N1~N11~N2~N0~H0001~H014EEC~";
    private readonly TestVault _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_999Registers_UnderASecond()
    {
        using (var vault = _folder.Open())
            Fill(vault);
        // Once before, so that the code is compiled.
        OpenModule();
        var watch = Stopwatch.StartNew();
        OpenModule();
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(1), $"{watch.Elapsed.TotalMilliseconds:F0} ms");
    }

    [Fact]
    public void ExchangeKeys_999Registers_HoldsUpTokenIssuesForAFewMillisecondsAtMost()
    {
        using var vault = _folder.Open();
        Fill(vault);
        using var module = SoftwareSecurityModule.Open(vault, null, new ModuleSettings { TestMode = true });
        using var stop = new CancellationTokenSource();
        var held = new List<double>();
        // How long the registers are not to be had: measured where requests take them.
        var observer = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                var before = Stopwatch.GetTimestamp();
                using (module.UseRegisters())
                    held.Add(Stopwatch.GetElapsedTime(before).TotalMilliseconds);
                Thread.SpinWait(200);
            }
        })
        { Priority = ThreadPriority.Highest };
        observer.Start();
        for (var round = 0; round < 5; round++)
        {
            var changes = Changes();
            using (var prepared = vault.Prepare(changes, "test"))
            {
                Assert.Empty(module.ExchangeKeys(prepared));
                prepared.WaitUntilDurable();
            }

            changes.ForEach(change => change.Dispose());
        }

        stop.Cancel();
        observer.Join();
        // On a machine with more work than processors a thread also waits for a processor: the best of the rounds
        // decides nothing, the number of long waits does. Before, each round held everybody up for seconds.
        Assert.True(held.Count(milliseconds => milliseconds > 10) <= 5,
            $"{held.Count(milliseconds => milliseconds > 10)} waits over 10 ms of {held.Count}, longest "
                + $"{held.Max():F1} ms");
        Assert.True(held.Max() < 500, $"longest {held.Max():F1} ms");
        Assert.Equal(Registers, module.Registers.Count);
    }

    [Fact]
    public void Prepare_IssuesUntilItIsApplied_CountForTheOldKey()
    {
        using (var vault = _folder.Open())
        {
            TestVault.Sell(vault);
            using var change = VaultChange.Set(1, TestVault.Attributes, Convert.FromHexString(TestVault.KeyText));
            using (var prepared = vault.Prepare([change], "test"))
            {
                TestVault.Sell(vault);
                Assert.Equal(2, vault.Counters(1).Tokens);
                prepared.Apply();
                TestVault.Sell(vault);
                prepared.WaitUntilDurable();
            }

            Assert.Equal(1, vault.Counters(1).Tokens);
        }

        using var again = _folder.Open();
        Assert.Equal(1, again.Counters(1).Tokens);
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 2)]
    public void Open_CrashAroundApply_CountersAreThoseOfTheKeyThatIsThere(bool applied, long tokens)
    {
        // A copy of the folder is what a crash at that moment leaves.
        var copy = Directory.CreateTempSubdirectory("ostscrash").FullName;
        try
        {
            using (var vault = _folder.Open())
            {
                TestVault.Sell(vault);
                using var change = VaultChange.Set(1, TestVault.Attributes, Convert.FromHexString(TestVault.KeyText));
                using var prepared = vault.Prepare([change], "test");
                TestVault.Sell(vault);
                var log = ReadShared(_folder.Log);
                if (applied)
                    prepared.Apply();
                // The file is in place, the log ends before the entry that says so.
                File.WriteAllBytes(Path.Combine(copy, "vault"), File.ReadAllBytes(_folder.Sealed));
                File.WriteAllBytes(Path.Combine(copy, "log"), log);
                foreach (var file in Directory.GetFiles(copy))
                    File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            using var storageLock = _folder.Lock();
            using (var crashed = KeyVault.Open(copy, storageLock))
            {
                Assert.Equal(tokens, crashed.Counters(1).Tokens);
                TestVault.Sell(crashed);
            }

            using var again = KeyVault.Open(copy, storageLock);
            Assert.Equal(tokens + 1, again.Counters(1).Tokens);
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    [Fact]
    public void Commit_FolderRefusesTheFile_StorageFaultAndNothingMoved()
    {
        using var vault = _folder.Open();
        TestVault.Sell(vault);
        // What an access that is not allowed gives, also to the superuser who runs tests.
        _ = Directory.CreateDirectory(_folder.Sealed + ".new");
        var error = Assert.Throws<StorageException>(
            () => vault.Put(1, TestVault.Attributes, KeyHome.Vault, new byte[20], "test"));
        Assert.Equal(StorageFault.Storage, error.Fault);
        Assert.Equal(1, vault.Counters(1).Tokens);
        TestVault.Sell(vault);
        Directory.Delete(_folder.Sealed + ".new");
        Assert.Equal(2, vault.Counters(1).Tokens);
        vault.Put(1, TestVault.Attributes, KeyHome.Vault, Convert.FromHexString(TestVault.KeyText), "test");
        Assert.Equal(0, vault.Counters(1).Tokens);
    }

    [Fact]
    public void Seal_CheckpointFileCannotBeWritten_ReportedAndTheChangeStands()
    {
        var problems = new List<Exception>();
        var checkpoint = Path.Combine(Path.GetDirectoryName(_folder.Folder)!, "none", "checkpoint");
        using var storageLock = _folder.Lock();
        _ = Directory.CreateDirectory(Path.GetDirectoryName(checkpoint)!);
        using (var vault = KeyVault.Open(_folder.Folder, storageLock))
            vault.Seal();
        var options = new VaultOptions { OnProblem = problems.Add };
        using (var vault =
            KeyVault.Open(_folder.Folder, storageLock, options with { Witness = WriteCheckpoint(checkpoint) }))
        {
            File.Delete(checkpoint);
            Directory.Delete(Path.GetDirectoryName(checkpoint)!);
            vault.Put(2, TestVault.Attributes, KeyHome.Vault, Convert.FromHexString(TestVault.KeyText), "test");
            Assert.NotNull(vault.Find(2));
            Assert.IsType<StorageException>(Assert.Single(problems));
        }

        using var again = KeyVault.Open(_folder.Folder, storageLock);
        Assert.NotNull(again.Find(2));
    }

    private static byte[] ReadShared(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }

    private static List<VaultChange> Changes() => [.. Enumerable.Range(1, Registers).Select(number =>
        VaultChange.Set(number, (TestModule.Card with { CheckValue = "" }).ToString(),
            Convert.FromHexString(TestVault.KeyText)))];

    private static void Fill(KeyVault vault)
    {
        var changes = Changes();
        vault.Commit(changes, "filled");
        changes.ForEach(change => change.Dispose());
    }

    private void OpenModule()
    {
        using var vault = _folder.Open();
        using var module = SoftwareSecurityModule.Open(vault, null, new ModuleSettings { TestMode = true });
        Assert.Equal(Registers, module.Registers.Count);
        var answers = new System.Buffers.ArrayBufferWriter<byte>();
        _ = new ModuleSession(module, SessionFraming.Lines).Receive(TestModule.Line(Request), answers);
        Assert.StartsWith("SM!VC00", Assert.Single(TestModule.Lines(answers.WrittenSpan)), StringComparison.Ordinal);
    }

    private string WriteCheckpoint(string path)
    {
        using var storageLock = _folder.Lock();
        var source = new OpenSts.SecurityModule.Vault.VaultFolder(_folder.Folder);
        var (cipher, image, _) = source.ReadSealedFile(storageLock);
        using (cipher)
            VaultCheckpoint.Write(path, image, cipher);
        return path;
    }
}
