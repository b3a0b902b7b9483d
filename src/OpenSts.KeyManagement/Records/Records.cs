using OpenSts.KeyLoading;

namespace OpenSts.KeyManagement.Records;

/// <summary>A supply group: the meters that share vending keys.</summary>
public sealed record SupplyGroup
{
    /// <summary>Six digits.</summary>
    public required string Code { get; init; }

    /// <summary>1 to 40 characters.</summary>
    public required string Name { get; init; }

    /// <summary>The id of the user it belongs to.</summary>
    public required string Owner { get; init; }

    /// <summary>0 to 255; no key change leads from one cluster to another.</summary>
    public required int Cluster { get; init; }

    /// <summary>
    /// True where its default key goes to every module of the cluster, so that a meter can be built before its utility
    /// is known.
    /// </summary>
    public required bool UniversalDefault { get; init; }

    /// <summary>The one centre that may change it.</summary>
    public required string Home { get; init; }

    /// <summary>Rises with every change of the group or of one of its keys.</summary>
    public required int Version { get; init; }

    /// <summary>How many keys it ever had.</summary>
    public required int LastSerial { get; init; }

    /// <summary>The revision of the last of them; 0 before the first.</summary>
    public required int LastRevision { get; init; }

    /// <summary>When it was made, UTC.</summary>
    public required DateTimeOffset Created { get; init; }
}

/// <summary>What may be done with a vending key.</summary>
public enum KeyState
{
    /// <summary>Everything its type permits.</summary>
    Active,

    /// <summary>
    /// Meters are being changed away from it: it sells nothing and serves as the old key of sets and to verify.
    /// </summary>
    Retiring,

    /// <summary>It is in no file any more and its octets are erased.</summary>
    Revoked,
}

/// <summary>A vending key of the centre; its octets are wrapped under the master key.</summary>
/// <remarks>
/// Group, revision, type, algorithm and base date never change: the wrapped octets are bound to them.
/// </remarks>
public sealed record CentreVendingKey
{
    /// <summary>Group and serial, such as 123456-0001: unique for ever, also when revisions are used again.</summary>
    public required string Id { get; init; }

    /// <summary>The supply group: six digits.</summary>
    public required string Sgc { get; init; }

    /// <summary>1 to 9.</summary>
    public required int Krn { get; init; }

    /// <summary>Default (VDDK), unique (VUDK) or common (VCDK).</summary>
    public required KeyType KeyType { get; init; }

    /// <summary>DKGA02 for a key of 64 bits, DKGA04 for one of 160.</summary>
    public required DecoderKeyGenerationAlgorithm Dkga { get; init; }

    /// <summary>1993, 2014 or 2035.</summary>
    public required int BaseYear { get; init; }

    /// <summary>0 to 255.</summary>
    public required int Ken { get; init; }

    /// <summary>ACT: new key of a set from then on, UTC.</summary>
    public required DateTimeOffset Activation { get; init; }

    /// <summary>EXP: from then on the key is in no file.</summary>
    public required DateTimeOffset Expiry { get; init; }

    /// <summary>Days for which one file permits tokens: 1 to 3650.</summary>
    public required int RefreshDays { get; init; }

    /// <summary>Six hexadecimal capitals.</summary>
    public required string CheckValue { get; init; }

    /// <summary>What may be done with it.</summary>
    public required KeyState State { get; init; }

    /// <summary>Why it is in its state; empty for an active one.</summary>
    public string Reason { get; init; } = "";

    /// <summary>When it was made, UTC.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>
    /// True where new sales and new meters are under this key; false in records of version 1, where the oldest active
    /// key is meant.
    /// </summary>
    public bool IsDefault { get; init; }

    /// <summary>True for a key that came out of an Edition 1 record, in clear: for laboratories only.</summary>
    public bool Laboratory { get; init; }

    /// <summary>Empty where it was revoked.</summary>
    public required string Wrapped { get; init; }

    internal string Binding => FormattableString.Invariant(
        $"key {Id} {Sgc} {Krn} {StoredNames.Of(KeyType)} {StoredNames.Of(Dkga)} {BaseYear}");

    /// <summary>When the key serves no token any more, by its expiry number; null where it never ends.</summary>
    public DateTimeOffset? LastMinute => KeyExpiryNumber.FromNumber(Ken).LastMinute(BaseDate.FromYear(BaseYear));
}

/// <summary>A certified security module, or another centre.</summary>
public sealed record RegisteredModule
{
    /// <summary>Eight digits.</summary>
    public required string Id { get; init; }

    /// <summary>Its certificate.</summary>
    public required string Certificate { get; init; }

    /// <summary>What the module is for.</summary>
    public required ModuleKind Kind { get; init; }

    /// <summary>The id of the user that runs it; for another centre its KMCID.</summary>
    public required string Owner { get; init; }

    /// <summary>True where it gets no file any more.</summary>
    public bool Revoked { get; init; }

    /// <summary>Why.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The number of the last file made for it.</summary>
    public int LastKekId { get; init; }
}

/// <summary>The permission of one module to hold one key, or of another centre to hold one group.</summary>
public sealed record Authorisation
{
    /// <summary>Eight digits.</summary>
    public required string Module { get; init; }

    /// <summary>The key's id; for a centre, the group's code.</summary>
    public required string Subject { get; init; }

    /// <summary>Base units (0.1 kWh) until the next file; FFFFFFFFh for no limit.</summary>
    public required uint UnitLimit { get; init; }

    /// <summary>Whole units of currency until the next file; FFFFFFFFh for no limit.</summary>
    public required uint CurrencyLimit { get; init; }

    /// <summary>Class 0 subclasses that may be sold, bit n for subclass n.</summary>
    public required int Subclasses { get; init; }

    /// <summary>From then on it is in no file.</summary>
    public required DateTimeOffset Until { get; init; }

    /// <summary>True where it was taken back.</summary>
    public bool Revoked { get; init; }

    internal string Id => $"{Module}/{Subject}";

    // Without a limit or a subclass a module sells nothing under the key.
    internal bool Sells => Subclasses != 0 && (UnitLimit != 0 || CurrencyLimit != 0);
}

/// <summary>A key load file that was made.</summary>
public sealed record LoadFile
{
    /// <summary>Eight digits.</summary>
    public required string Module { get; init; }

    /// <summary>The number of the file among this module's, from 1.</summary>
    public required int KekId { get; init; }

    /// <summary>The hash of the request it answers.</summary>
    public required string RequestHash { get; init; }

    /// <summary>The file itself until it is confirmed: it opens in its module only.</summary>
    public required string Text { get; init; }

    /// <summary>SHA-256 over the file.</summary>
    public required string Hash { get; init; }

    /// <summary>SHA-256 over the MAC with which the module will confirm.</summary>
    public required string ConfirmationHash { get; init; }

    /// <summary>The ids of the keys in it.</summary>
    public required IReadOnlyList<string> Keys { get; init; }

    /// <summary>The earliest end of issue of its keys; null where it holds none.</summary>
    public DateTimeOffset? IssuedUntil { get; init; }

    /// <summary>
    /// The end of issue of each key, in the order of <see cref="Keys"/>; empty where all of them end at
    /// <see cref="IssuedUntil"/>.
    /// </summary>
    public IReadOnlyList<DateTimeOffset> Ends { get; init; } = [];

    /// <summary>When it was made, UTC.</summary>
    public required DateTimeOffset Made { get; init; }

    /// <summary>When the module's confirmation came; null before.</summary>
    public DateTimeOffset? Confirmed { get; init; }

    internal string Id => FormattableString.Invariant($"{Module}/{KekId:D8}");

    /// <summary>The end of issue of each key by its id.</summary>
    internal Dictionary<string, DateTimeOffset> EndsByKey() =>
        Keys.Select((key, i) => (key, Ends.Count == 0 ? IssuedUntil!.Value : Ends[i]))
            .ToDictionary(StringComparer.Ordinal);
}

/// <summary>One of the centre's own agreement keys.</summary>
public sealed record CentreKey
{
    /// <summary>1 to 9999.</summary>
    public required int Sequence { get; init; }

    /// <summary>Its certificate; not in use before the root has signed it.</summary>
    public required string Certificate { get; init; }

    /// <summary>The private key, sealed.</summary>
    public required string Wrapped { get; init; }
}

/// <summary>Another centre from which this one receives groups.</summary>
public sealed record SourceCentre
{
    /// <summary>Six capitals and digits.</summary>
    public required string Kmcid { get; init; }

    /// <summary>Its certificate, signed by the root.</summary>
    public required string Certificate { get; init; }

    /// <summary>The number of the last file that was taken; 0 before the first.</summary>
    public int LastKekId { get; init; }

    /// <summary>The request whose file is awaited; empty where none is.</summary>
    public string Request { get; init; } = "";

    /// <summary>The wrapped private key of that request.</summary>
    public string Wrapped { get; init; } = "";

    /// <summary>SHA-256 over the file that was taken last, and the confirmation that belongs to it.</summary>
    public string LastHash { get; init; } = "";

    /// <summary>The confirmation of that file.</summary>
    public string LastConfirmation { get; init; } = "";
}

/// <summary>Who this centre is.</summary>
public sealed record CentreIdentity
{
    /// <summary>Six capitals and digits.</summary>
    public required string Kmcid { get; init; }

    /// <summary>The line of the root it believes.</summary>
    public required string Root { get; init; }

    /// <summary>Its certificate as a receiver of groups; not in use before the root has signed it.</summary>
    public required string Certificate { get; init; }

    /// <summary>The private key that belongs to the certificate, sealed.</summary>
    public required string Wrapped { get; init; }
}

/// <summary>What seals the centre's keys beside the master key.</summary>
public sealed record KeySealing
{
    /// <summary>The name of an AES key on a PKCS#11 token; empty where the master key alone seals.</summary>
    public required string TokenKey { get; init; }

    /// <summary>A known text that this key sealed.</summary>
    public required string Probe { get; init; }
}
