using OpenSts.KeyLoading;
using OpenSts.KeyManagement.Records;
using OpenSts.KeyManagement.Reports;
using OpenSts.Sts6;

namespace OpenSts.KeyManagement.Tests;

public sealed class LoadFileTests : IDisposable
{
    private readonly KeyWorld _world = new();
    private readonly KeyCentre _centre;
    private readonly TestModule _module;

    public LoadFileTests()
    {
        _centre = _world.NewCentre("NORTH1");
        _module = _world.NewModule(10_000_001);
        _module.Register(_centre);
    }

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Make_SameRequestAgain_GivesTheSameFileUntilItIsConfirmed()
    {
        _world.Authorise(_centre, _module.Id, _world.NewKey(_centre, "111111"));
        var request = _module.Request(_centre);
        var file = KeyWorld.Value(_centre.Files.Make(_world.Alice, request));
        Assert.Equal(file.Text, KeyWorld.Value(_centre.Files.Make(_world.Bob, request)).Text);
        var outcome = _module.Loading.LoadFile(file.Text).Value!;
        var wrong = outcome.Confirmation with
        {
            Mac = outcome.Confirmation.Mac[..^1] + (outcome.Confirmation.Mac[^1] == '0' ? '1' : '0')
        };
        Assert.Equal(CentreVerdict.WrongConfirmation, _centre.Files.Confirm(wrong.Line).Verdict);
        Assert.Null(_centre.Files.All.Single().Confirmed);
        _ = KeyWorld.Value(_centre.Files.Confirm(outcome.Confirmation.Line));
        Assert.Empty(_centre.Files.All.Single().Text);
        Assert.Equal(CentreVerdict.AnsweredAlready, _centre.Files.Make(_world.Alice, request).Verdict);
    }

    [Fact]
    public void Make_ForWhomItIsNotFor_IsRefused()
    {
        var request = _module.Request(_centre);
        var stranger = _world.NewModule(10_000_009);
        Assert.Equal(CentreVerdict.Unknown, _centre.Files.Make(_world.Alice, stranger.Request(_centre)).Verdict);
        Assert.Equal(CentreVerdict.Format, _centre.Files.Make(_world.Alice, request + "x").Verdict);
        Assert.Equal(CentreVerdict.Unknown, _world.NewCentre("SOUTH1").Files.Make(_world.Alice, request).Verdict);
        Assert.True(LoadRequest.TryParse(request, out var parsed, out _));
        Assert.Equal(CentreVerdict.Certificate,
            _centre.Files.Make(_world.Alice, (parsed with { KeyIdentifier = "0000000000000000" }).Line).Verdict);
        Assert.Equal(CentreVerdict.Unknown, _centre.Files.Make(_world.Alice, (parsed with { Sequence = 2 }).Line)
            .Verdict);
        _world.Time.Now = KeyWorld.Start.AddDays(1).AddSeconds(1);
        Assert.Equal(CentreVerdict.Time, _centre.Files.Make(_world.Alice, request).Verdict);
        _world.Time.Now = KeyWorld.Start;
        _ = _world.Do(_centre, new RevokeModule(_module.Id, "stolen"));
        Assert.Equal(CentreVerdict.ModuleRule, _centre.Files.Make(_world.Alice, request).Verdict);
        Assert.Empty(_centre.Files.All);
    }

    [Fact]
    public void Cards_SayLimitsRefreshAndEnds()
    {
        var key = _world.NewKey(_centre, "111111", days: 30);
        _ = _world.Do(_centre, new Authorise([_module.Id], [key], 5000, 700, 0b11, _world.Time.Now.AddYears(1)));
        _ = _module.Refresh(_centre);
        var card = Assert.Single(_module.Cards);
        Assert.Equal((5000u, 700u, 3, KeyWorld.Start.AddDays(30)),
            (card.UnitLimit, card.CurrencyLimit, card.Subclasses, card.IssuedUntil));
        // Register and vault agree with the protocol's card: activation first, base date second.
        Assert.StartsWith("ACT20261121T080000Z;BDT20140101T000000Z;CLM000002BC;CLU0;DKG04;IUT20261221T080000Z;KCV",
            _module.Vault.Records[0].Attributes, StringComparison.Ordinal);
        // The end of the authorisation and of the key bound the end of issue.
        _ = _world.Do(_centre, new Authorise([_module.Id], [key], 5000, 700, 0b11, _world.Time.Now.AddDays(10)));
        _ = _module.Refresh(_centre);
        Assert.Equal(KeyWorld.Start.AddDays(10), Assert.Single(_module.Cards).IssuedUntil);
        _ = _world.Do(_centre, new ChangeKey(key, _world.Time.Now.AddDays(5), 30, 255));
        _ = _module.Refresh(_centre);
        Assert.Equal(KeyWorld.Start.AddDays(5), Assert.Single(_module.Cards).IssuedUntil);
        // Expired: no file holds it any more.
        _world.Time.Now = KeyWorld.Start.AddDays(5);
        Assert.Equal((0, 1), (_module.Refresh(_centre) is var outcome ? outcome.Loaded : 9, outcome.Removed));
        Assert.Empty(_module.Vault.Records);
        Assert.Equal("expired (EXP)", Assert.Single(KeyReport.Of(_centre)).Status);
    }

    [Fact]
    public void Registers_StayWhereTheyWereAndTheFreedAreUsedAgain()
    {
        foreach (var sgc in (string[])["111111", "222222", "333333"])
            _world.Authorise(_centre, _module.Id, _world.NewKey(_centre, sgc));
        _ = _module.Refresh(_centre);
        _ = _world.Do(_centre, new RevokeAuthorisation(_module.Id, "222222-0001", "moved"));
        _ = _module.Refresh(_centre);
        Assert.Equal([1, 3], _module.Vault.Records.Select(record => record.Number));
        _world.Authorise(_centre, _module.Id, _world.NewKey(_centre, "000001"));
        _ = _module.Refresh(_centre);
        Assert.Equal(["111111", "000001", "333333"], _module.Cards.Select(card => card.SupplyGroupCode.ToString()));
        // A laboratory key in another register is nobody's child and stays.
        _module.Vault.Put(7, "BDT20140101T000000Z;KEN255;KRN1;KTY2;SGC777777;TST1",
            OpenSts.SecurityModule.Vault.KeyHome.Vault, new byte[20], "test");
        _ = _module.Refresh(_centre);
        Assert.Contains(_module.Vault.Records, record => record.Number == 7);
        Assert.Null(_module.Loading.ParentOf(7));
        Assert.Equal("NORTH1", _module.Loading.ParentOf(1)!.Kmcid);
    }

    [Fact]
    public void ExpiryNumber_Passed_EndsTokensButNotTheOldSideOfASet()
    {
        // KEN 85 on base date 2014 ended on 2024-09-18: the key is served, so that meters can leave it, and the module
        // makes no token.
        _world.Authorise(_centre, _module.Id, _world.NewKey(_centre, "111111", ken: 85));
        _ = _module.Refresh(_centre);
        Assert.Equal("expired (KEN)", Assert.Single(KeyReport.Of(_centre)).Status);
        var meter = KeyWorld.Meter("111111") with { KeyExpiryNumber = KeyExpiryNumber.FromNumber(85) };
        Assert.Equal(ResponseCode.KeyExpired,
            _module.Vend("111111", meter, 1, TokenIdentifier.FromNumber(86 << 16), out _));
        Assert.Equal(ResponseCode.Successful,
            _module.Vend("111111", meter, 1, TokenIdentifier.FromNumber((86 << 16) - 1), out _));
    }

    [Fact]
    public void TwoCentres_InOneModule_DoNotTouchEachOthersKeys()
    {
        var south = _world.NewCentre("SOUTH1");
        _module.Register(south);
        _world.Authorise(_centre, _module.Id, _world.NewKey(_centre, "111111"));
        _world.Authorise(south, _module.Id, _world.NewKey(south, "222222"));
        _ = _module.Refresh(_centre);
        _ = _module.Refresh(south);
        _ = _world.Do(_centre, new RevokeKey("111111-0001", "end"));
        var outcome = _module.Refresh(_centre);
        Assert.Equal((0, 1), (outcome.Loaded, outcome.Removed));
        Assert.Equal("222222", Assert.Single(_module.Cards).SupplyGroupCode.ToString());
    }

    [Fact]
    public void Legacy64BitKey_HasOddParityAndReachesTheModuleAsItIs()
    {
        _world.Authorise(_centre, _module.Id,
            _world.NewKey(_centre, "111111", dkga: DecoderKeyGenerationAlgorithm.Dkga02, baseYear: 1993));
        _ = _module.Refresh(_centre);
        using var key = _module.Vault.OpenKey(1);
        Assert.Equal(64, key.Bits);
        Assert.Equal(_centre.Keys.Single().CheckValue, OpenSts.Keys.KeyCheckValue.Of(key));
        Assert.Equal(ResponseCode.Successful, _module.Loading.TakeCentre(_centre.AgreementKeys.Current!.Line).Code);
    }
}
