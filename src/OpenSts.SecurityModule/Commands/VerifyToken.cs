using System.Globalization;
using OpenSts.Keys;
using OpenSts.Sts6;

namespace OpenSts.SecurityModule.Commands;

/// <summary>
/// SM?VT: opens a token. The result is a field of the answer; what the token holds follows only for results 0 and 80.
/// </summary>
/// <remarks>
/// Public clients differ: five fields, or six with the carrier before the token; 20 decimal digits or 17 hexadecimal
/// ones.
/// </remarks>
internal sealed class VerifyToken() : FieldCommand("SM?VT", "NPNNP")
{
    private const int HexDigits = 17;

    protected override ReadOnlySpan<byte> TypesOf(ReadOnlySpan<byte> payload) =>
        PtvdFields.CountOf(payload) == 6 ? "NPNNNP"u8 : base.TypesOf(payload);

    protected override ResponseCode Answer(RequestScope scope, PtvdFields fields, AnswerWriter answer)
    {
        var module = scope.Module;
        var last = fields.Count - 1;
        if (fields.Number(0) is not (>= 1 and <= SoftwareSecurityModule.GreatestRegister)
            || (last == 5 && !VendFields.IsCarrier(fields.Number(4)))
            || !TryReadToken(fields.Text(last), out var token))
            return ResponseCode.PtvdRange;
        if (module.Find(fields.Number(0)) is not { } register)
            return ResponseCode.VkRegNotFound;
        if (module.CheckedClock > register.Card.IssuedUntil)
            return Result(answer, ResponseCode.KeyIssueExpired);
        if (!VendingRules.FitsKey(module, register, fields.Number(3), fields.Number(2)))
            return ResponseCode.KeyParamError;
        if (VendFields.PanOf(fields.Text(1)) is not { } pan)
            return ResponseCode.InvalidPan;
        using var key = register.Derive(register.AttributesOf(pan, TariffIndex.FromNumber(fields.Number(2)),
            (EncryptionAlgorithm)fields.Number(3)));
        if (token.Class == TokenClass.Reserved)
            return Result(answer, ResponseCode.KeyParamError);
        return TokenIssuer.TryOpen(token, key, out var content) ? Describe(answer, register.Card, content)
            : Result(answer, ResponseCode.TokenCrcError);
    }

    private static ResponseCode Describe(AnswerWriter answer, KeyCard card, TokenContent content)
    {
        // A key change token holds a part of a key, a test token no value of 16 bits: neither shows more than its
        // class.
        var hasIdentifier = TokenLayout.HasIdentifier(content);
        var tid = hasIdentifier ? TokenLayout.IdentifierOf(content) : default;
        if (hasIdentifier && !card.KeyExpiryNumber.Serves(tid))
            return Result(answer, ResponseCode.KeyExpired);
        var forbidden = content.Class == TokenClass.Credit && !card.KeyType.MayCarryCredit();
        _ = Result(answer, forbidden ? ResponseCode.DdtkCreditError : ResponseCode.Successful);
        answer.Number((int)content.Class);
        answer.Number(content.Subclass);
        if (content.IsCurrency)
            answer.Octets((long)((((content.Data >> 40) & 15) << 16) | (content.Data & 0xFFFF)), 6);
        else
            answer.Octets(hasIdentifier ? (long)(content.Data & 0xFFFF) : 0, hasIdentifier ? 4 : 2);
        answer.Octets(tid.Value, 6);
        return ResponseCode.Successful;
    }

    private static ResponseCode Result(AnswerWriter answer, ResponseCode result)
    {
        answer.Number((int)result);
        return ResponseCode.Successful;
    }

    private static bool TryReadToken(ReadOnlySpan<byte> text, out Token66 token)
    {
        token = default;
        var style = text.Length == HexDigits ? NumberStyles.AllowHexSpecifier : NumberStyles.None;
        return text.Length is HexDigits or Token66.Digits
            && UInt128.TryParse(text, style, CultureInfo.InvariantCulture, out var number)
                && Token66.TryFromValue(number, out token);
    }
}
