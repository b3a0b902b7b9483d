using System.Text.Json;

namespace OpenSts.Vending.Client;

/// <summary>A sale that was begun and has no decided outcome yet.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Sale">What was to be sold.</param>
public sealed record OpenSale(VendId Id, Sale Sale);

/// <summary>A line of the journal: a sale where one begins, none where one ended.</summary>
internal sealed record JournalLine(VendId Id, Sale? Sale);

/// <summary>A file that knows which sales have begun and not ended: what a till must not forget when the power goes.</summary>
/// <remarks>
/// JSON lines. A sale is on the disk before <see cref="Begin"/> returns; opening leaves out what has ended and a last line that was cut off.
/// It holds meter numbers and money, never a token. One process at a time.
/// </remarks>
public sealed class SaleJournal : IDisposable
{
    private readonly FileStream _file;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, OpenSale> _open = new(StringComparer.Ordinal);

    private SaleJournal(FileStream file) => _file = file;

    /// <summary>The sales that have not ended, in the order in which they began.</summary>
    public IReadOnlyList<OpenSale> Unfinished
    {
        get
        {
            lock (_gate)
                return [.. _open.Values];
        }
    }

    /// <summary>Opens or creates a journal.</summary>
    /// <exception cref="IOException">Another process has it, or the disk fails.</exception>
    /// <exception cref="InvalidDataException">A line in the middle is not of a journal.</exception>
    public static SaleJournal Open(string path)
    {
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        try
        {
            var journal = new SaleJournal(file);
            journal.Load(path);
            return journal;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Keeps a sale; when this returns, it is on the disk.</summary>
    public void Begin(VendId id, Sale sale)
    {
        ArgumentNullException.ThrowIfNull(sale);
        lock (_gate)
        {
            Append(new JournalLine(id, sale));
            _open[id.ToString()] = new OpenSale(id, sale);
        }
    }

    /// <summary>Takes note that a sale has a decided outcome.</summary>
    public void End(VendId id)
    {
        lock (_gate)
        {
            if (!_open.Remove(id.ToString()))
                return;
            if (_open.Count == 0)
                Clear();
            else
                Append(new JournalLine(id, null));
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    private void Load(string path)
    {
        var octets = new byte[_file.Length];
        _file.ReadExactly(octets);
        var number = 0;
        var end = 0;
        for (int next; (next = Array.IndexOf(octets, (byte)'\n', end)) >= 0; end = next + 1)
        {
            number++;
            if (Read(octets.AsSpan(end..next)) is not { } line)
                throw new InvalidDataException($"Line {number} of {path} is not one of a journal of sales.");
            if (line.Sale is null)
                _ = _open.Remove(line.Id.ToString());
            else
                _open[line.Id.ToString()] = new OpenSale(line.Id, line.Sale);
        }

        // A last line without its end was cut off while it was written: its sale was never sent.
        _file.SetLength(end);
        _ = _file.Seek(0, SeekOrigin.End);
        if (_open.Count == 0)
            Clear();
    }

    // Nothing is open: the file need not grow for ever.
    private void Clear()
    {
        _file.SetLength(0);
        _file.Flush(flushToDisk: true);
    }

    private static JournalLine? Read(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, ClientJson.Default.JournalLine);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private void Append(JournalLine line)
    {
        _file.Write([.. JsonSerializer.SerializeToUtf8Bytes(line, ClientJson.Default.JournalLine), (byte)'\n']);
        _file.Flush(flushToDisk: true);
    }
}
