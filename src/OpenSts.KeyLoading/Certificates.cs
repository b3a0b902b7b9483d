using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using OpenSts.Sts6;

namespace OpenSts.KeyLoading;

/// <summary>What a certified security module is for.</summary>
public enum ModuleKind
{
    /// <summary>VEND: makes credit, management and key change tokens.</summary>
    Vending,

    /// <summary>MANU: codes meters; never makes credit.</summary>
    Manufacturing,

    /// <summary>KMCE: another key management centre, which receives groups by the same file.</summary>
    Centre,
}

/// <summary>A module's identity and public key, signed by the root.</summary>
/// <remarks>
/// <c>SMPK.1:maker:ModuleId:created:SmKeyId16:Q:HwId:FwId:VEND|MANU|KMCE:notAfter:signer:signature:</c>
/// </remarks>
public sealed record ModuleCertificate
{
    /// <summary>The type at the beginning of the line.</summary>
    public const string Type = "SMPK.1";
    private static readonly string[] KindNames = ["VEND", "MANU", "KMCE"];

    /// <summary>1 to 20 characters.</summary>
    public required string Maker { get; init; }

    /// <summary>Eight digits.</summary>
    public required string ModuleId { get; init; }

    /// <summary>When the module made its key, UTC.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>The key with which it agrees.</summary>
    public required PublicPoint Key { get; init; }

    /// <summary>Name of the hardware: 1 to 20 characters.</summary>
    public required string Hardware { get; init; }

    /// <summary>Name of the firmware: 1 to 20 characters.</summary>
    public required string Firmware { get; init; }

    /// <summary>What the module is for.</summary>
    public required ModuleKind Kind { get; init; }

    /// <summary>No file is made for it afterwards.</summary>
    public required DateTimeOffset NotAfter { get; init; }

    /// <summary>The root's name, or <c>-</c> while nobody has signed.</summary>
    public string Signer { get; init; } = "-";

    /// <summary>192 hexadecimal capitals; zeros while nobody has signed.</summary>
    public string Signature { get; init; } = new('0', 192);

    /// <summary>What is signed: the line up to and including the colon before the signature.</summary>
    public string Signed => string.Create(CultureInfo.InvariantCulture,
        $"{Type}:{Maker}:{ModuleId}:{ConcatLine.Time(Created)}:{Key.Identifier}:{Key}:{Hardware}:{Firmware}:{KindNames[(int)Kind]}:{ConcatLine.Time(NotAfter)}:{Signer}:");

    /// <summary>The whole line.</summary>
    public string Line => ConcatLine.Close(Signed + Signature + ":");

    /// <summary>The public identification line of the module: maker, id, creation, key.</summary>
    public string Identification =>
        ConcatLine.Close($"SMID.1:{Maker}:{ModuleId}:{ConcatLine.Time(Created)}:{Key.Identifier}:");

    /// <summary>True where the root signed it.</summary>
    public bool IsSignedBy(RootCertificate root)
    {
        ArgumentNullException.ThrowIfNull(root);
        return Signer == root.Name && root.HasSigned(Signed, Signature);
    }

    /// <summary>Reads a line; whether its signature holds is another question.</summary>
    public static bool TryParse(string? line, [NotNullWhen(true)] out ModuleCertificate? certificate,
        out string problem)
    {
        certificate = null;
        if (!ConcatLine.TrySplit(line, Type, 11, out var fields, out problem))
            return false;
        var reader = new FieldReader(Type, fields);
        certificate = new ModuleCertificate
        {
            Maker = reader.Name(0, "maker", 20),
            ModuleId = reader.Number(1, "ModuleId", 8, 1).ToString("D8", CultureInfo.InvariantCulture),
            Created = reader.Time(2, "created"),
            Key = reader.Point(4, "Q"),
            Hardware = reader.Name(5, "HwId", 20),
            Firmware = reader.Name(6, "FwId", 20),
            Kind = (ModuleKind)Array.IndexOf(KindNames, reader.OneOf(7, "kind", KindNames)),
            NotAfter = reader.Time(8, "notAfter"),
            Signer = reader.Name(9, "signer", 20),
            Signature = reader.Hex(10, "signature", 96),
        };
        problem = reader.Problem;
        if (problem.Length == 0 && fields[3] != certificate.Key.Identifier)
            problem = $"{Type} field SmKeyId16 is not the name of the key Q";
        if (problem.Length != 0)
            certificate = null;
        return certificate is not null;
    }

    /// <inheritdoc cref="Line"/>
    public override string ToString() => Line;
}

/// <summary>A centre's public key with its time of use, signed by the root.</summary>
/// <remarks><c>KMPK.1:KMCID:seq4:Q:ACT:EXP:signer:signature:</c></remarks>
public sealed record CentreCertificate
{
    /// <summary>The type at the beginning of the line.</summary>
    public const string Type = "KMPK.1";

    /// <summary>The centre's name: six capitals and digits.</summary>
    public required string Kmcid { get; init; }

    /// <summary>Which of the centre's keys: 1 to 9999.</summary>
    public required int Sequence { get; init; }

    /// <summary>The public key with which the centre agrees.</summary>
    public required PublicPoint Key { get; init; }

    /// <summary>In use from then on.</summary>
    public required DateTimeOffset Activation { get; init; }

    /// <summary>No longer in use from then on.</summary>
    public required DateTimeOffset Expiry { get; init; }

    /// <inheritdoc cref="ModuleCertificate.Signer"/>
    public string Signer { get; init; } = "-";

    /// <inheritdoc cref="ModuleCertificate.Signature"/>
    public string Signature { get; init; } = new('0', 192);

    /// <inheritdoc cref="ModuleCertificate.Signed"/>
    public string Signed => string.Create(CultureInfo.InvariantCulture,
        $"{Type}:{Kmcid}:{Sequence:D4}:{Key}:{ConcatLine.Time(Activation)}:{ConcatLine.Time(Expiry)}:{Signer}:");

    /// <inheritdoc cref="ModuleCertificate.Line"/>
    public string Line => ConcatLine.Close(Signed + Signature + ":");

    /// <inheritdoc cref="ModuleCertificate.IsSignedBy"/>
    public bool IsSignedBy(RootCertificate root)
    {
        ArgumentNullException.ThrowIfNull(root);
        return Signer == root.Name && root.HasSigned(Signed, Signature);
    }

    /// <summary>True for six capitals and digits.</summary>
    public static bool IsKmcid(string? text) =>
        text is { Length: 6 } && text.All(letter => char.IsAsciiDigit(letter) || char.IsAsciiLetterUpper(letter));

    /// <inheritdoc cref="ModuleCertificate.TryParse"/>
    public static bool TryParse(string? line, [NotNullWhen(true)] out CentreCertificate? certificate,
        out string problem)
    {
        certificate = null;
        if (!ConcatLine.TrySplit(line, Type, 7, out var fields, out problem))
            return false;
        var reader = new FieldReader(Type, fields);
        certificate = new CentreCertificate
        {
            Kmcid = fields[0],
            Sequence = reader.Number(1, "seq", 4, 1),
            Key = reader.Point(2, "Q"),
            Activation = reader.Time(3, "ACT"),
            Expiry = reader.Time(4, "EXP"),
            Signer = reader.Name(5, "signer", 20),
            Signature = reader.Hex(6, "signature", 96),
        };
        problem = reader.Problem;
        if (problem.Length == 0 && !IsKmcid(fields[0]))
            problem = $"{Type} field KMCID held {fields[0]}; permitted: six capitals and digits";
        if (problem.Length == 0 && certificate.Expiry <= certificate.Activation)
            problem = $"{Type} field EXP lies before ACT";
        if (problem.Length != 0)
            certificate = null;
        return certificate is not null;
    }

    /// <inheritdoc cref="Line"/>
    public override string ToString() => Line;
}
