using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using OpenSts.KeyLoading;

namespace OpenSts.SecurityModule.Loading;

/// <summary>How far a module is with one key management centre.</summary>
public enum CentreSlotState
{
    /// <summary>The centre's certificate is known; no request was made since.</summary>
    Pending,

    /// <summary>A request was made and its file is awaited.</summary>
    Loading,

    /// <summary>The last file that was requested is loaded.</summary>
    Active,
}

/// <summary>What a module keeps about one key management centre.</summary>
/// <remarks>Kept as text with the module's key for the awaited file, in one sealed record of the vault.</remarks>
public sealed record CentreSlot
{
    private const string Head = "SLOT1", None = "-";

    // Stored in the vault, in the order of the enum's numbers: never renamed.
    private static readonly string[] StateNames = ["Pending", "Loading", "Active"];

    /// <summary>1 to 8.</summary>
    public required int Number { get; init; }

    public required CentreSlotState State { get; init; }

    /// <summary>The certificate under which the present keys came; null before the first file.</summary>
    public CentreCertificate? Active { get; init; }

    /// <summary>The certificate under which the next file is asked for; null where it is the active one.</summary>
    public CentreCertificate? Next { get; init; }

    /// <summary>The number of the last file that was loaded; 0 before the first.</summary>
    public int LastKekId { get; init; }

    /// <summary>The request whose file is awaited; null where none is.</summary>
    public LoadRequest? Request { get; init; }

    /// <summary>What was confirmed last; null before the first file.</summary>
    public LoadOutcome? LastOutcome { get; init; }

    /// <summary>The centre's name.</summary>
    public string Kmcid => Using.Kmcid;

    /// <summary>The certificate for the next agreement.</summary>
    public CentreCertificate Using => Next ?? Active ?? throw new System.Diagnostics.UnreachableException();

    /// <summary>True once a file was loaded: its registers may be used, also while a refresh is under way.</summary>
    public bool MayVend => Active is not null;

    internal string ToText() => string.Join('\n', Head, StateNames[(int)State], Active?.Line ?? None, Next?.Line
        ?? None, LastKekId.ToString(CultureInfo.InvariantCulture), Request?.Line ?? None,
        LastOutcome is { } last ? string.Create(CultureInfo.InvariantCulture,
            $"{last.Loaded} {last.Removed} {last.EndHash} {last.Confirmation.Line}") : None);

    // What is read here was sealed by this module: it is not checked a second time.
    internal static bool TryParse(int number, string text, [NotNullWhen(true)] out CentreSlot? slot)
    {
        slot = null;
        var lines = text.Split('\n');
        if (lines.Length != 7 || lines[0] != Head || Array.IndexOf(StateNames, lines[1]) is not (>= 0 and var state))
            return false;
        _ = CentreCertificate.TryParse(lines[2], out var active, out _);
        _ = CentreCertificate.TryParse(lines[3], out var next, out _);
        _ = LoadRequest.TryParse(lines[5], out var request, out _);
        slot = new CentreSlot
        {
            Number = number,
            State = (CentreSlotState)state,
            Active = active,
            Next = next,
            LastKekId = int.Parse(lines[4], CultureInfo.InvariantCulture),
            Request = request,
            LastOutcome = LoadOutcome.TryParse(lines[6]),
        };
        return active is not null || next is not null;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"(slot {Number}: centre {Kmcid}, key {Using.Sequence}, {State}, file {LastKekId})";
}

/// <summary>What the end of a file brought.</summary>
public sealed record LoadOutcome
{
    /// <summary>Registers that were set.</summary>
    public required int Loaded { get; init; }

    /// <summary>Registers that were cleared, because the file no longer holds their keys.</summary>
    public required int Removed { get; init; }

    /// <summary>For the centre.</summary>
    public required LoadConfirmation Confirmation { get; init; }

    internal string EndHash { get; init; } = "";

    internal static LoadOutcome? TryParse(string text)
    {
        var parts = text.Split(' ', 4);
        return parts.Length == 4 && LoadConfirmation.TryParse(parts[3], out var confirmation, out _)
            ? new LoadOutcome
            {
                Loaded = int.Parse(parts[0], CultureInfo.InvariantCulture),
                Removed = int.Parse(parts[1], CultureInfo.InvariantCulture),
                EndHash = parts[2],
                Confirmation = confirmation,
            }
            : null;
    }
}

/// <summary>
/// The answer to one line of a file: for a header the number of keys, for a key its register and check value.
/// </summary>
/// <param name="Count">Keys that the header promises; 0 for a key.</param>
/// <param name="Register">Where the key will be when the file is whole; 0 for a header.</param>
/// <param name="CheckValue">Six hexadecimal capitals; empty for a header.</param>
public sealed record LoadedLine(int Count, int Register, string CheckValue);
