namespace OpenSts.Vending.Explaining;

/// <summary>Why a meter refuses a token, or that it should not; each has a sentence and what the customer does next in the resource files.</summary>
public enum TokenCause
{
    /// <summary>There are not 20 digits.</summary>
    WrongLength,

    /// <summary>Something else than digits was typed.</summary>
    NotDigits,

    /// <summary>Class 3, a number above 66 bits, or a class 1 token whose check fails: nobody ever makes it.</summary>
    NoToken,

    /// <summary>Class 1: for every meter, and it credits nothing.</summary>
    TestToken,

    /// <summary>Of the sandbox.</summary>
    Trial,

    /// <summary>One slip away from a token that was made here.</summary>
    Mistyped,

    /// <summary>Made here for another meter than the one that was given.</summary>
    OtherMeter,

    /// <summary>The meter is not registered here.</summary>
    MeterUnknown,

    /// <summary>The meter that it was made for was replaced.</summary>
    MeterReplaced,

    /// <summary>One of a key change set that is on its way.</summary>
    KeyChangePart,

    /// <summary>One of a key change set that the meter has taken.</summary>
    KeyChangeDone,

    /// <summary>Made under the key that the meter gets by key change tokens.</summary>
    KeyNotYet,

    /// <summary>Made under a key that the meter does not hold: it was changed since, or never held.</summary>
    KeyGone,

    /// <summary>Made after its key expired.</summary>
    KeyExpired,

    /// <summary>Credit under a default key.</summary>
    DefaultKey,

    /// <summary>The meter takes no token for a while.</summary>
    Locked,

    /// <summary>The meter has taken it.</summary>
    Used,

    /// <summary>More tokens were made since than meters are sure to remember.</summary>
    Old,

    /// <summary>Nothing is wrong with it.</summary>
    Good,

    /// <summary>It opens under the meter's key, and is in no book here.</summary>
    MadeElsewhere,

    /// <summary>No key of the meter opens it, and it was not found among what was made here.</summary>
    NotFound,

    /// <summary>Without the meter's number nothing more can be said.</summary>
    MeterNeeded,

    /// <summary>The security module did not answer, and the books do not know it.</summary>
    ModuleSilent,
}
