using System.Diagnostics.CodeAnalysis;

namespace OpenSts.KeyManagement.Records;

/// <summary>Why the centre refused, in the order of the checks. A refusal changes nothing.</summary>
public enum CentreVerdict
{
    /// <summary>It was done.</summary>
    Done,

    /// <summary>A text, number or time breaks its form; the sentence names the field.</summary>
    Format,

    /// <summary>The person is not an officer of this centre, or no longer.</summary>
    UnknownOfficer,

    /// <summary>The person who asked may not approve.</summary>
    SamePerson,

    /// <summary>There is no such request, or it was decided, or it is older than 14 days.</summary>
    NotOpen,

    /// <summary>What was asked was signed for something else: a record was altered.</summary>
    Signature,

    /// <summary>There is no such group, key, module, officer or file.</summary>
    Unknown,

    /// <summary>There is one already.</summary>
    Exists,

    /// <summary>The group is at home at another centre; both are named.</summary>
    HomeElsewhere,

    /// <summary>Two centres made changes that exclude each other; both are named.</summary>
    Conflict,

    /// <summary>The user is suspended or closed, or still has what it must not have.</summary>
    UserRule,

    /// <summary>The key's type, algorithm, base date or state does not permit it.</summary>
    KeyRule,

    /// <summary>The key revision is still in use.</summary>
    RevisionInUse,

    /// <summary>The module's kind or state does not permit it.</summary>
    ModuleRule,

    /// <summary>The certificate is not signed by the centre's root, or is another one.</summary>
    Certificate,

    /// <summary>The key or certificate is outside its time.</summary>
    Time,

    /// <summary>The request was answered by a file that is confirmed.</summary>
    AnsweredAlready,

    /// <summary>The confirmation was not made by the module with the keys of that file.</summary>
    WrongConfirmation,

    /// <summary>A received file was refused; the sentence begins with the protocol's code.</summary>
    FileRefused,
}

/// <summary>The centre's answer: a value where it was done, otherwise why not and one sentence.</summary>
public sealed record CentreAnswer<T>
    where T : notnull
{
    /// <summary>The verdict.</summary>
    public required CentreVerdict Verdict { get; init; }

    /// <summary>What is wrong and what is permitted; empty where it was done.</summary>
    public string Text { get; init; } = "";

    /// <summary>The value; default where it was refused.</summary>
    public T? Value { get; init; }

    /// <summary>True where it was done.</summary>
    public bool TryGet([NotNullWhen(true)] out T? value)
    {
        value = Value;
        return Verdict == CentreVerdict.Done && value is not null;
    }

    /// <inheritdoc/>
    public override string ToString() => Verdict == CentreVerdict.Done ? $"{Value}" : $"{Verdict}: {Text}";
}

/// <summary>A rule of the centre that a change breaks; caught where a change begins and never seen outside.</summary>
internal sealed class RefusalException(CentreVerdict verdict, string text) : Exception(text)
{
    public CentreVerdict Verdict { get; } = verdict;

    /// <summary>Runs a change; a refusal becomes an answer.</summary>
    public static CentreAnswer<T> Catch<T>(Func<T> change)
        where T : notnull
    {
        try
        {
            return new CentreAnswer<T> { Verdict = CentreVerdict.Done, Value = change() };
        }
        catch (RefusalException refusal)
        {
            return new CentreAnswer<T> { Verdict = refusal.Verdict, Text = refusal.Message };
        }
    }
}
