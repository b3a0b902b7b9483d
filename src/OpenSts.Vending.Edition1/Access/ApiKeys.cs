using System.Security.Cryptography;
using System.Text;
using OpenSts.Vending.Documents;
using OpenSts.Vending.Storage;

namespace OpenSts.Vending.Access;

/// <summary>What is known of an API key; the key itself is shown once and kept as a hash.</summary>
public sealed record ApiKey
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary>What it may do.</summary>
    public required IReadOnlyList<Permission> Permissions { get; init; }

    /// <summary>The vendor it sells for; null for any.</summary>
    public string? Vendor { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required string CreatedBy { get; init; }
}

/// <summary>Makes, finds and revokes API keys.</summary>
public static class ApiKeys
{
    private const string Prefix = "osk";

    /// <summary>Stores a new key; the text is shown now and never again.</summary>
    public static string Create(IStoreSession session, ApiKey key)
    {
        var text = NewText(key, out var digest);
        Add(session, key, digest);
        return text;
    }

    /// <summary>The text of a new key, which is nowhere kept, and what is kept of it.</summary>
    public static string NewText(ApiKey key, out string digest)
    {
        ArgumentNullException.ThrowIfNull(key);
        var secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        digest = Digest(secret);
        return $"{Prefix}_{key.Id}_{secret}";
    }

    /// <summary>Stores a key, which counts from then on.</summary>
    public static void Add(IStoreSession session, ApiKey key, string digest)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(key);
        _ = session.Execute("INSERT INTO api_keys (id, digest, body, revoked) VALUES ($1, $2, $3, 0)", key.Id, digest, StoredJson.Write(key));
    }

    /// <summary>A new key's id.</summary>
    public static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));

    /// <summary>The key that a text is; null where it is none, wrong or revoked.</summary>
    public static ApiKey? Find(IStoreSession session, string text) => Find(session, [text])[0];

    /// <summary>The keys that texts are, looked up together; null where one is none, wrong or revoked.</summary>
    public static IReadOnlyList<ApiKey?> Find(IStoreSession session, IReadOnlyList<string> texts)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(texts);
        var asked = texts.Select(Read).ToList();
        var found = new Dictionary<string, (ApiKey Key, byte[] Digest)>(StringComparer.Ordinal);
        session.Ask([new("SELECT id, body, digest FROM api_keys WHERE id = ANY($1) AND revoked = 0",
            row => found[row.Text(0)] = (StoredJson.Read<ApiKey>(row.Text(1)), Encoding.ASCII.GetBytes(row.Text(2))), SqlValue.Of([.. asked.Select(key => key.Id).Distinct()]))]);
        return asked.ConvertAll(key => found.TryGetValue(key.Id, out var stored) && CryptographicOperations.FixedTimeEquals(stored.Digest, key.Digest) ? stored.Key : null);
    }

    /// <summary>Keys that are not revoked.</summary>
    public static List<ApiKey> List(IStoreSession session, string after, int count)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session.Query("SELECT body FROM api_keys WHERE revoked = 0 AND id > $1 ORDER BY id LIMIT $2", row => StoredJson.Read<ApiKey>(row.Text(0)), after, count);
    }

    /// <summary>Revokes a key; false where there is none.</summary>
    public static bool Revoke(IStoreSession session, string id)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session.Execute("UPDATE api_keys SET revoked = 1 WHERE id = $1 AND revoked = 0", id) == 1;
    }

    private static (string Id, byte[] Digest) Read(string text)
    {
        var parts = text.Split('_');
        return parts.Length == 3 && parts[0] == Prefix ? (parts[1], Encoding.ASCII.GetBytes(Digest(parts[2]))) : ("", []);
    }

    // The secret has 256 random bits: one round of a hash is enough to make a stolen store useless.
    internal static string Digest(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
