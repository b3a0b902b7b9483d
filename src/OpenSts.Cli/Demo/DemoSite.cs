using OpenSts.Cli.Terminal;
using OpenSts.KeyLoading;
using OpenSts.KeyManagement;
using OpenSts.KeyManagement.Records;
using OpenSts.KeyManagement.Storage;
using OpenSts.Keys;
using OpenSts.Meter;
using OpenSts.Meter.Storage;
using OpenSts.Metering;
using OpenSts.SecureStorage;
using OpenSts.SecurityModule.Loading;
using OpenSts.SecurityModule.Root;
using OpenSts.SecurityModule.Vault;
using OpenSts.Sts6;

namespace OpenSts.Cli.Demo;

/// <summary>
/// A whole site in a folder: a root, a key management centre, a module that got its keys from it, and meters coded for
/// its supply group.
/// </summary>
/// <remarks>
/// Everything opens with one key file, and one person plays both officers: a demonstration, not a ceremony. The keys
/// are born here and known nowhere else; the meters are coded where the module's vault is open, as a manufacturing
/// module would.
/// </remarks>
internal static class DemoSite
{
    /// <summary>The group and the meters that the vending server's demonstration data know.</summary>
    public const string Group = "201457";
    public const int Meters = 6;

    private const string Kmcid = "DEMO01";
    private const int ModuleId = 10_000_001;
    private static readonly TimeSpan KeysServe = TimeSpan.FromDays(365);

    /// <summary>Where the parts are.</summary>
    public static string KeyFilePath(string folder) => Path.Combine(folder, "site.key");

    public static string VaultPath(string folder) => Path.Combine(folder, "vault");

    public static string MetersPath(string folder) => Path.Combine(folder, "meters");

    /// <summary>Makes the site.</summary>
    /// <exception cref="CliException">The folder holds something already, or a step was refused.</exception>
    public static void Create(string folder, TimeProvider time)
    {
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
            throw new CliException($"{folder} is not empty; a site is made once");
        _ = OperatingSystem.IsWindows() ? Directory.CreateDirectory(folder)
            : Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite
            | UnixFileMode.UserExecute);
        KeyFile.Create(KeyFilePath(folder));
        using var storageLock = StorageLock.FromKeyFile(KeyFilePath(folder));
        using var asks = OfficerKey.Create("First");
        using var approves = OfficerKey.Create("Second");
        var rootCertificate = RootAuthority.Create(Path.Combine(folder, "root"), "DEMO-ROOT", storageLock, time);
        using var root = RootAuthority.Open(Path.Combine(folder, "root"), storageLock, time);
        using var centre =
            NewCentre(Path.Combine(folder, "centre"), root, rootCertificate, asks, approves, storageLock, time);
        KeyVault.Create(VaultPath(folder), storageLock);
        using var vault = KeyVault.Open(VaultPath(folder), storageLock);
        var module = NewModule(vault, root, rootCertificate, time);

        var now = time.GetUtcNow();
        void Do(ChangeRequest request) =>
            _ = Value(centre.Approvals.Approve(approves, Value(centre.Approvals.Ask(asks, request))));
        Do(new AddUser("Demonstration utility", "nobody, a demonstration"));
        Do(new CreateGroup(Group, "Demonstration town", "Demonstration utility"));
        _ = Value(centre.Modules.Register(asks, module, "Demonstration utility"));
        // Two revisions: the second is there for a key change.
        for (var revision = 1; revision <= 2; revision++)
            Do(new GenerateKey(Group, KeyType.Unique, DecoderKeyGenerationAlgorithm.Dkga04, BaseDate.Base2014.Year,
                KeyExpiryNumber.Never.Value, now, now + (2 * KeysServe), (int)KeysServe.TotalDays));
        Do(new Authorise([$"{ModuleId:D8}"], [.. centre.Keys.Select(key => key.Id)], KeyCard.NoLimit, KeyCard.NoLimit,
            KeyCard.AllSubclasses, now + KeysServe));

        using (var loading = ModuleKeyLoader.Open(vault, time)!)
        {
            _ = Taken(loading.TakeCentre(centre.AgreementKeys.Current!.Line));
            var file = Value(centre.Files.Make(asks, Taken(loading.Request(Kmcid))));
            _ = Value(centre.Files.Confirm(Taken(loading.LoadFile(file.Text)).Confirmation.Line));
        }

        CodeMeters(vault, MetersPath(folder), now);
    }

    private static KeyCentre NewCentre(string folder, RootAuthority root, RootCertificate certificate, OfficerKey asks,
        OfficerKey approves, StorageLock storageLock, TimeProvider time)
    {
        var centre = KeyCentre.Create(folder, Kmcid, certificate,
            [(asks.Name, asks.PublicKey), (approves.Name, approves.PublicKey)], storageLock,
            new CentreOptions { Time = time });
        var unsigned =
            Value(centre.AgreementKeys.Create("first start", time.GetUtcNow(), time.GetUtcNow().AddYears(3)));
        _ = Value(centre.AgreementKeys.Certify(Value(root.SignCentre(unsigned.Line)).Line));
        _ = Value(centre.Certify(Value(root.SignModule(centre.Exchange.Certificate.Line)).Line));
        return centre;
    }

    private static string NewModule(KeyVault vault, RootAuthority root, RootCertificate certificate, TimeProvider time)
    {
        var description = new ModuleDescription
        {
            Maker = "OpenSts",
            ModuleId = ModuleId,
            Firmware = "OPENSTS-1",
            Kind = ModuleKind.Vending,
            Created = time.GetUtcNow(),
            NotAfter = time.GetUtcNow().AddYears(10),
        };
        var signed = Value(root.SignModule(ModuleIdentity.Create(vault, description, certificate).Line)).Line;
        return ModuleIdentity.TryCertify(vault, signed, out var problem) ? signed : throw new CliException(problem);
    }

    private static void CodeMeters(KeyVault vault, string folder, DateTimeOffset now)
    {
        _ = Directory.CreateDirectory(folder);
        using var vendingKey = vault.OpenKey(1);
        for (var serial = 1; serial <= Meters; serial++)
        {
            var pan = MeterPan.Create(DecoderReferenceNumber.Create(Maker, serial));
            var attributes = new DecoderKeyAttributes
            {
                MeterPan = pan,
                SupplyGroupCode = SupplyGroupCode.Parse(Group),
                TariffIndex = TariffIndex.FromNumber(1),
                KeyRevisionNumber = KeyRevisionNumber.FromNumber(1),
                KeyType = KeyType.Unique,
                KeyExpiryNumber = KeyExpiryNumber.Never,
                BaseDate = BaseDate.Base2014,
                EncryptionAlgorithm = serial == 2 ? EncryptionAlgorithm.Ea11 : EncryptionAlgorithm.Ea07,
                DecoderKeyGenerationAlgorithm = DecoderKeyGenerationAlgorithm.Dkga04,
            };
            var settings = new MeterSettings
            {
                MeterPan = pan,
                EncryptionAlgorithm = attributes.EncryptionAlgorithm,
                Service =
                    serial switch { 5 => CreditService.Water, 6 => CreditService.Gas, _ => CreditService.Electricity },
            };
            _ = TokenIdentifier.TryFromTime(now.AddDays(-1), BaseDate.Base2014, out var made);
            using var key = DecoderKeyGeneration.Derive(vendingKey, attributes);
            var state =
                MeterState.AtManufacture(key, attributes, made) with { Flags = FlagArray.AtManufacture(settings) };
            var record = new MeterRecord
            {
                Settings = settings,
                State = state,
            }.With(new MeterEvent(now, MeterEventKind.Manufactured, ""));
            MeterFile.Create(Path.Combine(folder, $"{pan.DecoderReferenceNumber}.meter"), record).Dispose();
        }
    }

    private static ManufacturerCode Maker => ManufacturerCode.TryParse("00", out var code, out _) ? code
        : throw new System.Diagnostics.UnreachableException();

    private static T Value<T>(RootAnswer<T> answer)
        where T : class =>
            answer.TryGet(out var value) ? value : throw new CliException($"the root refused: {answer}");

    private static T Value<T>(CentreAnswer<T> answer)
        where T : notnull =>
            answer.TryGet(out var value) ? value : throw new CliException($"the centre refused: {answer}");

    private static T Taken<T>(ModuleAnswer<T> answer)
        where T : notnull =>
            answer.TryGet(out var value) ? value : throw new CliException($"the module refused: {answer}");
}
