namespace OpenSts.Keys;

/// <summary>Why a token was not issued, in the order of the checks.</summary>
public enum IssueFault
{
    /// <summary>The token was issued.</summary>
    None,

    /// <summary>The class and subclass are reserved.</summary>
    Function,

    /// <summary>The key no longer serves tokens of that time (KeyExpired).</summary>
    KeyExpired,

    /// <summary>Credit under a default key (DDTKError).</summary>
    DefaultKeyCredit,
}

/// <summary>Turns a meaning into a token and a token into its meaning, with a decoder key at hand.</summary>
public static class TokenIssuer
{
    /// <summary>Issues a token under a decoder key whose attributes are known.</summary>
    public static IssueFault TryIssue(Token token, DecoderKey key, KeyType keyType, KeyExpiryNumber ken,
        out Token66 issued)
    {
        ArgumentNullException.ThrowIfNull(token);
        ArgumentNullException.ThrowIfNull(key);
        issued = default;
        if (token is ReservedToken)
            return IssueFault.Function;
        if (token.Identifier is { } tid && !ken.Serves(tid))
            return IssueFault.KeyExpired;
        if (token.Class == TokenClass.Credit && !keyType.MayCarryCredit())
            return IssueFault.DefaultKeyCredit;
        issued = Issue(token, key);
        return IssueFault.None;
    }

    /// <summary>Issues a token; no rule about the key is checked.</summary>
    /// <exception cref="ArgumentException">The token is reserved or a field is wider than its place.</exception>
    public static Token66 Issue(Token token, DecoderKey key)
    {
        ArgumentNullException.ThrowIfNull(token);
        ArgumentNullException.ThrowIfNull(key);
        var block = TokenLayout.Write(token).Seal();
        return new Token66(block.Class == TokenClass.NonMeterSpecificManagement ? block.InClear()
            : key.Encrypt(block));
    }

    /// <summary>Issues a class 1 token, which needs no key.</summary>
    /// <exception cref="InvalidOperationException">The token is of another class.</exception>
    public static Token66 IssueInClear(Token token) => new(TokenLayout.Write(token).Seal().InClear());

    /// <summary>Opens a token: its content where its check holds under that key.</summary>
    /// <remarks>A class 1 token needs no key; class 3 never opens.</remarks>
    public static bool TryOpen(Token66 token, DecoderKey? key, out TokenContent content)
    {
        content = default;
        var block = token.ToCipherBlock();
        return block.Class switch
        {
            TokenClass.NonMeterSpecificManagement => block.InClear().TryOpen(out content),
            TokenClass.Reserved => false,
            _ => key is not null && key.Decrypt(block).TryOpen(out content),
        };
    }
}
