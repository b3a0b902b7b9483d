using System.Globalization;
using OpenSts.SecurityModule.Loading;
using OpenSts.SecurityModule.Vault;
using OpenSts.Sts6;

namespace OpenSts.SecurityModule;

/// <summary>
/// What a module says about itself to whoever asks. Printable characters only; none of the texts holds a tilde.
/// </summary>
public sealed record PublicIdentification
{
    /// <summary>Eight digits: the module's number.</summary>
    public string ModuleId { get; init; } = "00000000";

    /// <summary>
    /// Maker, number, time and key of the module, with a check at the end; null for one made of
    /// <see cref="ModuleId"/>.
    /// </summary>
    public string? SecurityModuleId { get; init; }

    public string HardwareId { get; init; } = "OpenSts-Software-1";

    public string FirmwareId { get; init; } = "OPENSTS1";

    /// <summary>Eight octets in hexadecimal capitals; null for those of this build.</summary>
    public string? FirmwareHash { get; init; }

    /// <summary>Eight octets in hexadecimal capitals: unlike any other module's.</summary>
    public string UniqueId { get; init; } = "0000000000000000";

    /// <summary>
    /// What the module of a vault says: its certificate's words where a centre knows it, otherwise a number that stays
    /// with the vault.
    /// </summary>
    public static PublicIdentification Of(KeyVault vault)
    {
        ArgumentNullException.ThrowIfNull(vault);
        var usual = Of(vault.Vault);
        using var known = ModuleIdentity.Open(vault);
        return known is null ? usual : usual with
        {
            ModuleId = known.Certificate.ModuleId,
            SecurityModuleId = known.Certificate.Identification,
        };
    }

    /// <summary>Made of a vault's random name.</summary>
    internal static PublicIdentification Of(Guid vault)
    {
        Span<byte> octets = stackalloc byte[16];
        _ = vault.TryWriteBytes(octets, bigEndian: true, out _);
        var number = System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(octets[8..]) % 100_000_000;
        return new PublicIdentification
        {
            ModuleId = number.ToString("D8", CultureInfo.InvariantCulture),
            UniqueId = Convert.ToHexString(octets[..8]),
        };
    }

    /// <summary>What SM?QI says first.</summary>
    // Until a key management centre knows the module there is neither a time nor a key to name: zeros stand there.
    internal string SecurityModuleIdText =>
        SecurityModuleId ?? ConcatLine.Close($"SMID.1:OpenSts:{ModuleId}:19930101T000000Z:{UniqueId}:");

    /// <summary>The firmware's hash, or that of this build.</summary>
    internal string FirmwareHashText => FirmwareHash
        ?? Convert.ToHexString(typeof(PublicIdentification).Module.ModuleVersionId.ToByteArray(bigEndian: true)
        .AsSpan(0, 8));
}
