using System.Security.Cryptography;
using System.Text;
using OpenSts.KeyLoading;

namespace OpenSts.KeyManagement.Records;

/// <summary>How a user stands.</summary>
public enum UserState
{
    /// <summary>Its groups and modules get keys.</summary>
    Active,

    /// <summary>
    /// Its groups and modules get nothing new and nothing renewed; what modules hold serves until its date of issue.
    /// </summary>
    Suspended,

    /// <summary>It has no living key and no module; for ever.</summary>
    Closed,
}

/// <summary>
/// A user of the centre, to whom supply groups and modules belong: a utility, a landlord, a vending operator, a maker
/// of meters.
/// </summary>
public sealed record SgcUser
{
    /// <summary>
    /// The centre that registered it and a number there, such as NORTH1-0001: unique among all centres, and for ever.
    /// </summary>
    public required string Id { get; init; }

    /// <summary>1 to 40 characters; no two users of one home have the same.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// How its people are reached: 1 to 80 characters; empty where it was the owner of a group before users had
    /// records.
    /// </summary>
    public required string Contact { get; init; }

    /// <summary>How the user stands.</summary>
    public required UserState State { get; init; }

    /// <summary>Why it is in its state; empty for an active one.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The one centre that may change it: the one that registered it.</summary>
    public required string Home { get; init; }

    /// <summary>Rises with every change.</summary>
    public required int Version { get; init; }

    /// <summary>When it was registered, UTC.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>
    /// The officers who registered it, the centre it came from, or the edition that made it of an owner's name.
    /// </summary>
    public required string AddedBy { get; init; }

    /// <summary>True for a text of the form of an id.</summary>
    public static bool IsId(string? text) =>
        text is { Length: >= 11 and <= 15 } && text[6] == '-' && CentreCertificate.IsKmcid(text[..6])
            && text.Skip(7).All(char.IsAsciiHexDigitUpper);

    /// <summary>
    /// The user that a group's or module's owner becomes who was a name only: every centre that knows the name makes
    /// the same of it.
    /// </summary>
    internal static SgcUser OfName(string home, string name, DateTimeOffset created, string addedBy) => new()
    {
        Id = $"{home}-{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 4))}",
        Name = name,
        Contact = "",
        State = UserState.Active,
        Home = home,
        Version = 1,
        Created = created,
        AddedBy = addedBy,
    };

    /// <summary>What two centres must agree on.</summary>
    internal (string, string, string, UserState, string, int) Shared => (Id, Name, Contact, State, Reason, Version);
}
