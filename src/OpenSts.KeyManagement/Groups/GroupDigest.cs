using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using OpenSts.KeyManagement.Records;
using OpenSts.KeyManagement.Storage;

namespace OpenSts.KeyManagement.Groups;

/// <summary>
/// What two centres must agree on about a group, as one text. Its form never changes: centres of every version compare
/// it.
/// </summary>
internal static class GroupDigest
{
    public static string Of(CentreStore store, string code)
    {
        var text = new StringBuilder();
        if (store.Find(RecordKinds.Groups, code) is { } group)
            _ = text.Append(Text(group)).Append('\n').Append(Text(store.Find(RecordKinds.Users, group.Owner)!))
                .Append('\n');
        // An initialization key stays at its maker's centre.
        foreach (var key in store.All(RecordKinds.Keys)
            .Where(key => key.Sgc == code && key.State != KeyState.Revoked && key.KeyType != KeyType.Initialization))
        {
            _ = text.Append(Text(key)).Append('\n');
            if (key.IsDefault)
                _ = text.Append("default\n");
        }

        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private static string Text(SupplyGroup group) => string.Create(CultureInfo.InvariantCulture,
        $"SupplyGroup {{ Code = {group.Code}, Name = {group.Name}, Owner = {group.Owner}, Cluster = {group.Cluster}, UniversalDefault = {Text(group.UniversalDefault)}, "
        + $"Home = {group.Home}, Version = {group.Version}, LastSerial = {group.LastSerial}, LastRevision = "
        + $"{group.LastRevision}, Created = {Text(group.Created)} }}");

    private static string Text(SgcUser user) => string.Create(CultureInfo.InvariantCulture,
        $"({user.Id}, {user.Name}, {user.Contact}, {StoredNames.Of(user.State)}, {user.Reason}, {user.Version})");

    private static string Text(CentreVendingKey key) => string.Create(CultureInfo.InvariantCulture,
        $"CentreVendingKey {{ Id = {key.Id}, Sgc = {key.Sgc}, Krn = {key.Krn}, KeyType = {StoredNames.Of(key.KeyType)}, Dkga = {StoredNames.Of(key.Dkga)}, BaseYear = {key.BaseYear}, "
        + $"Ken = {key.Ken}, Activation = {Text(key.Activation)}, Expiry = {Text(key.Expiry)}, RefreshDays = {key.RefreshDays}, CheckValue = {key.CheckValue}, "
        + $"State = {StoredNames.Of(key.State)}, Reason = {key.Reason}, Created = {Text(key.Created)}, Laboratory = "
        + $"{Text(key.Laboratory)}, Wrapped = , LastMinute = {Text(key.LastMinute)} }}");

    private static string Text(bool value) => value ? "True" : "False";

    private static string Text(DateTimeOffset? time) =>
        time?.ToString("MM/dd/yyyy HH:mm:ss zzz", CultureInfo.InvariantCulture) ?? "";
}
