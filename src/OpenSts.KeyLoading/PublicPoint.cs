using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;

namespace OpenSts.KeyLoading;

/// <summary>A public key: a point of the curve P-384, checked to be on it when it is read.</summary>
/// <remarks>
/// SEC 1 compressed form: 02 or 03, then 48 octets of x; 98 hexadecimal capitals. The point at infinity has no such
/// form.
/// </remarks>
public sealed class PublicPoint : IEquatable<PublicPoint>
{
    private const int Length = 49, FieldLength = 48;

    // FIPS 186-4 D.1.2.4. The prime is 3 modulo 4, so a square root is one exponentiation.
    private static readonly BigInteger P = BigInteger.Parse(
        "0FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEFFFFFFFF0000000000000000FFFFFFFF",
        NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    private static readonly BigInteger B = BigInteger.Parse(
        "0B3312FA7E23EE7E4988E056BE3F82D19181D9C6EFE8141120314088F5013875AC656398D8A2ED19D2A85C8EDD3EC2AEF",
        NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    private readonly byte[] _x;
    private readonly byte[] _y;

    private PublicPoint(byte[] x, byte[] y)
    {
        (_x, _y) = (x, y);
        Text = (IsOdd(y) ? "03" : "02") + Convert.ToHexString(x);
    }

    /// <summary>The curve's base point.</summary>
    internal static PublicPoint Generator { get; } = TryParse(
        "03AA87CA22BE8B05378EB1C71EF320AD746E1D3B628BA79B9859F741E082542A385502F25DBF55296C3A545E3872760AB7",
        out var point)
        ? point
        : throw new System.Diagnostics.UnreachableException();

    /// <summary>98 hexadecimal capitals.</summary>
    public string Text { get; }

    /// <summary>
    /// The name of a key in lines: the first 8 octets of SHA-384 over the compressed point, in hexadecimal capitals.
    /// </summary>
    public string Identifier => Convert.ToHexString(SHA384.HashData(Convert.FromHexString(Text)).AsSpan(0, 8));

    internal ECParameters Parameters =>
        new() { Curve = ECCurve.NamedCurves.nistP384, Q = new ECPoint { X = _x, Y = _y } };

    /// <summary>Reads the compressed form; false where it is not one or not on the curve.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out PublicPoint? point)
    {
        point = null;
        if (text is not { Length: Length * 2 } || text.Any(char.IsAsciiLetterLower) || text[0] != '0' || text[1]
            is not ('2' or '3'))
            return false;
        var octets = new byte[Length];
        if (Convert.FromHexString(text, octets, out _, out _) != System.Buffers.OperationStatus.Done)
            return false;
        var x = new BigInteger(octets.AsSpan(1), isUnsigned: true, isBigEndian: true);
        if (x >= P)
            return false;
        var square = BigInteger.Remainder((((x * x) - 3) * x) + B, P);
        if (square.Sign < 0)
            square += P;
        var y = BigInteger.ModPow(square, (P + 1) / 4, P);
        if (BigInteger.Remainder(y * y, P) != square)
            return false;
        if (y.IsEven != (octets[0] == 2))
            y = P - y;
        point = new PublicPoint(octets[1..], Fixed(y));
        return true;
    }

    /// <summary>Two points are equal where their forms are.</summary>
    public bool Equals(PublicPoint? other) => other is not null && other.Text == Text;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PublicPoint);

    /// <inheritdoc/>
    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc cref="Text"/>
    public override string ToString() => Text;

    internal static PublicPoint From(ECPoint point) => new(point.X!, point.Y!);

    private static bool IsOdd(byte[] number) => (number[^1] & 1) != 0;

    private static byte[] Fixed(BigInteger number)
    {
        var octets = new byte[FieldLength];
        var digits = number.ToByteArray(isUnsigned: true, isBigEndian: true);
        digits.CopyTo(octets, FieldLength - digits.Length);
        return octets;
    }
}
