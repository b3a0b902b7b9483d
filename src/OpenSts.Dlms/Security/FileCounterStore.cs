using System.Globalization;

namespace OpenSts.Dlms.Security;

/// <summary>
/// Invocation counters in a file: each write replaces it as a whole and reaches the disk before it returns.
/// </summary>
/// <remarks>
/// Each line holds a name, a space and a number. A file that was lost or damaged is never replaced by counters that
/// begin at 0.
/// </remarks>
public sealed class FileCounterStore : IInvocationCounterStore
{
    private readonly string _path;
    private readonly SortedDictionary<string, uint> _values = new(StringComparer.Ordinal);

    /// <summary>Opens the file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="createNew">
    /// True to create a file that does not exist, for keys that were never used before. An existing file is read in
    /// any case.
    /// </param>
    /// <exception cref="CounterFileException">The file does not exist and may not be created, cannot be read, or is
    /// damaged.</exception>
    public FileCounterStore(string path, bool createNew = false)
    {
        ArgumentNullException.ThrowIfNull(path);
        _path = path;
        if (!File.Exists(path))
        {
            if (!createNew)
                throw new CounterFileException(
                    $"the counter file {path} does not exist. Without it a recorded association would be accepted "
                        + "again and nonces would repeat");
            // Never empty: an empty file is a damaged one.
            Write("created", 1);
            return;
        }

        var lines = ReadLines(path);
        if (lines.Length == 0)
            throw new CounterFileException($"the counter file {path} is damaged: it is empty");
        var number = 0;
        foreach (var line in lines)
        {
            number++;
            if (line.Split(' ') is not [{ Length: > 0 } name, var text]
                || !uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
                throw new CounterFileException(
                    $"the counter file {path} is damaged: line {number} is not a name, a space and a number from 0 to "
                        + "4294967295");
            if (!_values.TryAdd(name, value))
                throw new CounterFileException(
                    $"the counter file {path} is damaged: line {number} has the name of a line before it");
        }
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, uint> ReadAll() => _values;

    /// <inheritdoc/>
    public void Write(string name, uint value)
    {
        _values[name] = value;
        Save();
    }

    private void Save() => PrivateFile.Replace(
        _path, string.Concat(
            _values.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key} {pair.Value}\n"))));

    private static string[] ReadLines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CounterFileException($"the counter file {path} cannot be read: {error.Message}", error);
        }
    }
}

/// <summary>
/// A counter file that is lost, damaged or cannot be read. The server must not start with counters at 0 instead.
/// </summary>
/// <param name="message">What is wrong, for a person.</param>
/// <param name="inner">The cause; null for none.</param>
public sealed class CounterFileException(string message, Exception? inner = null) : IOException(message, inner);
