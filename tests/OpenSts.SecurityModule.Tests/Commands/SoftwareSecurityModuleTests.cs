using System.Globalization;
using OpenSts.SecurityModule.Tests.Vault;
using OpenSts.SecurityModule.Transport;
using OpenSts.SecurityModule.Vault;
using OpenSts.Sts6;

namespace OpenSts.SecurityModule.Tests.Commands;

public class SoftwareSecurityModuleTests
{
    private const string LaboratoryKey = "abababababababab949494949494949401234567";

    [Fact]
    public void TestMode_WithAKeyThatIsNoTestKey_Refused()
    {
        using var vault = new ModuleVault(TestModule.Card with { IsTest = false });
        var error = Assert.Throws<InvalidOperationException>(
            () => SoftwareSecurityModule.Open(vault.Vault, null, new ModuleSettings { TestMode = true }));
        Assert.Contains("Register 1", error.Message, StringComparison.Ordinal);
        using var module = SoftwareSecurityModule.Open(vault.Vault, null, new ModuleSettings());
        Assert.Equal([1], module.Registers);
    }

    [Fact]
    public void TestMode_ProductDetails_SayIt()
    {
        using var module = SoftwareSecurityModule.WithTestRegisters(new ModuleSettings { TestMode = true });
        Assert.Contains("TEST-MODE", Ask(module, "SM?PD"), StringComparison.Ordinal);
        using var other = SoftwareSecurityModule.WithTestRegisters(new ModuleSettings());
        Assert.DoesNotContain("TEST", Ask(other, "SM?PD"), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_CheckValueOfAnotherKey_RefusedWithoutTheKey()
    {
        using var vault = new ModuleVault(TestModule.Card with { CheckValue = "000000" });
        var error = Assert.Throws<InvalidOperationException>(
            () => SoftwareSecurityModule.Open(vault.Vault, null, new ModuleSettings()));
        Assert.Contains("check value", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("abababab", error.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Open_KeyOfAnotherLength_RefusedBeforeTheFirstRequest()
    {
        using var vault = new ModuleVault(
            TestModule.Card with { DecoderKeyGenerationAlgorithm = DecoderKeyGenerationAlgorithm.Dkga02 });
        var error = Assert.Throws<InvalidOperationException>(
            () => SoftwareSecurityModule.Open(vault.Vault, null, new ModuleSettings()));
        Assert.Contains("Register 1: DKGA02 takes a vending key of 16 hex digits", error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sell_FromAVault_AnsweredWhenDurableAndThereAfterwards()
    {
        using var vault = new ModuleVault(TestModule.Card);
        using (var module = SoftwareSecurityModule.Open(vault.Vault, null, new ModuleSettings { TestMode = true }))
        {
            var answers = new System.Buffers.ArrayBufferWriter<byte>();
            var session = new ModuleSession(module, SessionFraming.Lines);
            var entry = session.Receive([.. TestModule.Line("SM?VCN1~P600727000000000009~N1~N11~N2~N0~H0064~H014EEC~"),
                .. TestModule.Line("SM?VCN1~P600727000000000009~N1~N11~N2~N0~H0064~H014EED~")], answers);
            Assert.NotEqual(0ul, entry);
            await module.WhenDurableAsync(entry);
            Assert.Equal(2, TestModule.Lines(answers.WrittenSpan).Length);
            // A repeat waits for the entry of the first time.
            answers.ResetWrittenCount();
            Assert.InRange(session.Receive(TestModule.Line("SM?VCN1~P600727000000000009~N1~N11~N2~N0~H0064~H014EEC~"),
                answers), 1ul, entry);
            Assert.Contains("VC 600727000000000009 EA11 TI1 0 0064 TID014EED",
                Ask(module, string.Create(CultureInfo.InvariantCulture, $"SM?QLN{entry}~N1~")),
                StringComparison.Ordinal);
        }

        vault.Reopen();
        Assert.Equal(new VaultCounters { Units = 200, Tokens = 2 }, vault.Vault.Counters(1));
    }

    [Fact]
    public void ReopenRegisters_WhileFourHostsSell_NobodyGetsAMixture()
    {
        const string other = "949494949494949401234567abababababababab";
        using var vault = new ModuleVault(TestModule.Card);
        using var module = SoftwareSecurityModule.Open(vault.Vault, null, new ModuleSettings { TestMode = true });
        using var stop = new CancellationTokenSource();
        var codes = new System.Collections.Concurrent.ConcurrentDictionary<string, int>();
        var hosts = Enumerable.Range(0, 4).Select(host => new Thread(() =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
                _ = codes.AddOrUpdate(Ask(module,
                    string.Create(CultureInfo.InvariantCulture,
                    $"SM?VCN1~P600727000000000009~N1~N11~N2~N{host}~H0001~H{i % 0xFFFFFF:X6}~"))[..7], 1,
                    (_, count) => count + 1);
        })).ToList();
        hosts.ForEach(host => host.Start());
        for (var change = 0; change < 50; change++)
        {
            Exchange(vault, module, TestModule.Card, change % 2 == 0 ? other : LaboratoryKey);
            Thread.Sleep(2);
        }

        stop.Cancel();
        hosts.ForEach(host => host.Join());
        Assert.Equal(["SM!VC00"], codes.Keys);
        Assert.Equal(ModuleState.Ready, module.State);

        // The last key is there, its counters begin at nothing, and an earlier request is no repeat.
        const string request = "SM?VCN1~P600727000000000009~N1~N11~N2~N0~H0001~H014EEC~";
        Exchange(vault, module, TestModule.Card, other);
        var under = Ask(module, request);
        Exchange(vault, module, TestModule.Card, LaboratoryKey);
        Assert.Equal(default, vault.Vault.Counters(1));
        Assert.Equal("SM!VC00P32D98A5616345BE2E~P58625789986991357486~", Ask(module, request));
        Assert.NotEqual(under, Ask(module, request));
        Assert.Equal(1, vault.Vault.Counters(1).Tokens);
    }

    [Fact]
    public void ExchangeKeys_AKeyThatCannotBeUsed_RefusedAndTheOldOneStays()
    {
        using var vault = new ModuleVault(TestModule.Card);
        using var module = SoftwareSecurityModule.Open(vault.Vault, null, new ModuleSettings { TestMode = true });
        var generation = vault.Vault.Generation;
        Assert.Equal("Register 1: its check value 000000 is that of another key.",
            Exchange(vault, module, TestModule.Card with { CheckValue = "000000" }, LaboratoryKey));
        Assert.Equal(generation, vault.Vault.Generation);
        Assert.Equal("SM!VC00P32D98A5616345BE2E~P58625789986991357486~",
            Ask(module, "SM?VCN1~P600727000000000009~N1~N11~N2~N0~H0001~H014EEC~"));
        vault.Reopen();
        Assert.Equal(TestModule.Card.ToString(), vault.Vault.Find(1)!.Attributes);
        Assert.Equal(1, vault.Vault.Counters(1).Tokens);
    }

    [Fact]
    public async Task ReadLog_ManyEntries_EveryPageIsThere()
    {
        using var vault = new ModuleVault(TestModule.Card);
        using var module = SoftwareSecurityModule.Open(vault.Vault, null, new ModuleSettings());
        for (var i = 0; i < 3000; i++)
            _ = vault.Vault.Note($"event {i}");
        await vault.Vault.WhenDurable(vault.Vault.Note("last"));
        var seen = 0;
        var next = 1ul;
        while (vault.Vault.ReadLog(next, 50) is { Count: > 0 } page)
        {
            Assert.Equal(next, page[0].Sequence);
            seen += page.Count(entry => entry.Text.StartsWith("event ", StringComparison.Ordinal));
            next = page[^1].Sequence + 1;
        }

        Assert.Equal(3000, seen);
        Assert.Equal(2048ul, vault.Vault.ReadLog(2048, 1)[0].Sequence);
        // After another opening: from the new end, then back over what nobody has passed yet.
        vault.Reopen();
        var last = vault.Vault.Note("again");
        await vault.Vault.WhenDurable(last);
        foreach (var sequence in (ulong[])[last, last - 1, last - 4, 3000, 1, 2048, 1024, 1025])
            Assert.Equal(sequence, vault.Vault.ReadLog(sequence, 1)[0].Sequence);
        Assert.Equal(50, vault.Vault.ReadLog(1000, 50).Count);
        Assert.Empty(vault.Vault.ReadLog(0, 1));
    }

    [Fact]
    public void ManufacturingKeyChange_FromTheMakersKey_OnlyThere()
    {
        var initial = TestModule.Card with { KeyType = KeyType.Initialization };
        using var module = new TestModule(new ModuleSettings { Role = ModuleRole.Manufacturing }, null, (1, initial),
            (2, TestModule.Card));
        Assert.Equal("00", module.Code(TestModule.KeyChange(header: "SM?MK")));
        Assert.Equal("29", module.Code(TestModule.KeyChange(2, 2, header: "SM?MK")));
        Assert.Equal("29", module.Code(TestModule.KeyChange()));
        Assert.Equal("00", module.Code(TestModule.KeyChange(2, 2)));
        Assert.Equal(4, module.Registers[0].Counters.Tokens);
    }

    [Theory]
    [InlineData("ULM0000000A;KEN85;SGC201457;KRN7;KTY2;DKG04;BDT20140101T000000Z", "", Label = "any order")]
    [InlineData("XYZ1;BDT20140101T000000Z;DKG02;KEN0;KRN1;KTY1;SGC000001", "", Label = "unknown tags")]
    [InlineData("BDT20140101000000Z;DKG04;KEN255;KRN1;KTY2;SGC201457", "", Label = "time without its letter")]
    [InlineData("DKG04;KEN255;KRN1;KTY2;SGC201457", "BDT", Label = "no base date")]
    [InlineData("BDT20150101T000000Z;DKG04;KEN255;KRN1;KTY2;SGC201457", "BDT", Label = "another base date")]
    [InlineData("BDT20140101T000000Z;DKG03;KEN255;KRN1;KTY2;SGC201457", "DKG", Label = "a withdrawn algorithm")]
    [InlineData("BDT20140101T000000Z;DKG04;KEN256;KRN1;KTY2;SGC201457", "KEN", Label = "expiry above the range")]
    [InlineData("BDT20140101T000000Z;DKG04;KEN255;KRN0;KTY2;SGC201457", "KRN", Label = "revision 0")]
    [InlineData("BDT20140101T000000Z;DKG04;KEN255;KRN1;SGC201457", "KTY", Label = "no key type")]
    [InlineData("BDT20140101T000000Z;DKG04;KEN255;KRN1;KTY2;SGC201457;ULM000000A", "ULM", Label = "limit of 7 digits")]
    [InlineData("BDT20140101T000000Z;DKG04;KEN255;KRN1;KTY2;SCL0,8;SGC201457", "SCL", Label = "subclass 8")]
    [InlineData("BDT20140101T000000Z;DKG04;KEN255;KEN255;KRN1;KTY2;SGC201457", "KEN", Label = "twice")]
    [InlineData("BDT20140101T000000Z;DKG04;KE;KRN1;KTY2;SGC201457", "a tag of three capitals",
        Label = "too short for a tag")]
    [InlineData("", "BDT is missing", Label = "nothing")]
    [InlineData("BDT20140101T000000Z;DKG04;KEN255;KRN1;KTY2;SCL0,0;SGC201457", "SCL", Label = "a subclass twice")]
    [InlineData("BDT20140101T000000Z;DKG04;KCVabcdef;KEN255;KRN1;KTY2;SGC201457", "KCV",
        Label = "check value in small letters")]
    public void KeyCard_TryParse_NamesTheItem(string text, string item)
    {
        Assert.Equal(item.Length == 0, KeyCard.TryParse(text, out var card, out var problem));
        Assert.Contains(item, problem, StringComparison.Ordinal);
        Assert.Equal(item.Length == 0, problem.Length == 0);
        if (card is not null)
            Assert.Equal(card, KeyCard.Parse(card.ToString()));
    }

    [Fact]
    public void KeyCard_StatusAt_FollowsClockAndExpiry()
    {
        var card = TestModule.Card with { ActiveFrom = TestModule.Start, IssuedUntil = TestModule.Start.AddDays(1) };
        Assert.Equal(KeyStatus.NotYetActive, card.StatusAt(TestModule.Start.AddSeconds(-1)));
        Assert.Equal(KeyStatus.Active, card.StatusAt(TestModule.Start));
        Assert.Equal(KeyStatus.Active, card.StatusAt(TestModule.Start.AddDays(1)));
        Assert.Equal(KeyStatus.Expired, card.StatusAt(TestModule.Start.AddDays(1).AddSeconds(1)));
        Assert.Equal(KeyStatus.Expired, (TestModule.Card with { KeyExpiryNumber = KeyExpiryNumber.FromNumber(85) })
            .StatusAt(TestModule.Start));
    }

    [Fact]
    public void Identity_OfAVault_Stays()
    {
        var vault = Guid.Parse("0f8fad5b-d9cb-469f-a165-70867728950e");
        Assert.Equal(PublicIdentification.Of(vault), PublicIdentification.Of(vault));
        Assert.Equal(8, PublicIdentification.Of(vault).ModuleId.Length);
    }

    private static string Exchange(ModuleVault vault, SoftwareSecurityModule module, KeyCard card, string key)
    {
        using var change = VaultChange.Set(1, card.ToString(), Convert.FromHexString(key));
        using var prepared = vault.Vault.Prepare([change], "test");
        var problem = module.ExchangeKeys(prepared);
        if (problem.Length == 0)
            prepared.WaitUntilDurable();
        return problem;
    }

    private static string Ask(SoftwareSecurityModule module, string request)
    {
        var answers = new System.Buffers.ArrayBufferWriter<byte>();
        _ = new ModuleSession(module, SessionFraming.Lines).Receive(TestModule.Line(request), answers);
        return Assert.Single(TestModule.Lines(answers.WrittenSpan));
    }

    /// <summary>A vault with one register under this card.</summary>
    private sealed class ModuleVault : IDisposable
    {
        private readonly TestVault _folder = new();

        public ModuleVault(KeyCard card)
        {
            Vault = _folder.Open();
            Vault.Put(1, card.ToString(), KeyHome.Vault, Convert.FromHexString(LaboratoryKey), "test key");
        }

        public KeyVault Vault { get; private set; }

        public void Reopen()
        {
            Vault.Dispose();
            Vault = _folder.Open();
        }

        public void Dispose()
        {
            Vault.Dispose();
            _folder.Dispose();
        }
    }
}
