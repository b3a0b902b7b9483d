using OpenSts.KeyLoading;
using OpenSts.Keys;
using OpenSts.SecureStorage;
using OpenSts.SecurityModule.Loading;
using OpenSts.SecurityModule.Vault;
using OpenSts.Sts6;

namespace OpenSts.KeyManagement.Tests;

/// <summary>
/// A certified module with its vault, as the STS6 server would hold it: what it may sell is read from its registers'
/// cards.
/// </summary>
internal sealed class TestModule : IDisposable
{
    private readonly KeyWorld _world;
    private readonly string _folder;
    private readonly StorageLock _lock;

    public TestModule(KeyWorld world, string folder, StorageLock storageLock, int id, ModuleKind kind)
    {
        (_world, _folder, _lock) = (world, folder, storageLock);
        KeyVault.Create(folder, storageLock);
        Vault = KeyVault.Open(folder, storageLock);
        var description = new ModuleDescription
        {
            Maker = "Test",
            ModuleId = id,
            Firmware = "FW1",
            Kind = kind,
            Created = world.Time.Now,
            NotAfter = world.Time.Now.AddYears(10),
        };
        var line = ModuleIdentity.Create(Vault, description, world.RootCertificate).Line;
        Assert.True(ModuleIdentity.TryCertify(Vault, KeyWorld.Value(world.Root.SignModule(line)).Line,
            out var problem), problem);
        Loading = ModuleKeyLoader.Open(Vault, world.Time)!;
    }

    public KeyVault Vault { get; private set; }

    public ModuleKeyLoader Loading { get; private set; }

    public string Id => Loading.Certificate.ModuleId;

    public IEnumerable<KeyCard> Cards =>
        Vault.Records.Select(record => KeyCard.TryParse(record.Attributes, out var card, out var problem) ? card
        : throw new InvalidOperationException(problem));

    /// <summary>The vault as bytes: what a refused file must leave as it was.</summary>
    public string State() =>
        string.Join('\n', Vault.Records.Select(record => $"{record.Number} {record.Attributes} {record.Counters}")
        .Append(Vault.Generation.ToString()));

    public string Folder => _folder;

    /// <summary>Power off and on.</summary>
    public void Restart()
    {
        Close();
        Open();
    }

    public void Close()
    {
        Loading.Dispose();
        Vault.Dispose();
    }

    public void Open()
    {
        Vault = KeyVault.Open(_folder, _lock);
        Loading = ModuleKeyLoader.Open(Vault, _world.Time)!;
    }

    public void Register(KeyCentre centre, string owner = "Utility") =>
        _ = KeyWorld.Value(centre.Modules.Register(_world.Alice, Loading.Certificate.Line, owner));

    public string Request(KeyCentre centre)
    {
        Assert.Equal(ResponseCode.Successful, Loading.TakeCentre(centre.AgreementKeys.Current!.Line).Code);
        var answer = Loading.Request(centre.Kmcid);
        Assert.True(answer.TryGet(out var line), answer.ToString());
        return line;
    }

    /// <summary>Request, file, load, confirm.</summary>
    public LoadOutcome Refresh(KeyCentre centre)
    {
        var file = KeyWorld.Value(centre.Files.Make(_world.Alice, Request(centre)));
        var answer = Loading.LoadFile(file.Text);
        Assert.True(answer.TryGet(out var outcome), answer.ToString());
        _ = KeyWorld.Value(centre.Files.Confirm(outcome.Confirmation.Line));
        return outcome;
    }

    /// <summary>A credit token as a module makes it: card and clock decide.</summary>
    public ResponseCode Vend(string sgc, DecoderKeyAttributes meter, int units, TokenIdentifier tid, out Token66 token)
    {
        token = default;
        var record = Vault.Records.FirstOrDefault(record => record.Attributes.Contains($"SGC{sgc}",
            StringComparison.Ordinal)
            && record.Attributes.Contains($"KRN{meter.KeyRevisionNumber}", StringComparison.Ordinal));
        if (record is null || !KeyCard.TryParse(record.Attributes, out var card, out _))
            return ResponseCode.VkRegNotFound;
        if (_world.Time.Now > card.IssuedUntil)
            return ResponseCode.KeyIssueExpired;
        if (card.UnitLimit == 0 || (card.Subclasses & 1) == 0)
            return ResponseCode.SubclassNotAllowed;
        using var vendingKey = Vault.OpenKey(record.Number);
        using var key = DecoderKeyGeneration.Derive(vendingKey, meter);
        _ = TransferAmount.TryFromUnits(units, out var amount);
        return TokenIssuer.TryIssue(new TransferCredit
        {
            Service = CreditService.Electricity,
            Amount = amount,
            Tid = tid,
            Random = 3,
        }, key, card.KeyType, card.KeyExpiryNumber, out token) switch
        {
            IssueFault.None => ResponseCode.Successful,
            IssueFault.KeyExpired => ResponseCode.KeyExpired,
            _ => ResponseCode.KeyTypeError,
        };
    }

    public void Dispose() => Close();
}
