using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using OpenSts.KeyLoading;
using OpenSts.SecureStorage;

namespace OpenSts.KeyManagement.Records;

/// <summary>A person who may ask for changes and approve those of others.</summary>
public sealed record Officer
{
    /// <summary>1 to 40 letters, digits, spaces, dots and dashes.</summary>
    public required string Name { get; init; }

    /// <summary>Checks this person's signatures.</summary>
    public required string PublicKey { get; init; }

    /// <summary>When the person became an officer, UTC.</summary>
    public required DateTimeOffset Enrolled { get; init; }

    /// <summary>True where the person has left.</summary>
    public bool Removed { get; init; }

    /// <summary>True for a name that has the form.</summary>
    public static bool IsName(string? name) =>
        name is { Length: >= 1 and <= 40 } && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is ' '
            or '.' or '-') && name.Trim() == name;
}

/// <summary>What an officer keeps: a private key that signs what this person asks for and approves.</summary>
/// <remarks>
/// One line: <c>sts-officer-1:name:key:check</c>, hexadecimal; the check is 4 octets of SHA-256 over the rest.
/// </remarks>
public sealed class OfficerKey : IDisposable
{
    private const string Head = "sts-officer-1";
    private readonly AgreementKey _key;

    private OfficerKey(string name, AgreementKey key) => (Name, _key) = (name, key);

    /// <summary>The name of the person.</summary>
    public string Name { get; }

    /// <summary>98 hexadecimal capitals.</summary>
    public string PublicKey => _key.Public.Text;

    /// <summary>A new key for a person.</summary>
    public static OfficerKey Create(string name) => Officer.IsName(name)
        ? new OfficerKey(name, AgreementKey.Create())
        : throw new ArgumentException("An officer's name has 1 to 40 letters, digits, spaces, dots and dashes.",
            nameof(name));

    /// <summary>Reads the line an officer keeps; false where it is not one or was mistyped.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out OfficerKey? officer)
    {
        officer = null;
        Span<Range> parts = stackalloc Range[5];
        text = text.Trim();
        if (text.Length > 200 || text.Split(parts, ':') != 4 || !text[parts[0]].SequenceEqual(Head)
            || !Officer.IsName(text[parts[1]].ToString()))
            return false;
        Span<byte> scalar = stackalloc byte[AgreementKey.Length];
        try
        {
            if (text[parts[2]].Length != AgreementKey.Length * 2
                || Convert.FromHexString(text[parts[2]], scalar, out _, out _) != System.Buffers.OperationStatus.Done
                || !text[parts[3]].SequenceEqual(Check(text[parts[1]].ToString(), scalar)))
                return false;
            officer = new OfficerKey(text[parts[1]].ToString(), AgreementKey.Import(scalar));
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(scalar);
        }
    }

    /// <summary>Writes the line into a new file of mode 0600, for its officer to take away.</summary>
    /// <exception cref="IOException">The file exists or cannot be written.</exception>
    public void Save(string path)
    {
        using var scalar = _key.LeaseScalar();
        PrivateFile.WriteSecret(path, $"{Head}:{Name}:", scalar.Span, ":" + Check(Name, scalar.Span));
    }

    /// <summary>Clears the key.</summary>
    public void Dispose() => _key.Dispose();

    /// <summary>Says whose it is, never what it holds.</summary>
    public override string ToString() => $"(officer {Name})";

    internal string Sign(string text) => SigningKey.Sign(_key, text);

    private static string Check(string name, ReadOnlySpan<byte> scalar)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Head}:{name}:")));
        hash.AppendData(scalar);
        return Convert.ToHexString(hash.GetHashAndReset().AsSpan(0, 4));
    }
}
