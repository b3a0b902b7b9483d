using System.CommandLine;
using System.Text.RegularExpressions;
using OpenSts.Batch;

namespace OpenSts.Cli.Terminal;

/// <summary>Which vending server a command asks, and with which key.</summary>
internal static partial class VendingServerOptions
{
    /// <summary>The file of an API key.</summary>
    public static Option<FileInfo?> KeyFile() =>
        new("--api-key-file") { Description = "File with a key for the server's API; a key may stand anywhere in it" };

    /// <summary>The address that an option holds.</summary>
    public static Uri Address(string option, string held) =>
        Uri.TryCreate(held, UriKind.Absolute, out var server) && server.Scheme is "http" or "https"
        ? server
        : throw new CliException($"{option}: '{Excerpt.Of(held)}' is not an http or https address");

    /// <summary>The key in the file.</summary>
    public static string Key(FileInfo? file)
    {
        var text = file is { Exists: true } ? File.ReadAllText(file.FullName)
            : throw new CliException(
            "--api-key-file names no file; the vending server shows a key on its first start");
        var found = ApiKey().Match(text);
        return found.Success ? found.Value : throw new CliException("--api-key-file holds no key of the form osk_...");
    }

    [GeneratedRegex("osk_[0-9a-z_]+")]
    private static partial Regex ApiKey();
}
