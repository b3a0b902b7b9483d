using OpenSts.Cosem.Acse;
using OpenSts.Cosem.Apdu;
using OpenSts.Cosem.Security;
using OpenSts.Cosem.Wire;

namespace OpenSts.Cosem.Server;

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
    private readonly WireWriter _plain = new();
    private readonly WireWriter _answer = new();
    private readonly RequestServer _requests;
    private AssociationCipher? _cipher;
    private byte[] _serverChallenge = [];
    private byte[] _clientChallenge = [];

    internal ServerAssociation(CosemServer server, ClientProfile profile)
    {
        Server = server;
        Profile = profile;
        _requests = new RequestServer(this);
    }

    /// <summary>Who the client is.</summary>
    public ClientProfile Profile { get; }

    /// <summary>How far it has come.</summary>
    public AssociationStatus Status { get; private set; }

    /// <summary>The services of the association; none before it is open.</summary>
    public Conformance Conformance { get; private set; }

    /// <summary>The longest APDU the client takes, in octets.</summary>
    public int ClientMaximumPdu { get; private set; }

    /// <summary>The client's system title; the default value where it has none.</summary>
    public SystemTitle ClientTitle { get; private set; }

    internal CosemServer Server { get; }

    /// <summary>Done when the answer is on its way, such as taking new keys into use.</summary>
    internal Action? AfterAnswer { get; set; }

    /// <summary>Answers one APDU. Whatever the octets are, there is an answer and no exception.</summary>
    /// <returns>The answer; valid until the next call.</returns>
    /// <exception cref="OperationCanceledException">The wait for the meter was ended.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> AnswerAsync(ReadOnlyMemory<byte> apdu, CancellationToken cancellation = default)
    {
        _answer.Clear();
        _plain.Clear();
        // A client learns the limit from the answer to its association request: that one may be longer.
        var isRequest = !apdu.IsEmpty && apdu.Span[0] == (byte)ApduTag.AssociationRequest;
        if (apdu.Length > (isRequest ? Math.Max((int)Server.Settings.MaximumPdu, LongestAssociationRequest) : Server.Settings.MaximumPdu))
            return Exception(true, ServiceError.PduTooLong);
        if (apdu.IsEmpty)
            return Exception(false, ServiceError.OtherReason);
        switch ((ApduTag)apdu.Span[0])
        {
            case ApduTag.AssociationRequest:
                Associate(apdu.Span);
                return _answer.WrittenMemory;
            case ApduTag.ReleaseRequest:
                if (!Release.IsRequest(apdu.Span))
                    return Exception(true, ServiceError.OtherReason);
                if (Status == AssociationStatus.NonAssociated)
                    return Exception(true, ServiceError.OperationNotPossible);
                Close();
                Release.WriteResponse(_answer);
                return _answer.WrittenMemory;
            case ApduTag.GetRequest or ApduTag.SetRequest or ApduTag.ActionRequest:
                if (Status == AssociationStatus.NonAssociated)
                    return Exception(true, ServiceError.OperationNotPossible);
                if (_cipher is not null)
                    return Exception(true, ServiceError.DecipheringError);
                return await ServeAsync(apdu, null, cancellation).ConfigureAwait(false);
            default:
                return await OpenAndServeAsync(apdu, cancellation).ConfigureAwait(false);
        }
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
        _requests.Reset();
    }

    /// <inheritdoc/>
    public void Dispose() => Close();

    /// <summary>The answer to the client's challenge where its own answer is right; null where it is not. Ends the pending state either way.</summary>
    internal byte[]? Authenticate(ReadOnlySpan<byte> answer)
    {
        if (Status != AssociationStatus.Pending || _cipher is null)
            return null;
        var ours = _cipher.Authenticate(_serverChallenge, answer, _clientChallenge);
        Status = ours is null ? AssociationStatus.NonAssociated : AssociationStatus.Associated;
        _serverChallenge = _clientChallenge = [];
        return ours;
    }

    private async ValueTask<ReadOnlyMemory<byte>> OpenAndServeAsync(ReadOnlyMemory<byte> apdu, CancellationToken cancellation)
    {
        if (!AssociationCipher.IsProtected(apdu.Span[0]))
            return Exception(false, ServiceError.ServiceNotSupported);
        if (Status == AssociationStatus.NonAssociated || _cipher is null)
            return Exception(true, ServiceError.OperationNotPossible);
        var form = new ProtectedForm(apdu.Span[0]);
        switch (_cipher.TryOpen(apdu.Span, form, out var plain, out var least))
        {
            case OpenFault.None:
                return await ServeAsync(plain, form, cancellation).ConfigureAwait(false);
            case OpenFault.Counter:
                return Exception(true, ServiceError.InvocationCounterError, least);
            default:
                return Exception(true, ServiceError.DecipheringError);
        }
    }

    private async ValueTask<ReadOnlyMemory<byte>> ServeAsync(ReadOnlyMemory<byte> apdu, ProtectedForm? form, CancellationToken cancellation)
    {
        if (RequestReader.TryRead(apdu.Span) is not { } request)
            return Exception(true, ServiceError.OtherReason);
        var room = ClientMaximumPdu - (form?.Overhead ?? 0);
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

    private void Associate(ReadOnlySpan<byte> apdu)
    {
        Close();
        if (AssociationRequest.TryRead(apdu) is not { } request)
        {
            Refuse(ApplicationContext.LogicalNames, AssociationDiagnostic.NoReason);
            return;
        }

        var context = Profile.IsProtected ? ApplicationContext.LogicalNamesCiphered : ApplicationContext.LogicalNames;
        if (request.Context != context)
        {
            Refuse(context, AssociationDiagnostic.ApplicationContextNotSupported);
            return;
        }

        var mechanism = request.Mechanism ?? AuthenticationMechanism.None;
        if (mechanism != Profile.Mechanism)
        {
            Refuse(context, mechanism == AuthenticationMechanism.None ? AssociationDiagnostic.MechanismRequired : AssociationDiagnostic.MechanismNotRecognized);
            return;
        }

        if (Profile.Mechanism == AuthenticationMechanism.Password
            && !System.Security.Cryptography.CryptographicOperations.FixedTimeEquals(request.AuthenticationValue, Profile.Password!.Octets))
        {
            Refuse(context, AssociationDiagnostic.AuthenticationFailure);
            return;
        }

        var information = request.UserInformation;
        if (Profile.IsProtected && !TryOpenInformation(request, out information, out var diagnostic))
        {
            Close();
            Refuse(context, diagnostic);
            return;
        }

        Initiate(request, context, information);
    }

    private bool TryOpenInformation(AssociationRequest request, out byte[] information, out AssociationDiagnostic diagnostic)
    {
        information = [];
        diagnostic = AssociationDiagnostic.CallingTitleNotRecognized;
        if (!SystemTitle.TryRead(request.CallingTitle, out var title))
            return false;
        ClientTitle = title;
        diagnostic = AssociationDiagnostic.AuthenticationFailure;
        // IEC 62056-5-3: a challenge has 8 to 64 octets. The client's own title in our nonces would let two senders share one.
        if (request.AuthenticationValue.Length is < 8 or > 64 || title == Server.Settings.SystemTitle)
            return false;
        _cipher = new AssociationCipher(Server.Settings, Server.Keys!.Current, title);
        return _cipher.TryOpenInitiate(request.UserInformation, out information);
    }

    private void Initiate(AssociationRequest request, ApplicationContext context, byte[] information)
    {
        var initiate = InitiateRequest.TryRead(information);
        var error = initiate switch
        {
            null => InitiateError.Other,
            { Version: < InitiateRequest.DlmsVersion } => InitiateError.VersionTooLow,
            { MaximumPdu: > 0 and < 64 } => InitiateError.PduSizeTooShort,
            _ when (initiate.Conformance & Profile.Conformance) == 0 => InitiateError.IncompatibleConformance,
            _ when !(_cipher?.TryUseDedicated(initiate.DedicatedKey) ?? initiate.DedicatedKey.Length == 0) => InitiateError.Refused,
            _ => (InitiateError?)null,
        };
        if (initiate is not null)
            System.Security.Cryptography.CryptographicOperations.ZeroMemory(initiate.DedicatedKey);
        if (error is { } fault)
        {
            Close();
            Refuse(context, AssociationDiagnostic.NoReason, InitiateParts.ServiceError(fault));
            return;
        }

        Conformance = initiate!.Conformance & Profile.Conformance;
        ClientMaximumPdu = initiate.MaximumPdu == 0 ? ushort.MaxValue : initiate.MaximumPdu;
        new InitiateResponse(Conformance, Server.Settings.MaximumPdu).Write(_plain);
        var answer = new AssociationResponse
        {
            Context = context,
            Result = AssociationResult.Accepted,
            Diagnostic = Profile.IsProtected ? AssociationDiagnostic.AuthenticationRequired : AssociationDiagnostic.None,
            UserInformation = _plain.Written.ToArray(),
        };
        if (_cipher is { } cipher)
        {
            _clientChallenge = request.AuthenticationValue;
            _serverChallenge = new byte[16];
            Server.Random(_serverChallenge);
            var information2 = new WireWriter();
            if (!cipher.TryProtectInitiate(_plain.Written, information2))
            {
                Close();
                Refuse(context, AssociationDiagnostic.NoReason);
                return;
            }

            answer = answer with
            {
                RespondingTitle = Server.Settings.SystemTitle.ToArray(),
                Mechanism = Profile.Mechanism,
                AuthenticationValue = _serverChallenge,
                UserInformation = information2.Written.ToArray(),
            };
        }

        Status = Profile.IsProtected ? AssociationStatus.Pending : AssociationStatus.Associated;
        answer.Write(_answer);
    }

    private void Refuse(ApplicationContext context, AssociationDiagnostic diagnostic, byte[]? information = null) => new AssociationResponse
    {
        Context = context,
        Result = AssociationResult.RejectedPermanent,
        Diagnostic = diagnostic,
        UserInformation = information ?? [],
    }.Write(_answer);

    private ReadOnlyMemory<byte> Exception(bool isKnown, ServiceError error, uint least = 0)
    {
        _answer.Clear();
        new ExceptionResponse(isKnown, error, least).Write(_answer);
        return _answer.WrittenMemory;
    }
}
