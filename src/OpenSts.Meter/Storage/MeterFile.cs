using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace OpenSts.Meter.Storage;

/// <summary>One file that holds a meter: two places, written by turns, so that a power cut leaves the old record or the new one.</summary>
/// <remarks>
/// Each place is 64 KiB: "STSM", a sequence number (8), the length (4), SHA-256 over sequence, length and content (32), then the content. The place with
/// the larger sequence number and a right digest counts. The file holds the decoder key: only its owner may read it.
/// </remarks>
public sealed class MeterFile : IMeterStore, IDisposable
{
    private const int PlaceSize = 1 << 16;
    private const int HeaderSize = 48;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly SafeFileHandle _file;
    private readonly byte[] _place = new byte[PlaceSize];
    private long _sequence;

    private MeterFile(SafeFileHandle file, long sequence)
    {
        _file = file;
        _sequence = sequence;
    }

    /// <summary>Makes a new file.</summary>
    /// <exception cref="MeterFileException">There is such a file already.</exception>
    public static MeterFile Create(string path, MeterRecord record)
    {
        if (File.Exists(path))
            throw new MeterFileException($"{path} exists already; a meter is never made over another one");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None, PreallocationSize = 2 * PlaceSize };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        using (new FileStream(path, options))
        {
        }

        var meter = new MeterFile(Open(path), 0);
        meter.Save(record);
        return meter;
    }

    /// <summary>Opens a file and reads the last record that was made durable.</summary>
    /// <exception cref="MeterFileException">There is no such file, it is in use, or neither place holds a whole record.</exception>
    public static MeterFile Load(string path, out MeterRecord record)
    {
        if (!File.Exists(path))
            throw new MeterFileException($"there is no meter file {path}; 'sts meter create' makes one");
        var file = Open(path);
        try
        {
            var (a, b) = (Read(file, 0), Read(file, 1));
            var newest = a.Sequence >= b.Sequence ? a : b;
            if (newest.Content is null)
                throw new MeterFileException($"{path} holds no whole record; it is no meter file, or it was changed by another program");
            record = MeterRecordJson.Read(newest.Content, path);
            return new MeterFile(file, newest.Sequence);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Save(MeterRecord record)
    {
        var content = MeterRecordJson.Write(record);
        if (content.Length > PlaceSize - HeaderSize)
            throw new MeterFileException($"the record has {content.Length} octets; a place holds {PlaceSize - HeaderSize}");
        var sequence = _sequence + 1;
        "STSM"u8.CopyTo(_place);
        BinaryPrimitives.WriteInt64BigEndian(_place.AsSpan(4), sequence);
        BinaryPrimitives.WriteInt32BigEndian(_place.AsSpan(12), content.Length);
        content.CopyTo(_place.AsSpan(HeaderSize));
        Digest(_place.AsSpan(4, 12), content, _place.AsSpan(16, 32));
        RandomAccess.Write(_file, _place.AsSpan(0, HeaderSize + content.Length), sequence % 2 * PlaceSize);
        RandomAccess.FlushToDisk(_file);
        CryptographicOperations.ZeroMemory(content);
        _sequence = sequence;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_place);
        _file.Dispose();
    }

    private static SafeFileHandle Open(string path)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnerOnly & (UnixFileMode)0x1FF) != 0)
            throw new MeterFileException($"{path} may be read or written by others; it holds a decoder key, so only its owner may (chmod 600)");
        try
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, FileOptions.None);
        }
        catch (IOException error) when (error is not (FileNotFoundException or DirectoryNotFoundException))
        {
            throw new MeterFileException($"{path} is in use by another program, or cannot be opened: {error.Message}");
        }
    }

    private static (long Sequence, byte[]? Content) Read(SafeFileHandle file, int index)
    {
        var place = new byte[PlaceSize];
        var length = 0;
        while (length < PlaceSize && RandomAccess.Read(file, place.AsSpan(length), ((long)index * PlaceSize) + length) is > 0 and var read)
            length += read;
        if (length < HeaderSize || !place.AsSpan(0, 4).SequenceEqual("STSM"u8))
            return (0, null);
        var size = BinaryPrimitives.ReadInt32BigEndian(place.AsSpan(12));
        if (size < 0 || size > length - HeaderSize)
            return (0, null);
        Span<byte> digest = stackalloc byte[32];
        Digest(place.AsSpan(4, 12), place.AsSpan(HeaderSize, size), digest);
        return digest.SequenceEqual(place.AsSpan(16, 32))
            ? (BinaryPrimitives.ReadInt64BigEndian(place.AsSpan(4)), place.AsSpan(HeaderSize, size).ToArray())
            : (0, null);
    }

    private static void Digest(ReadOnlySpan<byte> head, ReadOnlySpan<byte> content, Span<byte> destination)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(head);
        hash.AppendData(content);
        _ = hash.GetHashAndReset(destination);
    }
}
