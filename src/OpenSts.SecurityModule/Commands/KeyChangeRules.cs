using OpenSts.Keys;
using OpenSts.Sts6;

namespace OpenSts.SecurityModule.Commands;

/// <summary>The rules for a key change set, in the module's order of checks.</summary>
internal static class KeyChangeRules
{
    /// <summary>Steps 4 to 11, and of step 14 what the registers alone decide.</summary>
    public static ResponseCode Check(SoftwareSecurityModule module, in KeyChangeFields change, out KeyRegister from,
        out KeyRegister to)
    {
        (from, to) = (module.Find(change.FromRegister)!, module.Find(change.ToRegister)!);
        if (from is null || to is null)
            return ResponseCode.VkRegNotFound;
        var (old, coming) = (from.Card, to.Card);
        var clock = module.CheckedClock;
        if (clock > old.IssuedUntil || clock > coming.IssuedUntil)
            return ResponseCode.KeyIssueExpired;
        if (clock < coming.ActiveFrom)
            return ResponseCode.KeyNotYetActive;
        if (!VendingRules.FitsKey(module, from, change.EncryptionAlgorithm, change.FromTariffIndex)
            || !VendingRules.FitsKey(module, to, change.EncryptionAlgorithm, change.ToTariffIndex))
            return ResponseCode.KeyParamError;
        if (change.MeterPan is null)
            return ResponseCode.InvalidPan;
        // A move back to an earlier base date would make the meter refuse every new token; keys for magnetic cards
        // stay with those.
        return old.Cluster != coming.Cluster || coming.BaseDate.Year < old.BaseDate.Year
            || !old.KeyType.MayUse(change.Carrier) || !coming.KeyType.MayUse(change.Carrier)
            ? ResponseCode.KeyChangeNotAllowed
            : ResponseCode.Successful;
    }

    /// <summary>The protocol's code for a rule of the standard.</summary>
    public static ResponseCode CodeOf(KeyChangeFault fault) => fault switch
    {
        KeyChangeFault.None => ResponseCode.Successful,
        KeyChangeFault.TokenCount => ResponseCode.InvalidNumberOfTokens,
        _ => ResponseCode.KeyChangeNotAllowed,
    };
}
