using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using OpenSts.Keys;
using OpenSts.Secrets;

namespace OpenSts.KeyManagement.Keys;

/// <summary>One key record of a key load file of Edition 1: text of fixed columns, type 9520.</summary>
/// <remarks>
/// What is public is one client's table of columns. How the key in it is encrypted is not: it is taken here only where
/// it stands in clear, which its own check digits prove. For laboratories.
/// </remarks>
public sealed record Edition1KeyRecord
{
    private const string Type = "9520";
    private const int Shortest = 83;

    /// <summary>Two characters.</summary>
    public required string Function { get; init; }

    /// <summary>0 to 99.</summary>
    public required int Register { get; init; }

    /// <summary>A letter whose meaning is not public.</summary>
    public required char KeyType { get; init; }

    /// <inheritdoc cref="KeyType"/>
    public required char Parity { get; init; }

    /// <inheritdoc cref="KeyType"/>
    public required char Method { get; init; }

    /// <summary>0 to 99.</summary>
    public required int Parent { get; init; }

    /// <summary>16 hexadecimal digits of the key's check.</summary>
    public required string CheckDigits { get; init; }

    /// <summary>When the record was sent, UTC.</summary>
    public required DateTimeOffset Sent { get; init; }

    /// <summary>From when the key may be used, UTC.</summary>
    public required DateTimeOffset Active { get; init; }

    /// <summary>1 to 9.</summary>
    public required int Krn { get; init; }

    /// <summary>0 to 255.</summary>
    public required int Ken { get; init; }

    /// <summary>Six digits.</summary>
    public required string Sgc { get; init; }

    /// <summary>Up to 15 characters.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// True where the key stands in clear: its DES encryption of zeros is what the check digits say.
    /// </summary>
    public required bool IsClear { get; init; }

    internal string KeyField { get; private init; } = "";

    /// <summary>
    /// Reads a line; false with a sentence that names the column. Never says what the key's columns held.
    /// </summary>
    public static bool TryParse(string? line, [NotNullWhen(true)] out Edition1KeyRecord? record, out string problem)
    {
        record = null;
        problem = "";
        if (line is null || line.Length < Shortest || line.Length > Shortest + 15
            || line.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            problem =
                $"a record 9520 has {Shortest} to {Shortest + 15} printable characters, this line has "
                    + $"{line?.Length ?? 0}";
            return false;
        }

        if (!line.StartsWith(Type, StringComparison.Ordinal))
        {
            problem = $"columns 0 to 3 held {line[..4]}; permitted: {Type}";
            return false;
        }

        var fault = "";
        int Number(int at, int length, string name, int least, int most)
        {
            var good = int.TryParse(line.AsSpan(at, length), NumberStyles.None, CultureInfo.InvariantCulture,
                out var value) && value >= least && value <= most;
            if (!good && fault.Length == 0)
                fault =
                    $"columns {at} to {at + length - 1}, {name}, held {line.Substring(at, length)}; permitted: "
                        + $"{least} to {most} in {length} digits";
            return value;
        }

        DateTimeOffset Time(int at, string name)
        {
            var good = DateTimeOffset.TryParseExact(line.AsSpan(at, 14), "yyyyMMddHHmmss",
                CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var value);
            if (!good && fault.Length == 0)
                fault = $"columns {at} to {at + 13}, {name}, held {line.Substring(at, 14)}; permitted: CCYYMMDDhhmmss";
            return value;
        }

        if (!line.AsSpan(13, 32).ToString().All(char.IsAsciiHexDigit))
            fault = "columns 13 to 44, key and check digits; permitted: 32 hexadecimal digits";
        record = new Edition1KeyRecord
        {
            Function = line.Substring(4, 2),
            Register = Number(6, 2, "register", 0, 99),
            KeyType = line[8],
            Parity = line[9],
            Method = line[10],
            Parent = Number(11, 2, "parent register", 0, 99),
            KeyField = line.Substring(13, 16),
            CheckDigits = line.Substring(29, 16).ToUpperInvariant(),
            Sent = Time(45, "time sent"),
            Active = Time(59, "time active"),
            Krn = Number(73, 1, "key revision", 1, 9),
            Ken = Number(74, 3, "key expiry", 0, 255),
            Sgc = Number(77, 6, "supply group code", 0, 999_999).ToString("D6", CultureInfo.InvariantCulture),
            Name = line[Shortest..].TrimEnd(),
            IsClear = false,
        };
        problem = fault;
        record = fault.Length == 0 ? record with { IsClear = HasItsCheck(record) } : null;
        return record is not null;
    }

    /// <summary>What can be told of it: never the key.</summary>
    public override string ToString() => $"(Edition 1 key record, group {Sgc}, revision {Krn}, register {Register})";

    /// <summary>The key where it stands in clear; the caller disposes it.</summary>
    internal SecretBytes OpenKey()
    {
        var key = new SecretBytes(8);
        using var into = key.LeaseForWriting();
        _ = Convert.FromHexString(KeyField, into.Span, out _, out _);
        return key;
    }

    // The first three octets are what this project knows as check value; the base library refuses to compute the rest
    // for weak keys.
    private static bool HasItsCheck(Edition1KeyRecord record)
    {
        using var octets = record.OpenKey();
        using var lease = octets.Lease();
        if (!Hazmat.TryImportVendingKey(lease.Span, out var key, out _))
            return false;
        using (key)
            return record.CheckDigits.StartsWith(KeyCheckValue.Of(key), StringComparison.Ordinal);
    }
}
