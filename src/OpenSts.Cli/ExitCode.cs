namespace OpenSts.Cli;

/// <summary>What the command's exit status says; the same for every command.</summary>
internal static class ExitCode
{
    /// <summary>The work was done and the answer is good.</summary>
    public const int Good = 0;

    /// <summary>The work was done and the answer is an error: a refused token, a wrong check digit, a failed vector.</summary>
    public const int Negative = 1;

    /// <summary>The command line or the input could not be read, or the output could not be written.</summary>
    public const int Usage = 2;

    /// <summary>A fault of the program itself.</summary>
    public const int InternalFault = 3;
}
