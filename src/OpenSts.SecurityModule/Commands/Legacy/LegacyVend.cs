using OpenSts.Sts6;

namespace OpenSts.SecurityModule.Commands.Legacy;

/// <summary>
/// SM?TC and SM?TM: the host names group, tariff, revision and expiry each time; they must be those of a register.
/// </summary>
/// <remarks>
/// PAN (18 and a space), register (2), SGC (6), TI (2), KRN (1), KEN (2 hex), type (2), TID (6 hex), value (4 hex, or
/// L and 6 hex for currency), and where the host sends them EA (2) and carrier (2). EA07 only.
/// </remarks>
internal abstract class LegacyVend(string header, VendToken vend) : ModuleCommand(header)
{
    public sealed override ResponseCode Answer(RequestScope scope, ReadOnlySpan<byte> payload, AnswerWriter answer)
    {
        var fields = new FixedFields(payload);
        var pan = VendFields.PanOf(fields.Text(18));
        var spaced = fields.Skip(' ');
        var (named, sgc, ti, krn, ken) =
            (fields.Decimal(2), fields.Decimal(6), fields.Decimal(2), fields.Decimal(1), fields.Hex(2));
        var (type, tid) = (fields.Decimal(2), fields.Hex(6));
        var isLong = fields.Skip('L');
        var value = fields.Hex(isLong ? 6 : 4);
        var ea = fields.Left > 0 ? fields.Decimal(2) : (int)EncryptionAlgorithm.Ea07;
        var carrier = fields.Left > 0 ? fields.Decimal(2) : (int)TokenCarrierType.Numeric;
        if (!fields.IsGood || fields.Left > 0 || !spaced || value > (isLong ? 0xFFFFF : 0xFFFF)
            || !VendFields.IsCarrier(carrier))
            return ResponseCode.FormatError;
        if (ea != (int)EncryptionAlgorithm.Ea07)
            return ResponseCode.KeyParamError;
        var code = LegacyCommands.TryFind(scope.Module, named, sgc, krn, ken, out var register);
        if (code != ResponseCode.Successful)
            return code;
        var request = new VendFields
        {
            Register = register,
            MeterPan = pan,
            TariffIndex = ti,
            EncryptionAlgorithm = ea,
            Carrier = (TokenCarrierType)carrier,
            Subclass = type,
            Field = value,
            Tid = TokenIdentifier.FromNumber(tid),
        };
        code = vend.TryIssue(scope, request, out var token);
        if (code == ResponseCode.Successful)
            answer.PlainTokens([token]);
        return code;
    }
}

/// <summary>SM?TC: credit.</summary>
internal sealed class LegacyCredit() : LegacyVend("SM?TC", new VendCredit());

/// <summary>SM?TM: management.</summary>
internal sealed class LegacyManagement() : LegacyVend("SM?TM", new VendManagement());
