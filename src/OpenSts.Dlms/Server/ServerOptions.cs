using OpenSts.Dlms.Acse;
using OpenSts.Dlms.Apdu;
using OpenSts.Dlms.Security;
using OpenSts.Secrets;

namespace OpenSts.Dlms.Server;

/// <summary>What a client of an association may do.</summary>
public enum AccessLevel
{
    /// <summary>Read the few objects everybody may read.</summary>
    Public,

    /// <summary>Read every object.</summary>
    Reader,

    /// <summary>Read every object, write what can be written, call every method.</summary>
    Management,
}

/// <summary>A client the server knows.</summary>
public sealed record ClientProfile
{
    /// <summary>The client's service access point, 1 to 127: 16 is the public client.</summary>
    public required ushort Sap { get; init; }

    /// <summary>What it may do.</summary>
    public required AccessLevel Access { get; init; }

    /// <summary>How it shows who it is: not at all, by password, or by GMAC.</summary>
    public required AuthenticationMechanism Mechanism { get; init; }

    /// <summary>Its password, with <see cref="AuthenticationMechanism.Password"/>.</summary>
    public SecretBytes? Password { get; init; }

    /// <summary>
    /// What it has in common with the server, so that it may also show who it is by SHA-256 (HLS mechanism 6); null
    /// where it may not.
    /// </summary>
    public SecretBytes? Secret { get; init; }

    /// <summary>True where its APDUs are protected. High level security asks for it.</summary>
    public bool IsProtected => Mechanism is AuthenticationMechanism.HighLevelGmac
        or AuthenticationMechanism.HighLevelSha256 or AuthenticationMechanism.HighLevelEcdsa;

    /// <summary>
    /// True for a mechanism it may use: its own; of a protected client also that of a secret, where it has one, and
    /// signatures, where the server has certificates.
    /// </summary>
    internal bool MayUse(AuthenticationMechanism mechanism, ServerOptions options) => mechanism switch
    {
        AuthenticationMechanism.HighLevelSha256 => IsProtected && Secret is not null,
        AuthenticationMechanism.HighLevelEcdsa => IsProtected && options.Certificates is not null,
        _ => mechanism == Mechanism,
    };

    /// <summary>The services it is offered.</summary>
    public Conformance Conformance => Access switch
    {
        AccessLevel.Management => Reading | Conformance.GeneralProtection | Conformance.Set | Conformance.Action
            | Conformance.BlockTransferWithSet | Conformance.BlockTransferWithAction,
        _ => Reading,
    };

    /// <summary>The client everybody may be: SAP 16, no authentication.</summary>
    public static ClientProfile Public { get; } =
        new() { Sap = 16, Access = AccessLevel.Public, Mechanism = AuthenticationMechanism.None };

    /// <summary>The client that manages the meter: SAP 1, GMAC, protected APDUs.</summary>
    public static ClientProfile Management { get; } =
        new() { Sap = 1, Access = AccessLevel.Management, Mechanism = AuthenticationMechanism.HighLevelGmac };

    private const Conformance Reading = Conformance.Get | Conformance.SelectiveAccess | Conformance.MultipleReferences
        | Conformance.BlockTransferWithGet
        | Conformance.GeneralBlockTransfer | Conformance.PriorityManagement;

    /// <summary>A client that reads with a password: no protection, for places where nobody listens.</summary>
    /// <param name="sap">Its service access point, 1 to 127.</param>
    /// <param name="password">Stays the caller's and must outlive the server.</param>
    public static ClientProfile Reader(ushort sap, SecretBytes password) =>
        new()
        {
            Sap = sap,
            Access = AccessLevel.Reader,
            Mechanism = AuthenticationMechanism.Password,
            Password = password,
        };
}

/// <summary>What a server is told when it is built.</summary>
public sealed record ServerOptions
{
    /// <summary>The server's name in nonces.</summary>
    public required SystemTitle SystemTitle { get; init; }

    /// <summary>The name of the device, at most 16 octets, the first three the maker's letters.</summary>
    public required string LogicalDeviceName { get; init; }

    /// <summary>The clients it knows.</summary>
    public IReadOnlyList<ClientProfile> Clients { get; init; } = [ClientProfile.Public, ClientProfile.Management];

    /// <summary>The server's service access point.</summary>
    public ushort Sap { get; init; } = 1;

    /// <summary>The algorithms of protected associations.</summary>
    public SecuritySuite Suite { get; init; } = SecuritySuite.Suite0;

    /// <summary>The longest APDU it takes, 64 to 65535 octets.</summary>
    public ushort MaximumPdu { get; init; } = 1024;

    /// <summary>How many blocks of general block transfer it takes before it answers, 1 to 63.</summary>
    public int BlockWindow { get; init; } = 8;

    /// <summary>
    /// How long the answer to a wrong password is held up: so long for each wrong one in a row, at most ten times.
    /// </summary>
    public TimeSpan WrongPasswordDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long an HDLC link without a frame of its client stays open.</summary>
    public TimeSpan HdlcInactivityTimeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>The most octets it keeps of one transfer in blocks, in or out.</summary>
    public int MaximumTransfer { get; init; } = 256 * 1024;

    /// <summary>The most references in one list.</summary>
    public int MaximumList { get; init; } = 128;

    /// <summary>
    /// The server's signature key and the certificates it knows, for key agreement in suites 1 and 2; null where there
    /// are none. It stays the caller's.
    /// </summary>
    public CertificateFolder? Certificates { get; init; }

    /// <summary>To whom alarms are told; null for nobody.</summary>
    public PushOptions? Push { get; init; }

    /// <summary>True where 112.11 and 113.10 are octet-strings and not date-times: clients disagree.</summary>
    public bool DateTimesAreOctetStrings { get; init; }
}
