using System.Text.Json;
using System.Text.Json.Serialization;
using OpenSts.KeyLoading;
using OpenSts.SecureStorage;

namespace OpenSts.KeyManagement.Records;

/// <summary>
/// The texts that stand for values in stored and authenticated data. They never change, whatever becomes of the names
/// in the code.
/// </summary>
public static class StoredNames
{
    private static readonly (KeyState, string)[] KeyStates =
        [(KeyState.Active, "Active"), (KeyState.Retiring, "Retiring"), (KeyState.Revoked, "Revoked")];
    private static readonly (UserState, string)[] UserStates =
        [(UserState.Active, "Active"), (UserState.Suspended, "Suspended"), (UserState.Closed, "Closed")];
    private static readonly (ChangeState, string)[] ChangeStates =
        [(ChangeState.Open, "Open"), (ChangeState.Done, "Done"), (ChangeState.Refused, "Refused")];
    private static readonly (ModuleKind, string)[] ModuleKinds =
        [(ModuleKind.Vending, "Vending"), (ModuleKind.Manufacturing, "Manufacturing"), (ModuleKind.Centre, "Centre")];
    private static readonly (KeyType, string)[] KeyTypes =
        [(KeyType.Initialization, "Initialization"), (KeyType.Default, "Default"), (KeyType.Unique, "Unique"),
            (KeyType.Common, "Common")];

    private static readonly (DecoderKeyGenerationAlgorithm, string)[] Algorithms =
    [
        (DecoderKeyGenerationAlgorithm.Dkga01, "Dkga01"), (DecoderKeyGenerationAlgorithm.Dkga02, "Dkga02"),
        (DecoderKeyGenerationAlgorithm.Dkga03, "Dkga03"), (DecoderKeyGenerationAlgorithm.Dkga04, "Dkga04"),
    ];

    private static readonly (StorageLockKind, string)[] LockKinds =
    [
        (StorageLockKind.Passphrase, "Passphrase"), (StorageLockKind.KeyFile, "KeyFile"),
        (StorageLockKind.Custodians, "Custodians"), (StorageLockKind.Token, "Token"),
    ];

    /// <summary>The text of a key's state.</summary>
    public static string Of(KeyState value) => Of(KeyStates, value);

    /// <summary>The text of a user's state.</summary>
    public static string Of(UserState value) => Of(UserStates, value);

    /// <summary>The text of a change's state.</summary>
    public static string Of(ChangeState value) => Of(ChangeStates, value);

    /// <summary>The text of a module's kind.</summary>
    public static string Of(ModuleKind value) => Of(ModuleKinds, value);

    /// <summary>The text of a key type.</summary>
    public static string Of(KeyType value) => Of(KeyTypes, value);

    /// <summary>The text of an algorithm.</summary>
    public static string Of(DecoderKeyGenerationAlgorithm value) => Of(Algorithms, value);

    /// <summary>The text of a way to open a centre.</summary>
    public static string Of(StorageLockKind value) => Of(LockKinds, value);

    internal static bool TryRead(string text, out KeyState value) => TryRead(KeyStates, text, out value);

    internal static bool TryRead(string text, out UserState value) => TryRead(UserStates, text, out value);

    private static string Of<T>((T Value, string Name)[] names, T value)
        where T : struct, Enum
    {
        foreach (var (known, name) in names)
        {
            if (EqualityComparer<T>.Default.Equals(known, value))
                return name;
        }

        throw new ArgumentOutOfRangeException(nameof(value), value, null);
    }

    private static bool TryRead<T>((T Value, string Name)[] names, string text, out T value)
        where T : struct, Enum
    {
        foreach (var (known, name) in names)
        {
            if (name == text)
            {
                value = known;
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>Writes and reads a value by its text.</summary>
    internal abstract class Converter<T> : JsonConverter<T>
        where T : struct, Enum
    {
        private readonly (T Value, string Name)[] _names;

        private protected Converter((T Value, string Name)[] names) => _names = names;

        /// <inheritdoc/>
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            TryRead(_names, reader.GetString() ?? "", out var value) ? value
                : throw new JsonException("The value has no known name.");

        /// <inheritdoc/>
        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            writer.WriteStringValue(Of(_names, value));
    }

    internal sealed class KeyStateConverter() : Converter<KeyState>(KeyStates);

    internal sealed class UserStateConverter() : Converter<UserState>(UserStates);

    internal sealed class ChangeStateConverter() : Converter<ChangeState>(ChangeStates);

    internal sealed class ModuleKindConverter() : Converter<ModuleKind>(ModuleKinds);

    internal sealed class KeyTypeConverter() : Converter<KeyType>(KeyTypes);

    internal sealed class AlgorithmConverter() : Converter<DecoderKeyGenerationAlgorithm>(Algorithms);
}
