using System.Security.Cryptography;
using OpenSts.Dlms.Acse;
using OpenSts.Dlms.Apdu;
using OpenSts.Dlms.Security;
using OpenSts.Dlms.Wire;

namespace OpenSts.Dlms.Server;

/// <summary>
/// Decides about one association request. What it settled is to be taken over where the status is not NonAssociated.
/// </summary>
internal sealed class AssociationHandshake(DlmsServer server, ClientProfile profile)
{
    private const int ChallengeOctets = 16;
    // IEC 62056-5-3: a challenge that is signed has 32 to 64 octets.
    private const int SignedChallengeOctets = 32;

    public AssociationStatus Status { get; private set; }

    public Conformance Conformance { get; private set; }

    public int ClientMaximumPdu { get; private set; }

    public SystemTitle ClientTitle { get; private set; }

    /// <summary>How the client shows who it is.</summary>
    public AuthenticationMechanism Mechanism { get; private set; }

    /// <summary>The protection; null where there is none.</summary>
    public AssociationCipher? Cipher { get; private set; }

    public byte[] ServerChallenge { get; private set; } = [];

    public byte[] ClientChallenge { get; private set; } = [];

    private ApplicationContext Context =>
        profile.IsProtected ? ApplicationContext.LogicalNamesCiphered : ApplicationContext.LogicalNames;

    /// <summary>True where the connection is to be closed after the response.</summary>
    public bool EndsConnection { get; private set; }

    /// <summary>The response to a request, or to octets that are none.</summary>
    public async ValueTask<AssociationResponse> AnswerAsync(ReadOnlyMemory<byte> apdu, CancellationToken cancellation)
    {
        if (AssociationRequest.TryRead(apdu.Span) is not { } request)
            return Refusal(AssociationDiagnostic.NoReason);
        if (request.Context != Context)
            return Refusal(AssociationDiagnostic.ApplicationContextNotSupported);
        var mechanism = request.Mechanism ?? AuthenticationMechanism.None;
        Mechanism = mechanism;
        if (!profile.MayUse(mechanism, server.Options))
            return Refusal(mechanism == AuthenticationMechanism.None ? AssociationDiagnostic.MechanismRequired
                : AssociationDiagnostic.MechanismNotRecognized);
        if (profile.Mechanism == AuthenticationMechanism.Password
            && await CheckPasswordAsync(request, cancellation).ConfigureAwait(false) is { } refusal)
            return refusal;
        var information = request.UserInformation;
        if (profile.IsProtected && !TryOpen(request, out information, out var diagnostic))
        {
            ServerEvents.AssociationRefused(server.Logger, profile.Sap, diagnostic);
            return Refusal(diagnostic);
        }

        var response = Initiate(request, information);
        // It may have held the dedicated key.
        CryptographicOperations.ZeroMemory(information);
        return response;
    }

    private async ValueTask<AssociationResponse?> CheckPasswordAsync(AssociationRequest request,
        CancellationToken cancellation)
    {
        var isRight = await server.GuardOf(profile).CheckAsync(
            () => profile.Password!.FixedTimeEquals(request.AuthenticationValue),
            (failures, delay) => ServerEvents.WrongPassword(server.Logger, profile.Sap, failures, delay),
            cancellation).ConfigureAwait(false);
        if (isRight == true)
            return null;
        EndsConnection = true;
        if (isRight is not null)
            return Refusal(AssociationDiagnostic.AuthenticationFailure);
        ServerEvents.TooManyPasswordAttempts(server.Logger, profile.Sap);
        return Refusal(AssociationDiagnostic.NoReason) with { Result = AssociationResult.RejectedTransient };
    }

    private bool TryOpen(AssociationRequest request, out byte[] information, out AssociationDiagnostic diagnostic)
    {
        information = [];
        diagnostic = AssociationDiagnostic.CallingTitleNotRecognized;
        if (!SystemTitle.TryRead(request.CallingTitle, out var title))
            return false;
        ClientTitle = title;
        diagnostic = AssociationDiagnostic.AuthenticationFailure;
        // IEC 62056-5-3: a challenge has 8 to 64 octets. The server's own title in a client's nonces would let two
        // senders share one.
        if (request.AuthenticationValue.Length is < 8 or > 64 || title == server.Options.SystemTitle)
            return false;
        Cipher = new AssociationCipher(server.Options, server.Keys!.Current, title);
        return Cipher.TryOpenInitiate(request.UserInformation, out information);
    }

    private AssociationResponse Initiate(AssociationRequest request, byte[] information)
    {
        var initiate = InitiateRequest.TryRead(information);
        var error = initiate switch
        {
            null => InitiateError.Other,
            { Version: < InitiateRequest.DlmsVersion } => InitiateError.VersionTooLow,
            { MaximumPdu: > 0 and < 64 } => InitiateError.PduSizeTooShort,
            _ when (initiate.Conformance & profile.Conformance) == 0 => InitiateError.IncompatibleConformance,
            _ when !(Cipher?.TryUseDedicated(initiate.DedicatedKey) ?? initiate.DedicatedKey.Length == 0) =>
                InitiateError.Refused,
            _ => (InitiateError?)null,
        };
        if (initiate is not null)
            CryptographicOperations.ZeroMemory(initiate.DedicatedKey);
        if (error is { } fault)
            return Refusal(AssociationDiagnostic.NoReason, InitiateParts.ServiceError(fault));
        Conformance = initiate!.Conformance & profile.Conformance;
        ClientMaximumPdu = initiate.MaximumPdu == 0 ? ushort.MaxValue : initiate.MaximumPdu;
        var plain = new WireWriter(32);
        new InitiateResponse(Conformance, server.Options.MaximumPdu).Write(plain);
        return Cipher is null ? Open(plain) : Challenge(request, plain, Cipher);
    }

    private AssociationResponse Open(WireWriter initiate)
    {
        Status = AssociationStatus.Associated;
        return new AssociationResponse
        {
            Context = Context,
            Result = AssociationResult.Accepted,
            Diagnostic = AssociationDiagnostic.None,
            UserInformation = initiate.Written.ToArray(),
        };
    }

    private AssociationResponse Challenge(AssociationRequest request, WireWriter initiate, AssociationCipher cipher)
    {
        var information = new WireWriter(64);
        if (!cipher.TryProtectInitiate(initiate.Written, information))
            return Refusal(AssociationDiagnostic.NoReason);
        ClientChallenge = request.AuthenticationValue;
        ServerChallenge =
            new byte[Mechanism == AuthenticationMechanism.HighLevelEcdsa ? SignedChallengeOctets : ChallengeOctets];
        server.Random(ServerChallenge);
        Status = AssociationStatus.Pending;
        return new AssociationResponse
        {
            Context = Context,
            Result = AssociationResult.Accepted,
            Diagnostic = AssociationDiagnostic.AuthenticationRequired,
            RespondingTitle = server.Options.SystemTitle.ToArray(),
            Mechanism = Mechanism,
            AuthenticationValue = ServerChallenge,
            UserInformation = information.Written.ToArray(),
        };
    }

    private AssociationResponse Refusal(AssociationDiagnostic diagnostic, byte[]? information = null)
    {
        Status = AssociationStatus.NonAssociated;
        Cipher?.Dispose();
        Cipher = null;
        return new AssociationResponse
        {
            Context = Context,
            Result = AssociationResult.RejectedPermanent,
            Diagnostic = diagnostic,
            UserInformation = information ?? [],
        };
    }
}
