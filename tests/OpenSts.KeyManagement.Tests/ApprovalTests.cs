using OpenSts.KeyLoading;
using OpenSts.KeyManagement.Records;

namespace OpenSts.KeyManagement.Tests;

public sealed class ApprovalTests : IDisposable
{
    private readonly KeyWorld _world = new();
    private readonly KeyCentre _centre;

    public ApprovalTests() => _centre = _world.NewCentre("NORTH1");

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Approve_BySamePersonStrangerOrTwice_IsRefusedAndNothingIsDone()
    {
        var number = KeyWorld.Value(_centre.Approvals.Ask(_world.Alice, new CreateGroup("111111", "One", "Utility")));
        Assert.Equal(CentreVerdict.SamePerson, _centre.Approvals.Approve(_world.Alice, number).Verdict);
        using (var stranger = OfficerKey.Create("Bob"))
        {
            Assert.Equal(CentreVerdict.UnknownOfficer, _centre.Approvals.Approve(stranger, number).Verdict);
            Assert.Equal(CentreVerdict.UnknownOfficer,
                _centre.Approvals.Ask(stranger, new CreateGroup("111111", "One", "Utility")).Verdict);
        }

        Assert.Empty(_centre.Groups);
        Assert.Equal(CentreVerdict.NotOpen, _centre.Approvals.Approve(_world.Bob, number + 1).Verdict);
        _ = KeyWorld.Value(_centre.Approvals.Approve(_world.Bob, number));
        Assert.Single(_centre.Groups);
        Assert.Equal(CentreVerdict.NotOpen, _centre.Approvals.Approve(_world.Bob, number).Verdict);
        Assert.Equal(ChangeState.Done, _centre.Approvals.All.Single(change => change.Number == number).State);
        Assert.True(_centre.VerifyLog().Good);
    }

    [Fact]
    public void Approve_AfterFourteenDaysOrAfterRefusal_IsRefused()
    {
        var late = KeyWorld.Value(_centre.Approvals.Ask(_world.Alice, new CreateGroup("111111", "One", "Utility")));
        var refused = KeyWorld.Value(_centre.Approvals.Ask(_world.Alice, new CreateGroup("222222", "Two", "Utility")));
        _ = KeyWorld.Value(_centre.Approvals.Refuse(_world.Bob, refused, "not ours"));
        Assert.Equal(CentreVerdict.NotOpen, _centre.Approvals.Approve(_world.Bob, refused).Verdict);
        _world.Time.Now = KeyWorld.Start.AddDays(14).AddSeconds(1);
        Assert.Equal(CentreVerdict.NotOpen, _centre.Approvals.Approve(_world.Bob, late).Verdict);
        Assert.Empty(_centre.Groups);
    }

    [Fact]
    public void Officers_ComeAndGoByFourEyes_AndTwoStay()
    {
        using var carol = OfficerKey.Create("Carol");
        Assert.Equal(CentreVerdict.UnknownOfficer,
            _centre.Approvals.Ask(_world.Alice, new RemoveOfficer("Bob", "left")).Verdict);
        _ = _world.Do(_centre, new EnrolOfficer("Carol", carol.PublicKey));
        Assert.Equal(CentreVerdict.Exists,
            _centre.Approvals.Ask(_world.Alice, new EnrolOfficer("Dave", carol.PublicKey)).Verdict);
        var open = KeyWorld.Value(_centre.Approvals.Ask(_world.Bob, new CreateGroup("111111", "One", "Utility")));
        _ = KeyWorld.Value(_centre.Approvals.Approve(carol,
            KeyWorld.Value(_centre.Approvals.Ask(_world.Alice, new RemoveOfficer("Bob", "left")))));
        Assert.Equal(CentreVerdict.UnknownOfficer, _centre.Approvals.Approve(carol, open).Verdict);
        Assert.True(_centre.VerifyLog().Good, _centre.VerifyLog().Text);
    }

    [Fact]
    public void Keys_RevisionsWrapOnlyWhenTheOldOneIsRevoked()
    {
        for (var i = 1; i <= 9; i++)
            Assert.Equal($"111111-{i:D4}", _world.NewKey(_centre, "111111"));
        var tenth = new GenerateKey("111111", KeyType.Unique, DecoderKeyGenerationAlgorithm.Dkga04, 2035, 255,
            _world.Time.Now, _world.Time.Now.AddYears(1), 90);
        var refused = _centre.Approvals.Ask(_world.Alice, tenth);
        Assert.Equal(CentreVerdict.RevisionInUse, refused.Verdict);
        Assert.Contains("111111-0001", refused.Text, StringComparison.Ordinal);
        _ = _world.Do(_centre, new RevokeKey("111111-0001", "worn out"));
        _ = _world.Do(_centre, tenth);
        var key = _centre.Keys.Last();
        Assert.Equal(("111111-0010", 1, 2035), (key.Id, key.Krn, key.BaseYear));
        // Several base dates of one group side by side.
        Assert.Equal([2014, 2035], _centre.Keys.Where(k => k.State == KeyState.Active).Select(k => k.BaseYear)
            .Distinct().Order());
    }

    [Theory]
    [InlineData("group code", "12345", CentreVerdict.Format)]
    [InlineData("group name", "111111:x", CentreVerdict.Format)]
    public void Ask_BadGroup_NamesTheField(string description, string text, CentreVerdict verdict)
    {
        var request = description == "group code" ? new CreateGroup(text, "One", "Utility")
            : new CreateGroup("111111", text, "Utility");
        var answer = _centre.Approvals.Ask(_world.Alice, request);
        Assert.Equal(verdict, answer.Verdict);
        Assert.Contains(text, answer.Text, StringComparison.Ordinal);
        Assert.Contains("permitted", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(_centre.Approvals.All, change => change.State == ChangeState.Open);
    }

    [Fact]
    public void Ask_AgainstTheRules_IsRefusedAtOnce()
    {
        var key = _world.NewKey(_centre, "111111");
        var defaultKey = _world.NewKey(_centre, "111111", KeyType.Default);
        TestModule vending = _world.NewModule(10_000_001),
            maker = _world.NewModule(10_000_002, ModuleKind.Manufacturing);
        vending.Register(_centre);
        maker.Register(_centre);
        var until = _world.Time.Now.AddYears(1);
        CentreVerdict Ask(ChangeRequest request) => _centre.Approvals.Ask(_world.Alice, request).Verdict;
        Assert.Equal(CentreVerdict.Exists, Ask(new CreateGroup("111111", "Again", "Utility")));
        Assert.Equal(CentreVerdict.Unknown, Ask(new ChangeGroup("999999", "None", "Utility")));
        Assert.Equal(CentreVerdict.KeyRule,
            Ask(new GenerateKey("111111", KeyType.Initialization, DecoderKeyGenerationAlgorithm.Dkga04, 2014, 255,
            _world.Time.Now, until, 90)));
        Assert.Equal(CentreVerdict.KeyRule,
            Ask(new GenerateKey("111111", KeyType.Unique, DecoderKeyGenerationAlgorithm.Dkga03, 2014, 255,
            _world.Time.Now, until, 90)));
        Assert.Equal(CentreVerdict.Format,
            Ask(new GenerateKey("111111", KeyType.Unique, DecoderKeyGenerationAlgorithm.Dkga04, 2013, 255,
            _world.Time.Now, until, 90)));
        Assert.Equal(CentreVerdict.Format,
            Ask(new GenerateKey("111111", KeyType.Unique, DecoderKeyGenerationAlgorithm.Dkga04, 2014, 256,
            _world.Time.Now, until, 90)));
        Assert.Equal(CentreVerdict.Format,
            Ask(new GenerateKey("111111", KeyType.Unique, DecoderKeyGenerationAlgorithm.Dkga04, 2014, 255,
            _world.Time.Now, until, 0)));
        Assert.Equal(CentreVerdict.Time,
            Ask(new GenerateKey("111111", KeyType.Unique, DecoderKeyGenerationAlgorithm.Dkga04, 2014, 255,
            _world.Time.Now, _world.Time.Now, 90)));
        Assert.Equal(CentreVerdict.ModuleRule, Ask(new Authorise([maker.Id], [key], 1, 0, 0, until)));
        Assert.Equal(CentreVerdict.KeyRule, Ask(new Authorise([vending.Id], [defaultKey], 1, 0, 1, until)));
        Assert.Equal(CentreVerdict.Unknown, Ask(new Authorise([vending.Id], ["111111-0009"], 1, 0, 1, until)));
        Assert.Equal(CentreVerdict.Unknown, Ask(new Authorise(["10000009"], [key], 1, 0, 1, until)));
        Assert.Equal(CentreVerdict.Time, Ask(new Authorise([vending.Id], [key], 1, 0, 1, _world.Time.Now)));
        Assert.Equal(CentreVerdict.KeyRule, Ask(new ReplaceKey(key, "older", until, 1993, 255)));
        Assert.Equal(CentreVerdict.Unknown, Ask(new RevokeAuthorisation(vending.Id, key, "none")));
        _ = _world.Do(_centre, new RevokeModule(vending.Id, "stolen"));
        Assert.Equal(CentreVerdict.ModuleRule, Ask(new Authorise([vending.Id], [key], 1, 0, 1, until)));
    }

    [Fact]
    public void Create_WithOneOfficerOrOneKeyForTwo_IsRefused()
    {
        using var lockKey = OpenLock();
        var folder = Path.Combine(_world.Folder, "other");
        Assert.Throws<ArgumentException>(() =>
            KeyCentre.Create(folder, "SOUTH1", _world.RootCertificate, [("Alice", _world.Alice.PublicKey)], lockKey));
        Assert.Throws<ArgumentException>(() => KeyCentre.Create(folder, "SOUTH1", _world.RootCertificate,
            [("Alice", _world.Alice.PublicKey), ("Bob", _world.Alice.PublicKey)], lockKey));
        Assert.Throws<ArgumentException>(() => KeyCentre.Create(folder, "south", _world.RootCertificate,
            [("Alice", _world.Alice.PublicKey), ("Bob", _world.Bob.PublicKey)], lockKey));
        Assert.False(File.Exists(Path.Combine(folder, "centre.db")));
    }

    private OpenSts.SecureStorage.StorageLock OpenLock() =>
        OpenSts.SecureStorage.StorageLock.FromKeyFile(_world.KeyPath);
}
