using OpenSts.Keys;

namespace OpenSts.Explaining;

/// <summary>Reads a token as far as the key allows and says what a meter would answer to it.</summary>
public static class TokenExplainer
{
    /// <summary>Explains a token.</summary>
    /// <param name="token">The token.</param>
    /// <param name="key">The meter's key; null explains what can be seen without one.</param>
    /// <param name="attributes">The key's attributes, where they are known: type, expiry and base date then enter the
    /// answer.</param>
    public static TokenExplanation Explain(Token66 token, DecoderKey? key = null,
        DecoderKeyAttributes? attributes = null)
    {
        var block = token.ToCipherBlock();
        return block.Class switch
        {
            TokenClass.NonMeterSpecificManagement =>
                ExplainPlain(token, block.InClear(), EncryptionAlgorithm.Ea07, null),
            TokenClass.Reserved => ExplainReserved(token, block),
            _ when key is null => ExplainEncrypted(token, block),
            _ => ExplainPlain(token, key.Decrypt(block), key.Algorithm, attributes),
        };
    }

    private static TokenExplanation ExplainReserved(Token66 token, CipherBlock block) => new()
    {
        Token = token,
        Depth = ExplanationDepth.Reserved,
        Block = block.Value,
        Fields = [FieldExplainer.ClassField(block.Class)],
        Answer = "FunctionError",
        Reasons = [
            "Class 3 is reserved: no token of this class is ever issued, so some digit is wrong or the number is no "
                + "token."],
    };

    private static TokenExplanation ExplainEncrypted(Token66 token, CipherBlock block) => new()
    {
        Token = token,
        Depth = ExplanationDepth.Encrypted,
        Block = block.Value,
        Fields = [FieldExplainer.ClassField(block.Class)],
        Answer = "unknown",
        Reasons =
        [
            $"A class {(int)block.Class} token is encrypted with the meter's own key; without it only the class can "
                + "be seen.",
            block.Class == TokenClass.Credit
                ? "With the key: which service, when it was made, how much, and whether the check holds."
                : "With the key: which command, when it was made or which part of a new key it carries, its value, "
                    + "and whether the check holds.",
            "A meter answers CRCError when it was made for another meter or key, or when a digit is wrong.",
        ],
    };

    private static TokenExplanation ExplainPlain(Token66 token, PlainBlock block, EncryptionAlgorithm ea,
        DecoderKeyAttributes? attributes)
    {
        var content = block.UncheckedContent;
        var opened = block.TryOpen(out _);
        Token? meaning = null;
        var fault = TokenLayoutFault.None;
        if (opened)
            _ = TokenLayout.TryRead(content, ea, out meaning, out fault);
        var (answer, reasons) = opened
            ? MeterAnswer.To(content, meaning, fault, attributes)
            : ("CRCError", MeterAnswer.CheckFailed(block.Class));
        return new TokenExplanation
        {
            Token = token,
            Depth = opened ? ExplanationDepth.Open : ExplanationDepth.CheckFailed,
            Block = block.Value,
            Fields = [FieldExplainer.ClassField(block.Class), .. FieldExplainer.Fields(block, ea, meaning, opened)],
            Meaning = meaning,
            CheckFound = block.Crc,
            CheckExpected = content.Crc,
            Identifier = opened && TokenLayout.HasIdentifier(content) ? Readings(TokenLayout.IdentifierOf(content))
                : [],
            Answer = answer,
            Reasons = reasons,
        };
    }

    private static IdentifierReading[] Readings(TokenIdentifier tid)
    {
        var readings = new IdentifierReading[BaseDate.All.Length];
        for (var i = 0; i < readings.Length; i++)
            readings[i] = new IdentifierReading(BaseDate.All[i], tid.ToTime(BaseDate.All[i]), tid.IsReserved);
        return readings;
    }
}
