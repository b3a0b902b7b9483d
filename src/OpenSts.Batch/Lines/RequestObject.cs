using System.Text;
using System.Text.Json;

namespace OpenSts.Batch.Lines;

/// <summary>
/// Where one value of a request stands in the line, and of what kind it is. The default value: the field was not
/// given.
/// </summary>
internal readonly record struct FieldValue(JsonTokenType Kind, int Start, int Length, bool Escaped)
{
    public bool IsGiven => Kind != JsonTokenType.None;
}

/// <summary>
/// One JSON object of a request: which names it may have, and the values found. It serves many lines.
/// </summary>
internal sealed class RequestObject
{
    private readonly string[] _names;
    private readonly byte[][] _utf8Names;
    private readonly FieldValue[] _values;
    private readonly RequestObject?[] _children;

    public RequestObject(string path, params string[] names)
    {
        Path = path;
        _names = names;
        _utf8Names = [.. names.Select(Encoding.UTF8.GetBytes)];
        _values = new FieldValue[names.Length];
        _children = new RequestObject?[names.Length];
    }

    /// <summary>The path of the object followed by a dot, such as <c>token.</c>; empty for the outermost.</summary>
    public string Path { get; }

    /// <summary>True when the line has this object.</summary>
    public bool IsGiven { get; private set; }

    /// <summary>The value of a name; its kind is None where it was not given.</summary>
    public FieldValue this[string name] => _values[Index(name)];

    /// <summary>The first name that was given and is none of these; null when there is none.</summary>
    public string? FirstOutside(params ReadOnlySpan<string> permitted)
    {
        for (var i = 0; i < _names.Length; i++)
        {
            if (_values[i].IsGiven && !Contains(permitted, _names[i]))
                return _names[i];
        }

        return null;
    }

    /// <summary>Where this name's value is an object, it has that form.</summary>
    public RequestObject With(string name, RequestObject child)
    {
        _children[Index(name)] = child;
        return this;
    }

    public void Clear()
    {
        if (!IsGiven)
            return;
        IsGiven = false;
        Array.Clear(_values);
        foreach (var child in _children)
            child?.Clear();
    }

    /// <summary>
    /// Reads the object at whose opening brace the reader stands; the first error of form is kept, reading goes on.
    /// </summary>
    public void Read(ref Utf8JsonReader reader, ref BatchError? error)
    {
        IsGiven = true;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var index = IndexOf(ref reader);
            if (index < 0)
                error ??= new BatchError(BatchError.Format,
                    $"{Path}{Excerpt.Of(reader.ValueSpan)} is not a field of this request; expected are "
                        + $"{string.Join(", ", _names)}");
            else if (_values[index].IsGiven)
                error ??= new BatchError(BatchError.Format, $"{Path}{_names[index]} is given twice");
            reader.Read();
            if (index >= 0 && !_values[index].IsGiven)
            {
                var quote = reader.TokenType == JsonTokenType.String ? 1 : 0;
                _values[index] = new FieldValue(reader.TokenType, (int)reader.TokenStartIndex
                    + quote, reader.ValueSpan.Length, reader.ValueIsEscaped);
                if (reader.TokenType == JsonTokenType.StartObject && _children[index] is { } child)
                {
                    child.Read(ref reader, ref error);
                    continue;
                }
            }

            reader.Skip();
        }
    }

    // Names are literals: the same object in most cases, so comparing references settles it.
    private int Index(string name)
    {
        for (var i = 0; i < _names.Length; i++)
        {
            if (ReferenceEquals(_names[i], name))
                return i;
        }

        return Array.IndexOf(_names, name);
    }

    private static bool Contains(ReadOnlySpan<string> names, string name)
    {
        foreach (var candidate in names)
        {
            if (ReferenceEquals(candidate, name) || candidate == name)
                return true;
        }

        return false;
    }

    private int IndexOf(ref Utf8JsonReader reader)
    {
        for (var i = 0; i < _utf8Names.Length; i++)
        {
            if (reader.ValueTextEquals(_utf8Names[i]))
                return i;
        }

        return -1;
    }
}
