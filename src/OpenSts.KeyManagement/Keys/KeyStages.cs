using OpenSts.KeyManagement.Records;

namespace OpenSts.KeyManagement.Keys;

/// <summary>How far a vending key is on its way through the life of its group.</summary>
public enum KeyStage
{
    /// <summary>
    /// Beside the default key: both vend, and sets can be made in both directions that the standard permits.
    /// </summary>
    Introduced,

    /// <summary>New sales and new meters are under this key.</summary>
    Default,

    /// <summary>No credit any more: the old side of key change sets only.</summary>
    SetsOnly,

    /// <summary>Revoked: in no file any more, its octets erased.</summary>
    Ended,
}

/// <summary>The stages of the keys of a group.</summary>
public static class KeyStages
{
    /// <summary>The stage of a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="keys">All keys, or those of its group.</param>
    public static KeyStage Of(CentreVendingKey key, IEnumerable<CentreVendingKey> keys)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.State switch
        {
            KeyState.Revoked => KeyStage.Ended,
            KeyState.Retiring => KeyStage.SetsOnly,
            _ => Default(key.Sgc, key.KeyType, keys)?.Id == key.Id ? KeyStage.Default : KeyStage.Introduced,
        };
    }

    /// <summary>
    /// The default key of a type in a group: the one that was made default, otherwise the oldest active one; null
    /// without an active key.
    /// </summary>
    public static CentreVendingKey? Default(string sgc, KeyType type, IEnumerable<CentreVendingKey> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        CentreVendingKey? oldest = null;
        foreach (var key in keys.Where(key => key.Sgc == sgc && key.KeyType == type && key.State == KeyState.Active))
        {
            if (key.IsDefault)
                return key;
            if (oldest is null || string.CompareOrdinal(key.Id, oldest.Id) < 0)
                oldest = key;
        }

        return oldest;
    }

    /// <summary>The word for a stage, as reports and campaign files have it.</summary>
    public static string Name(this KeyStage stage) => stage switch
    {
        KeyStage.Introduced => "introduced",
        KeyStage.Default => "default",
        KeyStage.SetsOnly => "sets only",
        KeyStage.Ended => "ended",
        _ => throw new ArgumentOutOfRangeException(nameof(stage), stage, null),
    };
}
