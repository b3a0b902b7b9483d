using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using OpenSts.Sts6;

namespace OpenSts.KeyLoading;

/// <summary>A module's request for a key load file: its key for this file only, and its clock.</summary>
/// <remarks>
/// <c>VKLR.1:KMCID:seq4:ModuleId:SmKeyId16:Qe:clock:nonce:</c>. Not signed: only the module whose static key is
/// certified can use the answer.
/// </remarks>
public sealed record LoadRequest
{
    /// <summary>The type at the beginning of the line.</summary>
    public const string Type = "VKLR.1";

    /// <summary>The centre that is asked: six capitals and digits.</summary>
    public required string Kmcid { get; init; }

    /// <summary>Which of the centre's keys the module knows.</summary>
    public required int Sequence { get; init; }

    /// <summary>The module that asks: eight digits.</summary>
    public required string ModuleId { get; init; }

    /// <summary>16 hexadecimal capitals.</summary>
    public required string KeyIdentifier { get; init; }

    /// <summary>The module's public key for this file.</summary>
    public required PublicPoint Ephemeral { get; init; }

    /// <summary>The module's clock.</summary>
    public required DateTimeOffset Clock { get; init; }

    /// <summary>32 hexadecimal capitals.</summary>
    public required string Nonce { get; init; }

    /// <summary>The whole line.</summary>
    public string Line =>
        ConcatLine.Close(string.Create(CultureInfo.InvariantCulture,
        $"{Type}:{Kmcid}:{Sequence:D4}:{ModuleId}:{KeyIdentifier}:{Ephemeral}:{ConcatLine.Time(Clock)}:{Nonce}:"));

    /// <summary>Reads a line.</summary>
    public static bool TryParse(string? line, [NotNullWhen(true)] out LoadRequest? request, out string problem)
    {
        request = null;
        if (!ConcatLine.TrySplit(line, Type, 7, out var fields, out problem))
            return false;
        var reader = new FieldReader(Type, fields);
        request = new LoadRequest
        {
            Kmcid = reader.Name(0, "KMCID", 6),
            Sequence = reader.Number(1, "seq", 4, 1),
            ModuleId = reader.Number(2, "ModuleId", 8, 1).ToString("D8", CultureInfo.InvariantCulture),
            KeyIdentifier = reader.Hex(3, "SmKeyId16", 8),
            Ephemeral = reader.Point(4, "Qe"),
            Clock = reader.Time(5, "clock"),
            Nonce = reader.Hex(6, "nonce", 16),
        };
        problem = reader.Problem;
        if (problem.Length != 0)
            request = null;
        return request is not null;
    }

    /// <inheritdoc cref="Line"/>
    public override string ToString() => Line;
}

/// <summary>The first line of a key load file: for whom, in answer to what, under which key of the centre.</summary>
/// <remarks><c>KLF2.1:KMCID:seq4:ModuleId:SmKeyId16:KEKID:hash of the request:Qe:created:count:</c></remarks>
public sealed record LoadHeader
{
    /// <summary>The type at the beginning of the line.</summary>
    public const string Type = "KLF2.1";

    /// <summary>Keys that a file holds at most.</summary>
    public const int GreatestCount = 9999;

    /// <summary>The centre that made the file: six capitals and digits.</summary>
    public required string Kmcid { get; init; }

    /// <summary>Which of the centre's keys was used: 1 to 9999.</summary>
    public required int Sequence { get; init; }

    /// <summary>The module the file is for: eight digits.</summary>
    public required string ModuleId { get; init; }

    /// <summary>The name of the module's key: 16 hexadecimal capitals.</summary>
    public required string KeyIdentifier { get; init; }

    /// <summary>1 to 99999999; rises with every file of this centre for this module.</summary>
    public required int KekId { get; init; }

    /// <summary>The first 16 octets of SHA-384 over the request's line, in hexadecimal capitals.</summary>
    public required string RequestHash { get; init; }

    /// <summary>The centre's public key for this file.</summary>
    public required PublicPoint Ephemeral { get; init; }

    /// <summary>When the file was made, UTC.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>How many keys follow.</summary>
    public required int Count { get; init; }

    /// <summary>The whole line.</summary>
    public string Line => ConcatLine.Close(string.Create(CultureInfo.InvariantCulture,
        $"{Type}:{Kmcid}:{Sequence:D4}:{ModuleId}:{KeyIdentifier}:{KekId:D8}:{RequestHash}:{Ephemeral}:{ConcatLine.Time(Created)}:{Count}:"));

    /// <summary>The hash by which a file names the request it answers.</summary>
    public static string HashOf(string requestLine) =>
        Convert.ToHexString(System.Security.Cryptography.SHA384.HashData(
            System.Text.Encoding.ASCII.GetBytes(requestLine)).AsSpan(0, 16));

    /// <summary>Reads a line.</summary>
    public static bool TryParse(string? line, [NotNullWhen(true)] out LoadHeader? header, out string problem)
    {
        header = null;
        if (!ConcatLine.TrySplit(line, Type, 9, out var fields, out problem))
            return false;
        var reader = new FieldReader(Type, fields);
        header = new LoadHeader
        {
            Kmcid = reader.Name(0, "KMCID", 6),
            Sequence = reader.Number(1, "seq", 4, 1),
            ModuleId = reader.Number(2, "ModuleId", 8, 1).ToString("D8", CultureInfo.InvariantCulture),
            KeyIdentifier = reader.Hex(3, "SmKeyId16", 8),
            KekId = reader.Number(4, "KEKID", 8, 1),
            RequestHash = reader.Hex(5, "request", 16),
            Ephemeral = reader.Point(6, "Qe"),
            Created = reader.Time(7, "created"),
            Count = reader.Count(8, "count", GreatestCount),
        };
        problem = reader.Problem;
        if (problem.Length != 0)
            header = null;
        return header is not null;
    }

    /// <inheritdoc cref="Line"/>
    public override string ToString() => Line;
}

/// <summary>The module's word that it holds what a file held: only with the file's keys can it be written.</summary>
/// <remarks>
/// <c>KCNF.1:KMCID:ModuleId:KEKID:count:mac:</c>. The mac is over <c>KCONF.1:KEKID:count:</c> and the whole last line
/// of the file.
/// </remarks>
public sealed record LoadConfirmation
{
    /// <summary>The type at the beginning of the line.</summary>
    public const string Type = "KCNF.1";

    /// <summary>The centre: six capitals and digits.</summary>
    public required string Kmcid { get; init; }

    /// <summary>The module: eight digits.</summary>
    public required string ModuleId { get; init; }

    /// <summary>The number of the file, from 1.</summary>
    public required int KekId { get; init; }

    /// <summary>Keys of the file.</summary>
    public required int Count { get; init; }

    /// <summary>48 hexadecimal capitals.</summary>
    public required string Mac { get; init; }

    /// <summary>The whole line.</summary>
    public string Line => ConcatLine.Close(
        string.Create(CultureInfo.InvariantCulture, $"{Type}:{Kmcid}:{ModuleId}:{KekId:D8}:{Count}:{Mac}:"));

    /// <summary>Reads a line.</summary>
    public static bool TryParse(string? line, [NotNullWhen(true)] out LoadConfirmation? confirmation,
        out string problem)
    {
        confirmation = null;
        if (!ConcatLine.TrySplit(line, Type, 5, out var fields, out problem))
            return false;
        var reader = new FieldReader(Type, fields);
        confirmation = new LoadConfirmation
        {
            Kmcid = reader.Name(0, "KMCID", 6),
            ModuleId = reader.Number(1, "ModuleId", 8, 1).ToString("D8", CultureInfo.InvariantCulture),
            KekId = reader.Number(2, "KEKID", 8, 1),
            Count = reader.Count(3, "count", LoadHeader.GreatestCount),
            Mac = reader.Hex(4, "mac", TransportKeys.MacLength),
        };
        problem = reader.Problem;
        if (problem.Length != 0)
            confirmation = null;
        return confirmation is not null;
    }

    internal static string MacInput(int kekId, int count, string endLine) =>
        string.Create(CultureInfo.InvariantCulture, $"KCONF.1:{kekId:D8}:{count}:{endLine}");

    /// <inheritdoc cref="Line"/>
    public override string ToString() => Line;
}
