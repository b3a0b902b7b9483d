using OpenSts.KeyLoading;
using OpenSts.KeyManagement.Records;
using OpenSts.KeyManagement.Storage;
using OpenSts.Keys;
using OpenSts.SecureStorage;
using OpenSts.SecurityModule.Root;
using OpenSts.Sts6;

namespace OpenSts.KeyManagement.Tests;

/// <summary>A root, its centres and modules in a temporary folder, with a clock that tests move.</summary>
internal sealed class KeyWorld : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ostskmc").FullName;
    private readonly StorageLock _lock;
    private readonly List<IDisposable> _open = [];

    /// <param name="placeOf">Where a centre of that name is kept; null for a folder.</param>
    public KeyWorld(Func<string, string>? placeOf = null)
    {
        PlaceOf = placeOf ?? (kmcid => Path.Combine(_folder, kmcid));
        KeyFile.Create(Path.Combine(_folder, "key"));
        _lock = StorageLock.FromKeyFile(Path.Combine(_folder, "key"));
        RootCertificate = RootAuthority.Create(Path.Combine(_folder, "root"), "TEST-ROOT", _lock, Time);
        Root = RootAuthority.Open(Path.Combine(_folder, "root"), _lock, Time);
        _open.Add(Root);
    }

    public static DateTimeOffset Start { get; } = new(2026, 11, 21, 8, 0, 0, TimeSpan.Zero);

    public ManualTime Time { get; } = new(Start);

    public RootCertificate RootCertificate { get; }

    public RootAuthority Root { get; }

    public OfficerKey Alice { get; } = OfficerKey.Create("Alice");

    public OfficerKey Bob { get; } = OfficerKey.Create("Bob");

    public string Folder => _folder;

    /// <summary>Where a centre is kept: a folder or a connection string.</summary>
    public Func<string, string> PlaceOf { get; }

    public string KeyPath => Path.Combine(_folder, "key");

    public KeyCentre NewCentre(string kmcid)
    {
        var centre = KeyCentre.Create(PlaceOf(kmcid), kmcid, RootCertificate,
            [("Alice", Alice.PublicKey), ("Bob", Bob.PublicKey)], _lock, new CentreOptions { Time = Time });
        var unsigned = Value(centre.AgreementKeys.Create("ceremony", Time.Now, Time.Now.AddYears(3)));
        _ = Value(centre.AgreementKeys.Certify(Value(Root.SignCentre(unsigned.Line)).Line));
        _ = Value(centre.Certify(Value(Root.SignModule(centre.Exchange.Certificate.Line)).Line));
        _open.Add(centre);
        _ = AddUser(centre, "Utility");
        return centre;
    }

    /// <summary>A user of a centre; the answer is its number.</summary>
    public string AddUser(KeyCentre centre, string name)
    {
        _ = Do(centre, new AddUser(name, "control room, +27 11 000 0000"));
        return centre.Users.Last(user => user.Home == centre.Kmcid && user.Name == name).Id;
    }

    public KeyCentre OpenCentre(string kmcid)
    {
        var centre = KeyCentre.Open(PlaceOf(kmcid), _lock,
            new CentreOptions { Time = Time, OpenTimeout = TimeSpan.FromSeconds(1) });
        _open.Add(centre);
        return centre;
    }

    public TestModule NewModule(int id, ModuleKind kind = ModuleKind.Vending)
    {
        var module = new TestModule(this, Path.Combine(_folder, $"module-{id}"), _lock, id, kind);
        _open.Add(module);
        return module;
    }

    /// <summary>Asked for by one, approved by the other.</summary>
    public string Do(KeyCentre centre, ChangeRequest request) =>
        Value(centre.Approvals.Approve(Bob, Value(centre.Approvals.Ask(Alice, request))));

    /// <summary>A group with a key; the answer is the key's id.</summary>
    public string NewKey(KeyCentre centre, string sgc, KeyType type = KeyType.Unique,
        DecoderKeyGenerationAlgorithm dkga = DecoderKeyGenerationAlgorithm.Dkga04, int baseYear = 2014, int ken = 255,
        int days = 90)
    {
        if (centre.Groups.All(group => group.Code != sgc))
            _ = Do(centre, new CreateGroup(sgc, $"Group {sgc}", "Utility"));
        _ = Do(centre, new GenerateKey(sgc, type, dkga, baseYear, ken, Time.Now, Time.Now.AddYears(2), days));
        return centre.Keys.Last(key => key.Sgc == sgc).Id;
    }

    public void Authorise(KeyCentre centre, string module, string subject, uint units = KeyCard.NoLimit,
        int subclasses = KeyCard.AllSubclasses) =>
        _ = Do(centre, new Authorise([module], [subject], units, units == 0 ? 0
            : KeyCard.NoLimit, subclasses, Time.Now.AddYears(1)));

    /// <summary>Makes one centre a receiver of another's groups.</summary>
    public void Connect(KeyCentre from, KeyCentre to)
    {
        _ = Value(from.Modules.Register(Alice, to.Exchange.Certificate.Line, to.Kmcid));
        _ = Value(to.Exchange.TakeCentre(Alice, from.AgreementKeys.Current!.Line));
    }

    /// <summary>Request, file, confirmation between two centres.</summary>
    public void Send(KeyCentre from, KeyCentre to)
    {
        var file = Value(from.Files.Make(Alice, Value(to.Exchange.Request(Alice, from.Kmcid))));
        _ = Value(from.Files.Confirm(Value(to.Exchange.Take(Alice, file.Text))));
    }

    /// <summary>A meter of a group: keypad, EA07, DKGA04, the group's first key.</summary>
    public static DecoderKeyAttributes Meter(string sgc) => new()
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

    public static T Value<T>(RootAnswer<T> answer)
        where T : class
    {
        Assert.True(answer.TryGet(out var value), answer.ToString());
        return value;
    }

    public static T Value<T>(CentreAnswer<T> answer)
        where T : notnull
    {
        Assert.True(answer.TryGet(out var value), answer.ToString());
        return value;
    }

    public void Dispose()
    {
        for (var i = _open.Count - 1; i >= 0; i--)
            _open[i].Dispose();
        Alice.Dispose();
        Bob.Dispose();
        _lock.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
