using OpenSts.KeyManagement.Records;
using OpenSts.KeyManagement.Reports;


namespace OpenSts.KeyManagement.Tests;

/// <summary>Utilities, landlords, operators: who they are, and what a suspension does and does not do.</summary>
public sealed class UserTests : IDisposable
{
    private readonly KeyWorld _world = new();
    private readonly KeyCentre _centre;

    public UserTests() => _centre = _world.NewCentre("NORTH1");

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Add_ByFourEyes_NumbersCountUpAndSayWho()
    {
        var number =
            KeyWorld.Value(_centre.Approvals.Ask(_world.Alice, new AddUser("Town power", "control@town.example")));
        Assert.DoesNotContain(_centre.Users, user => user.Name == "Town power");
        Assert.Equal(CentreVerdict.SamePerson, _centre.Approvals.Approve(_world.Alice, number).Verdict);
        Assert.Equal("user NORTH1-0002 is 'Town power'",
            KeyWorld.Value(_centre.Approvals.Approve(_world.Bob, number)));
        var user = _centre.Users.Last();
        Assert.Equal(("NORTH1-0002", "Town power", "control@town.example", UserState.Active, "NORTH1", 1),
            (user.Id, user.Name, user.Contact, user.State, user.Home, user.Version));
        Assert.Equal(("Alice, approved by Bob", _world.Time.Now), (user.AddedBy, user.Created));
        Assert.Equal("NORTH1-0003", _world.AddUser(_centre, "Third"));
    }

    [Theory]
    [InlineData("no name", "", "x", "name")]
    [InlineData("a colon in the name", "Town:power", "x", "name")]
    [InlineData("a name of 41 characters", "12345678901234567890123456789012345678901", "x", "name")]
    [InlineData("a space at its end", "Town power ", "x", "name")]
    [InlineData("no contact", "Town power", "", "contact")]
    [InlineData("a line feed in the contact", "Town power", "a\nb", "contact")]
    [InlineData("a letter that is not ASCII", "Stadtwerke K\u00f6ln", "x", "name")]
    public void Add_BadText_NamesTheField(string description, string name, string contact, string field)
    {
        var answer = _centre.Approvals.Ask(_world.Alice, new AddUser(name, contact));
        Assert.True(answer.Verdict == CentreVerdict.Format, description);
        Assert.StartsWith($"{field} held ", answer.Text, StringComparison.Ordinal);
        Assert.Contains("permitted: 1 to", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Owner_IsANumberOrANameOfAnActiveUser_AndNothingElse()
    {
        CentreAnswer<int> Ask(ChangeRequest request) => _centre.Approvals.Ask(_world.Alice, request);
        _ = _world.AddUser(_centre, "Town power");
        Assert.Equal(CentreVerdict.Exists, Ask(new AddUser("TOWN POWER", "x")).Verdict);
        var unknown = Ask(new CreateGroup("111111", "One", "Nobody"));
        Assert.Equal(CentreVerdict.Unknown, unknown.Verdict);
        Assert.StartsWith("owner held Nobody; permitted: the number or the name of a user", unknown.Text,
            StringComparison.Ordinal);
        _ = _world.Do(_centre, new CreateGroup("111111", "One", "Town power"));
        Assert.Equal("NORTH1-0002", _centre.Groups.Single().Owner);
        _ = _world.Do(_centre, new ChangeGroup("111111", "One", "NORTH1-0001"));
        Assert.Equal("Utility", _centre.UserOf(_centre.Groups.Single()).Name);
        _ = _world.Do(_centre, new ChangeUser("NORTH1-0001", "Utility of the north", "new desk"));
        Assert.Equal(("Utility of the north", 2),
            (_centre.UserOf(_centre.Groups.Single()).Name, _centre.UserOf(_centre.Groups.Single()).Version));
        var module = _world.NewModule(10_000_001);
        Assert.Equal(CentreVerdict.Unknown,
            _centre.Modules.Register(_world.Alice, module.Loading.Certificate.Line, "Nobody").Verdict);
        module.Register(_centre, "Town power");
        Assert.Equal("NORTH1-0002", _centre.Modules.All.Single().Owner);
        Assert.True(_centre.VerifyLog().Good);
    }

    [Fact]
    public void Suspend_NothingNewAndNothingRenewed_AndWhatModulesHoldServesUntilItsDate()
    {
        _ = _world.AddUser(_centre, "Other utility");
        var module = _world.NewModule(10_000_001);
        module.Register(_centre, "Other utility");
        var key = _world.NewKey(_centre, "111111");
        _ = _world.Do(_centre, new CreateGroup("222222", "Theirs", "Other utility"));
        var theirs = _world.NewKey(_centre, "222222", days: 30);
        _world.Authorise(_centre, module.Id, key);
        _world.Authorise(_centre, module.Id, theirs);
        _ = module.Refresh(_centre);
        var issuedUntil = _world.Time.Now.AddDays(90);
        Assert.Equal(issuedUntil, IssuedUntil(module, "111111"));

        // A key that no module holds yet, and then the utility stops paying.
        var second = _world.NewKey(_centre, "111111");
        _world.Authorise(_centre, module.Id, second);
        _ = _world.Do(_centre, new SuspendUser("NORTH1-0001", "did not pay"));
        var until = _world.Time.Now.AddYears(1);
        foreach (var request in (ChangeRequest[])
        [
            new CreateGroup("333333", "New", "Utility"),
                new GenerateKey("111111", KeyType.Unique, DecoderKeyGenerationAlgorithm.Dkga04, 2014, 255,
                _world.Time.Now, until, 90),
            new ChangeKey(key, until, 365, 255), new ReplaceKey(key, "old", until, 2014, 255),
                new Authorise([module.Id], [key], 1, 1, 1, until), new ChangeGroup("222222", "Theirs", "Utility"),
        ])
        {
            var refused = _centre.Approvals.Ask(_world.Alice, request);
            Assert.Equal(CentreVerdict.UserRule, refused.Verdict);
            Assert.Equal("user NORTH1-0001 'Utility' is suspended: did not pay", refused.Text);
        }

        // Months later the module's file renews what others own; what is suspended is neither renewed nor erased, and
        // the second key is not there.
        _world.Time.Now = _world.Time.Now.AddDays(20);
        Assert.Equal(2, module.Refresh(_centre).Loaded);
        Assert.Equal(issuedUntil, IssuedUntil(module, "111111"));
        Assert.Equal(_world.Time.Now.AddDays(30), IssuedUntil(module, "222222"));
        Assert.Equal(["suspended", "suspended", "active"], KeyReport.Of(_centre).Select(line => line.Status));
        _ = module.Refresh(_centre);
        Assert.Equal(issuedUntil, IssuedUntil(module, "111111"));
        // Another module gets nothing of it at all.
        var late = _world.NewModule(10_000_002);
        late.Register(_centre, "Other utility");
        Assert.Equal(0, late.Refresh(_centre).Loaded);

        // What protects others is done for a suspended user too.
        _ = _world.Do(_centre, new RevokeKey(second, "never used"));
        _ = _world.Do(_centre, new ResumeUser("NORTH1-0001"));
        _ = module.Refresh(_centre);
        Assert.Equal(_world.Time.Now.AddDays(90), IssuedUntil(module, "111111"));
        Assert.True(_centre.VerifyLog().Good);
    }

    [Fact]
    public void Suspend_AnOperator_ItsModulesAreNotRenewed()
    {
        var operatorId = _world.AddUser(_centre, "Operator");
        var module = _world.NewModule(10_000_001);
        module.Register(_centre, "Operator");
        var key = _world.NewKey(_centre, "111111");
        _world.Authorise(_centre, module.Id, key);
        _ = module.Refresh(_centre);
        var issuedUntil = IssuedUntil(module, "111111");
        _ = _world.Do(_centre, new SuspendUser(operatorId, "under inquiry"));
        _world.Time.Now = _world.Time.Now.AddDays(10);
        _ = module.Refresh(_centre);
        Assert.Equal(issuedUntil, IssuedUntil(module, "111111"));
        Assert.Equal(CentreVerdict.UserRule, _centre.Approvals.Ask(_world.Alice,
            new Authorise([module.Id], [key], 1, 1, 1, _world.Time.Now.AddYears(1))).Verdict);
        Assert.Equal(CentreVerdict.UserRule, _centre.Modules.Register(_world.Alice, _world.NewModule(10_000_002)
            .Loading.Certificate.Line, "Operator").Verdict);
    }

    [Fact]
    public void Close_OnlyWithoutLivingKeysAndModules_AndForEver()
    {
        var id = _world.AddUser(_centre, "Leaving");
        _ = _world.Do(_centre, new CreateGroup("111111", "One", "Leaving"));
        var key = _world.NewKey(_centre, "111111");
        var module = _world.NewModule(10_000_001);
        module.Register(_centre, "Leaving");
        CentreAnswer<int> Ask(ChangeRequest request) => _centre.Approvals.Ask(_world.Alice, request);
        Assert.Contains(key, Ask(new CloseUser(id, "gone")).Text, StringComparison.Ordinal);
        _ = _world.Do(_centre, new RevokeKey(key, "gone"));
        Assert.Contains(module.Id, Ask(new CloseUser(id, "gone")).Text, StringComparison.Ordinal);
        _ = _world.Do(_centre, new RevokeModule(module.Id, "scrapped"));
        _ = _world.Do(_centre, new CloseUser(id, "gone"));
        foreach (var request in (ChangeRequest[])[new ResumeUser(id), new SuspendUser(id, "again"),
            new ChangeUser(id, "Back", "x"), new CloseUser(id, "again"), new CreateGroup("222222", "Two", id)])
            Assert.Equal(CentreVerdict.UserRule, Ask(request).Verdict);
        // The name is free again, the number is not; and the group can be given to another.
        Assert.Equal("NORTH1-0003", _world.AddUser(_centre, "Leaving"));
        _ = _world.Do(_centre, new ChangeGroup("111111", "One", "Leaving"));
        Assert.Equal("NORTH1-0003", _centre.Groups.Single().Owner);
    }

    [Fact]
    public void TwoCentres_TheUserTravelsWithItsGroups_AndItsHomeAloneChangesIt()
    {
        var south = _world.NewCentre("SOUTH1");
        _world.Connect(_centre, south);
        _ = _world.NewKey(_centre, "111111");
        _world.Authorise(_centre, south.Exchange.Certificate.ModuleId, "111111");
        _world.Send(_centre, south);
        var there = south.UserOf(south.Groups.Single());
        Assert.Equal(("NORTH1-0001", "Utility", "control room, +27 11 000 0000", "centre NORTH1"),
            (there.Id, there.Name, there.Contact, there.AddedBy));
        Assert.Equal(_centre.Users.Single().Created, there.Created);
        var elsewhere = south.Approvals.Ask(_world.Alice, new SuspendUser("NORTH1-0001", "not ours"));
        Assert.Equal(CentreVerdict.HomeElsewhere, elsewhere.Verdict);
        Assert.Contains("NORTH1", elsewhere.Text, StringComparison.Ordinal);
        Assert.Contains("SOUTH1", elsewhere.Text, StringComparison.Ordinal);

        // Suspended in the north, and from the next file on in the south, whose modules get nothing new either.
        _ = _world.Do(_centre, new SuspendUser("NORTH1-0001", "did not pay"));
        Assert.NotEqual(_centre.Exchange.Digest("111111"), south.Exchange.Digest("111111"));
        _world.Send(_centre, south);
        Assert.Equal(_centre.Exchange.Digest("111111"), south.Exchange.Digest("111111"));
        var module = _world.NewModule(10_000_001);
        module.Register(south);
        Assert.Equal("user NORTH1-0001 'Utility' is suspended: did not pay",
            south.Approvals.Ask(_world.Alice,
            new Authorise([module.Id], ["111111-0001"], 1, 1, 1, _world.Time.Now.AddYears(1))).Text);
        _ = _world.Do(_centre, new ResumeUser("NORTH1-0001"));
        _world.Send(_centre, south);
        _world.Authorise(south, module.Id, "111111-0001");
        Assert.Equal(1, module.Refresh(south).Loaded);
    }

    private static DateTimeOffset IssuedUntil(TestModule module, string sgc) =>
        module.Cards.First(card => card.SupplyGroupCode.ToString() == sgc).IssuedUntil;
}
