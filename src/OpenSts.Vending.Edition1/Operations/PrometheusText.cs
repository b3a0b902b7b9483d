using System.Globalization;
using System.Text;

namespace OpenSts.Vending.Operations;

/// <summary>Writes the text form of Prometheus, version 0.0.4: families one after the other, each with its help and type before its samples.</summary>
internal sealed class PrometheusText
{
    private readonly StringBuilder _text = new();
    private string _family = "";

    /// <summary>Begins a family.</summary>
    /// <param name="name">Letters, digits and underlines.</param>
    /// <param name="type">gauge, counter or histogram.</param>
    /// <param name="help">One line.</param>
    public void Family(string name, string type, string help)
    {
        _family = name;
        _ = _text.Append("# HELP ").Append(name).Append(' ').Append(help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)).Append('\n')
            .Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
    }

    /// <summary>A sample of the family.</summary>
    public void Sample(double value, params ReadOnlySpan<(string Name, string Value)> labels) => Sample("", value, labels);

    /// <summary>A sample of the family under a name with a suffix, such as <c>_bucket</c>.</summary>
    public void Sample(string suffix, double value, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        _ = _text.Append(_family).Append(suffix);
        for (var i = 0; i < labels.Length; i++)
        {
            _ = _text.Append(i == 0 ? '{' : ',').Append(labels[i].Name).Append("=\"")
                .Append(labels[i].Value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)).Append('"');
        }

        _ = _text.Append(labels.Length > 0 ? "} " : " ").Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
    }

    /// <summary>The whole text.</summary>
    public override string ToString() => _text.ToString();
}
