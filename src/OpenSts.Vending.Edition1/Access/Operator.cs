using System.Security.Cryptography;
using OpenSts.Vending.Documents;

namespace OpenSts.Vending.Access;

/// <summary>A person who signs in.</summary>
public sealed record Operator
{
    /// <summary>What is typed at sign-in.</summary>
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required Role Role { get; init; }

    /// <summary>The vendor the person sells for; null for the utility.</summary>
    public string? Vendor { get; init; }

    /// <summary>Language of pages and receipts: en or fr.</summary>
    public string Language { get; init; } = "en";

    public required bool Active { get; init; }

    /// <summary>Salted hash; see <see cref="PasswordHash"/>.</summary>
    public required string Password { get; init; }

    /// <summary>Wrong passwords since the last right one.</summary>
    public int Failures { get; init; }

    /// <summary>Until when no password is taken.</summary>
    public DateTimeOffset? LockedUntil { get; init; }

    /// <summary>The stored operators.</summary>
    public static DocumentTable<Operator> Table { get; } = new("operator");
}

/// <summary>Passwords as they are kept: PBKDF2 with SHA-256, a salt of its own and 600,000 rounds.</summary>
public static class PasswordHash
{
    private const int Rounds = 600_000;
    private const int SaltLength = 16;
    private const int HashLength = 32;
    private static readonly string Nobody = Create(Convert.ToHexString(RandomNumberGenerator.GetBytes(16)));

    /// <summary>Rounds, salt and hash as one text.</summary>
    public static string Create(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltLength);
        return $"{Rounds}.{Convert.ToHexString(salt)}.{Convert.ToHexString(Rfc2898DeriveBytes.Pbkdf2(password, salt, Rounds, HashAlgorithmName.SHA256, HashLength))}";
    }

    /// <summary>Compares; for an unknown name (null) it takes as long and is false.</summary>
    public static bool Matches(string password, string? stored)
    {
        var parts = (stored ?? Nobody).Split('.');
        var rounds = int.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture);
        var hash = Rfc2898DeriveBytes.Pbkdf2(password, Convert.FromHexString(parts[1]), rounds, HashAlgorithmName.SHA256, HashLength);
        return CryptographicOperations.FixedTimeEquals(hash, Convert.FromHexString(parts[2])) && stored is not null;
    }
}
