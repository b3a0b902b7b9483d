using OpenSts.Sts6;

namespace OpenSts.SecurityModule.Commands.Legacy;

/// <summary>What we offer of the older protocol (STS05): no key loading, no bare encryption.</summary>
internal static class LegacyCommands
{
    /// <summary>The code for a register number, group and revision of which there is no key.</summary>
    public const ResponseCode KeyRegister = (ResponseCode)72;

    /// <summary>The code for a key expiry number that is not the register's.</summary>
    public const ResponseCode KeyNumber = (ResponseCode)4;

    public static ModuleCommand[] All => [new Echo(), new LegacyIdentification(), new LegacyCredit(),
        new LegacyManagement(), new LegacyKeyChange(), new LegacyBalance()];

    /// <summary>
    /// The register that holds the key of a group and revision: the one that is named, or else the first.
    /// </summary>
    /// <returns>Successful, 72 where there is none, 4 where its key expiry number is another one.</returns>
    public static ResponseCode TryFind(SoftwareSecurityModule module, int named, int sgc, int krn, int ken,
        out int register)
    {
        register = Holds(module, named, sgc, krn) ? named
            : module.Registers.FirstOrDefault(number => Holds(module, number, sgc, krn));
        if (register == 0)
            return KeyRegister;
        return module.Find(register)!.Card.KeyExpiryNumber.Value == ken ? ResponseCode.Successful : KeyNumber;
    }

    private static bool Holds(SoftwareSecurityModule module, int register, int sgc, int krn) =>
        module.Find(register) is { } found && found.Card.SupplyGroupCode.Value == sgc
            && found.Card.KeyRevisionNumber.Value == krn;
}
