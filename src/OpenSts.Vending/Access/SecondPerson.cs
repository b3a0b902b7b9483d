namespace OpenSts.Vending.Access;

/// <summary>Who asked for something that a second person must approve, as it was when they asked.</summary>
/// <param name="CallerId">The account or key.</param>
/// <param name="Person">The human being behind it.</param>
/// <param name="LastAccountChange">Who had power over that account.</param>
public sealed record Requester(string CallerId, string? Person, AccountChange? LastAccountChange)
{
    public static Requester Of(Caller caller)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return new Requester(caller.Id, caller.Person, caller.LastAccountChange);
    }
}

/// <summary>The rules of approvals: people are compared, not callers.</summary>
public static class SecondPerson
{
    /// <summary>How long whoever made or reset an account is taken for its user.</summary>
    public static readonly TimeSpan AccountPower = TimeSpan.FromDays(7);

    /// <summary>The refusal of an approver, or null. Argument <c>reason</c> says which rule.</summary>
    /// <param name="first">Who asked.</param>
    /// <param name="second">Who wants to approve.</param>
    /// <param name="needs">The permission that approving needs.</param>
    /// <param name="now">The time.</param>
    public static Refusal? Refuses(Requester first, Caller second, Permission needs, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (second.IsApiKey || second.Person is null)
            return Needed("approver-is-a-key");
        if (!second.May(needs))
            return new Refusal(ErrorCodes.Forbidden, null, RefusalArgument.Text("scope", needs.Scope()));
        if (second.Vendor is not null)
            return new Refusal(ErrorCodes.Forbidden, null, RefusalArgument.Text("reason", "approval-is-the-utilitys"));
        if (second.Id == first.CallerId || second.Person == first.Person)
            return Needed("same-person");
        if (Controls(first.Person, second.LastAccountChange, now))
            return Needed("requester-controls-approver");
        return Controls(second.Person, first.LastAccountChange, now) ? Needed("approver-controls-requester") : null;
    }

    /// <summary>The refusal of an approval that does not name the version it saw, or null.</summary>
    /// <param name="seen">The version that the approver looked at; null where the request names none.</param>
    /// <param name="stored">The version that is stored.</param>
    public static Refusal? RefusesVersion(long? seen, long stored)
    {
        if (seen is null)
            return new Refusal(ErrorCodes.VersionNeeded);
        return seen == stored ? null
            : new Refusal(ErrorCodes.VersionMismatch, null, RefusalArgument.Number("stored", stored));
    }

    private static bool Controls(string? person, AccountChange? change, DateTimeOffset now) =>
        person is not null && change is not null && change.ByPerson == person && now - change.At < AccountPower;

    private static Refusal Needed(string reason) =>
        new(ErrorCodes.SecondPersonNeeded, null, RefusalArgument.Text("reason", reason));
}
