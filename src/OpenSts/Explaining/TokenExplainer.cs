using OpenSts.Keys;

namespace OpenSts.Explaining;

/// <summary>Decodes a token into its fields and predicts the answer of a meter.</summary>
public static class TokenExplainer
{
    /// <summary>Decodes a token and predicts the answer of a meter.</summary>
    /// <param name="token">The token.</param>
    /// <param name="key">
    /// The meter's key; null if it is not known. Without it, only the class of a class 0 or 2 token can be decoded.
    /// </param>
    /// <param name="attributes">The attributes of the key; null if they are not known. With them, the answer takes the
    /// type and the expiry of the key into account.</param>
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
            "Class 3 is reserved: no token of this class is issued, so a digit is wrong or the number is not a "
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
            $"A class {(int)block.Class} token is encrypted with the key of the meter; without the key only the class "
                + "can be read.",
            block.Class == TokenClass.Credit
                ? "With the key: the service, the time of issue, the amount, and whether the CRC matches."
                : "With the key: the command, the time of issue or the part of a new key, the value, and whether the "
                    + "CRC matches.",
            "A meter answers CRCError if the token was made for another meter or key, or if a digit is wrong.",
        ],
    };

    private static TokenExplanation ExplainPlain(Token66 token, PlainBlock block, EncryptionAlgorithm ea,
        DecoderKeyAttributes? attributes)
    {
        var content = block.UncheckedContent;
        var crcValid = block.TryOpen(out _);
        Token? meaning = null;
        var fault = TokenLayoutFault.None;
        if (crcValid)
            _ = TokenLayout.TryRead(content, ea, out meaning, out fault);
        var (answer, reasons) = crcValid
            ? MeterAnswer.To(content, meaning, fault, attributes)
            : ("CRCError", MeterAnswer.CheckFailed(block.Class));
        return new TokenExplanation
        {
            Token = token,
            Depth = crcValid ? ExplanationDepth.Open : ExplanationDepth.CheckFailed,
            Block = block.Value,
            Fields = [FieldExplainer.ClassField(block.Class), .. FieldExplainer.Fields(block, ea, meaning, crcValid)],
            Meaning = meaning,
            CheckFound = block.Crc,
            CheckExpected = content.Crc,
            Identifier = crcValid && TokenLayout.HasIdentifier(content) ? Readings(TokenLayout.IdentifierOf(content))
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
