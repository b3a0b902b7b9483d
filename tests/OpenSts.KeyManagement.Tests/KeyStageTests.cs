using System.Text.Json.Nodes;
using OpenSts.KeyLoading;
using OpenSts.KeyManagement.Keys;
using OpenSts.KeyManagement.Records;
using OpenSts.KeyManagement.Reports;
using OpenSts.Sts6;

namespace OpenSts.KeyManagement.Tests;

/// <summary>
/// A key of a group is introduced, made the default, limited to sets and ended, and no step stops sales unseen.
/// </summary>
public sealed class KeyStageTests : IDisposable
{
    private const string Old = "111111-0001", New = "111111-0002";
    private readonly KeyWorld _world = new();
    private readonly KeyCentre _centre;
    private readonly TestModule _first;
    private readonly TestModule _second;
    private readonly TokenIdentifier _tid = TokenIdentifier.FromNumber(6_000_000);

    public KeyStageTests()
    {
        _centre = _world.NewCentre("NORTH1");
        _first = _world.NewModule(10_000_001);
        _second = _world.NewModule(10_000_002);
        _ = _world.NewKey(_centre, "111111", dkga: DecoderKeyGenerationAlgorithm.Dkga02);
        foreach (var module in (TestModule[])[_first, _second])
        {
            module.Register(_centre);
            _world.Authorise(_centre, module.Id, Old);
            _ = module.Refresh(_centre);
        }
    }

    private DateTimeOffset Until => _world.Time.Now.AddYears(30);

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData(2014)]
    [InlineData(2035)]
    public void Replace_AKeyInUse_BothVendAfterTheNextFile(int baseYear)
    {
        var request = new ReplaceKey(Old, "grew old", Until, baseYear, 255);
        Assert.Empty(_centre.Approvals.ConsequencesOf(request));
        _ = _world.Do(_centre, request);
        _ = _first.Refresh(_centre);
        Assert.Equal(ResponseCode.Successful, _first.Vend("111111", Meter(1), 1, _tid, out _));
        Assert.Equal((KeyStage.Default, KeyStage.Introduced), (Stage(Old), Stage(New)));
        Assert.All(_first.Cards, card => Assert.Equal(KeyCard.NoLimit, card.UnitLimit));
    }

    [Fact]
    public void Replace_OtherAlgorithmAndActivation_TheNewKeyHasThem()
    {
        _ = _world.Do(_centre, new ReplaceKey(Old, "grew old", Until, 2014, 255, DecoderKeyGenerationAlgorithm.Dkga04,
            _world.Time.Now.AddDays(30)));
        var key = _centre.Keys.Last();
        Assert.Equal((DecoderKeyGenerationAlgorithm.Dkga04, _world.Time.Now.AddDays(30)), (key.Dkga, key.Activation));
        Assert.Equal(DecoderKeyGenerationAlgorithm.Dkga02, _centre.Keys.First().Dkga);
    }

    [Fact]
    public void Replace_BaseDateToCome_IsActiveFromItsBeginning()
    {
        _ = _world.Do(_centre, new ReplaceKey(Old, "base date 2014 ends", Until, 2035, 255));
        Assert.Equal(BaseDate.Base2035.Start, _centre.Keys.Last().Activation);
        Refused(CentreVerdict.Time, new ReplaceKey(Old, "again", Until, 2035, 255, Activation: _world.Time.Now));
        Refused(CentreVerdict.Time, new MakeKeyDefault(New));
    }

    [Fact]
    public void Replace_StopCredit_SaysWhatStopsInWhichModuleFromWhichFile()
    {
        var request = new ReplaceKey(Old, "stolen laptop", Until, 2014, 255, StopCredit: true);
        var stops = _centre.Approvals.ConsequencesOf(request);
        Assert.Equal(2, stops.Count);
        Assert.StartsWith("module 10000001: no credit from file 2 on; file 1, its last, permits credit until ",
            stops[0], StringComparison.Ordinal);
        Assert.Contains("Stopped: module 10000001", _world.Do(_centre, request), StringComparison.Ordinal);
        _ = _first.Refresh(_centre);
        Assert.Equal(ResponseCode.SubclassNotAllowed, _first.Vend("111111", Meter(1), 1, _tid, out _));
        Assert.Equal((KeyStage.SetsOnly, KeyStage.Default), (Stage(Old), Stage(New)));
    }

    [Fact]
    public void Stages_InTheirOrder_NoModuleStopsSelling()
    {
        _ = _world.Do(_centre, new ReplaceKey(Old, "grew old", Until, 2014, 255));
        // The second module is not ready: nothing of what would stop its sales is done.
        _ = _first.Refresh(_centre);
        Refused(CentreVerdict.ModuleRule, new MakeKeyDefault(New), "10000002");
        Refused(CentreVerdict.KeyRule, new LimitKeyToSets(Old, "done"), "10000001");
        Assert.Equal((KeyStage.Default, KeyStage.Introduced), (Stage(Old), Stage(New)));

        _ = _second.Refresh(_centre);
        _ = _world.Do(_centre, new MakeKeyDefault(New));
        Assert.Equal((KeyStage.Introduced, KeyStage.Default), (Stage(Old), Stage(New)));
        _ = _first.Refresh(_centre);
        foreach (var revision in (int[])[1, 2])
            Assert.Equal(ResponseCode.Successful, _first.Vend("111111", Meter(revision), 1, _tid, out _));

        Assert.Equal(2, _centre.Approvals.ConsequencesOf(new LimitKeyToSets(Old, "done")).Count);
        _ = _world.Do(_centre, new LimitKeyToSets(Old, "campaign goes on"));
        _ = _first.Refresh(_centre);
        Assert.Equal(ResponseCode.SubclassNotAllowed, _first.Vend("111111", Meter(1), 1, _tid, out _));
        Assert.Equal(ResponseCode.Successful, _first.Vend("111111", Meter(2), 1, _tid, out _));
        Assert.Equal((KeyStage.SetsOnly, KeyStage.Default), (Stage(Old), Stage(New)));

        Assert.Contains("no key change set",
            Assert.Single(_centre.Approvals.ConsequencesOf(new RevokeKey(Old, "done"))), StringComparison.Ordinal);
        _ = _world.Do(_centre, new RevokeKey(Old, "campaign done"));
        Assert.Equal(KeyStage.Ended, Stage(Old));
        Assert.Equal((1, 1), (_first.Refresh(_centre).Loaded, _first.Cards.Count()));
    }

    [Fact]
    public void LimitToSets_TheOnlyKey_IsRefusedUnlessItIsWanted()
    {
        Refused(CentreVerdict.KeyRule, new LimitKeyToSets(Old, "by mistake"), "--stop-credit");
        Assert.Equal(KeyState.Active, _centre.Keys.Single().State);
        _ = _world.Do(_centre, new LimitKeyToSets(Old, "the group ends", StopCredit: true));
        Assert.Equal(KeyState.Retiring, _centre.Keys.Single().State);
    }

    [Fact]
    public void Change_ExpiryNumberThatHasPassed_IsRefusedUnlessItIsWanted()
    {
        // KEN 85 of base date 2014 ended on 2024-09-18.
        Refused(CentreVerdict.KeyRule, new ChangeKey(Old, Until, 90, 85), "10000001");
        Assert.Equal(255, _centre.Keys.Single().Ken);
        _ = _world.Do(_centre, new ChangeKey(Old, Until, 90, 85, StopCredit: true));
        Assert.Equal(85, _centre.Keys.Single().Ken);
    }

    [Fact]
    public void Revoke_AKeyInUse_BothPersonsAreToldWhatStops()
    {
        Assert.Equal(3, _centre.Approvals.ConsequencesOf(new RevokeKey(Old, "compromised")).Count);
        Assert.Contains("module 10000002: no credit from file 2 on",
            _world.Do(_centre, new RevokeKey(Old, "compromised")), StringComparison.Ordinal);
    }

    [Fact]
    public void Campaign_KeysSideBySide_HaveALine()
    {
        _ = _world.NewKey(_centre, "111111", dkga: DecoderKeyGenerationAlgorithm.Dkga04);
        var line = Assert.Single(KeyReport.Campaign(_centre));
        Assert.Equal((Old, New, KeyStage.Default, KeyStage.Introduced),
            (line.OldKey.Id, line.NewKey!.Id, line.OldStage, line.NewStage));
        Assert.Empty(line.ReadyModules);
        _world.Authorise(_centre, _first.Id, New);
        _ = _first.Refresh(_centre);
        Assert.Equal([_first.Id], Assert.Single(KeyReport.Campaign(_centre)).ReadyModules);
    }

    [Fact]
    public void CampaignFile_HasItsSchemaAndNoKey()
    {
        _ = _world.Do(_centre,
            new ReplaceKey(Old, "base date 2014 ends", Until, 2035, 255, DecoderKeyGenerationAlgorithm.Dkga04));
        var file = JsonNode.Parse(CampaignFile.Write(_centre))!;
        Assert.Equal(("opensts-key-change-campaign", 1, "NORTH1"),
            ((string)file["schema"]!, (int)file["version"]!, (string)file["centre"]!));
        var change = Assert.Single(file["changes"]!.AsArray())!;
        Assert.Equal(("111111", true, "2021-01-01T00:00:00Z"),
            ((string)change["supplyGroupCode"]!, (bool)change["rollover"]!, "2021-01-01T00:00:00Z"));
        Assert.Equal((1, "DUTK", "DKGA02", 2014, "default"),
            ((int)change["from"]!["keyRevisionNumber"]!, (string)change["from"]!["keyType"]!,
            (string)change["from"]!["decoderKeyGenerationAlgorithm"]!, (int)change["from"]!["baseDate"]!,
            (string)change["from"]!["stage"]!));
        Assert.Equal((2, "DUTK", "DKGA04", 2035, "introduced"),
            ((int)change["to"]!["keyRevisionNumber"]!, (string)change["to"]!["keyType"]!,
            (string)change["to"]!["decoderKeyGenerationAlgorithm"]!, (int)change["to"]!["baseDate"]!,
            (string)change["to"]!["stage"]!));
    }

    [Fact]
    public void ProvideProductionKeys_ToAManufacturingModule_LoadsInitializationAndDefaultKeysWithoutCredit()
    {
        var maker = _world.AddUser(_centre, "Meter works");
        var module = _world.NewModule(10_000_003, ModuleKind.Manufacturing);
        module.Register(_centre, "Meter works");
        var request = new ProvideProductionKeys(module.Id, "700001", "production",
            DecoderKeyGenerationAlgorithm.Dkga04, 2014, _world.Time.Now.AddYears(5));
        Assert.Contains("700001-0001, initialization", _world.Do(_centre, request), StringComparison.Ordinal);
        _ = module.Refresh(_centre);
        Assert.Equal([KeyType.Initialization, KeyType.Default], module.Cards.Select(card => card.KeyType));
        Assert.All(module.Cards,
            card => Assert.Equal((0u, 0u, 0), (card.UnitLimit, card.CurrencyLimit, card.Subclasses)));
        Assert.Equal(maker, _centre.Groups.Last().Owner);
        // A second module of the maker gets the same keys.
        var other = _world.NewModule(10_000_004, ModuleKind.Manufacturing);
        other.Register(_centre, "Meter works");
        _ = _world.Do(_centre, request with { Module = other.Id });
        Assert.Equal(2, _centre.Keys.Count(key => key.Sgc == "700001"));
    }

    [Fact]
    public void ProvideProductionKeys_ToAVendingModule_IsRefusedAndNothingIsMade()
    {
        Refused(CentreVerdict.ModuleRule, new ProvideProductionKeys(_first.Id, "700001", "production",
            DecoderKeyGenerationAlgorithm.Dkga04, 2014, Until));
        Assert.DoesNotContain(_centre.Groups, group => group.Code == "700001");
    }

    [Fact]
    public void Authorise_InitializationKeyForAVendingModule_IsRefused()
    {
        _ = _world.AddUser(_centre, "Meter works");
        var module = _world.NewModule(10_000_003, ModuleKind.Manufacturing);
        module.Register(_centre, "Meter works");
        _ = _world.Do(_centre, new ProvideProductionKeys(module.Id, "700001", "production",
            DecoderKeyGenerationAlgorithm.Dkga02, 2014, Until));
        Refused(CentreVerdict.KeyRule, new Authorise([_first.Id], ["700001-0001"], 0, 0, 0, Until), "initialization");
        Assert.DoesNotContain(_centre.Authorisations, one => one.Module == _first.Id && one.Subject == "700001-0001");
    }

    private static OpenSts.Keys.DecoderKeyAttributes Meter(int revision) => KeyWorld.Meter("111111") with
    {
        KeyRevisionNumber = KeyRevisionNumber.FromNumber(revision),
        DecoderKeyGenerationAlgorithm = DecoderKeyGenerationAlgorithm.Dkga02,
    };

    private KeyStage Stage(string key) => KeyReport.Of(_centre).Single(line => line.Key.Id == key).Stage;

    private void Refused(CentreVerdict verdict, ChangeRequest request, string says = "")
    {
        var before = _centre.Approvals.All.Count();
        var answer = _centre.Approvals.Ask(_world.Alice, request);
        Assert.Equal(verdict, answer.Verdict);
        Assert.Contains(says, answer.Text, StringComparison.Ordinal);
        Assert.Equal(before, _centre.Approvals.All.Count());
    }
}
