using OpenSts.Dlms.Wire;

namespace OpenSts.Dlms.Apdu;

/// <summary>Why a request was not looked at: the second part of an exception.</summary>
/// <remarks>IEC 62056-5-3, service-error of ExceptionResponse.</remarks>
public enum ServiceError
{
    /// <summary>Not in this state.</summary>
    OperationNotPossible = 1,

    /// <summary>There is no such service here.</summary>
    ServiceNotSupported = 2,

    /// <summary>Anything else; also an APDU that cannot be read.</summary>
    OtherReason = 3,

    /// <summary>The APDU is longer than the server takes.</summary>
    PduTooLong = 4,

    /// <summary>The protection does not hold, or is not what the association asks for.</summary>
    DecipheringError = 5,

    /// <summary>The invocation counter is not fresh; the least acceptable one follows.</summary>
    InvocationCounterError = 6,
}

/// <summary>The answer to a request that could not be looked at.</summary>
/// <param name="ServiceIsKnown">True: not allowed now. False: the service is unknown.</param>
/// <param name="Error">Why.</param>
/// <param name="LeastCounter">The least acceptable invocation counter, with
/// <see cref="ServiceError.InvocationCounterError"/>.</param>
public sealed record ExceptionResponse(bool ServiceIsKnown, ServiceError Error, uint LeastCounter = 0)
{
    /// <summary>Reads one that fills the octets.</summary>
    public static ExceptionResponse? TryRead(ReadOnlySpan<byte> octets)
    {
        var reader = new WireReader(octets);
        if (reader.U8() != (int)ApduTag.ExceptionResponse)
            return null;
        var state = reader.U8();
        var error = (ServiceError)reader.U8();
        var counter = error == ServiceError.InvocationCounterError && reader.Left > 0 ? reader.U32() : 0;
        return reader.IsAtEnd && state is 1 or 2 ? new ExceptionResponse(state == 1, error, counter) : null;
    }

    /// <summary>Writes it.</summary>
    public void Write(WireWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.U8((int)ApduTag.ExceptionResponse);
        writer.U8(ServiceIsKnown ? 1 : 2);
        writer.U8((int)Error);
        if (Error == ServiceError.InvocationCounterError)
            writer.U32(LeastCounter);
    }
}
