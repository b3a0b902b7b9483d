namespace OpenSts.Vending.Client;

/// <summary>Sends one request for tokens until its outcome is known, or until patience ends.</summary>
/// <remarks>
/// Only the server's own words decide: an answer of a proxy, half an answer or none leaves doubt, and in doubt the same request is sent
/// again with the same id. When the time for sending is over it is only asked what came of it, until nothing can be on its way any more.
/// </remarks>
internal sealed class Settlement(Connection connection, VendId id)
{
    // The refusals that the server stores: the id has them for ever.
    private static readonly string[] Spent = ["module-refused", "lost-in-restore", "vend-exists-with-different-content"];
    private readonly VendingClientOptions _options = connection.Options;
    private bool _mayHaveArrived;
    private string _why = "Nothing was sent.";

    /// <summary>Sends and settles.</summary>
    public async Task<VendOutcome> SendAsync(Question question, CancellationToken cancellation)
    {
        var began = _options.Time.GetTimestamp();
        var pause = new Pauses(_options);
        while (true)
        {
            var heard = await connection.TryAsync(question, cancellation).ConfigureAwait(false);
            if (Decided(heard) is { } outcome)
                return outcome;
            if (heard is { Problem: { } problem, Status: < 500 and not 429 })
            {
                // This time nothing was done; what an earlier sending did is another question.
                if (!_mayHaveArrived)
                    return new VendOutcome.Refused(id, problem, idIsSpent: false);
                if (await LookAsync(cancellation).ConfigureAwait(false) is { } found)
                    return found is VendOutcome.NeverSeen or VendOutcome.AwaitingApproval ? new VendOutcome.Refused(id, problem, idIsSpent: false) : found;
            }

            _mayHaveArrived |= heard.MayHaveArrived;
            _why = heard.Why;
            if (_options.Time.GetElapsedTime(began) >= _options.Patience)
                return await SettleAsync(cancellation).ConfigureAwait(false);
            await pause.WaitAsync(heard.RetryAfter, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Asks only: null where the server was not heard of or does not know yet.</summary>
    public async Task<VendOutcome?> LookAsync(CancellationToken cancellation)
    {
        var heard = await connection.TryAsync(Question.Get(Vends.Path(id)), cancellation).ConfigureAwait(false);
        _why = heard.Why;
        return heard is { Status: 404, Problem.Code: "not-found" } ? new VendOutcome.NeverSeen(id) : Decided(heard);
    }

    /// <summary>Asks until the outcome is known or patience ends.</summary>
    public async Task<VendOutcome> ResolveAsync(CancellationToken cancellation)
    {
        var began = _options.Time.GetTimestamp();
        var pause = new Pauses(_options);
        while (true)
        {
            if (await LookAsync(cancellation).ConfigureAwait(false) is { } outcome)
                return outcome;
            if (_options.Time.GetElapsedTime(began) >= _options.Patience)
                return new VendOutcome.Unknown(id, _why);
            await pause.WaitAsync(null, cancellation).ConfigureAwait(false);
        }
    }

    private async Task<VendOutcome> SettleAsync(CancellationToken cancellation)
    {
        var began = _options.Time.GetTimestamp();
        var pause = new Pauses(_options);
        while (true)
        {
            var settled = !_mayHaveArrived || _options.Time.GetElapsedTime(began) >= _options.Settle;
            var outcome = await LookAsync(cancellation).ConfigureAwait(false);
            if (outcome is not (null or VendOutcome.NeverSeen))
                return outcome;
            if (settled)
                return outcome ?? new VendOutcome.Unknown(id, _why);
            await pause.WaitAsync(null, cancellation).ConfigureAwait(false);
        }
    }

    private VendOutcome? Decided(Exchange heard)
    {
        if (heard.Problem is { } problem && Spent.Contains(problem.Code, StringComparer.Ordinal))
            return new VendOutcome.Refused(id, problem, idIsSpent: true);
        if (heard.Read(ClientJson.Default.Vend) is not { } vend || vend.Id != id.ToString())
            return null;
        return vend switch
        {
            { State: VendState.Issued, Tokens.Count: > 0 } => new VendOutcome.Issued(id, vend),
            { State: VendState.AwaitingApproval } => new VendOutcome.AwaitingApproval(id, vend),
            { State: VendState.Refused or VendState.Reversed } => new VendOutcome.Refused(id, vend.Refusal ?? new Problem { Code = "refused" }, idIsSpent: true),
            _ => null,
        };
    }
}
