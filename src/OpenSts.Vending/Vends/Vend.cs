namespace OpenSts.Vending.Vends;

/// <summary>Why tokens are made. The stored texts are those of <see cref="VendTexts"/>.</summary>
public enum VendKind
{
    /// <summary>Money for units, with the free allocation and a key change set where they are due.</summary>
    Credit,

    /// <summary>The value of an earlier vend again, under a new identifier.</summary>
    Replacement,

    /// <summary>A management or test token.</summary>
    Engineering,

    /// <summary>A key change set on its own.</summary>
    KeyChange,
}

/// <summary>How far a vend has come.</summary>
public enum VendState
{
    /// <summary>A second person must approve it first.</summary>
    AwaitingApproval,

    /// <summary>The intent is stored; whether the module made tokens is unknown.</summary>
    Pending,

    /// <summary>The tokens are stored.</summary>
    Issued,

    /// <summary>There are no tokens and never will be.</summary>
    Refused,

    /// <summary>Taken back before any token left the server.</summary>
    Reversed,
}

/// <summary>The stored texts of kinds, states and purposes; never renamed.</summary>
public static class VendTexts
{
    public static string Text(this VendKind kind) => kind switch
    {
        VendKind.Credit => "credit",
        VendKind.Replacement => "replacement",
        VendKind.Engineering => "engineering",
        VendKind.KeyChange => "key-change",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    public static string Text(this VendState state) => state switch
    {
        VendState.AwaitingApproval => "awaiting-approval",
        VendState.Pending => "pending",
        VendState.Issued => "issued",
        VendState.Refused => "refused",
        VendState.Reversed => "reversed",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };

    public static string Text(this TokenPurpose purpose) => purpose switch
    {
        TokenPurpose.KeyChange => "key-change",
        TokenPurpose.Free => "free",
        TokenPurpose.Credit => "credit",
        TokenPurpose.Management => "management",
        TokenPurpose.Test => "test",
        _ => throw new ArgumentOutOfRangeException(nameof(purpose), purpose, null),
    };

    /// <summary>The kind of a stored text.</summary>
    /// <exception cref="FormatException">The text is none of them.</exception>
    public static VendKind Kind(string text) => Find(text, Enum.GetValues<VendKind>(), Text);

    /// <summary>The state of a stored text.</summary>
    /// <exception cref="FormatException">The text is none of them.</exception>
    public static VendState State(string text) => Find(text, Enum.GetValues<VendState>(), Text);

    /// <summary>The purpose of a stored text.</summary>
    /// <exception cref="FormatException">The text is none of them.</exception>
    public static TokenPurpose Purpose(string text) => Find(text, Enum.GetValues<TokenPurpose>(), Text);

    private static T Find<T>(string text, T[] values, Func<T, string> name)
        where T : struct
    {
        foreach (var value in values)
        {
            if (name(value) == text)
                return value;
        }

        throw new FormatException($"'{text}' is no {typeof(T).Name}.");
    }
}
