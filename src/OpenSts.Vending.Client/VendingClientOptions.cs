namespace OpenSts.Vending.Client;

/// <summary>How long a client waits and how often it asks again.</summary>
public sealed record VendingClientOptions
{
    /// <summary>The usual ones.</summary>
    public static VendingClientOptions Usual { get; } = new();

    /// <summary>How long a single answer is waited for; longer than the server waits for its security module (usually 10 s).</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long something is sent again while its outcome is in doubt.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long after the last sending it is only asked what came of it, before "never seen" is believed: by then nothing is on its way any more.</summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The pause before the second attempt; each further one is twice as long.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest pause between attempts, and the longest wait that a server may ask for.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>True permits an API key over http to another machine; otherwise http is for loopback only.</summary>
    public bool PermitsPlainHttp { get; init; }

    /// <summary>The clock for pauses and limits.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
