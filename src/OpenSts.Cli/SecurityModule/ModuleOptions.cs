using System.CommandLine;
using System.Globalization;
using OpenSts.Cli.Terminal;
using OpenSts.SecurityModule;

namespace OpenSts.Cli.SecurityModule;

/// <summary>What a module is and says of itself.</summary>
internal sealed class ModuleOptions
{
    private readonly Option<bool> _testMode = new("--test-mode")
    {
        Description = "Random bits 5, no clock checks; refused when a register holds a key that is not a test key"
    };
    private readonly Option<bool> _manufacturing =
        new("--manufacturing") { Description = "The manufacturing build: SM?MK and no credit" };
    private readonly Option<int> _window =
        new("--tid-window") { Description = "Days a TID may lie away from the clock", DefaultValueFactory = _ => 7 };
    private readonly Option<string?> _clock =
        new("--clock") { Description = "A clock that stands at CCYYMMDDhhmmss UTC; only in test mode" };
    private readonly Option<string?> _moduleId = new("--module-id") { Description = "Number of the module, 8 digits" };
    private readonly Option<string?> _smId =
        new("--sm-id") { Description = "What SM?QI says first, such as SMID.1:...:CRC" };
    private readonly Option<string?> _hardwareId = new("--hardware-id") { Description = "Hardware in SM?QI" };
    private readonly Option<string?> _firmwareId =
        new("--firmware-id") { Description = "Firmware in SM?DI and SM?QI" };
    private readonly Option<string?> _firmwareHash =
        new("--firmware-hash") { Description = "Its hash in SM?QI, 16 hexadecimal digits" };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_testMode, _manufacturing, _window, _clock, _moduleId, _smId, _hardwareId,
            _firmwareId, _firmwareHash])
            command.Options.Add(option);
    }

    public ModuleSettings Read(ParseResult parsed, PublicIdentification usual)
    {
        var testMode = parsed.GetValue(_testMode);
        return new ModuleSettings
        {
            TestMode = testMode,
            Role = parsed.GetValue(_manufacturing) ? ModuleRole.Manufacturing : null,
            TidWindow = parsed.GetValue(_window) is var window and >= 0 and <= 36_500 ? window
                : throw new CliException("--tid-window: permitted are 0 to 36500 days"),
            Time = Clock(parsed.GetValue(_clock), testMode),
            Identity = usual with
            {
                ModuleId = Printable(parsed, _moduleId, usual.ModuleId),
                SecurityModuleId = parsed.GetValue(_smId) is null ? usual.SecurityModuleId
                    : Printable(parsed, _smId, ""),
                HardwareId = Printable(parsed, _hardwareId, usual.HardwareId),
                FirmwareId = Printable(parsed, _firmwareId, usual.FirmwareId),
                FirmwareHash = parsed.GetValue(_firmwareHash) is not { } hash ? null
                    : hash.Length == 16 && hash.All(char.IsAsciiHexDigit) ? hash.ToUpperInvariant()
                        : throw new CliException("--firmware-hash has 16 hexadecimal digits"),
            },
        };
    }

    private static TimeProvider Clock(string? text, bool testMode)
    {
        if (text is null)
            return TimeProvider.System;
        if (!testMode)
            throw new CliException("--clock goes only with --test-mode");
        return DateTimeOffset.TryParseExact(text, "yyyyMMddHHmmss", CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal, out var time)
            ? new StoppedClock(time)
            : throw new CliException($"--clock held {text}; permitted is CCYYMMDDhhmmss");
    }

    private static string Printable(ParseResult parsed, Option<string?> option, string usual)
    {
        var text = parsed.GetValue(option) ?? usual;
        return text.Length <= 200 && text.All(letter => letter is >= ' ' and <= '}') ? text
            : throw new CliException($"{option.Name} holds at most 200 characters from space to }}");
    }
}
