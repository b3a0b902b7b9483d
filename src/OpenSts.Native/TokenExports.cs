using System.Runtime.InteropServices;
using OpenSts.Explaining;
using OpenSts.Keys;

namespace OpenSts.Native;

/// <summary>The functions of opensts.h about tokens.</summary>
internal static unsafe class TokenExports
{
    private const int Version = 100;

    // Static texts with a terminating zero: a literal of this kind has one.
    private static ReadOnlySpan<byte> UnknownStatus => "unknown status"u8;

    [UnmanagedCallersOnly(EntryPoint = "opensts_version")]
    public static int GetVersion() => Version;

    [UnmanagedCallersOnly(EntryPoint = "opensts_status_text")]
    public static byte* StatusText(int status)
    {
        var text = (Status)status switch
        {
            Status.Ok => "success"u8,
            Status.Argument => "a null pointer, a number out of range or text of a wrong form"u8,
            Status.Handle => "no such handle, or one of another kind"u8,
            Status.Buffer => "the buffer is too small"u8,
            Status.Key => "a key of a wrong length, or a 64-bit vending key without odd parity"u8,
            Status.Algorithm => "the algorithms do not go together, or are withdrawn"u8,
            Status.KeyExpired => "the key has expired"u8,
            Status.DefaultKey => "credit under a default key"u8,
            Status.KeyType => "a key of this type may not follow"u8,
            Status.DifferentMeter => "the two keys are not of one meter and algorithm"u8,
            Status.Crc => "the CRC does not hold"u8,
            Status.Function => "a reserved class or subclass"u8,
            Status.Internal => "a fault of the library"u8,
            _ => UnknownStatus,
        };
        // The literals are in the image of the library: they never move.
        return (byte*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref MemoryMarshal.GetReference(text));
    }

    [UnmanagedCallersOnly(EntryPoint = "opensts_issue")]
    public static int Issue(
        long decoderKey, int tokenClass, int subclass, long issuedAt, int random, byte* amount, byte* digits,
        int capacity) =>
        Arguments.Run(() =>
        {
            var held = KeyHandles.Get<HeldDecoderKey>(decoderKey);
            if (!TokenIdentifier.TryForOrdinaryToken(Arguments.Time(issuedAt), held.BaseDate, out var tid))
                throw new StatusException(Status.Argument);
            if (random is < 0 or > 15)
                throw new StatusException(Status.Argument);
            var content = TokenArguments.Content(tokenClass, subclass, (byte)random, tid, Arguments.Text(amount));
            if (held.Attributes is { } attributes)
            {
                if (!attributes.KeyExpiryNumber.Serves(tid))
                    throw new StatusException(Status.KeyExpired);
                if (content.Class == TokenClass.Credit && !attributes.KeyType.MayCarryCredit())
                    throw new StatusException(Status.DefaultKey);
            }

            Arguments.Write(new Token66(held.Key.Encrypt(content.Seal())).ToString(), digits, capacity);
        });

    [UnmanagedCallersOnly(EntryPoint = "opensts_issue_test")]
    public static int IssueTest(int subclass, long control, int manufacturerCode, byte* digits, int capacity) =>
        Arguments.Run(() =>
        {
            var token = TokenIssuer.IssueInClear(TokenArguments.Test(subclass, control, manufacturerCode));
            Arguments.Write(token.ToString(), digits, capacity);
        });

    [UnmanagedCallersOnly(EntryPoint = "opensts_key_change")]
    public static int KeyChange(
        long from, long to, int count, int checksExpiry, long issuedAt, byte* tokens, int capacity) =>
        Arguments.Run(() =>
    {
        var (old, next) = (KeyHandles.Get<HeldDecoderKey>(from), KeyHandles.Get<HeldDecoderKey>(to));
        if (old.Attributes is null || next.Attributes is null)
            throw new StatusException(Status.Argument);
        var change = new KeyChange
        {
            From = old.Attributes,
            FromKey = old.Key,
            To = next.Attributes,
            ToKey = next.Key,
            Count = count == 0 ? KeyChangeSet.DefaultCount(next.Attributes.EncryptionAlgorithm) : count,
            IssuedAt = checksExpiry != 0 ? Arguments.Time(issuedAt) : null,
        };
        var fault = KeyChangeSet.TryIssue(change, out var set);
        if (fault != KeyChangeFault.None)
        {
            throw new StatusException(fault switch
            {
                KeyChangeFault.DifferentMeter => Status.DifferentMeter,
                KeyChangeFault.KeyType => Status.KeyType,
                KeyChangeFault.NewKeyExpired => Status.KeyExpired,
                _ => Status.Argument,
            });
        }

        Arguments.Write(string.Join(' ', set), tokens, capacity);
    });

    [UnmanagedCallersOnly(EntryPoint = "opensts_decode")]
    public static int Decode(long decoderKey, byte* digits, byte* json, int capacity) => Arguments.Run(() =>
    {
        var held = decoderKey == 0 ? null : KeyHandles.Get<HeldDecoderKey>(decoderKey);
        var token = Arguments.Token(digits);
        if (held is null && token.Class != TokenClass.NonMeterSpecificManagement)
            throw new StatusException(token.Class == TokenClass.Reserved ? Status.Function : Status.Handle);
        if (token.Class == TokenClass.Reserved)
            throw new StatusException(Status.Function);
        if (!TokenIssuer.TryOpen(token, held?.Key, out var content))
            throw new StatusException(Status.Crc);
        var ea = held?.Key.Algorithm ?? EncryptionAlgorithm.Ea07;
        if (!TokenLayout.TryRead(content, ea, out var meaning, out _) || meaning is ReservedToken)
            throw new StatusException(Status.Function);
        Arguments.Write(TokenJson.Of(meaning, held?.BaseDate), json, capacity);
    });

    [UnmanagedCallersOnly(EntryPoint = "opensts_explain")]
    public static int Explain(long decoderKey, byte* digits, byte* json, int capacity) => Arguments.Run(() =>
    {
        var held = decoderKey == 0 ? null : KeyHandles.Get<HeldDecoderKey>(decoderKey);
        var explanation = TokenExplainer.Explain(Arguments.Token(digits), held?.Key, held?.Attributes);
        Arguments.Write(TokenJson.Of(explanation), json, capacity);
    });
}
