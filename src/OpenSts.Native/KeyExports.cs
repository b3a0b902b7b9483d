using System.Runtime.InteropServices;
using OpenSts.Keys;

namespace OpenSts.Native;

/// <summary>The functions of opensts.h about keys.</summary>
internal static unsafe class KeyExports
{
    [UnmanagedCallersOnly(EntryPoint = "opensts_vending_key_import")]
    public static int ImportVendingKey(byte* key, int length, long* handle) => Arguments.Run(() =>
    {
        var bytes = Arguments.Bytes(key, length);
        RequireTarget(handle);
        if (length is not (8 or 20) || !Hazmat.TryImportVendingKey(bytes, out var vendingKey, out _))
            throw new StatusException(Status.Key);
        *handle = KeyHandles.Add(vendingKey);
    });

    [UnmanagedCallersOnly(EntryPoint = "opensts_manufacturer_key_import")]
    public static int ImportManufacturerKey(byte* key, int length, long* handle) => Arguments.Run(() =>
    {
        var bytes = Arguments.Bytes(key, length);
        RequireTarget(handle);
        if (length is not (8 or 20))
            throw new StatusException(Status.Key);
        *handle = KeyHandles.Add(Hazmat.ImportVendingKeyOfAnyParity(bytes));
    });

    [UnmanagedCallersOnly(EntryPoint = "opensts_decoder_key_import")]
    public static int ImportDecoderKey(byte* key, int length, int baseDate, MeterStruct* meter, long* handle) =>
        Arguments.Run(() =>
        {
            var bytes = Arguments.Bytes(key, length);
            RequireTarget(handle);
            if (length is not (8 or 16))
                throw new StatusException(Status.Key);
            if (!BaseDate.TryFromYear(baseDate, out var epoch))
                throw new StatusException(Status.Argument);
            var ea = length == 16 ? EncryptionAlgorithm.Ea11 : EncryptionAlgorithm.Ea07;
            var attributes = meter == null ? null : meter->ToAttributes();
            if (attributes is not null && attributes.EncryptionAlgorithm != ea)
                throw new StatusException(Status.Algorithm);
            *handle = KeyHandles.Add(new HeldDecoderKey(Hazmat.ImportDecoderKey(ea, bytes), epoch, attributes));
        });

    [UnmanagedCallersOnly(EntryPoint = "opensts_decoder_key_derive")]
    public static int Derive(long vendingKey, MeterStruct* meter, long* handle) => Arguments.Run(() =>
    {
        RequireTarget(handle);
        if (meter == null)
            throw new StatusException(Status.Argument);
        var attributes = meter->ToAttributes();
        var group = KeyHandles.Get<VendingKey>(vendingKey);
        if (!DecoderKeyGeneration.TryDerive(group, attributes, out var key, out var fault))
            throw new StatusException(fault == DecoderKeyFault.VendingKeyLength ? Status.Key : Status.Algorithm);
        *handle = KeyHandles.Add(new HeldDecoderKey(key, attributes.BaseDate, attributes));
    });

    [UnmanagedCallersOnly(EntryPoint = "opensts_key_release")]
    public static int Release(long handle) => Arguments.Run(() =>
    {
        var status = KeyHandles.Release(handle);
        if (status != Status.Ok)
            throw new StatusException(status);
    });

    private static void RequireTarget(long* handle)
    {
        if (handle == null)
            throw new StatusException(Status.Argument);
        *handle = 0;
    }
}
