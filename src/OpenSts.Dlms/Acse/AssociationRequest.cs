using OpenSts.Dlms.Wire;

namespace OpenSts.Dlms.Acse;

/// <summary>A client's wish to associate (AARQ).</summary>
/// <remarks>IEC 62056-5-3, AARQ-apdu, in BER.</remarks>
public sealed record AssociationRequest
{
    /// <summary>The application context.</summary>
    public required ApplicationContext Context { get; init; }

    /// <summary>The client's system title; empty where none was sent.</summary>
    public byte[] CallingTitle { get; init; } = [];

    /// <summary>How the client will authenticate itself; null where the APDU does not say.</summary>
    public AuthenticationMechanism? Mechanism { get; init; }

    /// <summary>A password or a challenge; empty where none was sent. Secret where it is a password.</summary>
    public byte[] AuthenticationValue { get; init; } = [];

    /// <summary>The InitiateRequest, protected or not.</summary>
    public required byte[] UserInformation { get; init; }

    /// <summary>Reads one that fills the octets; null where they are none.</summary>
    public static AssociationRequest? TryRead(ReadOnlySpan<byte> octets)
    {
        var outer = new WireReader(octets);
        if (outer.U8() != (int)Apdu.ApduTag.AssociationRequest)
            return null;
        var reader = new WireReader(outer.Counted());
        if (!outer.IsAtEnd)
            return null;
        var request = new AssociationRequest { Context = ApplicationContext.Unknown, UserInformation = [] };
        while (reader.Left > 0)
        {
            switch (reader.U8())
            {
                case 0xA1:
                    var context = AcseNames.ReadName(AcseNames.Inner(ref reader, 0x06), 1);
                    request = request with
                    {
                        Context = context is >= 1 and <= 4 ? (ApplicationContext)context : ApplicationContext.Unknown
                    };
                    break;
                case 0xA6:
                    request = request with { CallingTitle = AcseNames.Inner(ref reader, 0x04).ToArray() };
                    break;
                case 0x8B:
                    // A mechanism nobody knows is a mechanism all the same: it is refused by name and not taken for
                    // none.
                    var mechanism = AcseNames.ReadName(reader.Counted(), 2);
                    request = request with { Mechanism = (AuthenticationMechanism)mechanism };
                    break;
                case 0xAC:
                    request = request with { AuthenticationValue = AcseNames.Inner(ref reader, 0x80).ToArray() };
                    break;
                case 0xBE:
                    request = request with { UserInformation = AcseNames.Inner(ref reader, 0x04).ToArray() };
                    break;
                default:
                    // Titles, qualifiers and identifiers that a meter has no use for, and the ACSE requirements: the
                    // mechanism says the same.
                    _ = reader.Counted();
                    break;
            }
        }

        return reader.Failed ? null : request;
    }

    /// <summary>Writes it.</summary>
    public void Write(WireWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        var body = new WireWriter();
        body.Bytes([0xA1, 9, 0x06, 7]);
        AcseNames.WriteName(body, 1, (int)Context);
        if (CallingTitle.Length > 0)
        {
            body.Bytes([0xA6, (byte)(CallingTitle.Length + 2), 0x04]);
            body.Counted(CallingTitle);
        }

        if (Mechanism is { } mechanism)
        {
            body.Bytes([0x8A, 2, 0x07, 0x80, 0x8B, 7]);
            AcseNames.WriteName(body, 2, (int)mechanism);
            body.Bytes([0xAC, (byte)(AuthenticationValue.Length + 2), 0x80]);
            body.Counted(AuthenticationValue);
        }

        AcseNames.WriteUserInformation(body, UserInformation);
        writer.U8((int)Apdu.ApduTag.AssociationRequest);
        writer.Counted(body.Written);
    }

    /// <summary>Everything but what may be secret.</summary>
    public override string ToString() => $"AARQ {Context}, {Mechanism?.ToString() ?? "no mechanism"}";
}
