using System.CommandLine;
using System.Text.Json.Nodes;

namespace OpenSts.Cli.Terminal;

/// <summary>A value that was used because its option was not given.</summary>
internal sealed record Assumption(string Field, string Option, JsonNode Value);

/// <summary>The options that name a meter and its key, and the request fields they become.</summary>
/// <remarks>
/// A key given on the command line can be seen by every user of the machine: the file form is for keys that matter.
/// </remarks>
internal sealed class KeyOptions
{
    private static readonly Dictionary<string, JsonNode> Usual = new(StringComparer.Ordinal)
    {
        ["tariffIndex"] = "01",
        ["keyRevisionNumber"] = 1,
        ["keyType"] = "DUTK",
        ["keyExpiryNumber"] = 255,
        ["baseDate"] = 2014,
        ["encryptionAlgorithm"] = "EA07",
        ["decoderKeyGenerationAlgorithm"] = "DKGA04",
    };

    private readonly string _prefix;
    private readonly Option<string?> _pan;
    private readonly Option<string?> _sgc;
    private readonly Option<string?> _ti;
    private readonly Option<int?> _krn;
    private readonly Option<string?> _keyType;
    private readonly Option<int?> _ken;
    private readonly Option<int?> _baseDate;
    private readonly Option<string?> _ea;
    private readonly Option<string?> _dkga;
    private readonly Option<string?> _vendingKey;
    private readonly Option<FileInfo?> _vendingKeyFile;
    private readonly Option<string?> _decoderKey;
    private readonly Option<FileInfo?> _decoderKeyFile;

    /// <param name="prefix">Nothing, or what stands before each name, such as <c>to-</c>.</param>
    public KeyOptions(string prefix = "")
    {
        _prefix = prefix;
        _pan = Named<string?>("pan", "MeterPAN, 18 digits");
        _sgc = Named<string?>("sgc", "Supply group code, 6 digits");
        _ti = Named<string?>("ti", "Tariff index, 2 digits", "tariffIndex");
        _krn = Named<int?>("krn", "Key revision number, 1 to 9", "keyRevisionNumber");
        _keyType = Named<string?>("key-type", "DITK, DDTK, DUTK or DCTK", "keyType");
        _ken = Named<int?>("ken", "Key expiry number, 0 to 255", "keyExpiryNumber");
        _baseDate = Named<int?>("base-date", "1993, 2014 or 2035", "baseDate");
        _ea = Named<string?>("ea", "Encryption algorithm, EA07 or EA11", "encryptionAlgorithm");
        _dkga = Named<string?>("dkga", "Decoder key generation algorithm, DKGA02 or DKGA04",
            "decoderKeyGenerationAlgorithm");
        _vendingKey = Named<string?>("vending-key", "Vending key, 16 hex digits for DKGA02 or 40 for DKGA04");
        _vendingKeyFile = Named<FileInfo?>("vending-key-file", "File with the vending key in hex");
        _decoderKey = Named<string?>("decoder-key", "Decoder key, 16 hex digits for EA07 or 32 for EA11");
        _decoderKeyFile = Named<FileInfo?>("decoder-key-file", "File with the decoder key in hex");
    }

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_pan, _sgc, _ti, _krn, _keyType, _ken, _baseDate, _ea, _dkga, _vendingKey,
            _vendingKeyFile, _decoderKey, _decoderKeyFile])
            command.Options.Add(option);
    }

    /// <summary>True when a key is given in any form.</summary>
    public bool HasKey(ParseResult parsed) =>
        parsed.GetValue(_vendingKey) is not null || parsed.GetValue(_vendingKeyFile) is not null
        || parsed.GetValue(_decoderKey) is not null || parsed.GetValue(_decoderKeyFile) is not null;

    /// <summary>A request with the meter and the key alone.</summary>
    public JsonObject Request(ParseResult parsed)
    {
        var request = new JsonObject();
        Write(parsed, request);
        return request;
    }

    /// <summary>
    /// Writes meter and key into a request; what was not given has the usual value, or that of the other side of a key
    /// change.
    /// </summary>
    public void Write(ParseResult parsed, JsonObject request, JsonObject? fallback = null)
    {
        var old = fallback?["meter"]?.AsObject();
        JsonNode? Value(string name, JsonNode? given) =>
            given ?? old?[name]?.DeepClone() ?? Usual.GetValueOrDefault(name)?.DeepClone();
        var meter = new JsonObject();
        void Put(string name, JsonNode? value)
        {
            if (value is not null)
                meter[name] = value;
        }

        Put("pan", Value("pan", parsed.GetValue(_pan)));
        Put("supplyGroupCode", Value("supplyGroupCode", parsed.GetValue(_sgc)));
        Put("tariffIndex", Value("tariffIndex", parsed.GetValue(_ti)));
        Put("keyRevisionNumber", Value("keyRevisionNumber", parsed.GetValue(_krn)));
        Put("keyType", Value("keyType", parsed.GetValue(_keyType)));
        Put("keyExpiryNumber", Value("keyExpiryNumber", parsed.GetValue(_ken)));
        Put("baseDate", Value("baseDate", parsed.GetValue(_baseDate)));
        Put("encryptionAlgorithm", Value("encryptionAlgorithm", parsed.GetValue(_ea)));
        Put("decoderKeyGenerationAlgorithm", Value("decoderKeyGenerationAlgorithm", parsed.GetValue(_dkga)));
        request["meter"] = meter;
        PutKey(request, "vendingKey", parsed.GetValue(_vendingKey), parsed.GetValue(_vendingKeyFile), fallback);
        PutKey(request, "decoderKey", parsed.GetValue(_decoderKey), parsed.GetValue(_decoderKeyFile), HasKey(parsed)
            ? null : fallback);
    }

    /// <summary>The options by the fields they become.</summary>
    /// <param name="names">Where they are added.</param>
    /// <param name="parsed">Says whether a key came from a file.</param>
    /// <param name="holder">The path of the object with <c>meter</c> and the key, such as <c>from.</c>; nothing for
    /// the request itself.</param>
    public OptionNames AddNames(OptionNames names, ParseResult parsed, string holder = "")
    {
        foreach (var (field, option) in MeterFields)
            names.Add($"{holder}meter.{field}", option.Name);
        names.Add($"{holder}vendingKey",
            (parsed.GetValue(_vendingKeyFile) is null ? (Option)_vendingKey : _vendingKeyFile).Name);
        return names.Add($"{holder}decoderKey",
            (parsed.GetValue(_decoderKeyFile) is null ? (Option)_decoderKey : _decoderKeyFile).Name);
    }

    /// <summary>The options that were not given and have a usual value, with it.</summary>
    public IReadOnlyList<Assumption> Assumed(ParseResult parsed) =>
    [
        .. MeterFields.Where(pair => Usual.ContainsKey(pair.Field) && parsed.GetResult(pair.Option) is null)
            .Select(pair => new Assumption(pair.Field, pair.Option.Name, Usual[pair.Field])),
    ];

    private IReadOnlyList<(string Field, Option Option)> MeterFields =>
    [
        ("pan", _pan), ("supplyGroupCode", _sgc), ("tariffIndex", _ti), ("keyRevisionNumber", _krn),
            ("keyType", _keyType), ("keyExpiryNumber", _ken),
        ("baseDate", _baseDate), ("encryptionAlgorithm", _ea), ("decoderKeyGenerationAlgorithm", _dkga),
    ];

    private void PutKey(JsonObject request, string name, string? text, FileInfo? file, JsonObject? fallback)
    {
        if (text is not null && file is not null)
            throw new CliException(
                $"--{_prefix}{(name == "vendingKey" ? "vending" : "decoder")}-key and "
                    + $"--{_prefix}{(name == "vendingKey" ? "vending" : "decoder")}-key-file are both given; give one");
        if (file is not null)
        {
            if (!file.Exists)
                throw new CliException($"there is no file {file.FullName}");
            text = File.ReadAllText(file.FullName).Trim();
        }

        var value = text ?? (name == "vendingKey" ? fallback?[name]?.GetValue<string>() : null);
        if (value is not null)
            request[name] = value;
    }

    private Option<T> Named<T>(string name, string description, string? field = null) => new($"--{_prefix}{name}")
    {
        Description = field is null ? description
            : $"{description} [{(_prefix.Length > 0 ? "unchanged" : Usual[field])}]",
    };
}
