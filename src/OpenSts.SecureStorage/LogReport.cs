namespace OpenSts.SecureStorage;

/// <summary>What is wrong with a log, if anything.</summary>
public enum LogVerdict
{
    /// <summary>Every entry up to the last seal is what was written.</summary>
    Good,

    /// <summary>The file is not a log, or it is the log of something else.</summary>
    NotThisLog,

    /// <summary>The entry was changed.</summary>
    Altered,

    /// <summary>The entry is gone; later ones are there.</summary>
    Removed,

    /// <summary>The entry stands at another place.</summary>
    Reordered,

    /// <summary>The chain is in order and the seal over it was not made with the log's key.</summary>
    Forged,
}

/// <summary>The result of reading a log.</summary>
public sealed record LogReport
{
    /// <summary>What was found.</summary>
    public required LogVerdict Verdict { get; init; }

    /// <summary>The first entry that the verdict concerns; for a good log, the last entry.</summary>
    public required ulong Sequence { get; init; }

    /// <summary>Octets behind the last seal: a group that a crash cut, none of whose entries was confirmed.</summary>
    public long Unsealed { get; init; }

    /// <summary>Where the last group ends that is in order.</summary>
    public LogPosition End { get; init; }

    /// <summary>The verdict as a sentence.</summary>
    public override string ToString() => Verdict switch
    {
        LogVerdict.Good => $"{Sequence} entries, all in order"
            + (Unsealed == 0 ? "" : $"; {Unsealed} octets behind the last seal were never answered"),
        LogVerdict.NotThisLog => "not the log of this vault",
        LogVerdict.Altered => $"entry {Sequence} was altered",
        LogVerdict.Removed => $"entry {Sequence} was removed",
        LogVerdict.Reordered => $"entry {Sequence} was moved",
        _ => $"the seal that is entry {Sequence} was not made by this vault",
    };
}
