namespace OpenSts.SecureStorage;

/// <summary>
/// The names of the kinds of locks, as logs hold them and commands print them: a renamed member changes none of them.
/// </summary>
public static class StorageLockKinds
{
    /// <summary>The name.</summary>
    public static string Describe(this StorageLockKind kind) => kind switch
    {
        StorageLockKind.Passphrase => "Passphrase",
        StorageLockKind.KeyFile => "KeyFile",
        StorageLockKind.Custodians => "Custodians",
        StorageLockKind.Token => "Token",
        _ => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"an unknown lock ({(int)kind})"),
    };
}
