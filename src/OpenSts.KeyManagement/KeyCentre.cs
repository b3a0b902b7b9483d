using OpenSts.KeyLoading;
using OpenSts.KeyManagement.Approvals;
using OpenSts.KeyManagement.Audit;
using OpenSts.KeyManagement.Groups;
using OpenSts.KeyManagement.Keys;
using OpenSts.KeyManagement.Migrations;
using OpenSts.KeyManagement.Modules;
using OpenSts.KeyManagement.Records;
using OpenSts.KeyManagement.Storage;
using OpenSts.SecureStorage;

namespace OpenSts.KeyManagement;

/// <summary>
/// A key management centre: where vending keys are born, who may hold them, and the files by which they get there.
/// </summary>
/// <remarks>
/// One database, an SQLite file in a folder or PostgreSQL, every key in it wrapped under a master key that custodians'
/// shares (or another lock) open. One process at a time, one call at a time. Every change is in the audit log with the
/// records it left.
/// </remarks>
public sealed class KeyCentre : IDisposable
{
    private readonly CentreStore _store;
    private readonly CentreContext _context;

    private KeyCentre(CentreStore store, TimeProvider time)
    {
        _store = store;
        _context = new CentreContext(store, time);
        OwnerNameMigration.Apply(store, Kmcid, _context.Now);
        AgreementKeys = new AgreementKeys(_context);
        Approvals = new ChangeApprovals(_context);
        Modules = new ModuleRegistry(_context);
        Files = new LoadFiles(_context, AgreementKeys);
        Exchange = new GroupExchange(_context);
        Sealing = new CentreSealing(_context);
    }

    /// <summary>The centre's name: six capitals and digits.</summary>
    public string Kmcid => _context.Kmcid;

    /// <summary>The root whose certificates it believes.</summary>
    public RootCertificate Root => _context.Root;

    /// <summary>Changes that take two people.</summary>
    public ChangeApprovals Approvals { get; }

    /// <summary>The centre's own keys for agreements.</summary>
    public AgreementKeys AgreementKeys { get; }

    /// <summary>The modules it knows.</summary>
    public ModuleRegistry Modules { get; }

    /// <summary>Key load files for modules and other centres.</summary>
    public LoadFiles Files { get; }

    /// <summary>Groups that come from other centres.</summary>
    public GroupExchange Exchange { get; }

    /// <summary>What seals its keys.</summary>
    public CentreSealing Sealing { get; }

    /// <summary>Users by id: utilities, landlords, operators, makers.</summary>
    public IEnumerable<SgcUser> Users => _store.All(RecordKinds.Users);

    /// <summary>Supply groups by code.</summary>
    public IEnumerable<SupplyGroup> Groups => _store.All(RecordKinds.Groups);

    /// <summary>Vending keys by id.</summary>
    public IEnumerable<CentreVendingKey> Keys => _store.All(RecordKinds.Keys);

    /// <summary>Authorisations by module and subject.</summary>
    public IEnumerable<Authorisation> Authorisations => _store.All(RecordKinds.Authorisations);

    /// <summary>Officers by name.</summary>
    public IEnumerable<Officer> Officers => _store.All(RecordKinds.Officers);

    /// <summary>The user a group belongs to.</summary>
    public SgcUser UserOf(SupplyGroup group)
    {
        ArgumentNullException.ThrowIfNull(group);
        return _store.Find(RecordKinds.Users, group.Owner)!;
    }

    /// <summary>The user that runs a module; null for another centre.</summary>
    public SgcUser? UserOf(RegisteredModule module)
    {
        ArgumentNullException.ThrowIfNull(module);
        return module.Kind == ModuleKind.Centre ? null : _store.Find(RecordKinds.Users, module.Owner)!;
    }

    /// <summary>Now, to the second, by the centre's clock.</summary>
    internal DateTimeOffset Now => _context.Now;

    /// <summary>Makes a centre, whole or not at all.</summary>
    /// <param name="place">A folder, which may exist, or a PostgreSQL connection string; there may be no centre in
    /// it.</param>
    /// <param name="kmcid">Six capitals and digits.</param>
    /// <param name="root">Compared by people before.</param>
    /// <param name="officers">Two or more people, with their public keys.</param>
    /// <param name="storageLock">Opens it from now on.</param>
    /// <param name="options">Clock, witness and timeout.</param>
    /// <exception cref="ArgumentException">A name breaks its form, or there are fewer than two people.</exception>
    /// <exception cref="CentreException">There is a centre in that place, or the database failed.</exception>
    public static KeyCentre Create(string place, string kmcid, RootCertificate root,
        IReadOnlyList<(string Name, string PublicKey)> officers, StorageLock storageLock,
        CentreOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(root);
        ArgumentNullException.ThrowIfNull(officers);
        ArgumentNullException.ThrowIfNull(storageLock);
        options ??= new CentreOptions();
        if (!CentreCertificate.IsKmcid(kmcid))
            throw new ArgumentException($"KMCID held {kmcid}; permitted: six capitals and digits.", nameof(kmcid));
        if (officers.Select(officer => officer.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count() < 2
            || officers.Select(officer => officer.PublicKey).Distinct().Count() != officers.Count
            || officers.Any(officer => !Officer.IsName(officer.Name)
                || !PublicPoint.TryParse(officer.PublicKey, out _)))
            throw new ArgumentException(
                "A centre begins with two or more officers, each with a name of letters and digits and a key of their "
                    + "own.", nameof(officers));
        var text =
            $"centre {kmcid} made, root {root.Fingerprint}, officers "
                + $"{string.Join(", ", officers.Select(officer => officer.Name))}";
        return Open(CentreStore.Create(place, kmcid, storageLock, options, text, (changes, master) =>
        {
            var now = ModuleDescription.ToSeconds(options.Time.GetUtcNow());
            foreach (var (name, publicKey) in officers)
                changes.Put(RecordKinds.Officers, new Officer { Name = name, PublicKey = publicKey, Enrolled = now });
            using var key = AgreementKey.Create();
            using var scalar = key.LeaseScalar();
            // As a receiver of groups a centre is a module; its number comes from its name.
            var described = new ModuleDescription
            {
                Maker = "OpenSts",
                ModuleId = ReceiverId(kmcid),
                Firmware = "KMC-1",
                Kind = ModuleKind.Centre,
                Created = now,
                NotAfter = now.AddYears(20),
            };
            changes.Put(RecordKinds.Identity, new CentreIdentity
            {
                Kmcid = kmcid,
                Root = root.Line,
                Certificate = described.Certificate(key.Public).Line,
                Wrapped = master.Wrap(scalar.Span, CentreContext.ReceiverBinding(kmcid)),
            });
        }), options);
    }

    /// <summary>Opens a centre and checks every record of it.</summary>
    /// <param name="place">A folder or a PostgreSQL connection string.</param>
    /// <param name="storageLock">What opens it.</param>
    /// <param name="options">Clock, witness and timeout.</param>
    /// <exception cref="CentreException">The first rule that broke.</exception>
    public static KeyCentre Open(string place, StorageLock storageLock, CentreOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(storageLock);
        options ??= new CentreOptions();
        return Open(CentreStore.Open(place, storageLock, options), options);
    }

    /// <summary>True where a centre is in that place already; a ceremony looks before it begins.</summary>
    /// <exception cref="CentreException">The place cannot be read or reached.</exception>
    public static bool IsTaken(string place) => CentreLocation.Parse(place).IsTaken(new CentreOptions().OpenTimeout);

    /// <summary>
    /// Why the checkpoint file could not be written after the last change, which is stored all the same; null where it
    /// was.
    /// </summary>
    public string? CheckpointError => _store.CheckpointError;

    /// <summary>The ways in which the centre may be opened.</summary>
    public IReadOnlyList<StorageLockKind> Locks => _store.Locks();

    /// <summary>
    /// Adds a way to open the centre, beside the others, or replaces the one of its kind. Both officers are present.
    /// </summary>
    /// <param name="first">An officer.</param>
    /// <param name="second">Another.</param>
    /// <param name="storageLock">Opens the centre from now on.</param>
    /// <param name="says">What the log says about it beside its kind, such as the name of a set of shares; empty for
    /// nothing.</param>
    /// <remarks>Whoever has an old copy of the database and the old lock still opens that copy.</remarks>
    public CentreAnswer<StorageLockKind> AddLock(OfficerKey first, OfficerKey second, StorageLock storageLock,
        string says = "") => RefusalException.Catch(() =>
    {
        ArgumentNullException.ThrowIfNull(storageLock);
        var actors = _context.RequireTwo(first, second);
        _store.AddLock(actors, storageLock, says);
        return storageLock.Kind;
    });

    /// <summary>Whether these are two officers of the centre; the answer is their names.</summary>
    public CentreAnswer<string> RequirePresent(OfficerKey first, OfficerKey second) =>
        RefusalException.Catch(() => _context.RequireTwo(first, second));

    /// <summary>Takes a way to open the centre away; one always stays. Both officers are present.</summary>
    public CentreAnswer<StorageLockKind> RemoveLock(OfficerKey first, OfficerKey second, StorageLockKind kind) =>
        RefusalException.Catch(() =>
    {
        var actors = _context.RequireTwo(first, second);
        if (!Locks.Contains(kind))
            throw new RefusalException(CentreVerdict.Unknown, $"the centre is not opened with {kind}");
        if (Locks.Count == 1)
            throw new RefusalException(CentreVerdict.KeyRule,
                $"{kind} is the only way to open the centre; add another first");
        _store.RemoveLock(actors, kind);
        return kind;
    });

    /// <summary>Takes the root's signature of this centre as a receiver of groups.</summary>
    public CentreAnswer<string> Certify(string line) => RefusalException.Catch(() =>
    {
        if (!ModuleCertificate.TryParse(line, out var certificate, out var problem))
            throw new RefusalException(CentreVerdict.Format, problem);
        _ = ModuleCertificate.TryParse(_context.Identity.Certificate, out var own, out _);
        if (certificate != own! with
        {
            Signer = certificate.Signer,
            Signature = certificate.Signature,
            NotAfter = certificate.NotAfter,
        } || !certificate.IsSignedBy(Root))
            throw new RefusalException(CentreVerdict.Certificate,
                $"the certificate is not that of centre {Kmcid} as a receiver, signed by root {Root.Name}");
        _ = _store.Change("root", _ => "certificate as a receiver of groups taken", changes =>
        {
            changes.Put(RecordKinds.Identity, _context.Identity with { Certificate = certificate.Line });
            return 0;
        });
        return certificate.Line;
    });

    /// <summary>Reads the whole audit log and holds every record against it.</summary>
    public AuditReport VerifyLog(Action<AuditEntry>? take = null)
    {
        var report = _store.Verify(take);
        return report.Good && Approvals.FirstForged() is { } number
            ? report with { Good = false, Text = $"change {number} does not carry the signatures of two officers" }
            : report;
    }

    /// <summary>True where a place names a password: it belongs neither on a command line nor into a script.</summary>
    public static bool HoldsPassword(string place) => CentreLocation.Parse(place).HoldsPassword;

    /// <summary>Closes the centre and clears its keys.</summary>
    public void Dispose() => _store.Dispose();

    /// <summary>Says which centre it is.</summary>
    public override string ToString() => $"(centre {Kmcid})";

    private static KeyCentre Open(CentreStore store, CentreOptions options)
    {
        try
        {
            return new KeyCentre(store, options.Time);
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    // 90000000 to 99999999: makers of modules number from below.
    private static int ReceiverId(string kmcid)
    {
        var hash = System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(kmcid));
        return 90_000_000 + (int)(System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(hash) % 10_000_000);
    }
}
