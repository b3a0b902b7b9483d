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

    /// <summary>A step of an issue: <c>issue</c> as a whole, <c>issue.quote</c>, <c>issue.intent</c>, <c>issue.module</c>, <c>issue.result</c>.</summary>
    /// <param name="name">Which step.</param>
    /// <param name="id">The issue.</param>
    /// <param name="work">What is done.</param>
    /// <param name="parent">The span it belongs to, where that is another thread's.</param>
    public static T Step<T>(string name, string id, Func<T> work, ActivityContext parent = default)
    {
        using var span = Start(name, id, parent);
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

    private static Activity? Start(string name, string id, ActivityContext parent = default) =>
        (parent == default ? Source.StartActivity(name) : Source.StartActivity(name, ActivityKind.Internal, parent))?.SetTag(IssueId, id);

    // The kind of the failure and not its message, which may hold anything.
    private static void Fail(Activity? span, Exception error) => span?.SetStatus(ActivityStatusCode.Error, error.GetType().Name);
}
