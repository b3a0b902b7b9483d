namespace OpenSts.Cli.Terminal;

/// <summary>The command line asked for something that cannot be done; the message goes to standard error, the exit status is 2.</summary>
internal sealed class CliException(string message) : Exception(message);
