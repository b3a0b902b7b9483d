using System.Security.Cryptography;
using OpenSts.Dlms.Acse;
using OpenSts.Dlms.Apdu;
using OpenSts.Dlms.Security;
using OpenSts.Secrets;

namespace OpenSts.Dlms.Client;

/// <summary>How a client associates. Keys and passwords stay the caller's and must outlive the client.</summary>
public sealed record ClientOptions
{
    /// <summary>How it shows who it is.</summary>
    public AuthenticationMechanism Mechanism { get; init; }

    /// <summary>The password, with <see cref="AuthenticationMechanism.Password"/>.</summary>
    public SecretBytes? Password { get; init; }

    /// <summary>
    /// What client and server have in common, with <see cref="AuthenticationMechanism.HighLevelSha256"/>.
    /// </summary>
    public SecretBytes? Secret { get; init; }

    /// <summary>
    /// The client's signature key, with <see cref="AuthenticationMechanism.HighLevelEcdsa"/>; the server has its
    /// certificate.
    /// </summary>
    public ECDsa? SigningKey { get; init; }

    /// <summary>The server's signature key, with <see cref="AuthenticationMechanism.HighLevelEcdsa"/>.</summary>
    public ECDsa? ServerKey { get; init; }

    /// <summary>The algorithms of a protected association.</summary>
    public SecuritySuite Suite { get; init; }

    /// <summary>The global encryption key of a protected association.</summary>
    public SecretBytes? EncryptionKey { get; init; }

    /// <summary>The authentication key of a protected association.</summary>
    public SecretBytes? AuthenticationKey { get; init; }

    /// <summary>The client's name in nonces. Two clients with one title refuse each other's counters.</summary>
    public SystemTitle Title { get; init; }

    /// <summary>The first invocation counter: above every one used before under this title and key.</summary>
    public uint FirstCounter { get; init; }

    /// <summary>True to wrap APDUs in general-glo-ciphering and not in the service's own tag.</summary>
    public bool UsesGeneralCiphering { get; init; }

    /// <summary>
    /// True to wrap APDUs in general-ciphering, which names both parties and the key; above
    /// <see cref="UsesGeneralCiphering"/>, and without a key of the association's own.
    /// </summary>
    public bool NamesKey { get; init; }

    /// <summary>True to protect the association's APDUs under a key of its own.</summary>
    public bool UsesDedicatedKey { get; init; }

    /// <summary>The longest APDU the client takes, in octets; 0 for no limit.</summary>
    public ushort MaximumPdu { get; init; } = ushort.MaxValue;

    /// <summary>
    /// How many blocks of general block transfer it takes before the server waits for it, 1 to 63; 0 not to ask for
    /// that service.
    /// </summary>
    public int BlockWindow { get; init; }

    /// <summary>The services it asks for besides general block transfer.</summary>
    public Conformance Conformance { get; init; } = Conformance.Get | Conformance.Set | Conformance.Action
        | Conformance.SelectiveAccess
        | Conformance.MultipleReferences | Conformance.BlockTransferWithGet | Conformance.BlockTransferWithSet
            | Conformance.BlockTransferWithAction
        | Conformance.PriorityManagement | Conformance.GeneralProtection;

    /// <summary>Everything it asks for.</summary>
    internal Conformance Proposed => BlockWindow > 0 ? Conformance | Conformance.GeneralBlockTransfer
        : Conformance & ~Conformance.GeneralBlockTransfer;

    /// <summary>True where APDUs are protected.</summary>
    public bool IsProtected => Mechanism is AuthenticationMechanism.HighLevelGmac
        or AuthenticationMechanism.HighLevelSha256 or AuthenticationMechanism.HighLevelEcdsa;
}
