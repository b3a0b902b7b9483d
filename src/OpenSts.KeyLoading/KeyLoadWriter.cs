using System.Globalization;
using System.Text;
using OpenSts.Sts6;

namespace OpenSts.KeyLoading;

/// <summary>Writes one key load file: header, keys, end. The centre's side of the agreement.</summary>
public sealed class KeyLoadWriter : IDisposable
{
    private readonly TransportKeys _keys;
    private readonly StringBuilder _text = new();
    private int _written;

    /// <summary>Begins a file.</summary>
    /// <param name="own">The centre's key that the header's sequence names.</param>
    /// <param name="ephemeral">Made for this file; its public part stands in the header.</param>
    /// <param name="module">The module's certified key.</param>
    /// <param name="request">The module's request.</param>
    /// <param name="header">The first line.</param>
    public KeyLoadWriter(AgreementKey own, AgreementKey ephemeral, PublicPoint module, LoadRequest request,
        LoadHeader header)
    {
        ArgumentNullException.ThrowIfNull(ephemeral);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(header);
        if (!ephemeral.Public.Equals(header.Ephemeral) || LoadHeader.HashOf(request.Line) != header.RequestHash)
            throw new ArgumentException("The header belongs to another request or another key.", nameof(header));
        Header = header;
        _keys = TransportKeys.Derive(own, ephemeral, module, request.Ephemeral, request.Line, header.Line);
        _ = _text.Append(header.Line).Append('\n');
    }

    /// <summary>The first line.</summary>
    public LoadHeader Header { get; }

    /// <summary>The MAC with which the module will confirm; known after <see cref="Finish"/>.</summary>
    public string ConfirmationMac { get; private set; } = "";

    /// <summary>Adds a key with its card.</summary>
    /// <param name="card">Its length of key must be that of <paramref name="key"/>.</param>
    /// <param name="key">8 or 20 octets; the caller clears its own copy.</param>
    public void Add(KeyCard card, ReadOnlySpan<byte> key)
    {
        ArgumentNullException.ThrowIfNull(card);
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, card.KeyLength, nameof(key));
        if (_written == Header.Count)
            throw new InvalidOperationException($"The header promised {Header.Count} keys.");
        var content = string.Create(CultureInfo.InvariantCulture,
            $"{KeyLine.Type}:{Header.KekId:D8}:{++_written}:{card}:{_keys.Wrap(key)}:");
        _ = _text.Append(ConcatLine.Close($"{content}{_keys.Mac(content)}:")).Append('\n');
    }

    /// <summary>Ends the file and gives its text, every line with a line feed.</summary>
    public string Finish()
    {
        if (_written != Header.Count)
            throw new InvalidOperationException($"The header promised {Header.Count} keys, {_written} were added.");
        var content =
            string.Create(CultureInfo.InvariantCulture, $"{KeyLine.EndType}:{Header.KekId:D8}:{Header.Count}:");
        var end = ConcatLine.Close($"{content}{_keys.Mac(_text + content)}:");
        ConfirmationMac = _keys.Mac(LoadConfirmation.MacInput(Header.KekId, Header.Count, end));
        return _text.Append(end).Append('\n').ToString();
    }

    /// <summary>Clears the transport keys.</summary>
    public void Dispose() => _keys.Dispose();

    /// <summary>Says what it is, never what it holds.</summary>
    public override string ToString() => $"(key load file {Header.KekId} for module {Header.ModuleId})";
}

/// <summary>The types of the lines between header and confirmation.</summary>
public static class KeyLine
{
    /// <summary><c>VKEY.1:KEKID:index:card:wrapped key:mac:</c></summary>
    public const string Type = "VKEY.1";

    /// <summary><c>KEND.1:KEKID:count:mac:</c></summary>
    public const string EndType = "KEND.1";
}
