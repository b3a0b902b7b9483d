using OpenSts.KeyManagement.Records;
using OpenSts.KeyManagement.Storage;
using OpenSts.SecureStorage;


namespace OpenSts.KeyManagement.Tests;

public sealed class ExchangeTests : IDisposable
{
    private readonly KeyWorld _world = new();
    private readonly KeyCentre _north;
    private readonly KeyCentre _south;

    public ExchangeTests()
    {
        (_north, _south) = (_world.NewCentre("NORTH1"), _world.NewCentre("SOUTH1"));
        _ = _world.AddUser(_north, "North Power");
        _world.Connect(_north, _south);
        _world.Connect(_south, _north);
        _ = _world.NewKey(_north, "111111");
        _ = _world.NewKey(_south, "222222");
        _world.Authorise(_north, _south.Exchange.Certificate.ModuleId, "111111");
        _world.Authorise(_south, _north.Exchange.Certificate.ModuleId, "222222");
    }

    public void Dispose() => _world.Dispose();

    [Fact]
    public void PartitionAndRejoin_ChangesOnBothSides_EndInOneStateWithNothingLost()
    {
        Exchange();
        // Apart for months: either side works on what is at home there.
        _ = _world.Do(_north, new ReplaceKey("111111-0001", "grew old", _world.Time.Now.AddYears(1), 2035, 255));
        _ = _world.Do(_north, new LimitKeyToSets("111111-0001", "grew old"));
        _ = _world.Do(_north, new ChangeGroup("111111", "New name", "North Power"));
        _ = _world.NewKey(_south, "222222", dkga: DecoderKeyGenerationAlgorithm.Dkga02);
        _ = _world.Do(_south, new RevokeKey("222222-0001", "lost"));
        Assert.Equal(CentreVerdict.HomeElsewhere,
            _south.Approvals.Ask(_world.Alice, new RevokeKey("111111-0001", "not ours")).Verdict);
        Assert.NotEqual(_north.Exchange.Digest("111111"), _south.Exchange.Digest("111111"));
        Exchange();
        Assert.Equal((2, 2),
            (_south.Keys.Count(key => key.Sgc == "111111"), _north.Keys.Count(key => key.Sgc == "222222")));
        Assert.Equal(KeyState.Retiring, _south.Keys.Single(key => key.Id == "111111-0001").State);
        Assert.Equal(KeyState.Revoked, _north.Keys.Single(key => key.Id == "222222-0001").State);
        Assert.True(_north.VerifyLog().Good);
        Assert.True(_south.VerifyLog().Good);
    }

    [Fact]
    public void SameGroupMadeOnBothSides_IsAConflictAndBothAreNamed()
    {
        Exchange();
        _ = _world.NewKey(_north, "333333");
        _ = _world.NewKey(_south, "333333");
        _world.Authorise(_north, _south.Exchange.Certificate.ModuleId, "333333");
        _ = _world.Do(_north, new ChangeGroup("111111", "Also changed", "North Power"));
        var before = (_south.Exchange.Digest("222222"), _south.Exchange.Digest("111111"));
        var file = KeyWorld.Value(
            _north.Files.Make(_world.Alice, KeyWorld.Value(_south.Exchange.Request(_world.Alice, "NORTH1"))));
        var answer = _south.Exchange.Take(_world.Alice, file.Text);
        Assert.Equal(CentreVerdict.Conflict, answer.Verdict);
        Assert.Contains("333333", answer.Text, StringComparison.Ordinal);
        Assert.Contains("NORTH1", answer.Text, StringComparison.Ordinal);
        Assert.Contains("SOUTH1", answer.Text, StringComparison.Ordinal);
        // Nothing of the file was taken, and the log says why.
        Assert.Equal(before, (_south.Exchange.Digest("222222"), _south.Exchange.Digest("111111")));
        var last = "";
        Assert.True(_south.VerifyLog(entry => last = entry.Text).Good);
        Assert.Contains("333333", last, StringComparison.Ordinal);
        // Settled by people: the north gives its group up.
        _ = _world.Do(_north, new RevokeAuthorisation(_south.Exchange.Certificate.ModuleId, "333333", "conflict"));
        Exchange();
    }

    [Fact]
    public void Take_UserOfTheSameVersionWithOtherContent_IsAConflictAndNothingIsTaken()
    {
        // The home was restored from a backup and changed otherwise: two users of one number and version.
        Exchange();
        _north.Dispose();
        using (var storageLock = StorageLock.FromKeyFile(_world.KeyPath))
        using (var store =
            CentreStore.Open(_world.PlaceOf("NORTH1"), storageLock, new CentreOptions { Time = _world.Time }))
        {
            var user = store.Find(RecordKinds.Users, store.Find(RecordKinds.Groups, "111111")!.Owner)!;
            _ = store.Change("test", _ => "as after a restore", changes =>
            {
                changes.Put(RecordKinds.Users, user with { Name = "Other Power" });
                return 0;
            });
        }

        var north = _world.OpenCentre("NORTH1");
        var before =
            (_south.Exchange.Digest("111111"), _south.UserOf(_south.Groups.First(group => group.Code == "111111")));
        var file = KeyWorld.Value(
            north.Files.Make(_world.Alice, KeyWorld.Value(_south.Exchange.Request(_world.Alice, "NORTH1"))));
        var answer = _south.Exchange.Take(_world.Alice, file.Text);
        Assert.Equal(CentreVerdict.Conflict, answer.Verdict);
        Assert.Contains("is 'Utility', Active, at centre SOUTH1 and 'Other Power', Active, at centre NORTH1",
            answer.Text, StringComparison.Ordinal);
        Assert.Equal(before,
            (_south.Exchange.Digest("111111"), _south.UserOf(_south.Groups.First(group => group.Code == "111111"))));
        Assert.True(_south.VerifyLog().Good);
    }

    [Fact]
    public void Home_Moves_AndOnlyTheNewOneChangesTheGroup()
    {
        Exchange();
        _ = _world.Do(_north, new MoveGroup("111111", "SOUTH1"));
        Assert.Equal(CentreVerdict.HomeElsewhere,
            _north.Approvals.Ask(_world.Alice, new RevokeKey("111111-0001", "mine no more")).Verdict);
        Assert.Equal(CentreVerdict.HomeElsewhere,
            _south.Approvals.Ask(_world.Alice, new RevokeKey("111111-0001", "not yet mine")).Verdict);
        _world.Send(_north, _south);
        _world.Authorise(_south, _north.Exchange.Certificate.ModuleId, "111111");
        Assert.Equal("111111-0002", _world.NewKey(_south, "111111"));
        Exchange();
        Exchange();
        Assert.Equal(2, _north.Keys.Count(key => key.Sgc == "111111"));
        Assert.Equal("SOUTH1", _north.Groups.Single(group => group.Code == "111111").Home);
    }

    [Fact]
    public void Take_TwiceReplayedOrForAnother_GivesTheSameAnswerOrIsRefused()
    {
        var request = KeyWorld.Value(_south.Exchange.Request(_world.Alice, "NORTH1"));
        var file = KeyWorld.Value(_north.Files.Make(_world.Alice, request));
        Assert.Equal(CentreVerdict.FileRefused, _south.Exchange.Take(_world.Alice, file.Text[..^40]).Verdict);
        Assert.DoesNotContain(_south.Groups, group => group.Code == "111111");
        var confirmation = KeyWorld.Value(_south.Exchange.Take(_world.Alice, file.Text));
        Assert.Equal(confirmation, KeyWorld.Value(_south.Exchange.Take(_world.Alice, file.Text)));
        var second = KeyWorld.Value(
            _north.Files.Make(_world.Alice, KeyWorld.Value(_south.Exchange.Request(_world.Alice, "NORTH1"))));
        _ = KeyWorld.Value(_south.Exchange.Take(_world.Alice, second.Text));
        var replay = _south.Exchange.Take(_world.Alice, file.Text);
        Assert.Equal(CentreVerdict.FileRefused, replay.Verdict);
        Assert.StartsWith("InvalidInstruction", replay.Text, StringComparison.Ordinal);
        Assert.Equal(CentreVerdict.Unknown, _world.NewCentre("EAST01").Exchange.Take(_world.Alice, file.Text).Verdict);
    }

    [Fact]
    public void Group_TakenBackFromACentre_IsGoneThere()
    {
        Exchange();
        Assert.NotEmpty(_south.Keys.Single(key => key.Sgc == "111111").Wrapped);
        _ = _world.Do(_north,
            new RevokeAuthorisation(_south.Exchange.Certificate.ModuleId, "111111", "contract ended"));
        _world.Send(_north, _south);
        var key = _south.Keys.Single(other => other.Sgc == "111111");
        Assert.Equal((KeyState.Revoked, ""), (key.State, key.Wrapped));
    }

    private void Exchange()
    {
        _world.Send(_north, _south);
        _world.Send(_south, _north);
        Assert.Equal(_north.Exchange.Digest("111111"), _south.Exchange.Digest("111111"));
        Assert.Equal(_north.Exchange.Digest("222222"), _south.Exchange.Digest("222222"));
    }
}
