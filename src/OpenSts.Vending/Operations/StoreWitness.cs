using System.Globalization;
using System.Text;
using OpenSts.Vending.Documents;
using OpenSts.Vending.IssueLog;
using OpenSts.Vending.Issues;
using OpenSts.Vending.Money;
using OpenSts.Vending.Storage;

namespace OpenSts.Vending.Operations;

/// <summary>Remembers outside the store how far the issue log came and how high identifiers went: an old backup put in its place is noticed.</summary>
/// <remarks>
/// One line in a file of its own, which a backup of the store's folder does not hold. It is written after each commit, so it may lag behind
/// by what a crash cut off, and is never ahead. While the store is behind it, nothing is issued.
/// </remarks>
public sealed class StoreWitness : IDisposable
{
    private const int LineLength = 128;
    private readonly Lock _gate = new();
    private readonly FileStream? _file;
    private LogHead _head = IssueLogTable.Empty;
    private long _highestMinute;
    private volatile Refusal? _refusal;

    /// <summary>A witness that keeps nothing, for stores that are not backed up.</summary>
    public StoreWitness()
    {
    }

    /// <summary>Opens or creates the file and holds the store against it.</summary>
    /// <exception cref="StoreException">The file is not a witness.</exception>
    public StoreWitness(string path, IStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        Read(path);
        Check(store);
        if (_refusal is null)
            _head = store.Read(IssueLogTable.Head);
    }

    /// <summary>Why nothing is issued; null where the store is at least as far as the witness.</summary>
    public Refusal? Refuses => _refusal;

    /// <summary>Holds the store against what was seen: a backup may be put in its place while the server runs.</summary>
    public void Check(IStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        if (_file is null || _refusal is not null)
            return;
        LogHead seen;
        lock (_gate)
            seen = _head;
        var (head, at) = store.Read(session => (IssueLogTable.Head(session), HashAt(session, seen.Sequence)));
        if (at != seen.Hash)
            _refusal = new Refusal("restored", $"The store's issue log has {head.Sequence} entries and its witness saw {seen.Sequence}: the store is an old backup or another one. Run 'sts-vending reconcile'.");
    }

    /// <summary>Remembers what was committed.</summary>
    public void Note(LogHead head, IReadOnlyList<Issue> issues)
    {
        ArgumentNullException.ThrowIfNull(head);
        ArgumentNullException.ThrowIfNull(issues);
        if (_file is null)
            return;
        lock (_gate)
        {
            foreach (var order in issues.SelectMany(issue => issue.Orders))
            {
                if (order.Identifier is { } tid && BaseDate.TryFromYear(order.BaseDate, out var baseDate))
                    _highestMinute = Math.Max(_highestMinute, TokenIdentifier.FromNumber(tid).ToTime(baseDate).ToUnixTimeSeconds() / 60);
            }

            if (head.Sequence <= _head.Sequence)
                return;
            _head = head;
            Write();
        }
    }

    /// <summary>Raises the store's marks above everything that was ever given out and takes the store as it is.</summary>
    /// <remarks>
    /// What the backup calls pending may have been issued since, and its tokens given out. To make them again would be a second set of tokens with the
    /// same identifiers, so these issues are refused for ever and their money goes back, as it does for all that the backup does not know.
    /// </remarks>
    public void Accept(IStore store, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(store);
        lock (_gate)
        {
            var floor = Math.Max(_highestMinute, now.ToUnixTimeSeconds() / 60) + 1;
            var lost = _head;
            _head = store.Write(session =>
            {
                IdentifierMarks.RaiseFloor(session, floor);
                foreach (var issue in IssueTable.InState(session, IssueState.Pending, int.MaxValue))
                {
                    var refusal = new Refusal("lost-in-restore", $"The issue {issue.Id} was under way in the backup that the store was restored from.");
                    if (IssueTable.TryMove(session, IssueState.Pending, issue with { State = IssueState.Refused, Refusal = refusal, Completed = now }))
                        Ledger.Reverse(session, now, "sale", issue.Id);
                }

                return IssueLogTable.AppendRestored(session, lost, now);
            });
            _highestMinute = floor;
            _refusal = null;
            Write();
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file?.Dispose();

    private static string HashAt(IStoreSession session, long sequence) => sequence == 0
        ? IssueLogTable.Empty.Hash
        : session.First("SELECT hash FROM issue_log WHERE sequence = $1", row => row.Text(0), sequence) ?? "";

    private void Read(string path)
    {
        var octets = new byte[LineLength];
        var length = _file!.ReadAtLeast(octets, LineLength, throwOnEndOfStream: false);
        if (length == 0)
            return;
        var parts = Encoding.ASCII.GetString(octets, 0, length).Split(' ', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length != 3 || parts[1].Length != 64 || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            || !long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out _highestMinute))
            throw new StoreException($"The file {path} is not a witness of a vending store.");
        _head = new LogHead(sequence, parts[1]);
    }

    // Always as long as before, within one sector: a crash leaves the old line or the new.
    private void Write()
    {
        if (_file is null)
            return;
        var line = string.Create(CultureInfo.InvariantCulture, $"{_head.Sequence:D20} {_head.Hash} {_highestMinute:D20}").PadRight(LineLength - 1) + "\n";
        RandomAccess.Write(_file.SafeFileHandle, Encoding.ASCII.GetBytes(line), 0);
    }
}
