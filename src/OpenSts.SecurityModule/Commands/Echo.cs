using OpenSts.Sts6;

namespace OpenSts.SecurityModule.Commands;

/// <summary>GL?EC: delay (2 digits), length (3 digits), as many characters; they come back.</summary>
/// <remarks>No public document gives the unit of the delay: it is read and not kept.</remarks>
internal sealed class Echo() : ModuleCommand("GL?EC")
{
    private const int DelayDigits = 2, LengthDigits = 3;

    public override ResponseCode Answer(RequestScope scope, ReadOnlySpan<byte> payload, AnswerWriter answer)
    {
        if (payload.Length < DelayDigits + LengthDigits
            || payload[..(DelayDigits + LengthDigits)].ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            return ResponseCode.FormatError;
        var length = ((payload[2] - '0') * 100) + ((payload[3] - '0') * 10) + payload[4] - '0';
        if (payload.Length - DelayDigits - LengthDigits != length)
            return ResponseCode.FormatError;
        answer.Raw(payload[DelayDigits..]);
        return ResponseCode.Successful;
    }
}
