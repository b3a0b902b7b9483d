using System.Diagnostics;

namespace OpenSts.Vending.Operations;

/// <summary>The server's own spans around an issue of tokens, each with the issue's id; never a token, a key or a customer.</summary>
/// <remarks>Without a listener they cost a comparison.</remarks>
internal static class Traces
{
    /// <summary>The name to listen to.</summary>
    public const string SourceName = "OpenSts.Vending";

    /// <summary>The tag that names the issue.</summary>
    public const string IssueId = "opensts.issue.id";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>A step of an issue: <c>issue</c> as a whole, <c>issue.intent</c>, <c>issue.module</c>, <c>issue.result</c>.</summary>
    public static T Step<T>(string name, string id, Func<T> work)
    {
        using var span = Start(name, id);
        try
        {
            return work();
        }
        catch (Exception error)
        {
            Fail(span, error);
            throw;
        }
    }

    /// <summary>The same for work that waits.</summary>
    public static async Task<T> StepAsync<T>(string name, string id, Func<Task<T>> work)
    {
        using var span = Start(name, id);
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (Exception error)
        {
            Fail(span, error);
            throw;
        }
    }

    private static Activity? Start(string name, string id) => Source.StartActivity(name)?.SetTag(IssueId, id);

    // The kind of the failure and not its message, which may hold anything.
    private static void Fail(Activity? span, Exception error) => span?.SetStatus(ActivityStatusCode.Error, error.GetType().Name);
}
