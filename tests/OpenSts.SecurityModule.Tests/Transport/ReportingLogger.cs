using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace OpenSts.SecurityModule.Tests.Transport;

/// <summary>Keeps what is logged.</summary>
internal sealed class ReportingLogger(ConcurrentQueue<string> lines) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        lines.Enqueue(formatter(state, exception));
}
