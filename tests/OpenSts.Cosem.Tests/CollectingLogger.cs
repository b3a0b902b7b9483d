using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace OpenSts.Cosem.Tests;

/// <summary>Collects what is logged.</summary>
internal sealed class CollectingLogger : ILogger
{
    private readonly ConcurrentQueue<(LogLevel Level, int Id, string Text, Exception? Error)> _entries = [];

    public IReadOnlyList<(LogLevel Level, int Id, string Text, Exception? Error)> Entries => [.. _entries];

    public IEnumerable<Exception> Errors => Entries.Where(each => each.Error is not null).Select(each => each.Error!);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter) =>
        _entries.Enqueue((logLevel, eventId.Id, formatter(state, exception), exception));
}
