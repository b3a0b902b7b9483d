using System.Globalization;
using OpenSts.Keys;
using OpenSts.Sts6;

namespace OpenSts.SecurityModule.Commands;

/// <summary>
/// SM?VK: the tokens that move a meter from one key to another. The module sets the rollover bit itself.
/// </summary>
internal class VendKeyChange(string header = "SM?VK") : FieldCommand(header, KeyChangeFields.Types)
{
    private const int GreatestText = 96;
    private const int MostTokens = 4;

    protected override ResponseCode Answer(RequestScope scope, PtvdFields fields, AnswerWriter answer)
    {
        if (!KeyChangeFields.TryRead(fields, out var change))
            return ResponseCode.PtvdRange;
        Span<Token66> tokens = stackalloc Token66[MostTokens];
        var code = TryIssue(scope, change, tokens, out var count, out var rollover);
        if (code != ResponseCode.Successful)
            return code;
        answer.Number(rollover ? 1 : 0);
        answer.Number(count);
        answer.Tokens(tokens[..count]);
        return code;
    }

    /// <summary>Checks, makes and notes a set; used by the older protocol too.</summary>
    internal ResponseCode TryIssue(RequestScope scope, in KeyChangeFields fields, Span<Token66> tokens, out int count,
        out bool rollover)
    {
        (count, rollover) = (0, false);
        var module = scope.Module;
        var code = KeyChangeRules.Check(module, fields, out var from, out var to);
        if (code != ResponseCode.Successful)
            return code;
        if (!MayBegin(from.Card.KeyType))
            return ResponseCode.KeyChangeNotAllowed;
        var ea = (EncryptionAlgorithm)fields.EncryptionAlgorithm;
        var old = from.AttributesOf(fields.MeterPan!.Value, TariffIndex.FromNumber(fields.FromTariffIndex), ea);
        var coming = to.AttributesOf(fields.MeterPan.Value, TariffIndex.FromNumber(fields.ToTariffIndex), ea);
        using var oldKey = from.Derive(old);
        using var newKey = to.Derive(coming);
        var change = new KeyChange
        {
            From = old,
            FromKey = oldKey,
            To = coming,
            ToKey = newKey,
            Count = fields.Tokens,
            IssuedAt = module.Settings.Time.GetUtcNow(),
        };
        code = KeyChangeRules.CodeOf(KeyChangeSet.TryIssue(change, tokens, out count));
        if (code != ResponseCode.Successful)
            return code;
        rollover = change.IsRollover;
        Span<char> text = stackalloc char[GreatestText];
        _ = text.TryWrite(CultureInfo.InvariantCulture,
            $"{Header.AsSpan(3)} {fields.MeterPan} EA{fields.EncryptionAlgorithm:D2} TI{fields.FromTariffIndex} to "
                + $"register {fields.ToRegister} TI{fields.ToTariffIndex}", out var length);
        code = module.Issue(from, new TokenIssue { Request = fields.Request, Tokens = count, Text = text[..length] },
            out var sold);
        scope.Entry = Math.Max(scope.Entry, sold.Entry);
        return code;
    }

    /// <summary>Which key a set of this command may lead away from.</summary>
    protected virtual bool MayBegin(KeyType from) => from != KeyType.Initialization;
}
