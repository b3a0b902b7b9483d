using OpenSts.Sts6;

namespace OpenSts.SecurityModule.Commands.Legacy;

/// <summary>SM?TK: a key change set of two tokens, EA07.</summary>
/// <remarks>
/// PAN (18 and a space), then old and new each: register (2), SGC (6), TI (2), KRN (1), KEN (2 hex).
/// </remarks>
internal sealed class LegacyKeyChange() : ModuleCommand("SM?TK")
{
    private readonly VendKeyChange _vend = new();

    public override ResponseCode Answer(RequestScope scope, ReadOnlySpan<byte> payload, AnswerWriter answer)
    {
        var fields = new FixedFields(payload);
        var pan = VendFields.PanOf(fields.Text(18));
        var spaced = fields.Skip(' ');
        var (oldNamed, newNamed, oldSgc, newSgc) =
            (fields.Decimal(2), fields.Decimal(2), fields.Decimal(6), fields.Decimal(6));
        var (oldTi, newTi, oldKrn, newKrn) =
            (fields.Decimal(2), fields.Decimal(2), fields.Decimal(1), fields.Decimal(1));
        var (oldKen, newKen) = (fields.Hex(2), fields.Hex(2));
        if (!fields.IsGood || fields.Left > 0 || !spaced)
            return ResponseCode.FormatError;
        var code = LegacyCommands.TryFind(scope.Module, oldNamed, oldSgc, oldKrn, oldKen, out var from);
        if (code != ResponseCode.Successful)
            return code;
        code = LegacyCommands.TryFind(scope.Module, newNamed, newSgc, newKrn, newKen, out var to);
        if (code != ResponseCode.Successful)
            return code;
        var change = new KeyChangeFields
        {
            FromRegister = from,
            ToRegister = to,
            MeterPan = pan,
            FromTariffIndex = oldTi,
            ToTariffIndex = newTi,
            EncryptionAlgorithm = (int)EncryptionAlgorithm.Ea07,
            Carrier = TokenCarrierType.Numeric,
            Tokens = 2,
        };
        Span<Token66> tokens = stackalloc Token66[4];
        code = _vend.TryIssue(scope, change, tokens, out var count, out _);
        if (code == ResponseCode.Successful)
            answer.PlainTokens(tokens[..count]);
        return code;
    }
}
