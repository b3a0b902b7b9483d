using OpenSts.KeyLoading;
using OpenSts.KeyManagement.Records;
using OpenSts.KeyManagement.Reports;
using OpenSts.Keys;
using OpenSts.Metering;
using OpenSts.Sts6;

namespace OpenSts.KeyManagement.Tests;

/// <summary>
/// The life of vending keys from their birth to a meter: docs/operate-keys/key-management-centre.md tells the same
/// story.
/// </summary>
public sealed class KeyStoryTests
{
    [Fact]
    public void TwoCentresTwoUtilitiesThreeModules_FromTheCeremonyToTheMeter_HoldsAtEveryStep()
    {
        using var world = new KeyWorld();
        var (north, south) = (world.NewCentre("NORTH1"), world.NewCentre("SOUTH1"));
        TestModule first = world.NewModule(10_000_001), second = world.NewModule(10_000_002),
            maker = world.NewModule(10_000_003, ModuleKind.Manufacturing);
        foreach (var name in (string[])["North Power", "Meter Works", "Key centre"])
            _ = world.AddUser(north, name);
        _ = world.AddUser(south, "South Power");
        first.Register(north, "North Power");
        second.Register(south, "South Power");
        maker.Register(north, "Meter Works");

        // North Power's group is at home in the north; the universal default key lets the maker build meters for
        // anybody.
        var key = world.NewKey(north, "111111");
        _ = world.Do(north, new CreateGroup("999000", "Universal default", "Key centre", UniversalDefault: true));
        _ = world.Do(north, new GenerateKey("999000", KeyType.Default, DecoderKeyGenerationAlgorithm.Dkga04, 2014, 255,
            world.Time.Now, world.Time.Now.AddYears(5), 365));
        world.Authorise(north, first.Id, key);
        world.Authorise(north, maker.Id, key, units: 0, subclasses: 0);
        Assert.Equal(2, first.Refresh(north).Loaded);
        Assert.Equal(2, maker.Refresh(north).Loaded);
        Assert.Equal(["111111", "999000"], first.Cards.Select(card => card.SupplyGroupCode.ToString()));

        // The maker's module codes a meter for the group and sells nothing; the vending module sells.
        var meter = Attributes("111111");
        var tid = TokenIdentifier.FromNumber(6_000_000);
        Assert.Equal(ResponseCode.SubclassNotAllowed, maker.Vend("111111", meter, 125, tid, out _));
        Assert.Equal(ResponseCode.Successful, first.Vend("111111", meter, 125, tid, out var token));
        using var decoderKey = DecoderKeyOf(maker, "111111", meter);
        var state = MeterState.AtManufacture(decoderKey, meter, TokenIdentifier.FromNumber(5_999_999));
        var settings = new MeterSettings { MeterPan = meter.MeterPan, EncryptionAlgorithm = EncryptionAlgorithm.Ea07 };
        var decision = MeterApplication.Enter(settings, state, token.ToString(), TimeSpan.Zero);
        Assert.Equal((TokenResult.Accept, (Int128)125), (decision.Result, decision.State.CreditUnits));

        // South Power vends to the same meters: the group travels to the other centre and from there to its module.
        world.Connect(north, south);
        world.Authorise(north, south.Exchange.Certificate.ModuleId, "111111");
        world.Send(north, south);
        world.Authorise(south, second.Id, key);
        _ = second.Refresh(south);
        Assert.Equal(ResponseCode.Successful,
            second.Vend("111111", meter, 80, TokenIdentifier.FromNumber(6_000_001), out token));
        decision = MeterApplication.Enter(settings, decision.State, token.ToString(), TimeSpan.Zero);
        Assert.Equal((TokenResult.Accept, (Int128)205), (decision.Result, decision.State.CreditUnits));

        // Expiry stops vending at the minute; a refresh in time would have prevented it.
        world.Time.Now = KeyWorld.Start.AddDays(90);
        Assert.Equal(ResponseCode.Successful, first.Vend("111111", meter, 1, tid, out _));
        world.Time.Now = world.Time.Now.AddMinutes(1);
        Assert.Equal(ResponseCode.KeyIssueExpired, first.Vend("111111", meter, 1, tid, out _));
        _ = first.Refresh(north);
        Assert.Equal(ResponseCode.Successful, first.Vend("111111", meter, 1, tid, out _));

        // The key is compromised: a new revision for the same modules, the old one only to change meters away from it.
        Assert.Contains("2 authorisations copied",
            world.Do(north, new ReplaceKey(key, "stolen laptop", world.Time.Now.AddYears(2), 2014, 255,
            StopCredit: true)), StringComparison.Ordinal);
        _ = first.Refresh(north);
        Assert.Equal(ResponseCode.SubclassNotAllowed, first.Vend("111111", meter, 1, tid, out _));
        var newMeter = meter with { KeyRevisionNumber = KeyRevisionNumber.FromNumber(2) };
        Assert.Equal(ResponseCode.Successful,
            first.Vend("111111", newMeter, 7, TokenIdentifier.FromNumber(6_200_000), out var newToken));
        var campaign = Assert.Single(KeyReport.Campaign(north));
        Assert.Equal((key, "111111-0002", false, first.Id),
            (campaign.OldKey.Id, campaign.NewKey!.Id, campaign.Rollover, Assert.Single(campaign.ReadyModules)));

        // The set from the first module takes the meter to the new key.
        using (var from = DecoderKeyOf(first, "111111", meter))
        using (var to = DecoderKeyOf(first, "111111", newMeter))
        {
            Assert.Equal(KeyChangeFault.None, KeyChangeSet.TryIssue(
                new KeyChange { From = meter, FromKey = from, To = newMeter, ToKey = to, Count = 3 }, out var set));
            foreach (var part in set)
                decision = MeterApplication.Enter(settings, decision.State, part.ToString(), TimeSpan.Zero);
        }

        Assert.Equal(2, decision.State.KeyRevisionNumber.Value);
        Assert.Equal(TokenResult.Accept,
            MeterApplication.Enter(settings, decision.State, newToken.ToString(), TimeSpan.Zero).Result);

        // Revoked, the old key is gone from the module with its next file, and from the other centre.
        _ = world.Do(north, new RevokeKey(key, "campaign done"));
        var outcome = first.Refresh(north);
        Assert.Equal((2, 1), (outcome.Loaded, outcome.Removed));
        Assert.DoesNotContain(first.Cards, card => card.KeyRevisionNumber.Value == 1
            && card.SupplyGroupCode.Value == 111111);
        Assert.Equal(ResponseCode.VkRegNotFound, first.Vend("111111", meter, 1, tid, out _));
        world.Send(north, south);
        Assert.Equal(KeyState.Revoked, south.Keys.Single(other => other.Id == key).State);
        Assert.Equal(KeyState.Revoked, north.Keys.Single(other => other.Id == key).State);
        foreach (var centre in (KeyCentre[])[north, south])
            Assert.True(centre.VerifyLog().Good, centre.VerifyLog().Text);
    }

    [Fact]
    public void Module_ThatForgetsACentre_HasNoneOfItsKeys()
    {
        using var world = new KeyWorld();
        var centre = world.NewCentre("NORTH1");
        var module = world.NewModule(10_000_001);
        module.Register(centre);
        world.Authorise(centre, module.Id, world.NewKey(centre, "111111"));
        _ = module.Refresh(centre);
        Assert.Equal(1, module.Loading.RemoveCentre("NORTH1").Value);
        Assert.Empty(module.Vault.Records);
        Assert.Equal(ResponseCode.KekSlotNotFound, module.Loading.RemoveCentre("NORTH1").Code);
        module.Restart();
        Assert.Empty(module.Vault.Records);
        Assert.Empty(module.Loading.Slots);
    }

    private static DecoderKeyAttributes Attributes(string sgc) => new()
    {
        MeterPan = MeterPan.Parse("600727000000000009"),
        SupplyGroupCode = SupplyGroupCode.Parse(sgc),
        TariffIndex = TariffIndex.Parse("01"),
        KeyRevisionNumber = KeyRevisionNumber.FromNumber(1),
        KeyType = KeyType.Unique,
        KeyExpiryNumber = KeyExpiryNumber.FromNumber(255),
        BaseDate = BaseDate.FromYear(2014),
        EncryptionAlgorithm = EncryptionAlgorithm.Ea07,
        DecoderKeyGenerationAlgorithm = DecoderKeyGenerationAlgorithm.Dkga04,
    };

    private static DecoderKey DecoderKeyOf(TestModule module, string sgc, DecoderKeyAttributes meter)
    {
        var record = module.Vault.Records.Single(record => KeyCard.TryParse(record.Attributes, out var card, out _)
            && card.SupplyGroupCode.ToString() == sgc && card.KeyRevisionNumber == meter.KeyRevisionNumber);
        using var key = module.Vault.OpenKey(record.Number);
        return DecoderKeyGeneration.Derive(key, meter);
    }
}
