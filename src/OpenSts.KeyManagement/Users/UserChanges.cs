using System.Globalization;
using OpenSts.KeyLoading;
using OpenSts.KeyManagement.Records;
using OpenSts.KeyManagement.Storage;

namespace OpenSts.KeyManagement.Users;

/// <summary>Changes of users, and what their state permits.</summary>
internal sealed class UserChanges(CentreContext centre, ChangeSet changes)
{
    public string Add(AddUser r, string actor)
    {
        RequireFree(r.Name, null);
        FieldRules.RequireText("contact", r.Contact, 80);
        // Numbers of four digits count up; longer ones were made of owners' names.
        var last = changes.All(RecordKinds.Users).Where(user => user.Home == centre.Kmcid && user.Id.Length == 11)
            .Select(user => int.Parse(user.Id.AsSpan(7), CultureInfo.InvariantCulture)).DefaultIfEmpty().Max();
        if (last == 9999)
            throw new RefusalException(CentreVerdict.UserRule,
                $"centre {centre.Kmcid} has registered 9999 users; there are no more numbers");
        var user = new SgcUser
        {
            Id = string.Create(CultureInfo.InvariantCulture, $"{centre.Kmcid}-{last + 1:D4}"),
            Name = r.Name,
            Contact = r.Contact,
            State = UserState.Active,
            Home = centre.Kmcid,
            Version = 1,
            Created = centre.Now,
            AddedBy = actor,
        };
        changes.Put(RecordKinds.Users, user);
        return $"user {user.Id} is '{user.Name}'";
    }

    public string Change(ChangeUser r)
    {
        var user = Home(r.User);
        RequireFree(r.Name, user.Id);
        FieldRules.RequireText("contact", r.Contact, 80);
        Put(user with { Name = r.Name, Contact = r.Contact });
        return $"user {user.Id} is '{r.Name}', {r.Contact}";
    }

    public string Suspend(SuspendUser r)
    {
        var user = Home(r.User);
        FieldRules.RequireText("reason", r.Reason);
        if (user.State != UserState.Active)
            throw new RefusalException(CentreVerdict.UserRule,
                $"user {user.Id} '{user.Name}' is suspended already: {user.Reason}");
        Put(user with { State = UserState.Suspended, Reason = r.Reason });
        return $"user {user.Id} '{user.Name}' is suspended: nothing new and nothing renewed for {Groups(user.Id)} "
            + $"groups and {Modules(user.Id)} modules";
    }

    public string Resume(ResumeUser r)
    {
        var user = Home(r.User);
        if (user.State != UserState.Suspended)
            throw new RefusalException(CentreVerdict.UserRule, $"user {user.Id} '{user.Name}' is not suspended");
        Put(user with { State = UserState.Active, Reason = "" });
        return $"user {user.Id} '{user.Name}' is active again; its modules' next files are as before";
    }

    public string Close(CloseUser r)
    {
        var user = Home(r.User);
        FieldRules.RequireText("reason", r.Reason);
        var groups = changes.All(RecordKinds.Groups).Where(group => group.Owner == user.Id).Select(group => group.Code)
            .ToHashSet(StringComparer.Ordinal);
        if (changes.All(RecordKinds.Keys)
            .FirstOrDefault(key => groups.Contains(key.Sgc) && key.State != KeyState.Revoked) is { } key)
            throw new RefusalException(CentreVerdict.UserRule,
                $"user {user.Id} '{user.Name}' has key {key.Id}; its keys are revoked or its groups given to another "
                    + "user first");
        if (changes.All(RecordKinds.Modules).FirstOrDefault(module => module.Owner == user.Id && !module.Revoked)
            is { } module)
            throw new RefusalException(CentreVerdict.UserRule,
                $"user {user.Id} '{user.Name}' has module {module.Id}; its modules are revoked or registered for "
                    + "another user first");
        Put(user with { State = UserState.Closed, Reason = r.Reason });
        return $"user {user.Id} '{user.Name}' is closed";
    }

    /// <summary>
    /// The user that is meant by its number, or by its name where it is at home here; it must be active.
    /// </summary>
    public SgcUser RequireActive(string field, string text)
    {
        var user = changes.Find(RecordKinds.Users, text) ?? changes.All(RecordKinds.Users)
            .FirstOrDefault(other => other.Home == centre.Kmcid && other.State != UserState.Closed
            && other.Name == text)
            ?? throw new RefusalException(CentreVerdict.Unknown,
                $"{field} held {text}; permitted: the number or the name of a user of this centre, such as "
                    + $"{centre.Kmcid}-0001; a new one is added first");
        RequireActive(user);
        return user;
    }

    /// <summary>Refuses what a suspended user must not get.</summary>
    public void RequireActiveOwner(SupplyGroup group) => RequireActive(changes.Find(RecordKinds.Users, group.Owner)!);

    /// <inheritdoc cref="RequireActiveOwner(SupplyGroup)"/>
    public void RequireActiveOwner(RegisteredModule module)
    {
        if (module.Kind != ModuleKind.Centre)
            RequireActive(changes.Find(RecordKinds.Users, module.Owner)!);
    }

    private static void RequireActive(SgcUser user)
    {
        if (user.State != UserState.Active)
            throw new RefusalException(CentreVerdict.UserRule,
                $"user {user.Id} '{user.Name}' is {(user.State == UserState.Closed ? "closed" : "suspended")}: "
                    + $"{user.Reason}");
    }

    private SgcUser Home(string id)
    {
        var user = changes.Find(RecordKinds.Users, id)
            ?? throw new RefusalException(CentreVerdict.Unknown,
            $"there is no user {id}; a user's number is such as {centre.Kmcid}-0001");
        if (user.Home != centre.Kmcid)
            throw new RefusalException(CentreVerdict.HomeElsewhere,
                $"user {id} is at home at centre {user.Home}, this is centre {centre.Kmcid}");
        return user.State != UserState.Closed ? user
            : throw new RefusalException(CentreVerdict.UserRule, $"user {id} '{user.Name}' is closed: {user.Reason}");
    }

    private void RequireFree(string name, string? itself)
    {
        FieldRules.RequireText("name", name);
        if (changes.All(RecordKinds.Users)
            .FirstOrDefault(user => user.Home == centre.Kmcid && user.Id != itself && user.State != UserState.Closed
            && string.Equals(user.Name, name, StringComparison.OrdinalIgnoreCase)) is { } present)
            throw new RefusalException(CentreVerdict.Exists, $"user {present.Id} has the name '{present.Name}'");
    }

    private int Groups(string id) => changes.All(RecordKinds.Groups).Count(group => group.Owner == id);

    private int Modules(string id) =>
        changes.All(RecordKinds.Modules).Count(module => module.Owner == id && !module.Revoked);

    private void Put(SgcUser user) => changes.Put(RecordKinds.Users, user with { Version = user.Version + 1 });
}
