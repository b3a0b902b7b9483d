using System.Buffers.Binary;
using System.Security.Cryptography;
using OpenSts.Dlms.Acse;
using OpenSts.Dlms.Apdu;
using OpenSts.Dlms.Security;
using OpenSts.Dlms.Server;
using OpenSts.Dlms.Values;
using OpenSts.Dlms.Wire;
using OpenSts.Secrets;

namespace OpenSts.Dlms.Client;

/// <summary>The client's side of an association: builds and opens APDUs. It does no I/O.</summary>
/// <param name="options">How it associates.</param>
/// <param name="random">Where challenges and dedicated keys come from; the system's source where null.</param>
public sealed class ClientAssociation(ClientOptions options, RandomSource? random = null) : IDisposable
{
    private readonly RandomSource _random = random ?? RandomNumberGenerator.Fill;
    private readonly ApduCipher? _global = options.IsProtected
        ? new ApduCipher(options.Suite, options.EncryptionKey!, options.AuthenticationKey!) : null;
    // IEC 62056-5-3: a challenge that is signed has 32 to 64 octets.
    private readonly byte[] _challenge =
        new byte[!options.IsProtected ? 0 : options.Mechanism == AuthenticationMechanism.HighLevelEcdsa ? 32 : 16];
    private readonly WireWriter _protected = new();
    private SecretBytes? _dedicatedKey;
    private ApduCipher? _dedicated;
    private SystemTitle _serverTitle;
    private byte[] _serverChallenge = [];
    private uint _counter = options.FirstCounter;
    private uint _dedicatedCounter;
    private long _received = -1;
    private long _dedicatedReceived = -1;
    private ulong _transaction;

    /// <summary>
    /// The server's system title; the default value where the association is not protected, or not open.
    /// </summary>
    public SystemTitle ServerTitle => _serverTitle;

    /// <summary>The services of the association; none before it is open.</summary>
    public Conformance Conformance { get; private set; }

    /// <summary>The longest APDU the server takes, in octets.</summary>
    public int ServerMaximumPdu { get; private set; }

    /// <summary>The next invocation counter: what the next association under this title begins with.</summary>
    public uint NextCounter => _counter;

    /// <summary>True where the challenge is to be answered before anything else.</summary>
    public bool HasToAuthenticate { get; private set; }

    /// <summary>Octets by which protection makes an APDU longer.</summary>
    public int Overhead => _global is null ? 0 : 4 + ApduCipher.Overhead(Protection.AuthenticatedEncryption)
        + (options.NamesKey ? Named().Overhead : options.UsesGeneralCiphering ? 1 + SystemTitle.Octets : 0);

    /// <summary>Writes the association request.</summary>
    public void WriteRequest(WireWriter destination)
    {
        byte[] dedicated = [];
        if (options is { IsProtected: true, UsesDedicatedKey: true, NamesKey: false })
        {
            dedicated = new byte[options.Suite.KeyOctets()];
            _random(dedicated);
            _dedicatedKey = new SecretBytes(dedicated);
            _dedicated = new ApduCipher(options.Suite, _dedicatedKey, options.AuthenticationKey!);
        }

        var initiate = new WireWriter();
        new InitiateRequest(options.Proposed, options.MaximumPdu, dedicated).Write(initiate);
        var request = new AssociationRequest
        {
            Context = _global is null ? ApplicationContext.LogicalNames : ApplicationContext.LogicalNamesCiphered,
            Mechanism = options.Mechanism == AuthenticationMechanism.None ? null : options.Mechanism,
            UserInformation = initiate.Written.ToArray(),
        };
        if (options.Mechanism == AuthenticationMechanism.Password)
        {
            using var lease = options.Password!.Lease();
            request = request with { AuthenticationValue = lease.Span.ToArray() };
        }

        if (_global is not null)
        {
            _random(_challenge);
            request = request with
            {
                CallingTitle = options.Title.ToArray(),
                AuthenticationValue = _challenge,
                UserInformation = ProtectInitiate(initiate.Written),
            };
        }

        request.Write(destination);
        CryptographicOperations.ZeroMemory(dedicated);
        initiate.Wipe();
        if (options.Mechanism == AuthenticationMechanism.Password)
            CryptographicOperations.ZeroMemory(request.AuthenticationValue);
    }

    /// <summary>Writes the release request: protected in a ciphered association.</summary>
    public void WriteReleaseRequest(WireWriter destination)
    {
        if (_global is null)
        {
            Release.WriteRequest(destination);
            return;
        }

        var initiate = new WireWriter(32);
        new InitiateRequest(options.Proposed, options.MaximumPdu, []).Write(initiate);
        Release.WriteRequest(destination, ProtectInitiate(initiate.Written));
    }

    /// <summary>Takes the association response.</summary>
    /// <exception cref="DlmsException">It is a refusal, or malformed, or its protection does not hold.</exception>
    public void Accept(ReadOnlySpan<byte> apdu)
    {
        if (ExceptionResponse.TryRead(apdu) is { } exception)
            throw new DlmsException(DlmsFault.Refused, $"the server refused the association: {exception.Error}");
        if (AssociationResponse.TryRead(apdu) is not { } response)
            throw new DlmsException(DlmsFault.Malformed, "the answer is no association response");
        if (response.Result != AssociationResult.Accepted)
            throw new DlmsException(DlmsFault.Refused, $"the server refused the association: {response.Diagnostic}");
        var information = response.UserInformation;
        if (_global is not null)
        {
            if (!SystemTitle.TryRead(response.RespondingTitle, out _serverTitle) || response.AuthenticationValue.Length
                is < 8 or > 64 || _serverTitle == options.Title)
                throw new DlmsException(DlmsFault.Malformed, "the answer has no system title and challenge");
            _serverChallenge = response.AuthenticationValue;
            // An answer that echoes our challenge would let the server hand us our own answer back.
            if (_serverChallenge.AsSpan().SequenceEqual(_challenge))
                throw new DlmsException(DlmsFault.Authentication, "the server sent our own challenge back");
            var reader = new WireReader(information);
            if (reader.U8() != (int)ApduTag.GloInitiateResponse
                || !TryOpen(_global, reader.Counted(), ref _received, out information) || !reader.IsAtEnd)
                throw new DlmsException(DlmsFault.Authentication,
                    "the protection of the association response does not hold");
        }

        if (InitiateResponse.TryRead(information) is not { } initiate)
            throw new DlmsException(DlmsFault.Malformed, "the association response holds no InitiateResponse");
        Conformance = initiate.Conformance & options.Proposed;
        ServerMaximumPdu = initiate.MaximumPdu == 0 ? ushort.MaxValue : initiate.MaximumPdu;
        HasToAuthenticate = _global is not null;
    }

    /// <summary>The call that answers the server's challenge.</summary>
    public MethodCall Answer()
    {
        var proof = new ChallengeProof(options.Title, _serverTitle, _serverChallenge, _challenge);
        return new MethodCall(ServerAssociation.ReplyToChallenge, CosemValue.OctetString(options.Mechanism switch
        {
            AuthenticationMechanism.HighLevelSha256 => proof.Digest(options.Secret!),
            AuthenticationMechanism.HighLevelEcdsa => proof.Sign(options.SigningKey!, options.Suite),
            _ => _global!.Answer(options.Title, Next(ref _counter), _serverChallenge),
        }));
    }

    /// <summary>Takes the server's answer to our challenge; false where it is not the right one.</summary>
    public bool AcceptAnswer(CallResult result)
    {
        var proof = new ChallengeProof(_serverTitle, options.Title, _challenge, _serverChallenge);
        var isRight = result is { Result: ActionResult.Success, Returned: { Type: CosemType.OctetString } answer }
            && options.Mechanism switch
            {
                AuthenticationMechanism.HighLevelSha256 => proof.IsDigest(options.Secret!, answer.Octets),
                AuthenticationMechanism.HighLevelEcdsa => proof.IsSigned(options.ServerKey!, options.Suite, answer.Octets),
                _ => _global!.IsAnswer(_serverTitle, _challenge, answer.Octets),
            };
        HasToAuthenticate = !isRight;
        return isRight;
    }

    /// <summary>The APDU as it is sent; valid until the next call.</summary>
    public ReadOnlyMemory<byte> Protect(ReadOnlySpan<byte> plain)
    {
        _protected.Clear();
        if (_global is null)
        {
            _protected.Bytes(plain);
            return _protected.WrittenMemory;
        }

        if (options.NamesKey)
        {
            _transaction++;
            Named().Protect(_global, Next(ref _counter), plain, _protected);
            return _protected.WrittenMemory;
        }

        var cipher = _dedicated ?? _global;
        if (options.UsesGeneralCiphering)
        {
            _protected.U8((int)(_dedicated is null ? ApduTag.GeneralGloCiphering : ApduTag.GeneralDedCiphering));
            _protected.Counted(options.Title.ToArray());
        }
        else
        {
            _protected.U8(plain[0] + (_dedicated is null ? 0x08 : 0x10));
        }

        _protected.Count(plain.Length + ApduCipher.Overhead(Protection.AuthenticatedEncryption));
        cipher.Protect(Protection.AuthenticatedEncryption, options.Title, _dedicated is null ? Next(ref _counter)
            : Next(ref _dedicatedCounter), plain, _protected);
        return _protected.WrittenMemory;
    }

    /// <summary>The service response in an answer.</summary>
    /// <exception cref="DlmsException">It is an exception, or malformed, or its protection does not hold or is
    /// missing.</exception>
    public ServiceResponse Open(ReadOnlySpan<byte> apdu)
    {
        if (ExceptionResponse.TryRead(apdu) is { } exception)
            throw new DlmsException(DlmsFault.Exception,
                $"the server could not look at the request: {exception.Error}");
        var plain = apdu;
        if (_global is not null)
        {
            if (!TryOpenService(apdu, out var opened))
                throw new DlmsException(DlmsFault.Authentication, "the protection of the answer does not hold");
            plain = opened;
        }

        return ResponseReader.TryRead(plain)
            ?? throw new DlmsException(DlmsFault.Malformed, "the answer is no service response");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _global?.Dispose();
        _dedicated?.Dispose();
        _dedicatedKey?.Dispose();
    }

    // What stands before the request, and names the exchange the answer belongs to.
    private GeneralCiphering Named()
    {
        var transaction = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(transaction, _transaction);
        return new GeneralCiphering
        {
            TransactionId = transaction,
            Originator = options.Title,
            Recipient = _serverTitle,
        };
    }

    private byte[] ProtectInitiate(ReadOnlySpan<byte> initiate)
    {
        var information = new WireWriter(64);
        information.U8((int)ApduTag.GloInitiateRequest);
        information.Count(initiate.Length + ApduCipher.Overhead(Protection.AuthenticatedEncryption));
        _global!.Protect(Protection.AuthenticatedEncryption, options.Title, Next(ref _counter), initiate, information);
        return information.Written.ToArray();
    }

    private static uint Next(ref uint counter) =>
        counter < uint.MaxValue ? counter++ : throw new DlmsException(DlmsFault.Authentication,
            "the invocation counter is used up: the key must be replaced");

    private bool TryOpenService(ReadOnlySpan<byte> apdu, out byte[] plain)
    {
        plain = [];
        if (options.NamesKey)
        {
            return GeneralCiphering.TryRead(apdu) is { } named && named.IsFor(_serverTitle, options.Title)
                && named.TransactionId.AsSpan().SequenceEqual(Named().TransactionId)
                    && TryOpen(_global!, named.Content, ref _received, out plain, named.Header());
        }

        var reader = new WireReader(apdu);
        var tag = reader.U8();
        var form = new ProtectedForm(tag);
        var isService = form.IsDedicated ? tag is 0xD4 or 0xD5 or 0xD7 : tag is 0xCC or 0xCD or 0xCF;
        if (!form.IsGeneral && !isService)
            return false;
        if (form.IsGeneral && (!SystemTitle.TryRead(reader.Counted(), out var title) || title != _serverTitle))
            return false;
        var body = reader.Counted();
        if (!reader.IsAtEnd || (form.IsDedicated && _dedicated is null))
            return false;
        return form.IsDedicated ? TryOpen(_dedicated!, body, ref _dedicatedReceived, out plain)
            : TryOpen(_global!, body, ref _received, out plain);
    }

    private bool TryOpen(ApduCipher cipher,
        ReadOnlySpan<byte> body, ref long received, out byte[] plain, ReadOnlySpan<byte> header = default)
    {
        if (!cipher.TryOpen(_serverTitle, body, out plain, out var protection, out var counter, header)
            || protection != Protection.AuthenticatedEncryption || counter <= received)
            return false;
        received = counter;
        return true;
    }
}
