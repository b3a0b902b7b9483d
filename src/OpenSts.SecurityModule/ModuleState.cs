namespace OpenSts.SecurityModule;

/// <summary>Whether a module works at all.</summary>
public enum ModuleState
{
    /// <summary>It answers.</summary>
    Ready,

    /// <summary>Somebody laid hands on it: it answers nothing but that.</summary>
    Tampered,

    /// <summary>It cannot note any more what it makes: it answers nothing but that.</summary>
    Failed,
}
