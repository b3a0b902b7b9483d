using OpenSts.KeyLoading;
using OpenSts.KeyManagement.Records;
using OpenSts.KeyManagement.Storage;

namespace OpenSts.KeyManagement.Migrations;

/// <summary>
/// Brings a centre of an earlier edition up to date, in which the owner of a group or module was a name and nothing
/// else.
/// </summary>
/// <remarks>
/// In one step with an entry of the log, when such a centre is first opened. A name becomes the same user at every
/// centre that knows it, so that two centres still agree on a group afterwards, whichever is opened first; groups keep
/// their versions for that reason.
/// </remarks>
internal static class OwnerNameMigration
{
    public static void Apply(CentreStore store, string kmcid, DateTimeOffset now)
    {
        var groups = store.All(RecordKinds.Groups).Where(group => store.Find(RecordKinds.Users, group.Owner) is null)
            .ToList();
        // A centre's owner is its KMCID.
        var modules = store.All(RecordKinds.Modules)
            .Where(module => module.Kind != ModuleKind.Centre && store.Find(RecordKinds.Users, module.Owner) is null)
            .ToList();
        if (groups.Count + modules.Count == 0)
            return;
        _ = store.Change("edition", users =>
            $"{users} users made of the owners of {groups.Count} groups and {modules.Count} modules", changes =>
        {
            var made = new HashSet<string>(StringComparer.Ordinal);
            string UserOf(string home, string name, DateTimeOffset created)
            {
                var user = SgcUser.OfName(home, name, created, "owner's name of an earlier edition");
                if (changes.Find(RecordKinds.Users, user.Id) is null && made.Add(user.Id))
                    changes.Put(RecordKinds.Users, user);
                return user.Id;
            }

            foreach (var group in groups)
                changes.Put(RecordKinds.Groups, group with { Owner = UserOf(group.Home, group.Owner, group.Created) });
            foreach (var module in modules)
                changes.Put(RecordKinds.Modules, module with { Owner = UserOf(kmcid, module.Owner, now) });
            return made.Count;
        });
    }
}
