using System.Globalization;
using System.Text;

namespace OpenSts.SecurityModule.Server;

/// <summary>Who a module says it is. Printable characters only; none of the texts holds a tilde.</summary>
public sealed record ModuleIdentity
{
    /// <summary>Eight digits: the module's number.</summary>
    public string ModuleId { get; init; } = "00000000";

    /// <summary>Maker, number, time and key of the module, with a check at the end; null for one made of <see cref="ModuleId"/>.</summary>
    public string? SecurityModuleId { get; init; }

    public string HardwareId { get; init; } = "OpenSts-Software-1";

    public string FirmwareId { get; init; } = "OPENSTS1";

    /// <summary>Eight octets in hexadecimal capitals; null for those of this build.</summary>
    public string? FirmwareHash { get; init; }

    /// <summary>Eight octets in hexadecimal capitals: unlike any other module's.</summary>
    public string UniqueId { get; init; } = "0000000000000000";

    /// <summary>The identity of the module that a vault belongs to: made of the vault's random name, so that it stays.</summary>
    public static ModuleIdentity OfVault(Guid vault)
    {
        Span<byte> octets = stackalloc byte[16];
        _ = vault.TryWriteBytes(octets, bigEndian: true, out _);
        var number = System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(octets[8..]) % 100_000_000;
        return new ModuleIdentity { ModuleId = number.ToString("D8", CultureInfo.InvariantCulture), UniqueId = Convert.ToHexString(octets[..8]) };
    }

    /// <summary>What SM?QI says first.</summary>
    // Until a key management centre knows the module there is neither a time nor a key to name: zeros stand there.
    internal string SecurityModuleIdText => SecurityModuleId ?? Joined($"SMID.1:OpenSts:{ModuleId}:19930101T000000Z:{UniqueId}:");

    /// <summary>The firmware's hash, or that of this build.</summary>
    internal string FirmwareHashText => FirmwareHash ?? Convert.ToHexString(typeof(ModuleIdentity).Module.ModuleVersionId.ToByteArray(bigEndian: true).AsSpan(0, 8));

    /// <summary>Puts the check behind a joined text: CRC-16/MODBUS over everything to the last colon, four hexadecimal capitals.</summary>
    internal static string Joined(string text)
    {
        var crc = 0xFFFF;
        foreach (var octet in Encoding.ASCII.GetBytes(text))
        {
            crc ^= octet;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xA001 : crc >> 1;
        }

        return text + crc.ToString("X4", CultureInfo.InvariantCulture);
    }
}
