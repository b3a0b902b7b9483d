using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using OpenSts.KeyManagement.Records;
using OpenSts.SecureStorage;

namespace OpenSts.KeyManagement.Storage;

/// <summary>
/// A small file on another volume that remembers how far the audit log was: only it can tell that a whole database was
/// put back.
/// </summary>
/// <remarks>
/// Form: <c>OSTSKMCW</c>, sequence (8), chain (32), HMAC-SHA-256 under the centre's log key over everything before and
/// the centre's name.
/// </remarks>
internal sealed class CheckpointFile(string path, MasterKey master, string centre)
{
    private const int Signed = 8 + 8 + 32, Length = Signed + 32;

    public void Write(long sequence, ReadOnlySpan<byte> chain)
    {
        var content = new byte[Length];
        "OSTSKMCW"u8.CopyTo(content);
        BinaryPrimitives.WriteInt64BigEndian(content.AsSpan(8), sequence);
        chain.CopyTo(content.AsSpan(16));
        Mac(content).CopyTo(content, Signed);
        PrivateFile.Replace(path, content);
    }

    /// <summary>
    /// Refuses a log that does not go through what was seen; a missing file is written with the next change.
    /// </summary>
    public void Require(long sequence, Func<long, byte[]?> chainAt)
    {
        if (!File.Exists(path))
            return;
        PrivateFile.Require(path);
        var content = File.ReadAllBytes(path);
        if (content.Length != Length || !CryptographicOperations.FixedTimeEquals(Mac(content), content.AsSpan(Signed)))
            throw new CentreException(CentreFault.Altered, $"The witness {path} is not one of this centre.");
        var seen = BinaryPrimitives.ReadInt64BigEndian(content.AsSpan(8));
        if (seen > sequence || chainAt(seen) is not { } chain || !chain.AsSpan().SequenceEqual(content.AsSpan(16, 32)))
            throw new CentreException(CentreFault.RolledBack,
                $"The witness {path} saw entry {seen} of the audit log; the database ends with {sequence} or went "
                    + "another way.");
    }

    private byte[] Mac(ReadOnlySpan<byte> content) =>
        master.MacOfLog([.. content[..Signed], .. Encoding.UTF8.GetBytes(centre)]);
}
