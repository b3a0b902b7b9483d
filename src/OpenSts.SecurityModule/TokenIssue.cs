namespace OpenSts.SecurityModule;

/// <summary>What one request adds to a register.</summary>
internal readonly ref struct TokenIssue
{
    /// <summary>The request: everything that tells it from any other, see <see cref="RequestReplayCache"/>.</summary>
    public required UInt128 Request { get; init; }

    /// <summary>The random bits with which the token was made.</summary>
    public byte Random { get; init; }

    /// <summary>Base units (0.1 kWh).</summary>
    public long Units { get; init; }

    /// <summary>Whole units of currency, rounded up.</summary>
    public long Currency { get; init; }

    /// <summary>How many tokens were made.</summary>
    public required int Tokens { get; init; }

    /// <summary>For the log: what was made for which meter, never the token.</summary>
    public required ReadOnlySpan<char> Text { get; init; }
}
