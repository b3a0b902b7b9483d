using System.Globalization;
using OpenSts.Sts6;

namespace OpenSts.KeyManagement.Records;

/// <summary>Changes and their values in words, for people and for the audit log.</summary>
public static class ChangeText
{
    /// <summary>One line for people: what a request would do.</summary>
    public static string Describe(ChangeRequest request) => request switch
    {
        AddUser r => $"add user '{r.Name}', {r.Contact}",
        ChangeUser r => $"change user {r.User}: '{r.Name}', {r.Contact}",
        SuspendUser r => $"suspend user {r.User}: {r.Reason}",
        ResumeUser r => $"resume user {r.User}",
        CloseUser r => $"close user {r.User}: {r.Reason}",
        CreateGroup r =>
            $"create group {r.Code} '{r.Name}' of {r.Owner}, cluster "
                + $"{r.Cluster}{(r.UniversalDefault ? ", universal default" : "")}",
        ChangeGroup r => $"name group {r.Code} '{r.Name}' of {r.Owner}",
        MoveGroup r => $"move group {r.Code} to centre {r.Home}",
        GenerateKey r =>
            $"generate a {VendingKeyNames.Of(r.KeyType)} of group {r.Sgc}, {r.Dkga.Name()}, base {r.BaseYear}, KEN "
                + $"{r.Ken}, active from {ConcatLine.Time(r.Activation)}, until {ConcatLine.Time(r.Expiry)}, "
                + $"{r.RefreshDays} days each",
        ImportLaboratoryKey r => $"import laboratory key {r.CheckValue} of group {r.Sgc}, revision {r.Krn}",
        ChangeKey r =>
            $"change key {r.Key}: until {ConcatLine.Time(r.Expiry)}, {r.RefreshDays} days each, KEN "
                + $"{r.Ken}{Stops(r.StopCredit)}",
        ReplaceKey r =>
            $"replace key {r.Key}: {r.Reason}; base {r.BaseYear}, KEN {r.Ken}, until {ConcatLine.Time(r.Expiry)}"
            + (r.Dkga is { } dkga ? $", {dkga.Name()}" : "")
                + (r.Activation is { } from ? $", active from {ConcatLine.Time(from)}" : "") + Stops(r.StopCredit),
        MakeKeyDefault r => $"make key {r.Key} the default of its group",
        LimitKeyToSets r => $"limit key {r.Key} to key change sets: {r.Reason}{Stops(r.StopCredit)}",
        ProvideProductionKeys r =>
            $"provide manufacturing module {r.Module} with production keys of group {r.Code} '{r.Name}', "
                + $"{r.Dkga.Name()}, base {r.BaseYear}, until {ConcatLine.Time(r.Expiry)}",
        RevokeKey r => $"revoke key {r.Key}: {r.Reason}",
        Authorise r =>
            string.Create(CultureInfo.InvariantCulture,
            $"authorise {Some("module", r.Modules)} for {Some("", r.Subjects)}, units {Limit(r.UnitLimit)}, currency {Limit(r.CurrencyLimit)}, subclasses {Subclasses(r.Subclasses)}, until {ConcatLine.Time(r.Until)}"),
        RevokeAuthorisation r => $"take {r.Subject} from module {r.Module}: {r.Reason}",
        RevokeModule r => $"revoke module {r.Module}: {r.Reason}",
        EnrolOfficer r => $"enrol officer {r.Name}",
        RemoveOfficer r => $"remove officer {r.Name}: {r.Reason}",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static string Stops(bool stopCredit) => stopCredit ? "; stops credit under a key in use" : "";

    /// <summary>A limit for people.</summary>
    public static string Limit(uint limit) =>
        limit == KeyCard.NoLimit ? "unlimited" : limit.ToString(CultureInfo.InvariantCulture);

    /// <summary>Class 0 subclasses for people, such as 0,1 or none.</summary>
    public static string Subclasses(int mask) =>
        mask == 0 ? "none" : string.Join(',', Enumerable.Range(0, 8).Where(n => (mask >> n & 1) != 0));

    internal static string Some(string what, IReadOnlyList<string> names) =>
        $"{what}{(what.Length > 0 && names.Count > 1 ? "s" : "")}{(what.Length > 0 ? " " : "")}"
        + (names.Count <= 5 ? string.Join(", ", names)
            : $"{names[0]}, {names[1]} ... {names[^1]} ({names.Count} in all)");
}
