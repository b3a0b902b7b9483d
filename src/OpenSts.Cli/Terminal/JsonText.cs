using System.Text.Encodings.Web;
using System.Text.Json;

namespace OpenSts.Cli.Terminal;

/// <summary>How the commands write JSON: one line, no needless escapes.</summary>
internal static class JsonText
{
    public static JsonSerializerOptions Readable { get; } =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
