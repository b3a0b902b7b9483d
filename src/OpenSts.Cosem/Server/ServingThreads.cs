namespace OpenSts.Cosem.Server;

/// <summary>A few threads for connections that may wait on a thread of their own. They begin when they are needed and are used again.</summary>
/// <param name="most">How many there are at most.</param>
internal sealed class ServingThreads(int most) : IDisposable
{
    // What waits inside is little: a reader of frames and the objects it asks.
    private const int StackOctets = 256 * 1024;
    private readonly object _door = new();
    private readonly Queue<Func<Thread, Task>> _work = [];
    private int _count;
    private int _free;
    private bool _isEnding;

    /// <summary>Runs it on a thread that has nothing else to do until it is over; false where there is none.</summary>
    /// <param name="work">It is told the thread. It handles its own exceptions.</param>
    public bool TryRun(Func<Thread, Task> work)
    {
        lock (_door)
        {
            if (_free == 0)
            {
                if (_count == most)
                    return false;
                _count++;
                _free++;
                new Thread(Run, StackOctets) { IsBackground = true, Name = "COSEM connection" }.Start();
            }

            _free--;
            _work.Enqueue(work);
            Monitor.Pulse(_door);
            return true;
        }
    }

    /// <summary>The threads end once what they do is over.</summary>
    public void Dispose()
    {
        lock (_door)
        {
            _isEnding = true;
            Monitor.PulseAll(_door);
        }
    }

    private void Run()
    {
        while (Next() is { } work)
        {
            work(Thread.CurrentThread).GetAwaiter().GetResult();
            lock (_door)
                _free++;
        }
    }

    private Func<Thread, Task>? Next()
    {
        lock (_door)
        {
            while (_work.Count == 0 && !_isEnding)
                Monitor.Wait(_door);
            return _work.Count > 0 ? _work.Dequeue() : null;
        }
    }
}
