namespace OpenSts.Cli.Terminal;

/// <summary>
/// Shows on standard error how far a long piece of work is: after one second, on a terminal only, and nothing is left
/// of it at the end.
/// </summary>
internal sealed class Progress : IDisposable
{
    private static readonly TimeSpan FirstAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(200);
    private readonly TextWriter _output;
    private readonly string _what;
    private readonly long _total;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly ITimer? _timer;
    private readonly Lock _lock = new();
    private long _done;
    private int _width;
    private bool _isDisposed;

    private Progress(TextWriter output, bool isTerminal, string what, long total, TimeProvider time)
    {
        (_output, _what, _total, _time) = (output, what, total, time);
        _start = time.GetTimestamp();
        if (isTerminal)
            _timer = time.CreateTimer(_ => Show(), null, FirstAfter, Every);
    }

    /// <summary>Begins to watch a piece of work.</summary>
    /// <param name="what">What is being done, such as "issuing tokens".</param>
    /// <param name="total">How many steps it has; 0 where that is not known.</param>
    public static Progress Start(string what, long total = 0) =>
        new(Console.Error, !Console.IsErrorRedirected, what, total, TimeProvider.System);

    /// <summary>The same for a writer and a clock of the caller.</summary>
    public static Progress Start(TextWriter output, bool isTerminal, string what, long total, TimeProvider time) =>
        new(output, isTerminal, what, total, time);

    /// <summary>Counts steps that are done. Any thread may call it.</summary>
    public void Add(long steps = 1) => Interlocked.Add(ref _done, steps);

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer?.Dispose();
        lock (_lock)
        {
            if (_width > 0 && !_isDisposed)
                _output.Write('\r' + new string(' ', _width) + '\r');
            _isDisposed = true;
        }
    }

    private void Show()
    {
        lock (_lock)
        {
            if (_isDisposed)
                return;
            var done = Interlocked.Read(ref _done);
            var seconds = (int)_time.GetElapsedTime(_start).TotalSeconds;
            var text = (_total, done) switch
            {
                ( > 0, _) => $"{_what}: {done * 100 / _total} % ({done} of {_total}), {seconds} s",
                (_, > 0) => $"{_what}: {done}, {seconds} s",
                _ => $"{_what}: {seconds} s",
            };
            _output.Write('\r' + text.PadRight(_width));
            _width = Math.Max(_width, text.Length);
            _output.Flush();
        }
    }
}
