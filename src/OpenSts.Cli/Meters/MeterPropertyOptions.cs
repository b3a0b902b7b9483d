using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using OpenSts.Batch;
using OpenSts.Batch.Meters;
using OpenSts.Cli.Terminal;
using OpenSts.Keys;
using OpenSts.Meter;

namespace OpenSts.Cli.Meters;

/// <summary>The options that say what a new meter is, beside its identity and key, and the request fields they
/// become.</summary>
internal sealed class MeterPropertyOptions
{
    private const int MicroDecimals = 6;
    private const long LargestSaveAfter = 1_000_000_000_000;

    private readonly Option<string?> _manufactured = new("--manufactured-at")
    {
        Description = "Tokens made before this time are old (default: now; the start of the base date for the "
            + "demonstration meter)",
    };

    private readonly Option<string?> _commodity = new("--commodity")
    {
        Description = "electricity, water, gas or time"
    };
    private readonly Option<int?> _phases = new("--phases") { Description = "1 or 3" };
    private readonly Option<string?> _registers = new("--credit-registers")
    {
        Description = "both, units or currency; currency needs --price (default: both)"
    };
    private readonly Option<string?> _price = new("--price")
    {
        Description = "Price of a unit, in the currency's base units; uses up currency credit"
    };
    private readonly Option<int?> _memory = new("--token-memory")
    {
        Description = "Token identifiers stored, 1 to 200 (default: 50)"
    };
    private readonly Option<int?> _tokens = new("--key-change-tokens")
    {
        Description = "Key change tokens supported: 2 or 3, 4 for EA11"
    };
    private readonly Option<int?> _timeout = new("--key-change-timeout")
    {
        Description = "Seconds a key change set may take; 0: without limit (default: 600)"
    };
    private readonly Option<bool> _noExpiry = new("--no-key-expiry-check")
    {
        Description = "Accept tokens made after the key expired"
    };
    private readonly Option<string?> _scope = new("--lockout-scope")
    {
        Description = "Tokens that the lock-out refuses: AllTokens (default) or MeterSpecificOnly"
    };

    private readonly Option<string?> _reset = new("--lockout-reset")
    {
        Description = "Accepted tokens that end the lock-out: MeterSpecificOnly (default) or AllTokens, the letter "
            + "of STS 202-4",
    };

    private readonly Option<string?> _saveAfter = new("--save-after")
    {
        Description = "Save consumption whenever this much was delivered, in kWh, m3 or minutes: "
            + "a power cut refunds less (default: 0.1)",
    };

    private Option[] All =>
        [
            _commodity, _phases, _registers, _price, _manufactured, _memory, _tokens, _timeout, _noExpiry, _scope,
            _reset, _saveAfter];

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in All)
            command.Options.Add(option);
    }

    /// <summary>Writes the request fields of what was given.</summary>
    public void Write(ParseResult parsed, JsonObject request, bool isDemonstration)
    {
        void Put(string name, JsonNode? value)
        {
            if (value is not null)
                request[name] = value;
        }

        // The demonstration meter takes the published tokens, which were made long ago.
        var baseDate = BaseDate.TryFromYear(request["meter"]?["baseDate"]?.GetValue<int>() ?? 0, out var known)
            ? known
            : BaseDate.Base2014;
        Put(
            "manufacturedAt",
            parsed.GetValue(_manufactured) ?? Rfc3339.Format(
                isDemonstration ? baseDate.Start : DateTimeOffset.UtcNow));
        Put("commodity", parsed.GetValue(_commodity));
        Put("phases", parsed.GetValue(_phases));
        Put("creditRegisters", parsed.GetValue(_registers));
        Put("pricePerUnit", parsed.GetValue(_price));
        Put("tokenMemorySize", parsed.GetValue(_memory));
        Put("keyChangeTokensSupported", parsed.GetValue(_tokens));
        Put("keyChangeTimeoutSeconds", parsed.GetValue(_timeout));
        Put("keyExpiryCheck", parsed.GetValue(_noExpiry) ? false : null);
        Put("lockoutScope", parsed.GetValue(_scope));
        Put("lockoutReset", parsed.GetValue(_reset));
    }

    /// <summary>The record of a new meter with these properties and a key that is to be replaced.</summary>
    /// <exception cref="CliException">An option cannot be used.</exception>
    public MeterRecord Read(ParseResult parsed, DecoderKeyAttributes attributes)
    {
        var request = new JsonObject
        {
            ["op"] = "create",
            ["meter"] = new JsonObject
            {
                ["pan"] = attributes.MeterPan.ToString(),
                ["encryptionAlgorithm"] = attributes.EncryptionAlgorithm.Name(),
                ["baseDate"] = attributes.BaseDate.Year,
            },
            ["decoderKey"] = RandomNumberGenerator.GetHexString(attributes.EncryptionAlgorithm.DecoderKeyBits() / 4),
        };
        Write(parsed, request, isDemonstration: false);
        return Read(request, AddNames(new OptionNames())) with { SaveAfterMicro = ReadSaveAfter(parsed) };
    }

    /// <summary>The record of a request of the operation create.</summary>
    /// <exception cref="CliException">A field cannot be used; the message names its option.</exception>
    public static MeterRecord Read(JsonObject request, OptionNames names) =>
        NewMeter.Read(Encoding.UTF8.GetBytes(request.ToJsonString()), out var error)
        ?? throw new CliException($"{error!.Code}: {names.Translate(error.Message)}", error.Code);

    /// <summary>How much may be consumed between two saves, in 10^-6 of a kWh, m3 or minute.</summary>
    /// <exception cref="CliException">The option holds something else.</exception>
    public long ReadSaveAfter(ParseResult parsed)
    {
        if (parsed.GetValue(_saveAfter) is not { } text)
            return Consumption.MicroInUnit;
        return ExactDecimal.TryReadRoundedUp(text, MicroDecimals, out var micro) && micro >= 1
            && micro <= LargestSaveAfter
            ? (long)micro
            : throw new CliException(
                $"{_saveAfter.Name}: '{Excerpt.Of(text)}' is not an amount; use 0.000001 to 1000000 kWh, m3 or "
                    + "minutes");
    }

    /// <summary>Adds the option of each request field.</summary>
    public OptionNames AddNames(OptionNames names) => names
        .Add("manufacturedAt", _manufactured.Name)
        .Add("commodity", _commodity.Name)
        .Add("phases", _phases.Name)
        .Add("creditRegisters", _registers.Name)
        .Add("pricePerUnit", _price.Name)
        .Add("tokenMemorySize", _memory.Name)
        .Add("keyChangeTokensSupported", _tokens.Name)
        .Add("keyChangeTimeoutSeconds", _timeout.Name)
        .Add("keyExpiryCheck", _noExpiry.Name)
        .Add("lockoutScope", _scope.Name)
        .Add("lockoutReset", _reset.Name);
}
