using System.Security.Cryptography;
using OpenSts.Dlms.Acse;
using OpenSts.Dlms.Apdu;
using OpenSts.Dlms.Security;
using OpenSts.Dlms.Values;
using OpenSts.Dlms.Wire;

namespace OpenSts.Dlms.Server;

/// <summary>How far an association has come. The numbers are those of association_status.</summary>
/// <remarks>IEC 62056-6-2, Association LN.</remarks>
public enum AssociationStatus
{
    /// <summary>Not open.</summary>
    NonAssociated = 0,

    /// <summary>Open once the challenge is answered.</summary>
    Pending = 1,

    /// <summary>Open.</summary>
    Associated = 2,
}

/// <summary>One client's association: APDU in, APDU out. It does no I/O. One request at a time.</summary>
public sealed class ServerAssociation : IDisposable
{
    private const int LongestAssociationRequest = 512;

    /// <summary>The method by which a client answers the challenge: the only one it may call before it has.</summary>
    internal static MemberReference ReplyToChallenge { get; } = new(15, Obis.Association, 1);

    private readonly WireWriter _plain = new();
    private readonly WireWriter _answer = new();
    private readonly WireWriter _block = new();
    private readonly RequestServer _requests;
    private BlockExchange? _blocks;
    private AssociationCipher? _cipher;
    private byte[] _serverChallenge = [];
    private byte[] _clientChallenge = [];

    internal ServerAssociation(DlmsServer server, ClientProfile profile)
    {
        Server = server;
        Profile = profile;
        _requests = new RequestServer(this);
    }

    /// <summary>Who the client is.</summary>
    public ClientProfile Profile { get; }

    /// <summary>How far it has come.</summary>
    public AssociationStatus Status { get; private set; }

    /// <summary>How the client shows, or showed, who it is.</summary>
    public AuthenticationMechanism Mechanism { get; private set; }

    /// <summary>The services of the association; none before it is open.</summary>
    public Conformance Conformance { get; private set; }

    /// <summary>The longest APDU the client takes, in octets.</summary>
    public int ClientMaximumPdu { get; private set; }

    /// <summary>The client's system title; the default value where it has none.</summary>
    public SystemTitle ClientTitle { get; private set; }

    internal DlmsServer Server { get; }

    /// <summary>True where the connection is to be closed after the last answer, as after a wrong password.</summary>
    internal bool EndsConnection { get; private set; }

    /// <summary>The dedicated key of this association, which its own client sent; empty where there is none.</summary>
    internal byte[] DedicatedKey => _cipher?.DedicatedKey ?? [];

    /// <summary>Done when the answer is on its way, such as taking new keys into use.</summary>
    internal Action? AfterAnswer { get; set; }

    /// <summary>
    /// Answers one APDU. Whatever the octets are, there is no exception, and an answer but to a block behind which
    /// others come.
    /// </summary>
    /// <returns>The answer, or the first block of it; empty where there is none; valid until the next call.</returns>
    /// <exception cref="OperationCanceledException">The wait for the meter was ended.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> AnswerAsync(ReadOnlyMemory<byte> apdu,
        CancellationToken cancellation = default)
    {
        _answer.Clear();
        _plain.Clear();
        // A client learns the limit from the answer to its association request: that one may be longer.
        var isRequest = !apdu.IsEmpty && apdu.Span[0] == (byte)ApduTag.AssociationRequest;
        if (apdu.Length > (isRequest ? Math.Max((int)Server.Options.MaximumPdu, LongestAssociationRequest)
            : Server.Options.MaximumPdu))
            return Exception(true, ServiceError.PduTooLong);
        if (apdu.IsEmpty)
            return Exception(false, ServiceError.OtherReason);
        switch ((ApduTag)apdu.Span[0])
        {
            case ApduTag.AssociationRequest:
                await AssociateAsync(apdu, cancellation).ConfigureAwait(false);
                return _answer.WrittenMemory;
            case ApduTag.ReleaseRequest:
                return EndAssociation(apdu.Span);
            case ApduTag.GeneralBlockTransfer:
                return await TakeBlockAsync(apdu, cancellation).ConfigureAwait(false);
            default:
                _blocks = null;
                return Deliver(await ServeWholeAsync(apdu, isInBlocks: false, cancellation).ConfigureAwait(false));
        }
    }

    /// <summary>The block after the one that was given last, where the client takes several at once.</summary>
    /// <returns>False where the client has the word.</returns>
    public bool TryNext(out ReadOnlyMemory<byte> block)
    {
        _block.Clear();
        var isThere = _blocks?.TryNext(_block, out _) ?? false;
        block = _block.WrittenMemory;
        return isThere;
    }

    // A plain request ends a ciphered association, too: most clients send no other. A protected one is checked and
    // answered in kind.
    private ReadOnlyMemory<byte> EndAssociation(ReadOnlySpan<byte> apdu)
    {
        if (!Release.TryReadRequest(apdu, out var information))
            return Exception(true, ServiceError.OtherReason);
        if (Status == AssociationStatus.NonAssociated)
            return Exception(true, ServiceError.OperationNotPossible);
        var response = new WireWriter(64);
        if (_cipher is not null && information.Length > 0)
        {
            if (!_cipher.TryOpenInitiate(information, out var plain))
                return Exception(true, ServiceError.DecipheringError);
            CryptographicOperations.ZeroMemory(plain);
            if (!_cipher.TryProtectInitiate(WriteInitiateResponse(), response))
                return Exception(true, ServiceError.OperationNotPossible);
        }

        Close();
        Release.WriteResponse(_answer, response.Written);
        return _answer.WrittenMemory;
    }

    private ReadOnlySpan<byte> WriteInitiateResponse()
    {
        _plain.Clear();
        new InitiateResponse(Conformance, Server.Options.MaximumPdu).Write(_plain);
        return _plain.Written;
    }

    /// <summary>Ends the association, as the end of a connection does.</summary>
    public void Close()
    {
        Status = AssociationStatus.NonAssociated;
        Conformance = Conformance.None;
        _cipher?.Dispose();
        _cipher = null;
        _serverChallenge = _clientChallenge = [];
        AfterAnswer = null;
        _blocks = null;
        _requests.Reset();
    }

    /// <inheritdoc/>
    public void Dispose() => Close();

    /// <summary>
    /// The answer to the client's challenge where its own answer is right; null where it is not. Ends the pending
    /// state either way.
    /// </summary>
    internal byte[]? Authenticate(ReadOnlySpan<byte> answer)
    {
        if (Status != AssociationStatus.Pending || _cipher is null)
            return null;
        var ours = _cipher.Authenticate(Mechanism, Profile.Secret, _serverChallenge, answer, _clientChallenge);
        Status = ours is null ? AssociationStatus.NonAssociated : AssociationStatus.Associated;
        if (ours is null)
            ServerEvents.WrongChallengeAnswer(Server.Logger, Profile.Sap);
        _serverChallenge = _clientChallenge = [];
        return ours;
    }

    private async ValueTask<ReadOnlyMemory<byte>> ServeWholeAsync(ReadOnlyMemory<byte> apdu, bool isInBlocks,
        CancellationToken cancellation)
    {
        if (apdu.IsEmpty || (ApduTag)apdu.Span[0]
            is not (ApduTag.GetRequest or ApduTag.SetRequest or ApduTag.ActionRequest))
            return await OpenAndServeAsync(apdu, isInBlocks, cancellation).ConfigureAwait(false);
        if (Status == AssociationStatus.NonAssociated)
            return Exception(true, ServiceError.OperationNotPossible);
        if (_cipher is not null)
            return Exception(true, ServiceError.DecipheringError);
        return await ServeAsync(apdu, null, isInBlocks, cancellation).ConfigureAwait(false);
    }

    private async ValueTask<ReadOnlyMemory<byte>> TakeBlockAsync(ReadOnlyMemory<byte> apdu,
        CancellationToken cancellation)
    {
        if (!Conformance.HasFlag(Conformance.GeneralBlockTransfer))
            return Status == AssociationStatus.NonAssociated ? Exception(true, ServiceError.OperationNotPossible)
                : Exception(false, ServiceError.ServiceNotSupported);
        if (GeneralBlock.TryRead(apdu.Span) is not { } block)
            return GiveUp(ServiceError.OtherReason);
        // A first block with octets begins a transfer, but where it is the one that was missing.
        if (block is { Number: 1, Octets.Length: > 0 } && _blocks is not { LacksFirst: true, IsAnswering: false })
            _blocks = NewExchange();
        switch (_blocks?.Receive(block))
        {
            case BlockOutcome.More:
                return default;
            case BlockOutcome.Turn:
                break;
            case BlockOutcome.Whole:
                var exchange = _blocks;
                var answer = await ServeWholeAsync(exchange.Incoming, isInBlocks: true, cancellation)
                    .ConfigureAwait(false);
                // What ended the association, such as a wrong answer to the challenge, ended the transfer with it.
                if (_blocks != exchange)
                    return answer;
                if (!exchange.TrySend(answer.Span, isAnswer: true))
                    return GiveUp(ServiceError.PduTooLong);
                break;
            case BlockOutcome.Aborted:
                _blocks = null;
                return default;
            default:
                return GiveUp(ServiceError.OperationNotPossible);
        }

        _ = TryNext(out var first);
        return first;
    }

    // An answer the client cannot take as a whole goes in blocks.
    private ReadOnlyMemory<byte> Deliver(ReadOnlyMemory<byte> answer)
    {
        if (answer.Length <= ClientMaximumPdu || !Conformance.HasFlag(Conformance.GeneralBlockTransfer))
            return answer;
        _blocks = NewExchange();
        if (!_blocks.TrySend(answer.Span, isAnswer: true))
            return GiveUp(ServiceError.PduTooLong);
        _ = TryNext(out var first);
        return first;
    }

    // Who has not shown who he is does not make the server keep more than one APDU.
    private BlockExchange NewExchange() => new(Server.Options.BlockWindow, ClientMaximumPdu,
        Status == AssociationStatus.Associated && Profile.Mechanism != AuthenticationMechanism.None
            ? Server.Options.MaximumTransfer : Server.Options.MaximumPdu);

    private ReadOnlyMemory<byte> GiveUp(ServiceError error)
    {
        _blocks = null;
        return Exception(true, error);
    }

    private async ValueTask<ReadOnlyMemory<byte>> OpenAndServeAsync(ReadOnlyMemory<byte> apdu, bool isInBlocks,
        CancellationToken cancellation)
    {
        if (apdu.IsEmpty || !AssociationCipher.IsProtected(apdu.Span[0]))
            return Exception(false, ServiceError.ServiceNotSupported);
        if (Status == AssociationStatus.NonAssociated || _cipher is null)
            return Exception(true, ServiceError.OperationNotPossible);
        var form = new ProtectedForm(apdu.Span[0]);
        switch (_cipher.TryOpen(apdu.Span, form, out var plain, out var least))
        {
            case OpenFault.None:
                return await ServeAsync(plain, form, isInBlocks, cancellation).ConfigureAwait(false);
            case OpenFault.Counter:
                return Exception(true, ServiceError.InvocationCounterError, least);
            default:
                return Exception(true, ServiceError.DecipheringError);
        }
    }

    private async ValueTask<ReadOnlyMemory<byte>> ServeAsync(ReadOnlyMemory<byte> apdu, ProtectedForm? form,
        bool isInBlocks, CancellationToken cancellation)
    {
        if (RequestReader.TryRead(apdu.Span) is not { } request)
            return Exception(true, ServiceError.OtherReason);
        var goesInGeneralBlocks = Conformance.HasFlag(Conformance.GeneralBlockTransfer)
            && (isInBlocks || !HasBlocksOf(request));
        var room = goesInGeneralBlocks ? Server.Options.MaximumTransfer : ClientMaximumPdu - (form?.Overhead ?? 0);
        // No room for a block with anything in it.
        if (room < OutgoingTransfer.LeastRoom)
            return Exception(true, ServiceError.PduTooLong);
        var response = await _requests.AnswerAsync(request, room, cancellation).ConfigureAwait(false);
        if (response is null)
            return Exception(false, ServiceError.ServiceNotSupported);
        _plain.Clear();
        _plain.Response(response);
        if (form is null)
            _answer.Bytes(_plain.Written);
        else if (!_cipher!.TryProtect(_plain.Written, form, _answer))
            return Exception(true, ServiceError.OperationNotPossible);
        if (Status == AssociationStatus.NonAssociated)
            Close();
        var after = AfterAnswer;
        AfterAnswer = null;
        after?.Invoke();
        return _answer.WrittenMemory;
    }

    // Clients that offer both kinds of block transfer often read the service's own blocks only.
    private bool HasBlocksOf(ServiceRequest request) => request switch
    {
        GetRequest or GetListRequest or GetNextRequest => Conformance.HasFlag(Conformance.BlockTransferWithGet),
        SetRequest or SetListRequest or SetFirstBlockRequest or SetBlockRequest => false,
        _ => Conformance.HasFlag(Conformance.BlockTransferWithAction),
    };

    private async ValueTask AssociateAsync(ReadOnlyMemory<byte> apdu, CancellationToken cancellation)
    {
        Close();
        var handshake = new AssociationHandshake(Server, Profile);
        (await handshake.AnswerAsync(apdu, cancellation).ConfigureAwait(false)).Write(_answer);
        EndsConnection = handshake.EndsConnection;
        if (handshake.Status == AssociationStatus.NonAssociated)
            return;
        Status = handshake.Status;
        Mechanism = handshake.Mechanism;
        Conformance = handshake.Conformance;
        ClientMaximumPdu = handshake.ClientMaximumPdu;
        ClientTitle = handshake.ClientTitle;
        _cipher = handshake.Cipher;
        _serverChallenge = handshake.ServerChallenge;
        _clientChallenge = handshake.ClientChallenge;
    }

    private ReadOnlyMemory<byte> Exception(bool isKnown, ServiceError error, uint least = 0)
    {
        _answer.Clear();
        new ExceptionResponse(isKnown, error, least).Write(_answer);
        return _answer.WrittenMemory;
    }
}
