using System.Globalization;

namespace OpenSts.Dlms.Security;

/// <summary>Counters in a file: each write replaces it as a whole and reaches the disk before it returns.</summary>
public sealed class FileCounterStore : IInvocationCounterStore
{
    private readonly string _path;
    private readonly SortedDictionary<string, uint> _values = new(StringComparer.Ordinal);

    /// <summary>Opens the file, or begins one.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="FormatException">A line is not a name, a space and a number: nothing is guessed about counters.</exception>
    public FileCounterStore(string path)
    {
        _path = path;
        if (!File.Exists(path))
            return;
        foreach (var line in File.ReadAllLines(path))
        {
            if (line.Split(' ') is not [var name, var text] || !uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
                throw new FormatException("A line of the counter file is not a name, a space and a number.");
            _values[name] = value;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, uint> ReadAll() => _values;

    /// <inheritdoc/>
    public void Write(string name, uint value)
    {
        _values[name] = value;
        PrivateFile.Replace(_path, string.Concat(_values.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key} {pair.Value}\n"))));
    }
}
