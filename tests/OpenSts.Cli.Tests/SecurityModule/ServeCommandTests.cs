using System.Globalization;
using OpenSts.SecureStorage;
using OpenSts.SecurityModule.Vault;
using OpenSts.Sts6;
using OpenSts.Sts6.Client;

namespace OpenSts.Cli.Tests.SecurityModule;

/// <summary>
/// <c>sts sm serve</c>, <c>call</c> and <c>status</c> as a person uses them, and the serving process killed while it
/// sells.
/// </summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class ServeCommandTests : IDisposable
{
    private const string LaboratoryKey = "abababababababab949494949494949401234567";
    private readonly string _root = Directory.CreateTempSubdirectory("ostsserve").FullName;

    private string Vault => Path.Combine(_root, "vault");

    private string Key => Path.Combine(_root, "key");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Serve_TestRegistersInTestMode_AnswersAndSaysSo()
    {
        using var served = new Serving("--test-registers", "--test-mode", "--clock", "20230406111904", "--module-id",
            "94001632", "--firmware-id", "STS65V10");
        var (exit, output, error) =
            Sts.Run("sm", "call", "SM?VCN1~P600727000000000009~N1~N11~N2~N0~H0001~H014EEC~", "--tcp", served.Address);
        Assert.True(exit == 0, error);
        Assert.StartsWith("SM!VC00P32D98A5616345BE2E~P58625789986991357486~26E2", output, StringComparison.Ordinal);
        (exit, output, _) =
            Sts.Run("sm", "call", "SM?VCN7~P600727000000000009~N1~N11~N2~N0~H0001~H560000~", "--tcp", served.Address);
        Assert.Equal(1, exit);
        Assert.Contains("41 KeyExpired", output, StringComparison.Ordinal);
        (exit, output, _) = Sts.Run("sm", "status", "--tcp", served.Address, "--json");
        Assert.Equal(0, exit);
        Assert.Contains("TEST-MODE", output, StringComparison.Ordinal);
        Assert.Contains("20230406111904", output, StringComparison.Ordinal);
        Assert.Contains("94001632", output, StringComparison.Ordinal);
        Assert.Contains("\"9\":\"ACT20140101T000000Z", output, StringComparison.Ordinal);
        Assert.Equal(0, served.Stop());
        Assert.Contains("WARNING: test mode", served.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Serve_WhatCannotBeServed_Refused()
    {
        Create(isTest: false);
        foreach (var (arguments, reason) in new (string[], string)[]
        {
            (["--test-registers"], "nothing to listen on"),
            (["--tcp", "127.0.0.1:0"], "either --vault or --test-registers"),
            (["--test-registers", "--tcp", "0.0.0.0:0"], "open to other machines"),
            (["--test-registers", "--tcp", "here"], "not an address and a port"),
            (["--test-registers", "--clock", "20230406111904", "--tcp", "127.0.0.1:0"], "only with --test-mode"),
            (["--test-registers", "--module-id", "a~b", "--tcp", "127.0.0.1:0"], "--module-id"),
            (["--vault", Vault, "--key-file", Key, "--test-mode", "--tcp", "127.0.0.1:0"],
                "Register 1 holds a key that is not marked as a test key"),
        })
        {
            var (exit, _, error) = Sts.Run(["sm", "serve", .. arguments]);
            Assert.True(exit == 2
                && error.Contains(reason, StringComparison.Ordinal), $"{string.Join(' ', arguments)}: {exit} {error}");
            Assert.DoesNotContain("abababab", error, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public void Call_NobodyThere_OneLineAndExitOne()
    {
        var (exit, _, error) = Sts.Run("sm", "call", "SM?DI", "--unix", Path.Combine(_root, "nobody"));
        Assert.Equal(1, exit);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    [Fact]
    public void Serve_VaultOfLaboratoryKeys_TestModeSellsAndTheVaultKnowsAfterwards()
    {
        Create(isTest: true);
        using (var served = new Serving("--vault", Vault, "--key-file", Key, "--test-mode"))
        {
            Assert.Equal(0, Sts.Run("sm", "call", "SM?VCN1~P600727000000000009~N1~N11~N2~N0~H0064~H014EEC~", "--tcp",
                served.Address).Exit);
            Assert.Equal(0, served.Stop());
        }

        using var storageLock = StorageLock.FromKeyFile(Key);
        using var vault = KeyVault.Open(Vault, storageLock);
        Assert.Equal(new VaultCounters { Units = 100, Tokens = 1 }, vault.Counters(1));
        Assert.Equal(LogVerdict.Good, Verdict());
    }

    [Fact]
    public async Task Kill_WhileSelling_CountersNeverBehindWhatWasAnswered()
    {
        var kills = int.Parse(Environment.GetEnvironmentVariable("SERVER_KILLS") ?? "3", CultureInfo.InvariantCulture);
        var random = new Random(20261121);
        Create(isTest: true);
        var tid = 0x014EEC;
        var answered = 0L;
        for (var kill = 0; kill < kills; kill++)
        {
            using var served = new Serving("--vault", Vault, "--key-file", Key, "--test-mode");
            await using var asker = await LineAsker.ConnectAsync(new ModuleEndpoint
            {
                Host = "127.0.0.1",
                Port = served.Port,
            }, cancellation: TestContext.Current.CancellationToken);
            var killing = Task.Delay(random.Next(50, 600), TestContext.Current.CancellationToken)
                .ContinueWith(_ => served.Kill(), TaskScheduler.Default);
            try
            {
                while (true)
                {
                    var answer = await asker.AskAsync(string.Create(CultureInfo.InvariantCulture,
                        $"SM?VCN1~P600727000000000009~N1~N11~N2~N0~H0001~H{tid++:X6}~"),
                        TestContext.Current.CancellationToken);
                    Assert.StartsWith("SM!VC00", answer, StringComparison.Ordinal);
                    answered++;
                }
            }
            catch (OpenSts.Sts6.SecurityModuleException)
            {
                // Killed.
            }

            await killing;
            using var storageLock = StorageLock.FromKeyFile(Key);
            using var vault = KeyVault.Open(Vault, storageLock);
            Assert.InRange(vault.Counters(1).Units, answered, answered + kill + 1);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{kills} kills, {answered} answered");
        Assert.InRange(answered, kills, long.MaxValue);
        Assert.Equal(LogVerdict.Good, Verdict());
    }

    [Fact]
    public async Task Memory_WhileServing_HoldsTheKeyOnceAndNothingElseDoes()
    {
        // A million sales with SERVER_VENDS=1000000.
        var vends =
            int.Parse(Environment.GetEnvironmentVariable("SERVER_VENDS") ?? "20000", CultureInfo.InvariantCulture);
        // Not a constant: it would stand in this program's own text.
        var key = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(20));
        Create(isTest: true, key);
        using var served = new Serving("--vault", Vault, "--key-file", Key, "--test-mode");
        await using (var client =
            new SecurityModuleClient(new ModuleEndpoint { Host = "127.0.0.1", Port = served.Port, Connections = 16 }))
        {
            await Parallel.ForAsync(0, vends, new ParallelOptions
            {
                MaxDegreeOfParallelism = 16,
                CancellationToken = TestContext.Current.CancellationToken,
            }, async (i, cancellation) =>
            {
                var answer = await client.VendCreditAsync(new OpenSts.Sts6.VendRequest
                {
                    Register = 1,
                    MeterPan = MeterPan.Parse("600727000000000009"),
                    TariffIndex = TariffIndex.FromNumber(1),
                    EncryptionAlgorithm = i % 2 == 0 ? EncryptionAlgorithm.Ea07 : EncryptionAlgorithm.Ea11,
                    TokenCarrierType = 2,
                    Subclass = 0,
                    Field = 1,
                    TokenIdentifier = TokenIdentifier.FromNumber(i),
                }, cancellation);
                Assert.Equal(OpenSts.Sts6.ResponseCode.Successful, answer.Code);
            });
        }

        var inUse = MemorySearch.Count(served.ProcessId, key,
            (await File.ReadAllTextAsync(Key, TestContext.Current.CancellationToken)).Trim());
        Assert.Equal(0, served.Stop());
        TestContext.Current.TestOutputHelper?.WriteLine($"{vends} sales; in use: {inUse}");
        Assert.Equal((1, 0), (inUse.Octets, inUse.Text));
        Assert.Equal(0, inUse.SecretText);
        Assert.DoesNotContain(key[..16], served.Error, StringComparison.OrdinalIgnoreCase);
        foreach (var path in Directory.GetFiles(Vault))
            Assert.Equal(-1, (await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken)).AsSpan()
                .IndexOf(Convert.FromHexString(key).AsSpan(0, 8)));
    }

    private LogVerdict Verdict()
    {
        using var storageLock = StorageLock.FromKeyFile(Key);
        return KeyVault.VerifyLog(Vault, storageLock).Verdict;
    }

    private void Create(bool isTest, string key = LaboratoryKey)
    {
        KeyFile.Create(Key);
        using var storageLock = StorageLock.FromKeyFile(Key);
        KeyVault.Create(Vault, storageLock);
        using var vault = KeyVault.Open(Vault, storageLock);
        var card = KeyCard.Parse("BDT20140101T000000Z;DKG04;KEN255;KRN1;KTY2;SGC201457") with { IsTest = isTest };
        vault.Put(1, card.ToString(), KeyHome.Vault, Convert.FromHexString(key), "test key");
    }
}
