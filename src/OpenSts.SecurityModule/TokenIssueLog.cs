using OpenSts.SecureStorage;
using OpenSts.SecurityModule.Vault;

namespace OpenSts.SecurityModule;

/// <summary>Where a module notes the tokens that it issued before it answers.</summary>
internal interface ITokenIssueLog
{
    /// <summary>Notes a register's totals after a token issue; returns the number of the entry.</summary>
    /// <exception cref="StorageException">Nothing can be noted any more.</exception>
    ulong Record(int register, in VaultCounters after, ReadOnlySpan<char> text);

    /// <summary>
    /// Completes when the entry and all before it will survive a loss of power; fails when they never will.
    /// </summary>
    Task WhenDurable(ulong entry);

    /// <summary>Lines of the log from an entry on; none where there is no such entry.</summary>
    /// <param name="from">The number of the first entry, 1 or more.</param>
    /// <param name="count">At most so many lines.</param>
    /// <param name="next">The entry behind the last one returned.</param>
    IReadOnlyList<string> Read(ulong from, int count, out ulong next);
}

/// <summary>Notes token issues in a vault.</summary>
internal sealed class VaultIssueLog(KeyVault vault) : ITokenIssueLog
{
    public ulong Record(int register, in VaultCounters after, ReadOnlySpan<char> text) =>
        vault.RecordIssue(register, after, text);

    public Task WhenDurable(ulong entry) => vault.WhenDurable(entry);

    public IReadOnlyList<string> Read(ulong from, int count, out ulong next)
    {
        var entries = vault.ReadLog(from, count);
        next = entries.Count == 0 ? from : entries[^1].Sequence + 1;
        return [.. entries.Select(entry => entry.ToString())];
    }
}

/// <summary>Keeps the log in memory: for test keys, whose tokens nobody has to account for.</summary>
internal sealed class MemoryIssueLog : ITokenIssueLog
{
    private const int Kept = 4096;
    private readonly Queue<string> _lines = new();
    private readonly Lock _gate = new();
    private ulong _count;

    public ulong Record(int register, in VaultCounters after, ReadOnlySpan<char> text)
    {
        lock (_gate)
        {
            _count++;
            if (_lines.Count == Kept)
                _ = _lines.Dequeue();
            _lines.Enqueue($"{_count} register {register}: {after}; {text}");
            return _count;
        }
    }

    public Task WhenDurable(ulong entry) => Task.CompletedTask;

    public IReadOnlyList<string> Read(ulong from, int count, out ulong next)
    {
        lock (_gate)
        {
            var first = _count - (ulong)_lines.Count + 1;
            next = from;
            if (from < first || from > _count)
                return [];
            var lines = _lines.Skip((int)(from - first)).Take(count).ToArray();
            next = from + (ulong)lines.Length;
            return lines;
        }
    }
}
