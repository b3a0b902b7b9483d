using System.Text.Json;
using OpenSts.KeyLoading;
using OpenSts.KeyManagement.Records;
using OpenSts.KeyManagement.Storage;
using OpenSts.SecureStorage;

namespace OpenSts.KeyManagement.Tests;

/// <summary>What stands in the database and under its MACs, word for word. A rename in the code must not change it.</summary>
public sealed class StoredNamesTests
{
    private static readonly DateTimeOffset Time = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public void Names_OfValues_AreFrozen()
    {
        Assert.Equal(["Active", "Retiring", "Revoked"], Enum.GetValues<KeyState>().Select(StoredNames.Of));
        Assert.Equal(["Active", "Suspended", "Closed"], Enum.GetValues<UserState>().Select(StoredNames.Of));
        Assert.Equal(["Open", "Done", "Refused"], Enum.GetValues<ChangeState>().Select(StoredNames.Of));
        Assert.Equal(["Vending", "Manufacturing", "Centre"], Enum.GetValues<ModuleKind>().Select(StoredNames.Of));
        Assert.Equal(["Initialization", "Default", "Unique", "Common"], Enum.GetValues<KeyType>().Select(StoredNames.Of));
        Assert.Equal(["Dkga01", "Dkga02", "Dkga03", "Dkga04"], Enum.GetValues<DecoderKeyGenerationAlgorithm>().Select(StoredNames.Of));
        Assert.Equal(["Passphrase", "KeyFile", "Custodians", "Token"], Enum.GetValues<StorageLockKind>().Select(StoredNames.Of));
    }

    [Fact]
    public void Bindings_OfSealedKeys_AreFrozen()
    {
        Assert.Equal("key 123456-0001 123456 2 Unique Dkga04 2014", Key.Binding);
        Assert.Equal("receiver NORTH1", CentreContext.ReceiverBinding("NORTH1"));
        Assert.Equal("request VKLR.1:x", Groups.GroupExchange.RequestBinding("VKLR.1:x"));
    }

    [Fact]
    public void Records_AsTheyAreStored_AreFrozen()
    {
        Same(RecordKinds.Users, "user", """{"Id":"NORTH1-0001","Name":"A","Contact":"B","State":"Active","Reason":"","Home":"NORTH1","Version":1,"Created":"2026-01-02T03:04:05+00:00","AddedBy":"C"}""",
            new SgcUser { Id = "NORTH1-0001", Name = "A", Contact = "B", State = UserState.Active, Home = "NORTH1", Version = 1, Created = Time, AddedBy = "C" });
        Same(RecordKinds.Groups, "group", """{"Code":"123456","Name":"A","Owner":"NORTH1-0001","Cluster":0,"UniversalDefault":false,"Home":"NORTH1","Version":1,"LastSerial":2,"LastRevision":3,"Created":"2026-01-02T03:04:05+00:00"}""",
            new SupplyGroup { Code = "123456", Name = "A", Owner = "NORTH1-0001", Cluster = 0, UniversalDefault = false, Home = "NORTH1", Version = 1, LastSerial = 2, LastRevision = 3, Created = Time });
        Same(RecordKinds.Keys, "key", """{"Id":"123456-0001","Sgc":"123456","Krn":2,"KeyType":"Unique","Dkga":"Dkga04","BaseYear":2014,"Ken":255,"Activation":"2026-01-02T03:04:05+00:00","Expiry":"2026-01-02T03:04:05+00:00","RefreshDays":90,"CheckValue":"AB","State":"Retiring","Reason":"","Created":"2026-01-02T03:04:05+00:00","IsDefault":false,"Laboratory":false,"Wrapped":"W","LastMinute":null}""", Key);
        Same(RecordKinds.Modules, "module", """{"Id":"1","Certificate":"C","Kind":"Manufacturing","Owner":"O","Revoked":false,"Reason":"","LastKekId":7}""",
            new RegisteredModule { Id = "1", Certificate = "C", Kind = ModuleKind.Manufacturing, Owner = "O", LastKekId = 7 });
        Same(RecordKinds.Authorisations, "authorisation", """{"Module":"1","Subject":"2","UnitLimit":3,"CurrencyLimit":4,"Subclasses":5,"Until":"2026-01-02T03:04:05+00:00","Revoked":false}""",
            new Authorisation { Module = "1", Subject = "2", UnitLimit = 3, CurrencyLimit = 4, Subclasses = 5, Until = Time });
        Same(RecordKinds.Files, "file", """{"Module":"1","KekId":2,"RequestHash":"R","Text":"T","Hash":"H","ConfirmationHash":"C","Keys":["K"],"IssuedUntil":null,"Ends":[],"Made":"2026-01-02T03:04:05+00:00","Confirmed":null}""",
            new LoadFile { Module = "1", KekId = 2, RequestHash = "R", Text = "T", Hash = "H", ConfirmationHash = "C", Keys = ["K"], Made = Time });
        Same(RecordKinds.CentreKeys, "centrekey", """{"Sequence":1,"Certificate":"C","Wrapped":"W"}""", new CentreKey { Sequence = 1, Certificate = "C", Wrapped = "W" });
        Same(RecordKinds.Sources, "sender", """{"Kmcid":"K","Certificate":"C","LastKekId":1,"Request":"R","Wrapped":"W","LastHash":"H","LastConfirmation":"L"}""",
            new SourceCentre { Kmcid = "K", Certificate = "C", LastKekId = 1, Request = "R", Wrapped = "W", LastHash = "H", LastConfirmation = "L" });
        Same(RecordKinds.Identity, "identity", """{"Kmcid":"K","Root":"R","Certificate":"C","Wrapped":"W"}""", new CentreIdentity { Kmcid = "K", Root = "R", Certificate = "C", Wrapped = "W" });
        Same(RecordKinds.Sealing, "sealing", """{"TokenKey":"T","Probe":"P"}""", new KeySealing { TokenKey = "T", Probe = "P" });
        Same(RecordKinds.Officers, "officer", """{"Name":"A","PublicKey":"P","Enrolled":"2026-01-02T03:04:05+00:00","Removed":false}""", new Officer { Name = "A", PublicKey = "P", Enrolled = Time });
        Same(RecordKinds.Changes, "change", """{"Number":1,"RequestText":"R","AskedBy":"A","AskedAt":"2026-01-02T03:04:05+00:00","AskSignature":"S","State":"Open","DecidedBy":"","DecidedAt":null,"DecisionSignature":"","Outcome":""}""",
            new PendingChange { Number = 1, RequestText = "R", AskedBy = "A", AskedAt = Time, AskSignature = "S", State = ChangeState.Open });
    }

    public static TheoryData<string, ChangeRequest> Requests => new()
    {
        { """{"$type":"add user","Name":"A","Contact":"B"}""", new AddUser("A", "B") },
        { """{"$type":"change user","User":"U","Name":"A","Contact":"B"}""", new ChangeUser("U", "A", "B") },
        { """{"$type":"suspend user","User":"U","Reason":"R"}""", new SuspendUser("U", "R") },
        { """{"$type":"resume user","User":"U"}""", new ResumeUser("U") },
        { """{"$type":"close user","User":"U","Reason":"R"}""", new CloseUser("U", "R") },
        { """{"$type":"create group","Code":"1","Name":"A","Owner":"O","Cluster":2,"UniversalDefault":true}""", new CreateGroup("1", "A", "O", 2, true) },
        { """{"$type":"change group","Code":"1","Name":"A","Owner":"O"}""", new ChangeGroup("1", "A", "O") },
        { """{"$type":"move group","Code":"1","Home":"H"}""", new MoveGroup("1", "H") },
        { """{"$type":"generate key","Sgc":"1","KeyType":"Common","Dkga":"Dkga02","BaseYear":2014,"Ken":255,"Activation":"2026-01-02T03:04:05+00:00","Expiry":"2026-01-02T03:04:05+00:00","RefreshDays":9}""",
            new GenerateKey("1", KeyType.Common, DecoderKeyGenerationAlgorithm.Dkga02, 2014, 255, Time, Time, 9) },
        { """{"$type":"import laboratory key","Sgc":"1","Krn":2,"KeyType":"Unique","BaseYear":1993,"Ken":3,"Activation":"2026-01-02T03:04:05+00:00","Expiry":"2026-01-02T03:04:05+00:00","CheckValue":"C","Wrapped":"W"}""",
            new ImportLaboratoryKey("1", 2, KeyType.Unique, 1993, 3, Time, Time, "C", "W") },
        { """{"$type":"change key","Key":"K","Expiry":"2026-01-02T03:04:05+00:00","RefreshDays":1,"Ken":2,"StopCredit":false}""", new ChangeKey("K", Time, 1, 2) },
        { """{"$type":"replace key","Key":"K","Reason":"R","Expiry":"2026-01-02T03:04:05+00:00","BaseYear":2035,"Ken":1,"Dkga":null,"Activation":null,"StopCredit":false}""", new ReplaceKey("K", "R", Time, 2035, 1) },
        { """{"$type":"make key default","Key":"K"}""", new MakeKeyDefault("K") },
        { """{"$type":"limit key to sets","Key":"K","Reason":"R","StopCredit":false}""", new LimitKeyToSets("K", "R") },
        { """{"$type":"revoke key","Key":"K","Reason":"R"}""", new RevokeKey("K", "R") },
        { """{"$type":"authorise","Modules":["M"],"Subjects":["S"],"UnitLimit":1,"CurrencyLimit":2,"Subclasses":3,"Until":"2026-01-02T03:04:05+00:00"}""", new Authorise(["M"], ["S"], 1, 2, 3, Time) },
        { """{"$type":"provide production keys","Module":"M","Code":"1","Name":"N","Dkga":"Dkga04","BaseYear":2014,"Expiry":"2026-01-02T03:04:05+00:00"}""", new ProvideProductionKeys("M", "1", "N", DecoderKeyGenerationAlgorithm.Dkga04, 2014, Time) },
        { """{"$type":"revoke authorisation","Module":"M","Subject":"S","Reason":"R"}""", new RevokeAuthorisation("M", "S", "R") },
        { """{"$type":"revoke module","Module":"M","Reason":"R"}""", new RevokeModule("M", "R") },
        { """{"$type":"enrol officer","Name":"A","PublicKey":"P"}""", new EnrolOfficer("A", "P") },
        { """{"$type":"remove officer","Name":"A","Reason":"R"}""", new RemoveOfficer("A", "R") },
    };

    [Theory]
    [MemberData(nameof(Requests), DisableDiscoveryEnumeration = true)]
    public void Requests_AsTheyAreSigned_AreFrozen(string text, ChangeRequest request) =>
        Assert.Equal(text, JsonSerializer.Serialize(request, RecordJson.Default.ChangeRequest).Replace("\\u002B", "+", StringComparison.Ordinal));

    [Fact]
    public void Request_OfVersion1WithoutTheLaterFields_IsRead()
    {
        var request = JsonSerializer.Deserialize("""{"$type":"replace key","Key":"K","Reason":"R","Expiry":"2026-01-02T03:04:05+00:00","BaseYear":2035,"Ken":1}""", RecordJson.Default.ChangeRequest);
        Assert.Equal(new ReplaceKey("K", "R", Time, 2035, 1), request);
    }

    private static CentreVendingKey Key => new()
    {
        Id = "123456-0001",
        Sgc = "123456",
        Krn = 2,
        KeyType = KeyType.Unique,
        Dkga = DecoderKeyGenerationAlgorithm.Dkga04,
        BaseYear = 2014,
        Ken = 255,
        Activation = Time,
        Expiry = Time,
        RefreshDays = 90,
        CheckValue = "AB",
        State = KeyState.Retiring,
        Created = Time,
        Wrapped = "W",
    };

    private static void Same<T>(RecordKind<T> kind, string name, string text, T record)
        where T : class
    {
        Assert.Equal(name, kind.Name);
        Assert.Equal(text, JsonSerializer.Serialize(record, kind.Form).Replace("\\u002B", "+", StringComparison.Ordinal));
    }
}
