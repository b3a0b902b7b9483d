using System.Globalization;

namespace OpenSts.KeyLoading;

/// <summary>What a module says about itself in its certificate, but for its key.</summary>
public sealed record ModuleDescription
{
    /// <summary>1 to 20 letters, digits and signs.</summary>
    public required string Maker { get; init; }

    /// <summary>1 to 99999999.</summary>
    public required int ModuleId { get; init; }

    /// <summary>1 to 20 characters.</summary>
    public string Hardware { get; init; } = "software";

    /// <summary>1 to 20 characters.</summary>
    public required string Firmware { get; init; }

    /// <summary>What the module is for.</summary>
    public required ModuleKind Kind { get; init; }

    /// <summary>UTC.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>UTC; the root may set another.</summary>
    public required DateTimeOffset NotAfter { get; init; }

    /// <summary>The certificate of a key, not signed yet.</summary>
    public ModuleCertificate Certificate(PublicPoint key) => new()
    {
        Maker = Maker,
        ModuleId = ModuleId.ToString("D8", CultureInfo.InvariantCulture),
        Created = ToSeconds(Created),
        Key = key,
        Hardware = Hardware,
        Firmware = Firmware,
        Kind = Kind,
        NotAfter = ToSeconds(NotAfter),
    };

    /// <summary>A time cut to whole seconds, as lines hold it.</summary>
    public static DateTimeOffset ToSeconds(DateTimeOffset time) =>
        DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds());
}
