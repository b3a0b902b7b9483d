using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace OpenSts.Vending.Client;

/// <summary>Follows the issue log entry by entry and finds the first that is not what was written there.</summary>
/// <remarks>
/// hash(0) = SHA-256 of the empty text, hash(n) = SHA-256(hash(n-1) as 64 hex digits, then the body as UTF-8). Whoever can write the whole log
/// can hash it anew: that is found only with a head that was kept elsewhere.
/// </remarks>
public sealed class IssueLogChain
{
    private readonly IReadOnlyList<LogHead> _witnesses;

    /// <summary>Begins before the first entry.</summary>
    /// <param name="witnesses">Heads that were kept elsewhere; null ones are left out.</param>
    public IssueLogChain(params IEnumerable<LogHead?> witnesses) => _witnesses = [.. witnesses.OfType<LogHead>()];

    /// <summary>The head of a log without entries.</summary>
    public static LogHead Empty { get; } = new(0, Convert.ToHexStringLower(SHA256.HashData([])));

    /// <summary>The end of what is in order.</summary>
    public LogHead Head { get; private set; } = Empty;

    /// <summary>The hash that ties a body to all before it.</summary>
    /// <param name="hash">Of the entry before, 64 hex digits.</param>
    /// <param name="body">The exact text.</param>
    public static string Next(string hash, string body) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(hash + body)));

    /// <summary>Takes the next entry; null where it is in order, otherwise the fault, and the chain stays where it was.</summary>
    public LogVerification? Take(LogEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var place = Head.Sequence + 1;
        if (entry.Sequence < place)
            return Fault(LogFault.Reordered, place, $"In place {place} stands entry {entry.Sequence}.");
        if (entry.Sequence > place)
            return Fault(LogFault.Removed, place, $"Entry {place} is missing.");
        if (SequenceOf(entry.Body) is not { } written)
            return Fault(LogFault.Altered, place, $"Entry {place} cannot be read.");
        if (written != place)
            return Fault(LogFault.Reordered, place, $"In place {place} stands the entry that was written as {written}.");
        var hash = Next(Head.Hash, entry.Body);
        if (hash != entry.Hash)
            return Fault(LogFault.Altered, place, $"Entry {place} is not what was hashed.");
        if (_witnesses.Any(witness => witness.Sequence == place && witness.Hash != hash))
            return Fault(LogFault.Altered, place, $"Up to entry {place} the log is not the one that the witness saw.");
        Head = new LogHead(place, hash);
        return null;
    }

    /// <summary>No entry follows: what was found in all.</summary>
    public LogVerification Finish()
    {
        var written = _witnesses.Select(witness => witness.Sequence).Append(0).Max();
        return written > Head.Sequence
            ? Fault(LogFault.Removed, Head.Sequence + 1, $"The log ends before entry {Head.Sequence + 1}; {written} were written.")
            : new LogVerification(LogFault.None, 0, $"{Head.Sequence} entries are in order.", Head.Sequence);
    }

    private LogVerification Fault(LogFault fault, long sequence, string detail) => new(fault, sequence, detail, Head.Sequence);

    private static long? SequenceOf(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("sequence", out var sequence) && sequence.TryGetInt64(out var number)
                ? number
                : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}

/// <summary>The issue log in a file: a JSON line for each entry, the head in the last.</summary>
public static class IssueLogFile
{
    /// <summary>Writes entries and head.</summary>
    public static void Write(Stream file, IEnumerable<LogEntry> entries, LogHead head)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(entries);
        foreach (var entry in entries)
            Line(file, new LogFileLine { Sequence = entry.Sequence, Body = entry.Body, Hash = entry.Hash });
        Line(file, new LogFileLine { Head = head });
    }

    /// <summary>Names the first entry of a file that was altered, removed, reordered or is missing at its end.</summary>
    /// <param name="file">UTF-8.</param>
    /// <param name="witness">A head that was kept elsewhere; null for none.</param>
    /// <param name="head">The head of what is in order.</param>
    public static LogVerification Verify(Stream file, LogHead? witness, out LogHead head)
    {
        using var reader = new StreamReader(file, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, leaveOpen: true);
        var chain = new IssueLogChain(witness);
        while (reader.ReadLine() is { } text)
        {
            head = chain.Head;
            var line = Read(text);
            if (line is { Head: { } end })
                return End(chain, end, reader.ReadLine() is not null);
            if (line is not { Sequence: { } sequence, Body: { } body, Hash: { } hash })
                return new LogVerification(LogFault.Altered, head.Sequence + 1, $"Entry {head.Sequence + 1} cannot be read.", head.Sequence);
            if (chain.Take(new LogEntry(sequence, body, hash)) is { } fault)
                return fault.Fault == LogFault.Removed && Follows(reader, fault.Sequence) ? fault with { Fault = LogFault.Reordered, Detail = $"In place {fault.Sequence} stands entry {sequence}." } : fault;
        }

        head = chain.Head;
        return new LogVerification(LogFault.Removed, head.Sequence + 1, $"The file ends after entry {head.Sequence}, without the head that stands at the end of every export.", head.Sequence);
    }

    private static LogVerification End(IssueLogChain chain, LogHead end, bool more)
    {
        var found = chain.Finish();
        if (found.Fault != LogFault.None)
            return found;
        if (end.Sequence > chain.Head.Sequence)
            return found with { Fault = LogFault.Removed, Sequence = chain.Head.Sequence + 1, Detail = $"The log ends before entry {chain.Head.Sequence + 1}; {end.Sequence} were written." };
        return end != chain.Head || more
            ? found with { Fault = LogFault.Altered, Sequence = end.Sequence, Detail = string.Create(CultureInfo.InvariantCulture, $"The head names entry {end.Sequence} and another hash than the log has, or entries follow it.") }
            : found;
    }

    private static bool Follows(StreamReader reader, long sequence)
    {
        while (reader.ReadLine() is { } text)
        {
            if (Read(text)?.Sequence == sequence)
                return true;
        }

        return false;
    }

    private static void Line(Stream file, LogFileLine line) => file.Write([.. JsonSerializer.SerializeToUtf8Bytes(line, ClientJson.Default.LogFileLine), (byte)'\n']);

    private static LogFileLine? Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, ClientJson.Default.LogFileLine);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>An entry, or the head.</summary>
internal sealed record LogFileLine
{
    public long? Sequence { get; init; }

    public string? Body { get; init; }

    public string? Hash { get; init; }

    public LogHead? Head { get; init; }
}
