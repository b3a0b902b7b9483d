using System.Text;
using OpenSts.KeyManagement.Records;
using OpenSts.Pkcs11;
using OpenSts.Secrets;

namespace OpenSts.KeyManagement.Storage;

/// <summary>
/// Seals keys twice: by the master key, and over that by a key that never leaves a PKCS#11 token. Both are needed to
/// open one.
/// </summary>
/// <remarks>Form: <c>token:</c> and the token's box in base 64.</remarks>
internal sealed class TokenSeal(TokenSealingKey key, MasterKey master)
{
    private const string Head = "token:";
    private static readonly byte[] ProbeText = "OpenSts centre token seal 1"u8.ToArray();

    /// <summary>True for what a token sealed.</summary>
    public static bool IsSealed(string wrapped) => wrapped.StartsWith(Head, StringComparison.Ordinal);

    /// <summary>A box of a known text: a token with another key of the same name does not open it.</summary>
    public string Probe() => Convert.ToBase64String(key.Seal(ProbeText, ProbeText));

    public bool Opens(string probe)
    {
        var text = new byte[ProbeText.Length];
        return key.TryOpen(Convert.FromBase64String(probe), ProbeText, text) && text.AsSpan().SequenceEqual(ProbeText);
    }

    public string Wrap(ReadOnlySpan<byte> secret, string binding) =>
        Head + Convert.ToBase64String(
            key.Seal(Convert.FromBase64String(master.Wrap(secret, binding)), Encoding.UTF8.GetBytes(binding)));

    /// <summary>The caller disposes it.</summary>
    /// <exception cref="CentreException">It is not the key of that place.</exception>
    public SecretBytes Unwrap(string wrapped, string binding)
    {
        var box = Convert.FromBase64String(wrapped[Head.Length..]);
        var inner = new byte[Math.Max(0, TokenSealingKey.LengthOf(box))];
        return key.TryOpen(box, Encoding.UTF8.GetBytes(binding), inner)
            ? master.Unwrap(Convert.ToBase64String(inner), binding)
            : throw new CentreException(CentreFault.Altered, $"The key of {binding} is not what was sealed there.");
    }
}
