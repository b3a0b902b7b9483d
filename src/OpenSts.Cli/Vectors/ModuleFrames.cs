using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using OpenSts.SecurityModule;
using OpenSts.SecurityModule.Transport;
using OpenSts.Sts6;

namespace OpenSts.Cli.Vectors;

/// <summary>
/// Answers the frames of security module vectors: a module in test mode with the test registers and the identity of
/// the vectors.
/// </summary>
internal static class ModuleFrames
{
    /// <summary>
    /// The request's member that holds a line; <c>moduleTcp</c> beside it holds a whole TCP frame in hexadecimal.
    /// </summary>
    public const string Member = "moduleFrame";
    private const string Tcp = "moduleTcp";
    private static readonly DateTimeOffset UsualClock = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly PublicIdentification Sts6 = new()
    {
        ModuleId = "94001632",
        FirmwareId = "STS65V10",
        HardwareId = "Prism-TSM250-1",
        FirmwareHash = "ACBCA855551CE914",
        SecurityModuleId = "SMID.1:Prism:94001632:20210204T081427Z:039F2C48F2030174:AEEA",
    };

    private static readonly PublicIdentification Sts05 =
        new() { ModuleId = "94001632", FirmwareId = "STS04A60", UniqueId = "0123456789ABCDEF" };

    /// <summary>The same members with the answers.</summary>
    public static JsonObject Answer(JsonObject request)
    {
        var isLegacy = request["protocol"]?.GetValue<string>() == "STS05";
        var clock = request["clock"] is { } text
            ? DateTimeOffset.ParseExact(text.GetValue<string>(), "yyyyMMddHHmmss", CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal)
            : UsualClock;
        using var module = SoftwareSecurityModule.WithTestRegisters(new ModuleSettings
        {
            TestMode = true,
            Identity = isLegacy ? Sts05 : Sts6,
            Time = new StoppedClock(clock),
        });
        var protocol = isLegacy ? SessionProtocol.Sts05 : SessionProtocol.Sts6;
        var answer = new JsonObject
        {
            [Member] = Encoding.ASCII.GetString(Ask(module, SessionFraming.Lines, protocol,
                Encoding.ASCII.GetBytes(request[Member]!.GetValue<string>() + "\r"))).TrimEnd('\r'),
        };
        if (request[Tcp] is { } frame)
            answer[Tcp] = Convert.ToHexString(
                Ask(module, SessionFraming.Wrapped, protocol, Convert.FromHexString(frame.GetValue<string>())));
        return answer;
    }

    private static ReadOnlySpan<byte> Ask(SoftwareSecurityModule module, SessionFraming framing,
        SessionProtocol protocol, byte[] request)
    {
        var answers = new ArrayBufferWriter<byte>();
        _ = new ModuleSession(module, framing, protocol).Receive(request, answers);
        return answers.WrittenSpan;
    }
}
