using System.Text.Json;
using System.Text.Json.Serialization;

namespace OpenSts.KeyManagement.Records;

/// <summary>A change that two people make: one asks for it, another approves it, and only then is it done.</summary>
[JsonDerivedType(typeof(AddUser), "add user")]
[JsonDerivedType(typeof(ChangeUser), "change user")]
[JsonDerivedType(typeof(SuspendUser), "suspend user")]
[JsonDerivedType(typeof(ResumeUser), "resume user")]
[JsonDerivedType(typeof(CloseUser), "close user")]
[JsonDerivedType(typeof(CreateGroup), "create group")]
[JsonDerivedType(typeof(ChangeGroup), "change group")]
[JsonDerivedType(typeof(MoveGroup), "move group")]
[JsonDerivedType(typeof(GenerateKey), "generate key")]
[JsonDerivedType(typeof(ImportLaboratoryKey), "import laboratory key")]
[JsonDerivedType(typeof(ChangeKey), "change key")]
[JsonDerivedType(typeof(ReplaceKey), "replace key")]
[JsonDerivedType(typeof(MakeKeyDefault), "make key default")]
[JsonDerivedType(typeof(LimitKeyToSets), "limit key to sets")]
[JsonDerivedType(typeof(RevokeKey), "revoke key")]
[JsonDerivedType(typeof(ProvideProductionKeys), "provide production keys")]
[JsonDerivedType(typeof(Authorise), "authorise")]
[JsonDerivedType(typeof(RevokeAuthorisation), "revoke authorisation")]
[JsonDerivedType(typeof(RevokeModule), "revoke module")]
[JsonDerivedType(typeof(EnrolOfficer), "enrol officer")]
[JsonDerivedType(typeof(RemoveOfficer), "remove officer")]
public abstract record ChangeRequest;

/// <summary>A new user: a utility, a landlord, a vending operator, a maker of meters.</summary>
public sealed record AddUser(string Name, string Contact) : ChangeRequest;

/// <summary>Another name or contact of a user.</summary>
public sealed record ChangeUser(string User, string Name, string Contact) : ChangeRequest;

/// <summary>Nothing new and nothing renewed for a user's groups and modules, until it is resumed.</summary>
public sealed record SuspendUser(string User, string Reason) : ChangeRequest;

/// <summary>The end of a suspension.</summary>
public sealed record ResumeUser(string User) : ChangeRequest;

/// <summary>The end of a user that has no living key and no module.</summary>
public sealed record CloseUser(string User, string Reason) : ChangeRequest;

/// <summary>A new supply group; the owner is a user's number or name.</summary>
public sealed record CreateGroup(string Code, string Name, string Owner, int Cluster = 0,
    bool UniversalDefault = false) : ChangeRequest;

/// <summary>Another name or user of a group; the owner is a user's number or name.</summary>
public sealed record ChangeGroup(string Code, string Name, string Owner) : ChangeRequest;

/// <summary>Another centre becomes the group's home with its next file.</summary>
public sealed record MoveGroup(string Code, string Home) : ChangeRequest;

/// <summary>A new key of the next revision, from the system's generator.</summary>
public sealed record GenerateKey(string Sgc, KeyType KeyType, DecoderKeyGenerationAlgorithm Dkga, int BaseYear,
    int Ken, DateTimeOffset Activation, DateTimeOffset Expiry, int RefreshDays) : ChangeRequest;

/// <summary>A key out of an Edition 1 record; its octets are wrapped at once, before anybody approves.</summary>
public sealed record ImportLaboratoryKey(string Sgc, int Krn, KeyType KeyType, int BaseYear, int Ken,
    DateTimeOffset Activation, DateTimeOffset Expiry, string CheckValue, string Wrapped) : ChangeRequest;

/// <summary>
/// Another end, refresh period or expiry number of a key. With <c>StopCredit</c> also where credit under a key in use
/// would end.
/// </summary>
public sealed record ChangeKey(string Key, DateTimeOffset Expiry, int RefreshDays, int Ken, bool StopCredit = false)
    : ChangeRequest;

/// <summary>
/// A new key of the next revision beside one that grew old: the same modules get it with the same limits, and both
/// vend.
/// </summary>
/// <param name="Key">The key that is to be replaced.</param>
/// <param name="Reason">1 to 40 characters.</param>
/// <param name="Expiry">The end of the new key.</param>
/// <param name="BaseYear">The new key's base date.</param>
/// <param name="Ken">The new key's expiry number.</param>
/// <param name="Dkga">The new key's algorithm; null for that of the old key.</param>
/// <param name="Activation">New key of a set from then on; null for now, or the beginning of its base date if that is
/// later.</param>
/// <param name="StopCredit">For a compromised key: the next file of every module takes credit away from it at
/// once.</param>
public sealed record ReplaceKey(string Key, string Reason, DateTimeOffset Expiry, int BaseYear, int Ken,
    DecoderKeyGenerationAlgorithm? Dkga = null, DateTimeOffset? Activation = null, bool StopCredit = false)
        : ChangeRequest;

/// <summary>New sales and new meters are under this key from now on; the former default key goes on vending.</summary>
public sealed record MakeKeyDefault(string Key) : ChangeRequest;

/// <summary>
/// The end of credit under an old key: it serves as the old side of key change sets only. With <c>StopCredit</c> also
/// where sales would stop.
/// </summary>
public sealed record LimitKeyToSets(string Key, string Reason, bool StopCredit = false) : ChangeRequest;

/// <summary>The end of a key: the next file of every module is without it.</summary>
public sealed record RevokeKey(string Key, string Reason) : ChangeRequest;

/// <summary>
/// The permission for each of the modules to hold each of the keys, with their limits; for centres, to hold the
/// groups.
/// </summary>
public sealed record Authorise(IReadOnlyList<string> Modules, IReadOnlyList<string> Subjects, uint UnitLimit,
    uint CurrencyLimit, int Subclasses, DateTimeOffset Until) : ChangeRequest;

/// <summary>
/// What a manufacturing module needs to build meters: a group of its maker with an initialization key and a default
/// key, and the permission for both.
/// </summary>
/// <param name="Module">A manufacturing module, eight digits.</param>
/// <param name="Code">The group's code; a new one is made for the module's user.</param>
/// <param name="Name">The name of a new group.</param>
/// <param name="Dkga">The algorithm of new keys.</param>
/// <param name="BaseYear">The base date of new keys.</param>
/// <param name="Expiry">The end of new keys and of the permission.</param>
public sealed record ProvideProductionKeys(string Module, string Code, string Name, DecoderKeyGenerationAlgorithm Dkga,
    int BaseYear, DateTimeOffset Expiry) : ChangeRequest;

/// <summary>The end of a permission.</summary>
public sealed record RevokeAuthorisation(string Module, string Subject, string Reason) : ChangeRequest;

/// <summary>The end of a module: no file is made for it any more.</summary>
public sealed record RevokeModule(string Module, string Reason) : ChangeRequest;

/// <summary>A new officer.</summary>
public sealed record EnrolOfficer(string Name, string PublicKey) : ChangeRequest;

/// <summary>The end of an officer; two always stay.</summary>
public sealed record RemoveOfficer(string Name, string Reason) : ChangeRequest;

/// <summary>How far a change is.</summary>
public enum ChangeState
{
    /// <summary>Waits for a second person.</summary>
    Open,

    /// <summary>Was approved and done.</summary>
    Done,

    /// <summary>Was refused by a second person, or taken back by the first.</summary>
    Refused,
}

/// <summary>A change with the two signatures it needs.</summary>
public sealed record PendingChange
{
    /// <summary>1 and up.</summary>
    public required int Number { get; init; }

    /// <summary>
    /// What is asked for, as it was signed: later editions of this program read it and never write it anew.
    /// </summary>
    public required string RequestText { get; init; }

    /// <summary>What is asked for.</summary>
    [JsonIgnore]
    public ChangeRequest Request => JsonSerializer.Deserialize(RequestText, RecordJson.Default.ChangeRequest)
        ?? throw new JsonException("A change asks for nothing.");

    /// <summary>The officer who asked.</summary>
    public required string AskedBy { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTimeOffset AskedAt { get; init; }

    /// <summary>By ECDSA over number, centre, person, time and request.</summary>
    public required string AskSignature { get; init; }

    /// <summary>How far the change is.</summary>
    public required ChangeState State { get; init; }

    /// <summary>The officer who approved or refused; empty while it is open.</summary>
    public string DecidedBy { get; init; } = "";

    /// <summary>When, UTC; null while it is open.</summary>
    public DateTimeOffset? DecidedAt { get; init; }

    /// <summary>Over the same, the first signature, the decision and its time.</summary>
    public string DecisionSignature { get; init; } = "";

    /// <summary>What came of it.</summary>
    public string Outcome { get; init; } = "";
}
