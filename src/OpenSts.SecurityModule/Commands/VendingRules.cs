using OpenSts.Sts6;

namespace OpenSts.SecurityModule.Commands;

/// <summary>The rules for one token, in the module's order of checks; limits and licence come with the sale.</summary>
internal static class VendingRules
{
    /// <summary>Steps 4 to 13 for SM?VC (credit) and SM?VM.</summary>
    /// <returns>Successful with the register, or the code of the first rule that is broken.</returns>
    public static ResponseCode Check(SoftwareSecurityModule module, in VendFields vend, bool credit,
        out KeyRegister register)
    {
        register = module.Find(vend.Register)!;
        if (register is null)
            return ResponseCode.VkRegNotFound;
        var card = register.Card;
        var clock = module.CheckedClock;
        if (credit && !register.ParentIsActive)
            return ResponseCode.KmcKeyStateError;
        if (clock > card.IssuedUntil)
            return ResponseCode.KeyIssueExpired;
        if (!FitsKey(module, register, vend.EncryptionAlgorithm, vend.TariffIndex)
            || !(credit ? vend.Subclass is >= 0 and <= 7 : IsManagement(vend.Subclass)))
            return ResponseCode.KeyParamError;
        if (credit && (!card.KeyType.MayCarryCredit() || !card.KeyType.MayUse(vend.Carrier)))
            return ResponseCode.KeyTypeError;
        if (credit && !card.MaySell(vend.Subclass))
            return ResponseCode.SubclassNotAllowed;
        if (vend.MeterPan is null)
            return ResponseCode.InvalidPan;
        if (!card.KeyExpiryNumber.Serves(vend.Tid))
            return ResponseCode.KeyExpired;
        if (clock is { } now
            && (vend.Tid.ToTime(card.BaseDate) - now).Duration() > TimeSpan.FromDays(module.Settings.TidWindow))
            return ResponseCode.TidOutOfWindow;
        return ResponseCode.Successful;
    }

    /// <summary>
    /// Step 8: the numbers for which a key can be derived. The manufacturer's own keys only in a manufacturing module.
    /// </summary>
    public static bool FitsKey(SoftwareSecurityModule module, KeyRegister register, int ea, int ti) =>
        ti is >= 0 and <= 99 && register.Serves((EncryptionAlgorithm)ea)
        && (register.Card.KeyType != KeyType.Initialization || module.Role == ModuleRole.Manufacturing);

    // Key change sections (3, 4, 8, 9) have a command of their own; 11 to 15 are the maker's, whose layout the module
    // cannot know.
    private static bool IsManagement(int subclass) => subclass is 0 or 1 or 2 or 5 or 6 or 7 or 10;
}
