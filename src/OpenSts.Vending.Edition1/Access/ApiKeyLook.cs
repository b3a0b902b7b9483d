using OpenSts.Vending.Storage;

namespace OpenSts.Vending.Access;

/// <summary>Looks API keys up for all requests that came while the last look was under way, with one question.</summary>
/// <remarks>A look begins after the request has come, so a key that was revoked before is refused, whichever server revoked it: nothing is kept.</remarks>
internal sealed class ApiKeyLook
{
    private const int Most = 256;
    private readonly Gathering<Asked> _waiting;

    public ApiKeyLook(IStore store) => _waiting = new Gathering<Asked>(group =>
    {
        try
        {
            var keys = store.Look(session => ApiKeys.Find(session, [.. group.Select(asked => asked.Text)]));
            Gathering.Tell([.. group.Zip(keys)], found => found.First.Source.SetResult(found.Second));
        }
        catch (Exception error)
        {
            Gathering.Tell(group, asked => asked.Source.SetException(error));
        }
    }, Most);

    /// <summary>The key that a text is; null where it is none, wrong or revoked.</summary>
    public Task<ApiKey?> FindAsync(string text)
    {
        var asked = new Asked(text, new TaskCompletionSource<ApiKey?>());
        _waiting.Add(asked);
        return asked.Source.Task;
    }

    private sealed record Asked(string Text, TaskCompletionSource<ApiKey?> Source);
}
