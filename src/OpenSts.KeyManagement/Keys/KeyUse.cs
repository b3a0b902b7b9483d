using System.Globalization;
using OpenSts.KeyLoading;
using OpenSts.KeyManagement.Records;
using OpenSts.KeyManagement.Storage;

namespace OpenSts.KeyManagement.Keys;

/// <summary>A module that makes credit under a key now, by the last file that was made for it.</summary>
/// <param name="Module">Eight digits.</param>
/// <param name="LastFile">The number of that file.</param>
/// <param name="CreditUntil">The end of issue that this file gave the key.</param>
public sealed record KeyUse(string Module, int LastFile, DateTimeOffset CreditUntil)
{
    /// <summary>The modules that make credit under a key now.</summary>
    internal static List<KeyUse> Of(ChangeSet changes, CentreVendingKey key, DateTimeOffset now)
    {
        var uses = new List<KeyUse>();
        if (key.State != KeyState.Active || !key.KeyType.MayCarryCredit())
            return uses;
        foreach (var permission in changes.All(RecordKinds.Authorisations)
            .Where(one => one.Subject == key.Id && one.Sells && !one.Revoked && one.Until > now))
        {
            if (changes.Find(RecordKinds.Modules, permission.Module)
                is { Revoked: false, Kind: ModuleKind.Vending } module
                && NewestFile(changes, module) is { } file
                && file.EndsByKey().TryGetValue(key.Id, out var end)
                && end > now)
                uses.Add(new KeyUse(module.Id, file.KekId, end));
        }

        return uses;
    }

    /// <summary>True where a module has confirmed a file with the key and may sell under it.</summary>
    internal static bool CanSell(ChangeSet changes, string module, CentreVendingKey key, DateTimeOffset now) =>
        changes.Find(RecordKinds.Authorisations, $"{module}/{key.Id}") is { Revoked: false, Sells: true } permission
            && permission.Until > now
        && changes.Find(RecordKinds.Modules, module) is { } registered
        && LastConfirmed(changes, registered) is { } file
        && file.EndsByKey().TryGetValue(key.Id, out var end) && end > now;

    /// <summary>One sentence: from which file on there is no credit.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"module {Module}: no credit from file {LastFile + 1} on; file {LastFile}, its last, permits credit until "
            + $"{CreditUntil.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}");

    private static LoadFile? NewestFile(ChangeSet changes, RegisteredModule module) =>
        module.LastKekId == 0 ? null : File(changes, module.Id, module.LastKekId);

    private static LoadFile? LastConfirmed(ChangeSet changes, RegisteredModule module)
    {
        for (var number = module.LastKekId; number > 0; number--)
        {
            if (File(changes, module.Id, number) is { Confirmed: not null } file)
                return file;
        }

        return null;
    }

    private static LoadFile? File(ChangeSet changes, string module, int number) =>
        changes.Find(RecordKinds.Files, string.Create(CultureInfo.InvariantCulture, $"{module}/{number:D8}"));
}
