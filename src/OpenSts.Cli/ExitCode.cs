using OpenSts.Batch;

namespace OpenSts.Cli;

/// <summary>What the command's exit status says; the same for every command.</summary>
internal static class ExitCode
{
    /// <summary>The work was done and the answer is good.</summary>
    public const int Good = 0;

    /// <summary>
    /// The work was done and the answer is an error: a refused token, a wrong check digit, a failed vector.
    /// </summary>
    public const int Negative = 1;

    /// <summary>The command line or the input could not be read, or the output could not be written.</summary>
    public const int Usage = 2;

    /// <summary>
    /// The status for an error of the JSON Lines contract: <c>Format</c> is input that cannot be read, any other code
    /// a refusal.
    /// </summary>
    public static int Of(string errorCode) => errorCode == BatchError.Format ? Usage : Negative;

    /// <summary>A fault of the program itself.</summary>
    public const int InternalFault = 3;

    /// <summary>Every status and what it means, for the documentation.</summary>
    public static IReadOnlyList<(int Status, string Meaning)> Meanings { get; } =
    [
        (Good, "Done, and the answer is good."),
        (Negative,
            "Done, and the answer is negative: a refused token, a wrong check digit, a failed vector, a line of a "
                + "batch with an error."),
        (Usage,
            "The command line or the input cannot be read, or the output cannot be written. Except for output, "
                + "nothing was done."),
        (InternalFault, "A fault of the program itself; the message asks to report it."),
    ];
}
