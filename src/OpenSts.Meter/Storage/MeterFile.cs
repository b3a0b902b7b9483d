using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace OpenSts.Meter.Storage;

/// <summary>A file that holds one meter: two slots, written alternately, so that a power cut leaves the old record or
/// the new one.</summary>
/// <remarks>
/// Each slot has 64 KiB: "STSM", a sequence number (8 octets), the length (4), SHA-256 over sequence, length and
/// content (32), then the content in
/// JSON. The slot with the larger sequence number and a correct digest counts. The file holds the decoder key, in
/// clear or sealed by a key file:
/// only its owner may read it (mode 0600).
/// </remarks>
public sealed class MeterFile : IMeterStore, IDisposable
{
    private const int SlotSize = 1 << 16;
    private const int HeaderSize = 48;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly SafeFileHandle _file;
    private readonly byte[] _slot = new byte[SlotSize];
    private MeterFileKey? _key;
    private long _sequence;

    private MeterFile(SafeFileHandle file, long sequence, MeterFileKey? key)
    {
        _file = file;
        _sequence = sequence;
        _key = key;
    }

    /// <summary>Makes a new file.</summary>
    /// <param name="path">The file; there must be none.</param>
    /// <param name="record">The meter.</param>
    /// <param name="key">Seals the decoder key; null leaves it in clear. It stays the caller's, who disposes it after
    /// the file.</param>
    /// <exception cref="MeterFileException">There is such a file already.</exception>
    public static MeterFile Create(string path, MeterRecord record, MeterFileKey? key = null)
    {
        if (File.Exists(path))
            throw new MeterFileException($"{path} exists already; a meter never replaces another one");
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            PreallocationSize = 2 * SlotSize
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        using (new FileStream(path, options))
        {
        }

        var meter = new MeterFile(Open(path), 0, key);
        meter.Save(record);
        return meter;
    }

    /// <summary>Opens a file and reads the last record that was made durable.</summary>
    /// <param name="path">The file.</param>
    /// <param name="record">The meter.</param>
    /// <param name="key">The key that sealed the decoder key; null for a file in clear. It stays the caller's, who
    /// disposes it after the file.</param>
    /// <exception cref="MeterFileException">
    /// There is no such file, it is in use, others may read it, neither slot holds a whole record, or the key is not
    /// the one that sealed it.
    /// </exception>
    public static MeterFile Load(string path, out MeterRecord record, MeterFileKey? key = null)
    {
        var (file, sequence, content) = OpenNewest(path);
        try
        {
            record = MeterRecordJson.Read(content, path, key);
            return new MeterFile(file, sequence, key);
        }
        catch
        {
            file.Dispose();
            throw;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(content);
        }
    }

    /// <summary>True where the decoder key in a file is sealed.</summary>
    /// <exception cref="MeterFileException">The file cannot be read as a meter file.</exception>
    public static bool IsSealed(string path)
    {
        var (file, _, content) = OpenNewest(path);
        using (file)
        {
            var isSealed = MeterRecordJson.IsSealed(content);
            CryptographicOperations.ZeroMemory(content);
            return isSealed;
        }
    }

    /// <summary>Rewrites the whole file with the decoder key sealed by another key, or in clear; nothing of the old
    /// form is left in it.</summary>
    /// <remarks>The disk may keep old blocks elsewhere: a file system with snapshots, or flash memory.</remarks>
    /// <param name="record">The meter as it was loaded.</param>
    /// <param name="key">The new key; null writes the decoder key in clear.</param>
    /// <exception cref="IOException">It could not be made durable.</exception>
    public void Reseal(MeterRecord record, MeterFileKey? key)
    {
        _key = key;
        for (var slot = 0; slot < 2; slot++)
            Write(record, wholeSlot: true);
    }

    /// <inheritdoc/>
    public void Save(MeterRecord record) => Write(record, wholeSlot: false);

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_slot);
        _file.Dispose();
    }

    private void Write(MeterRecord record, bool wholeSlot)
    {
        var content = MeterRecordJson.Write(record, _key);
        if (content.Length > SlotSize - HeaderSize)
            throw new MeterFileException(
                $"the record has {content.Length} octets; a slot holds {SlotSize - HeaderSize}");
        var sequence = _sequence + 1;
        "STSM"u8.CopyTo(_slot);
        BinaryPrimitives.WriteInt64BigEndian(_slot.AsSpan(4), sequence);
        BinaryPrimitives.WriteInt32BigEndian(_slot.AsSpan(12), content.Length);
        content.CopyTo(_slot.AsSpan(HeaderSize));
        _slot.AsSpan(HeaderSize + content.Length).Clear();
        Digest(_slot.AsSpan(4, 12), content, _slot.AsSpan(16, 32));
        RandomAccess.Write(
            _file, _slot.AsSpan(0, wholeSlot ? SlotSize : HeaderSize + content.Length), sequence % 2 * SlotSize);
        RandomAccess.FlushToDisk(_file);
        CryptographicOperations.ZeroMemory(content);
        _sequence = sequence;
    }

    private static (SafeFileHandle File, long Sequence, byte[] Content) OpenNewest(string path)
    {
        if (!File.Exists(path))
            throw new MeterFileException($"there is no meter file {path}; 'sts meter create' makes one");
        var file = Open(path);
        try
        {
            var (a, b) = (Read(file, 0), Read(file, 1));
            var newest = a.Sequence >= b.Sequence ? a : b;
            return newest.Content is { } content
                ? (file, newest.Sequence, content)
                : throw new MeterFileException(
                    $"{path} holds no whole record; it is no meter file, or it was changed by another program");
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static SafeFileHandle Open(string path)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnerOnly & (UnixFileMode)0x1FF) != 0)
            throw new MeterFileException(
                $"{path} may be read or written by others; it holds a decoder key, so only its owner may (chmod 600)");
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
        var slot = new byte[SlotSize];
        var length = 0;
        while (length < SlotSize
                && RandomAccess.Read(file, slot.AsSpan(length), ((long)index * SlotSize) + length) is > 0 and var read)
            length += read;
        try
        {
            if (length < HeaderSize || !slot.AsSpan(0, 4).SequenceEqual("STSM"u8))
                return (0, null);
            var size = BinaryPrimitives.ReadInt32BigEndian(slot.AsSpan(12));
            if (size < 0 || size > length - HeaderSize)
                return (0, null);
            Span<byte> digest = stackalloc byte[32];
            Digest(slot.AsSpan(4, 12), slot.AsSpan(HeaderSize, size), digest);
            return digest.SequenceEqual(slot.AsSpan(16, 32))
                ? (BinaryPrimitives.ReadInt64BigEndian(slot.AsSpan(4)), slot.AsSpan(HeaderSize, size).ToArray())
                : (0, null);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(slot);
        }
    }

    private static void Digest(ReadOnlySpan<byte> head, ReadOnlySpan<byte> content, Span<byte> destination)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(head);
        hash.AppendData(content);
        _ = hash.GetHashAndReset(destination);
    }
}
