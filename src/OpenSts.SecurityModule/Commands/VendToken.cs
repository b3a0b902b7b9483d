using System.Globalization;
using OpenSts.Sts6;

namespace OpenSts.SecurityModule.Commands;

/// <summary>SM?VC and SM?VM: one token of class 0 or 2 with an identifier.</summary>
internal abstract class VendToken(string header, TokenClass tokenClass) : FieldCommand(header, VendFields.Types)
{
    private const int GreatestText = 96;

    protected sealed override ResponseCode Answer(RequestScope scope, PtvdFields fields, AnswerWriter answer)
    {
        if (!VendFields.TryRead(fields, tokenClass == TokenClass.Credit, out var vend))
            return ResponseCode.PtvdRange;
        var code = TryIssue(scope, vend, out var token);
        if (code == ResponseCode.Successful)
            answer.Tokens([token]);
        return code;
    }

    /// <summary>Checks, makes and sells a token; used by the older protocol too.</summary>
    internal ResponseCode TryIssue(RequestScope scope, in VendFields vend, out Token66 token)
    {
        token = default;
        var module = scope.Module;
        var code = VendingRules.Check(module, vend, tokenClass == TokenClass.Credit, out var register);
        if (code != ResponseCode.Successful)
            return code;
        var request = vend.Request(tokenClass);
        var random = module.TryFindIssued(request, out var sold) ? sold.Random : scope.Random.Next();
        token = Make(register, vend, random);
        Span<char> text = stackalloc char[GreatestText];
        _ = text.TryWrite(CultureInfo.InvariantCulture,
            $"{Header.AsSpan(3)} {vend.MeterPan} EA{vend.EncryptionAlgorithm:D2} TI{vend.TariffIndex} {vend.Subclass} "
                + $"{vend.Field:X4} TID{vend.Tid.Value:X6}", out var length);
        var (units, currency) = Worth(vend);
        code = module.Issue(register, new TokenIssue
        {
            Request = request,
            Random = random,
            Units = units,
            Currency = currency,
            Tokens = 1,
            Text = text[..length],
        }, out sold);
        if (code != ResponseCode.Successful)
            return code;
        // The same request on another connection was faster: its token is the one that was counted.
        if (sold.Random != random)
            token = Make(register, vend, sold.Random);
        scope.Entry = Math.Max(scope.Entry, sold.Entry);
        return ResponseCode.Successful;
    }

    /// <summary>What goes into the token.</summary>
    protected abstract TokenContent Content(in VendFields vend, byte random);

    /// <summary>
    /// What counts against the register's limits: base units, and whole units of currency rounded up.
    /// </summary>
    protected abstract (long Units, long Currency) Worth(in VendFields vend);

    private Token66 Make(KeyRegister register, in VendFields vend, byte random)
    {
        using var key = register.Derive(register.AttributesOf(vend.MeterPan!.Value,
            TariffIndex.FromNumber(vend.TariffIndex), (EncryptionAlgorithm)vend.EncryptionAlgorithm));
        return new Token66(key.Encrypt(Content(vend, random).Seal()));
    }
}
