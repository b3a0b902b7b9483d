namespace OpenSts.Cli.Diagnostics;

/// <summary>How a check of this machine ended.</summary>
internal enum CheckState
{
    /// <summary>It works.</summary>
    Ok,

    /// <summary>It is missing, and something that not everybody needs does not work without it.</summary>
    Missing,

    /// <summary>It works, but not as it should in production.</summary>
    Warning,

    /// <summary>It is missing, and the command itself does not work without it.</summary>
    Failed,
}

/// <summary>One thing that was looked at.</summary>
/// <param name="Name">What.</param>
/// <param name="State">How it is.</param>
/// <param name="Found">Version, path or value.</param>
/// <param name="NeededFor">What works only with it.</param>
/// <param name="Remedy">What to do about it, where something is to be done.</param>
internal sealed record Check(string Name, CheckState State, string Found, string NeededFor, string? Remedy = null);
