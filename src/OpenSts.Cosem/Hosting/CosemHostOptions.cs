using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using OpenSts.Dlms.Security;
using OpenSts.Secrets;

namespace OpenSts.Cosem.Hosting;

/// <summary>
/// What the process is told: where it listens and where its files are. Keys are named, never held here.
/// </summary>
public sealed record CosemHostOptions
{
    /// <summary>
    /// The meter's file; left out where a meter process is at the other end of standard input and output.
    /// </summary>
    public string? Meter { get; init; }

    /// <summary>Address and port of the wrapper.</summary>
    public string? Wrapper { get; init; }

    /// <summary>Address and port of HDLC.</summary>
    public string? Hdlc { get; init; }

    /// <summary>Where invocation counters are kept.</summary>
    public string? CounterFile { get; init; }

    /// <summary>
    /// True to create the counter file where it does not exist: for keys that were never used before.
    /// </summary>
    public bool NewCounterFile { get; init; }

    /// <summary>
    /// Where keys are kept that came by key transfer or key agreement; without it, or without a master key, they are
    /// refused.
    /// </summary>
    public string? KeyStore { get; init; }

    /// <summary>The folder of the signature key and the certificates (suites 1 and 2).</summary>
    public string? Certificates { get; init; }

    /// <summary>Which keys.</summary>
    public KeyNames? Keys { get; init; }

    /// <summary>The longest APDU the server takes, 64 to 65535; 1024 where it is left out.</summary>
    public int? MaximumPdu { get; init; }

    /// <summary>
    /// How long an HDLC link without a frame of its client stays open, 1 to 86400 s; 120 where it is left out.
    /// </summary>
    public int? HdlcInactivitySeconds { get; init; }

    /// <summary>True for 112.11 and 113.10 as octet-strings.</summary>
    public bool OctetStringTimes { get; init; }

    /// <summary>Reads the JSON form.</summary>
    /// <exception cref="HostException">It is something else; the message names the member.</exception>
    public static CosemHostOptions Parse(string json)
    {
        try
        {
            var options = JsonSerializer.Deserialize(json, HostContext.Default.CosemHostOptions)
                ?? throw new HostException("the settings hold nothing");
            var faults = options.Faults().ToArray();
            return faults.Length == 0 ? options : throw new HostException(string.Join("; ", faults));
        }
        catch (JsonException error)
        {
            throw new HostException($"the settings cannot be read: {error.Message}");
        }
    }

    // All that is wrong, so that a person mends it at once.
    private IEnumerable<string> Faults()
    {
        if (MaximumPdu is < 64 or > ushort.MaxValue)
            yield return $"maximumPdu: {MaximumPdu} is not 64 to 65535";
        if (HdlcInactivitySeconds is < 1 or > 86_400)
            yield return $"hdlcInactivitySeconds: {HdlcInactivitySeconds} is not 1 to 86400";
        if (Wrapper is null && Hdlc is null)
            yield return "wrapper and hdlc are missing; at least one names an address and a port";
        if (Keys is null)
            yield return "keys is missing; it names the files of the keys, or the laboratory's";
        if (CounterFile is null)
            yield return "counterFile is missing; without it a recording can be played again after a restart";
    }

    /// <summary>The JSON form on one line.</summary>
    public string Write() => JsonSerializer.Serialize(this, HostContext.Default.CosemHostOptions);

    /// <summary>The endpoint of a member; null where it is left out.</summary>
    /// <exception cref="HostException">It is no address and port.</exception>
    public static IPEndPoint? EndPoint(string member, string? text) =>
        text is null ? null
        : text.Contains(':', StringComparison.Ordinal) && IPEndPoint.TryParse(text, out var found) ? found
        : throw new HostException($"{member}: '{text}' is not an address and a port, such as 127.0.0.1:4059");
}

/// <summary>Which keys: files that are this user's alone, or those of the published examples.</summary>
public sealed record KeyNames
{
    // The keys of the published examples: whoever listens has them.
    private const string LaboratoryEncryption = "000102030405060708090A0B0C0D0E0F";
    private const string LaboratoryAuthentication = "D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF";
    private const string LaboratoryMaster = "404142434445464748494A4B4C4D4E4F";

    public int Suite { get; init; }

    public bool Laboratory { get; init; }

    public string? EncryptionKeyFile { get; init; }

    public string? AuthenticationKeyFile { get; init; }

    public string? MasterKeyFile { get; init; }

    public string? PasswordFile { get; init; }

    public string? SecretFile { get; init; }

    /// <summary>Reads the files.</summary>
    /// <exception cref="HostException">A file cannot be read, holds no key of the suite, or the names do not fit
    /// together.</exception>
    public CosemKeys Read()
    {
        if (Suite is < 0 or > 2)
            throw new HostException($"suite held {Suite}; permitted is 0 to 2");
        if (Laboratory && Suite != 0)
            throw new HostException("laboratory keys are of suite 0");
        if (EncryptionKeyFile is null != AuthenticationKeyFile is null)
            throw new HostException("the files of the encryption key and the authentication key belong together");
        try
        {
            var suite = (SecuritySuite)Suite;
            var password = PasswordFile is null ? null : KeyFiles.ReadPassword(PasswordFile);
            var secret = SecretFile is null ? null : KeyFiles.ReadPassword(SecretFile);
            return Laboratory
                ? new CosemKeys(suite, FromHex(LaboratoryEncryption), FromHex(LaboratoryAuthentication),
                    FromHex(LaboratoryMaster), password, secret)
                : new CosemKeys(suite, Key(EncryptionKeyFile), Key(AuthenticationKeyFile), Key(MasterKeyFile),
                    password, secret);

            SecretBytes? Key(string? path) => path is null ? null : KeyFiles.ReadKey(path, suite);
        }
        catch (Exception error) when (error is IOException or FormatException)
        {
            throw new HostException(error.Message);
        }
    }

    private static SecretBytes FromHex(string hex) => new(Convert.FromHexString(hex));
}

/// <summary>The keys of a command, cleared at its end. Null where none was given.</summary>
public sealed record CosemKeys(SecuritySuite Suite, SecretBytes? Encryption, SecretBytes? Authentication,
    SecretBytes? Master, SecretBytes? Password, SecretBytes? Secret) : IDisposable
{
    public void Dispose()
    {
        Encryption?.Dispose();
        Authentication?.Dispose();
        Master?.Dispose();
        Password?.Dispose();
        Secret?.Dispose();
    }
}

/// <summary>The process was told something it cannot do; one line for a person.</summary>
public sealed class HostException(string message) : Exception(message);

/// <summary>The generated reader and writer of the settings.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(CosemHostOptions))]
internal sealed partial class HostContext : JsonSerializerContext;
