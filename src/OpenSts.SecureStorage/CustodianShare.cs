using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using OpenSts.Secrets;

namespace OpenSts.SecureStorage;

/// <summary>Why shares do not give the secret back, in the order of the checks.</summary>
public enum ShareFault
{
    /// <summary>They do.</summary>
    None,

    /// <summary>Not a line of the form that <see cref="CustodianShare.ToText"/> writes.</summary>
    Format,

    /// <summary>The share's own check is wrong: a character was mistyped.</summary>
    Check,

    /// <summary>The shares belong to different sets.</summary>
    OtherSet,

    /// <summary>One share was given twice.</summary>
    Repeated,

    /// <summary>Fewer shares than the set needs.</summary>
    TooFew,

    /// <summary>
    /// Every share is whole and what they give is not the secret of the set: one of them was forged.
    /// </summary>
    Whole,
}

/// <summary>
/// One custodian's part of a secret of 32 octets: any k of n parts give it back, k - 1 of them tell nothing.
/// </summary>
/// <remarks>
/// A. Shamir, "How to share a secret" (1979), octet by octet over GF(256) with the polynomial 11B. The form, its check
/// and the check of the whole are ours: <c>sts-share-1:set:k:n:x:secret:check</c>, hexadecimal. The set's name is the
/// first 8 octets of HMAC-SHA-256 under the secret, so that it also checks the whole; a share's check is 4 octets of
/// SHA-256 over the rest.
/// </remarks>
public sealed class CustodianShare : IDisposable
{
    private const int SecretLength = 32;
    private const string Head = "sts-share-1";
    private static readonly byte[] SetLabel = "OpenSts custodian set 1"u8.ToArray();
    private readonly SecretBytes _y;
    private readonly ulong _set;

    private CustodianShare(ulong set, int threshold, int count, int x, ReadOnlySpan<byte> y)
    {
        _set = set;
        Threshold = threshold;
        Count = count;
        Number = x;
        _y = new SecretBytes(y);
    }

    /// <summary>How many shares are needed: 2 to <see cref="Count"/>.</summary>
    public int Threshold { get; }

    /// <summary>How many shares were made: 2 to 255.</summary>
    public int Count { get; }

    /// <summary>Which share this is: 1 to <see cref="Count"/>.</summary>
    public int Number { get; }

    /// <summary>The name of the set, the same on all its shares: 16 hexadecimal digits.</summary>
    public string Set => _set.ToString("X16", CultureInfo.InvariantCulture);

    /// <summary>Splits a secret of 32 octets.</summary>
    public static CustodianShare[] Split(ReadOnlySpan<byte> secret, int threshold, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(secret.Length, SecretLength, nameof(secret));
        ArgumentOutOfRangeException.ThrowIfLessThan(threshold, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 255);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threshold, count);
        var set = NameOf(secret);
        using var coefficientBytes = SecretBytes.CreateRandom(SecretLength * (threshold - 1));
        using var coefficients = coefficientBytes.Lease();
        using var shareBytes = new SecretBytes(SecretLength);
        using var y = shareBytes.LeaseForWriting();
        var shares = new CustodianShare[count];
        for (var x = 1; x <= count; x++)
        {
            for (var i = 0; i < SecretLength; i++)
            {
                byte value = 0;
                for (var power = threshold - 2; power >= 0; power--)
                    value = (byte)(Multiply(value, (byte)x) ^ coefficients.Span[(power * SecretLength) + i]);
                y.Span[i] = (byte)(Multiply(value, (byte)x) ^ secret[i]);
            }

            shares[x - 1] = new CustodianShare(set, threshold, count, x, y.Span);
        }

        return shares;
    }

    /// <summary>Puts the secret together; nothing is written unless the whole is right.</summary>
    public static ShareFault Combine(IReadOnlyList<CustodianShare> shares, Span<byte> secret)
    {
        if (shares.Count == 0)
            return ShareFault.TooFew;
        var first = shares[0];
        if (shares.Any(share => share._set != first._set || share.Threshold != first.Threshold
            || share.Count != first.Count))
            return ShareFault.OtherSet;
        if (shares.Select(share => share.Number).Distinct().Count() != shares.Count)
            return ShareFault.Repeated;
        if (shares.Count < first.Threshold)
            return ShareFault.TooFew;
        using var resultBytes = new SecretBytes(SecretLength);
        using var result = resultBytes.LeaseForWriting();
        for (var j = 0; j < first.Threshold; j++)
        {
            using var y = shares[j]._y.Lease();
            // Lagrange at 0; in this field minus is plus.
            byte weight = 1;
            for (var m = 0; m < first.Threshold; m++)
            {
                if (m != j)
                    weight = Multiply(weight,
                        Multiply((byte)shares[m].Number, Inverse((byte)(shares[m].Number ^ shares[j].Number))));
            }

            for (var i = 0; i < SecretLength; i++)
                result.Span[i] ^= Multiply(weight, y.Span[i]);
        }

        if (NameOf(result.Span) != first._set)
            return ShareFault.Whole;
        result.Span.CopyTo(secret);
        return ShareFault.None;
    }

    /// <summary>Reads the line a custodian keeps. Spaces around it do not matter; everything in it does.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out CustodianShare? share,
        out ShareFault fault)
    {
        share = null;
        fault = ShareFault.Format;
        text = text.Trim();
        Span<Range> parts = stackalloc Range[8];
        if (text.Length > 160 || text.Split(parts, ':') != 7 || !text[parts[0]].SequenceEqual(Head))
            return false;
        Span<byte> y = stackalloc byte[SecretLength];
        Span<byte> check = stackalloc byte[4];
        if (text[parts[1]].Length != 16 || !ulong.TryParse(text[parts[1]], NumberStyles.AllowHexSpecifier,
            CultureInfo.InvariantCulture, out var set)
            || !Small(text[parts[2]], out var threshold) || !Small(text[parts[3]], out var count)
                || !Small(text[parts[4]], out var x)
            || text[parts[5]].Length != SecretLength * 2
                || Convert.FromHexString(text[parts[5]], y, out _, out _) != System.Buffers.OperationStatus.Done
            || text[parts[6]].Length != 8
                || Convert.FromHexString(text[parts[6]], check, out _, out _) != System.Buffers.OperationStatus.Done)
            return false;
        fault = ShareFault.Check;
        if (threshold < 2 || threshold > count || x < 1 || x > count
            || !CheckOf(set, threshold, count, x, y).SequenceEqual(check))
        {
            CryptographicOperations.ZeroMemory(y);
            return false;
        }

        share = new CustodianShare(set, threshold, count, x, y);
        CryptographicOperations.ZeroMemory(y);
        fault = ShareFault.None;
        return true;
    }

    /// <summary>Writes the line into a new file of mode 0600, for its custodian to take away.</summary>
    /// <exception cref="IOException">The file exists or cannot be written.</exception>
    public void Save(string path)
    {
        using var y = _y.Lease();
        PrivateFile.WriteSecret(path, Beginning, y.Span, Ending);
    }

    /// <summary>
    /// The line the custodian writes down or keeps in a safe: this is the secret part itself, for a terminal only.
    /// </summary>
    public string ToText()
    {
        using var y = _y.Lease();
        return Beginning + Convert.ToHexString(y.Span) + Ending;
    }

    private string Beginning =>
        string.Create(CultureInfo.InvariantCulture, $"{Head}:{Set}:{Threshold}:{Count}:{Number}:");

    private string Ending
    {
        get
        {
            using var y = _y.Lease();
            return ":" + Convert.ToHexString(CheckOf(_set, Threshold, Count, Number, y.Span));
        }
    }

    /// <summary>Clears the share.</summary>
    public void Dispose() => _y.Dispose();

    /// <summary>Says which share it is, never what it holds.</summary>
    public override string ToString() => $"(share {Number} of {Count}, {Threshold} needed, set {Set})";

    private static bool Small(ReadOnlySpan<char> text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value is >= 1 and <= 255
            && text[0] != '0';

    private static ulong NameOf(ReadOnlySpan<byte> secret)
    {
        Span<byte> mac = stackalloc byte[32];
        HMACSHA256.HashData(secret, SetLabel, mac);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(mac);
    }

    private static byte[] CheckOf(ulong set, int threshold, int count, int x, ReadOnlySpan<byte> y)
    {
        var head = Encoding.ASCII.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"{Head}:{set:X16}:{threshold}:{count}:{x}:"));
        Span<byte> digest = stackalloc byte[32];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(head);
        hash.AppendData(y);
        hash.GetHashAndReset(digest);
        return digest[..4].ToArray();
    }

    // Without tables and branches on the secret: what is multiplied leaves no trace in the cache.
    private static byte Multiply(byte a, byte b)
    {
        int product = 0, left = a;
        for (var bit = 0; bit < 8; bit++)
        {
            product ^= -((b >> bit) & 1) & left;
            left = (left << 1) ^ (-(left >> 7) & 0x11B);
        }

        return (byte)(product & 0xFF);
    }

    private static byte Inverse(byte a)
    {
        // a^254
        var result = a;
        for (var i = 0; i < 6; i++)
            result = Multiply(Multiply(result, result), a);
        return Multiply(result, result);
    }
}
