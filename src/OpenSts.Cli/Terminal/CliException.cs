namespace OpenSts.Cli.Terminal;

/// <summary>
/// The command line or the input cannot be used; the message goes to standard error and the exit status is 2.
/// </summary>
/// <param name="message">Names the option or the file, what it holds and what it may hold.</param>
/// <param name="code">The code of the JSON answer, one of the contract's codes or <c>Usage</c>.</param>
internal sealed class CliException(string message, string code = "Usage") : Exception(message)
{
    /// <summary>The code of the JSON answer.</summary>
    public string Code { get; } = code;
}
