using OpenSts.Dlms.Wire;

namespace OpenSts.Dlms.Acse;

/// <summary>A server's answer to a wish to associate (AARE).</summary>
/// <remarks>IEC 62056-5-3, AARE-apdu, in BER.</remarks>
public sealed record AssociationResponse
{
    /// <summary>The application context.</summary>
    public required ApplicationContext Context { get; init; }

    /// <summary>Accepted or not.</summary>
    public required AssociationResult Result { get; init; }

    /// <summary>Why not, or that a challenge is to be answered.</summary>
    public required AssociationDiagnostic Diagnostic { get; init; }

    /// <summary>The server's system title; empty where none was sent.</summary>
    public byte[] RespondingTitle { get; init; } = [];

    /// <summary>The mechanism; null where the APDU does not say.</summary>
    public AuthenticationMechanism? Mechanism { get; init; }

    /// <summary>The server's challenge; empty where none was sent.</summary>
    public byte[] AuthenticationValue { get; init; } = [];

    /// <summary>The InitiateResponse or an error, protected or not; may be empty.</summary>
    public byte[] UserInformation { get; init; } = [];

    /// <summary>Reads one that fills the octets; null where they are none.</summary>
    public static AssociationResponse? TryRead(ReadOnlySpan<byte> octets)
    {
        var outer = new WireReader(octets);
        if (outer.U8() != (int)Apdu.ApduTag.AssociationResponse)
            return null;
        var reader = new WireReader(outer.Counted());
        if (!outer.IsAtEnd)
            return null;
        var response = new AssociationResponse
        {
            Context = ApplicationContext.Unknown,
            Result = AssociationResult.RejectedPermanent,
            Diagnostic = AssociationDiagnostic.NoReason,
        };
        var hasResult = false;
        while (reader.Left > 0)
        {
            switch (reader.U8())
            {
                case 0xA1:
                    var context = AcseNames.ReadName(AcseNames.Inner(ref reader, 0x06), 1);
                    response = response with
                    {
                        Context = context is >= 1 and <= 4 ? (ApplicationContext)context : ApplicationContext.Unknown
                    };
                    break;
                case 0xA2:
                    hasResult = AcseNames.Inner(ref reader, 0x02) is [<= 2 and var result]
                        && Set(ref response, response with { Result = (AssociationResult)result });
                    break;
                case 0xA3:
                    response = response with { Diagnostic = ReadDiagnostic(ref reader) };
                    break;
                case 0xA4:
                    response = response with { RespondingTitle = AcseNames.Inner(ref reader, 0x04).ToArray() };
                    break;
                case 0x89:
                    response =
                        response with { Mechanism = (AuthenticationMechanism)AcseNames.ReadName(reader.Counted(), 2) };
                    break;
                case 0xAA:
                    response = response with { AuthenticationValue = AcseNames.Inner(ref reader, 0x80).ToArray() };
                    break;
                case 0xBE:
                    response = response with { UserInformation = AcseNames.Inner(ref reader, 0x04).ToArray() };
                    break;
                default:
                    _ = reader.Counted();
                    break;
            }
        }

        return reader.Failed || !hasResult ? null : response;
    }

    /// <summary>Writes it.</summary>
    public void Write(WireWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        var body = new WireWriter();
        body.Bytes([0xA1, 9, 0x06, 7]);
        AcseNames.WriteName(body, 1, (int)Context);
        body.Bytes([0xA2, 3, 0x02, 1, (byte)Result, 0xA3, 5, 0xA1, 3, 0x02, 1, (byte)Diagnostic]);
        if (RespondingTitle.Length > 0)
        {
            body.Bytes([0xA4, (byte)(RespondingTitle.Length + 2), 0x04]);
            body.Counted(RespondingTitle);
        }

        if (Mechanism is { } mechanism)
        {
            body.Bytes([0x88, 2, 0x07, 0x80, 0x89, 7]);
            AcseNames.WriteName(body, 2, (int)mechanism);
            body.Bytes([0xAA, (byte)(AuthenticationValue.Length + 2), 0x80]);
            body.Counted(AuthenticationValue);
        }

        if (UserInformation.Length > 0)
            AcseNames.WriteUserInformation(body, UserInformation);

        writer.U8((int)Apdu.ApduTag.AssociationResponse);
        writer.Counted(body.Written);
    }

    private static bool Set(ref AssociationResponse target, AssociationResponse value)
    {
        target = value;
        return true;
    }

    // acse-service-user [1] or acse-service-provider [2]; of the second only that there is one matters here.
    private static AssociationDiagnostic ReadDiagnostic(ref WireReader reader)
    {
        var field = new WireReader(reader.Counted());
        var source = field.U8();
        if (AcseNames.Inner(ref field, 0x02) is not [var number] || !field.IsAtEnd)
            return AssociationDiagnostic.NoReason;
        return source == 0xA1 ? (AssociationDiagnostic)number : number == 0 ? AssociationDiagnostic.None
            : AssociationDiagnostic.NoReason;
    }
}
