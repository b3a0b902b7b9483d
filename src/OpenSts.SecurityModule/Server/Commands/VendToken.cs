using System.Globalization;

namespace OpenSts.SecurityModule.Server.Commands;

/// <summary>SM?VC and SM?VM: one token of class 0 or 2 with an identifier.</summary>
internal abstract class VendToken(string header, TokenClass tokenClass) : FieldCommand(header, VendFields.Types)
{
    private const int GreatestText = 96;

    protected sealed override ResponseCode Answer(RequestScope scope, PtvdFields fields, AnswerWriter answer)
    {
        if (!VendFields.TryRead(fields, tokenClass == TokenClass.Credit, out var vend))
            return ResponseCode.PtvdRange;
        var code = TrySell(scope, vend, out var token);
        if (code == ResponseCode.Successful)
            answer.Tokens([token]);
        return code;
    }

    /// <summary>Checks, makes and sells a token; used by the older protocol too.</summary>
    internal ResponseCode TrySell(RequestScope scope, in VendFields vend, out Token66 token)
    {
        token = default;
        var module = scope.Module;
        var code = VendingRules.Check(module, vend, tokenClass == TokenClass.Credit, out var register);
        if (code != ResponseCode.Successful)
            return code;
        var request = vend.Request(tokenClass);
        var random = module.TryFindSold(request, out var sold) ? sold.Random : scope.Random.Next();
        if (!TryMake(register, vend, random, out token))
            return ResponseCode.VkRegNotFound;
        Span<char> text = stackalloc char[GreatestText];
        _ = text.TryWrite(CultureInfo.InvariantCulture,
            $"{Header.AsSpan(3)} {vend.MeterPan} EA{vend.EncryptionAlgorithm:D2} TI{vend.TariffIndex} {vend.Subclass} {vend.Field:X4} TID{vend.Tid.Value:X6}", out var length);
        var (units, currency) = Worth(vend);
        code = module.Sell(register, new Sale { Request = request, Random = random, Units = units, Currency = currency, Tokens = 1, Text = text[..length] }, out sold);
        if (code != ResponseCode.Successful)
            return code;
        // The same request on another connection was faster: its token is the one that was counted.
        if (sold.Random != random && !TryMake(register, vend, sold.Random, out token))
            return ResponseCode.VkRegNotFound;
        scope.Entry = Math.Max(scope.Entry, sold.Entry);
        return ResponseCode.Successful;
    }

    /// <summary>What goes into the token.</summary>
    protected abstract TokenContent Content(in VendFields vend, byte random);

    /// <summary>What counts against the register's limits: base units, and whole units of currency rounded up.</summary>
    protected abstract (long Units, long Currency) Worth(in VendFields vend);

    // False where the register's key was exchanged in the meantime.
    private bool TryMake(KeyRegister register, in VendFields vend, byte random, out Token66 token)
    {
        token = default;
        using var key = register.TryDerive(register.AttributesOf(vend.MeterPan!.Value, TariffIndex.FromNumber(vend.TariffIndex), (EncryptionAlgorithm)vend.EncryptionAlgorithm));
        if (key is null)
            return false;
        token = new Token66(key.Encrypt(Content(vend, random).Seal()));
        return true;
    }
}
