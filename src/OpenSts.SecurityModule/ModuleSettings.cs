namespace OpenSts.SecurityModule;

/// <summary>Which commands a module has.</summary>
public enum ModuleRole
{
    /// <summary>Sells: credit, management tokens, key changes between keys of the key management centre.</summary>
    Vending,

    /// <summary>Codes meters: key changes away from the manufacturer's own key too, and never credit.</summary>
    Manufacturing,
}

/// <summary>What a signed instruction lets a module do; until those can be loaded, whoever starts it says.</summary>
public sealed record ModuleLicence
{
    /// <summary>Tokens the module may make in its life; null for any number.</summary>
    public long? Tokens { get; init; }

    /// <summary>No token after this time; null for none.</summary>
    public DateTimeOffset? StopVending { get; init; }
}

/// <summary>How a module is started.</summary>
public sealed record ModuleSettings
{
    public PublicIdentification Identity { get; init; } = new();

    /// <summary>
    /// What the module is for; null for what its certificate says, and vending without a certificate.
    /// </summary>
    public ModuleRole? Role { get; init; }

    public ModuleLicence Licence { get; init; } = new();

    /// <summary>The module's clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>How many days a TID may lie before or behind the clock.</summary>
    public int TidWindow { get; init; } = 7;

    /// <summary>
    /// The random bits are 5 and the clock refuses nothing, so that published tokens come out. Only with test keys,
    /// and SM?PD says so.
    /// </summary>
    public bool TestMode { get; init; }

    /// <summary>
    /// How many of the last tokens are remembered, so that a repeated request gives the same token and counts once;
    /// half as many for certain.
    /// </summary>
    public int Repeats { get; init; } = 1 << 18;
}
