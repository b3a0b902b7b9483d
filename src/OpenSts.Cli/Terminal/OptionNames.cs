using System.Text;

namespace OpenSts.Cli.Terminal;

/// <summary>
/// Which option a person typed for each field of a request: an error of the JSON Lines contract names the field, a
/// person knows the option.
/// </summary>
internal sealed class OptionNames
{
    private readonly List<(string Field, string Option)> _names = [];

    /// <summary>Adds a field's path, such as <c>meter.pan</c>, and its option, such as <c>--pan</c>.</summary>
    public OptionNames Add(string field, string option)
    {
        _names.Add((field, option));
        // "to.meter.pan" must be found before "meter.pan".
        _names.Sort((a, b) => b.Field.Length.CompareTo(a.Field.Length));
        return this;
    }

    /// <summary>
    /// The message with the options in place of the fields. What stands between apostrophes is somebody's input and
    /// stays.
    /// </summary>
    public string Translate(string message)
    {
        var result = new StringBuilder(message.Length + 16);
        var isQuoted = false;
        for (var i = 0; i < message.Length;)
        {
            if (!isQuoted && IsStart(message, i) && Match(message.AsSpan(i)) is var (field, option))
            {
                result.Append(option);
                i += field.Length;
                continue;
            }

            if (message[i] == '\'')
                isQuoted = !isQuoted;
            result.Append(message[i++]);
        }

        return result.ToString();
    }

    private static bool IsStart(string message, int at) =>
        at == 0 || !(char.IsAsciiLetterOrDigit(message[at - 1]) || message[at - 1] is '.' or '-' or '_');

    private (string Field, string Option)? Match(ReadOnlySpan<char> rest)
    {
        foreach (var (field, option) in _names)
        {
            if (!rest.StartsWith(field, StringComparison.Ordinal))
                continue;
            var after = rest[field.Length..];
            // "meter.pan" is no part of "meter.panel", and "token" none of "token.amount"; a full stop may end a
            // sentence.
            if (after is [] || !(char.IsAsciiLetterOrDigit(after[0])
                || (after[0] == '.' && after.Length > 1 && char.IsAsciiLetter(after[1]))))
                return (field, option);
        }

        return null;
    }
}
