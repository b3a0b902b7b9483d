using OpenSts.Keys;
using OpenSts.Pkcs11;
using OpenSts.SecurityModule.Vault;

namespace OpenSts.SecurityModule;

/// <summary>A vending key that can be used wherever it lives: in this process or on a token.</summary>
public interface IVendingKeyHandle : IDisposable
{
    /// <summary>Derives the key of a meter; the caller disposes it.</summary>
    /// <returns>Null with the fault where the algorithms and the key do not fit.</returns>
    /// <exception cref="TokenException">The token failed.</exception>
    DecoderKey? TryDerive(DecoderKeyAttributes attributes, out DecoderKeyFault fault);

    /// <summary>Six hexadecimal digits by which two people see that they hold the same key.</summary>
    string CheckValue();
}

/// <summary>Opens the keys of a vault for use, each where it is.</summary>
public static class VendingKeyHandles
{
    /// <summary>The key of a register.</summary>
    /// <param name="vault">Open; the handle does not keep it open.</param>
    /// <param name="register">1 to 65535.</param>
    /// <param name="token">The token its keys are on; null where there is none. Stays open as long as the handle is
    /// used.</param>
    /// <exception cref="InvalidOperationException">The register is empty, or its key is on a token and none was
    /// given.</exception>
    /// <exception cref="TokenException">The token does not have the key, or would give it away.</exception>
    public static IVendingKeyHandle OpenHandle(this KeyVault vault, int register, Pkcs11Token? token = null)
    {
        ArgumentNullException.ThrowIfNull(vault);
        var record = vault.Find(register) ?? throw new InvalidOperationException($"Register {register} is empty.");
        if (record.Home == KeyHome.Vault)
            return new MemoryKeyHandle(vault.OpenKey(register));
        return new TokenKeyHandle(
            (token ?? throw new InvalidOperationException($"The key of register {register} is on a token."))
            .Find(System.Text.Encoding.UTF8.GetString(vault.TokenObject(register))));
    }

    /// <summary>The key of a record that is not in use yet.</summary>
    internal static IVendingKeyHandle Of(PreparedChange change, StoredRecord record, Pkcs11Token? token)
    {
        if (record.Home == KeyHome.Vault)
            return new MemoryKeyHandle(change.OpenKey(record));
        return new TokenKeyHandle(
            (token ?? throw new InvalidOperationException($"The key of register {record.Number} is on a token."))
            .Find(System.Text.Encoding.UTF8.GetString(change.TokenObject(record))));
    }

    /// <summary>A key in this process's memory; the handle disposes it.</summary>
    internal static IVendingKeyHandle Of(VendingKey key) => new MemoryKeyHandle(key);

    private sealed class MemoryKeyHandle(VendingKey key) : IVendingKeyHandle
    {
        public DecoderKey? TryDerive(DecoderKeyAttributes attributes, out DecoderKeyFault fault)
        {
            _ = DecoderKeyGeneration.TryDerive(key, attributes, out var decoderKey, out fault);
            return decoderKey;
        }

        public string CheckValue() => KeyCheckValue.Of(key);

        public void Dispose() => key.Dispose();
    }

    private sealed class TokenKeyHandle(TokenKey key) : IVendingKeyHandle
    {
        public DecoderKey? TryDerive(DecoderKeyAttributes attributes, out DecoderKeyFault fault) =>
            key.TryDerive(attributes, out fault);

        public string CheckValue() => key.CheckValue();

        public void Dispose()
        {
            // The object stays on its token.
        }
    }
}
