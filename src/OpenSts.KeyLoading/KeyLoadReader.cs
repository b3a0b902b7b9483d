using System.Globalization;
using System.Text;
using OpenSts.Secrets;
using OpenSts.Sts6;

namespace OpenSts.KeyLoading;

/// <summary>
/// Reads one key load file line by line and believes none of it until its MAC was checked: the receiver's side of the
/// agreement.
/// </summary>
/// <remarks>
/// A refused line changes nothing: the right one may follow. A line given twice in a row is answered as the first
/// time, because on a wire the answer may have been lost. Nothing is in use before <see cref="ReadEnd"/> has
/// succeeded.
/// </remarks>
public sealed class KeyLoadReader : IDisposable
{
    private readonly AgreementKey _own;
    private readonly AgreementKey _ephemeral;
    private readonly CentreCertificate _centre;
    private readonly LoadRequest _request;
    private readonly int _lastKekId;
    private readonly bool _isManufacturing;
    private readonly StringBuilder _text = new();
    private readonly List<StagedKey> _staged = [];
    private TransportKeys? _keys;
    private string _lastLine = "";

    /// <summary>Begins to read; the keys stay the caller's.</summary>
    public KeyLoadReader(AgreementKey own, AgreementKey ephemeral, CentreCertificate centre, LoadRequest request,
        int lastKekId, bool isManufacturing = false) =>
        (_own, _ephemeral, _centre, _request, _lastKekId, _isManufacturing) =
            (own, ephemeral, centre, request, lastKekId, isManufacturing);

    /// <summary>The first line; null before it was read.</summary>
    public LoadHeader? Header { get; private set; }

    /// <summary>The keys so far, in the order of the file.</summary>
    public IReadOnlyList<StagedKey> Staged => _staged;

    /// <summary>The sentence that goes with the last refusal.</summary>
    public string Problem { get; private set; } = "";

    /// <summary>The MAC of the confirmation; known when <see cref="ReadEnd"/> has succeeded.</summary>
    public string ConfirmationMac { get; private set; } = "";

    /// <summary>Reads the first line and agrees on the keys of the file.</summary>
    public ResponseCode ReadHeader(string line, DateTimeOffset now)
    {
        if (Header is not null)
            return line == _lastLine && _staged.Count == 0 ? ResponseCode.Successful
                : Refuse(ResponseCode.KmcKeyStateError, "another file is being read");
        if (!LoadHeader.TryParse(line, out var header, out var problem))
            return Refuse(ResponseCode.DfFormatError, problem);
        if (header.ModuleId != _request.ModuleId || header.KeyIdentifier != _request.KeyIdentifier)
            return Refuse(ResponseCode.InvalidSecurityModuleId,
                $"the file is for module {header.ModuleId} with key {header.KeyIdentifier}, this is "
                    + $"{_request.ModuleId} with {_request.KeyIdentifier}");
        if (header.Kmcid != _centre.Kmcid)
            return Refuse(ResponseCode.KekSlotNotFound,
                $"the file comes from centre {header.Kmcid}, the request went to {_centre.Kmcid}");
        if (header.KekId <= _lastKekId)
            return Refuse(ResponseCode.InvalidInstruction,
                $"the file has number {header.KekId}, number {_lastKekId} was loaded already");
        if (header.Sequence != _centre.Sequence || header.RequestHash != LoadHeader.HashOf(_request.Line))
            return Refuse(ResponseCode.InvalidInstruction, "the file answers another request than the last one");
        if (now < _centre.Activation || now >= _centre.Expiry)
            return Refuse(now < _centre.Activation ? ResponseCode.KeyNotYetActive : ResponseCode.KeyExpired,
                $"the centre's key is in use from {ConcatLine.Time(_centre.Activation)} to "
                    + $"{ConcatLine.Time(_centre.Expiry)}");
        _keys = TransportKeys.Derive(_own, _ephemeral, _centre.Key, header.Ephemeral, _request.Line, line);
        (Header, _lastLine) = (header, line);
        _ = _text.Append(line).Append('\n');
        return ResponseCode.Successful;
    }

    /// <summary>Reads a key line and stages its key.</summary>
    public ResponseCode ReadKey(string line)
    {
        if (Header is null || _keys is null)
            return Refuse(ResponseCode.KmcKeyStateError, "a key came before the header of its file");
        if (line == _lastLine && _staged.Count > 0)
            return ResponseCode.Successful;
        if (!ConcatLine.TrySplit(line, KeyLine.Type, 5, out var fields, out var problem))
            return Refuse(ResponseCode.DfFormatError, problem);
        var fieldReader = new FieldReader(KeyLine.Type, fields);
        var kekId = fieldReader.Number(0, "KEKID", 8, 1);
        var index = fieldReader.Count(1, "index", LoadHeader.GreatestCount);
        var wrapped = fieldReader.Hex(3, "key", fields[3].Length / 2);
        var mac = fieldReader.Hex(4, "mac", TransportKeys.MacLength);
        if (fieldReader.Problem.Length != 0)
            return Refuse(ResponseCode.DfFormatError, fieldReader.Problem);
        if (!_keys.IsMac(line[..(line.Length - 5 - mac.Length)], mac))
            return Refuse(ResponseCode.AuthenticationError,
                "the line was not written by the centre for this module and this file");
        if (kekId != Header.KekId || index != _staged.Count + 1 || index > Header.Count)
            return Refuse(ResponseCode.InvalidInstruction,
                $"key {index} of file {kekId} came where key {_staged.Count + 1} of {Header.Count} of file "
                    + $"{Header.KekId} is due");
        if (!(_isManufacturing ? KeyCard.TryParseProduction(fields[2], out var card, out problem)
            : KeyCard.TryParseWhole(fields[2], out card, out problem)))
            return Refuse(ResponseCode.AttributeError, problem);
        if (_staged.Any(other => (other.Card.SupplyGroupCode, other.Card.KeyRevisionNumber,
            other.Card.KeyType) == (card.SupplyGroupCode, card.KeyRevisionNumber, card.KeyType)))
            return Refuse(ResponseCode.AttributeError,
                $"the file holds group {card.SupplyGroupCode}, revision {card.KeyRevisionNumber}, type "
                    + $"{(int)card.KeyType} twice");
        return Unwrap(line, card, Convert.FromHexString(wrapped));
    }

    /// <summary>Reads the last line and checks the whole file.</summary>
    public ResponseCode ReadEnd(string line)
    {
        if (Header is null || _keys is null)
            return Refuse(ResponseCode.KmcKeyStateError, "the end came before the header of its file");
        if (!ConcatLine.TrySplit(line, KeyLine.EndType, 3, out var fields, out var problem))
            return Refuse(ResponseCode.DfFormatError, problem);
        var fieldReader = new FieldReader(KeyLine.EndType, fields);
        var kekId = fieldReader.Number(0, "KEKID", 8, 1);
        var count = fieldReader.Count(1, "count", LoadHeader.GreatestCount);
        var mac = fieldReader.Hex(2, "mac", TransportKeys.MacLength);
        if (fieldReader.Problem.Length != 0)
            return Refuse(ResponseCode.DfFormatError, fieldReader.Problem);
        if (!_keys.IsMac(_text + line[..(line.Length - 5 - mac.Length)], mac))
            return Refuse(ResponseCode.AuthenticationError,
                $"the end does not fit the {_staged.Count} of {Header.Count} keys that were read before it");
        if (kekId != Header.KekId || count != Header.Count || count != _staged.Count)
            return Refuse(ResponseCode.InvalidInstruction,
                $"the end is that of file {kekId} with {count} keys, {_staged.Count} keys of file {Header.KekId} were "
                    + "read");
        ConfirmationMac = _keys.Mac(LoadConfirmation.MacInput(kekId, count, line));
        return ResponseCode.Successful;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _keys?.Dispose();
        _staged.ForEach(key => key.Dispose());
        _staged.Clear();
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"(key load file {Header?.KekId ?? 0}, {_staged.Count} keys read)");

    private ResponseCode Unwrap(string line, KeyCard card, byte[] wrapped)
    {
        using var secret = new SecretBytes(KeyWrap.GreatestLength);
        using var plain = secret.LeaseForWriting();
        if (!_keys!.TryUnwrap(wrapped, plain.Span, out var length))
            return Refuse(ResponseCode.AuthenticationError, "the key does not unwrap");
        if (length != card.KeyLength)
            return Refuse(ResponseCode.AttributeError,
                $"card item DKG asks for a key of {card.KeyLength} octets, the file holds {length}");
        var key = new StagedKey(card, plain.Span[..length]);
        if (!key.HasItsCheckValue())
        {
            key.Dispose();
            return Refuse(ResponseCode.AttributeError,
                $"card item KCV is not the check value of the key of group {card.SupplyGroupCode}");
        }

        _staged.Add(key);
        _lastLine = line;
        _ = _text.Append(line).Append('\n');
        return ResponseCode.Successful;
    }

    private ResponseCode Refuse(ResponseCode code, string problem)
    {
        Problem = problem;
        return code;
    }
}
