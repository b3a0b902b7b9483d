using System.Text;
using Microsoft.Win32.SafeHandles;
using OpenSts.Secrets;

namespace OpenSts.SecureStorage;

/// <summary>Files that belong to the module's user and to nobody else.</summary>
public static class PrivateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode FolderMode = OwnerOnly | UnixFileMode.UserExecute;

    /// <summary>Makes a file of mode 0600; one that exists is an error.</summary>
    public static SafeFileHandle Create(string path)
    {
        // The mode is given at birth: there is no moment in which another user could open the file.
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.Read,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        using var stream = new FileStream(path, options);
        stream.Dispose();
        return File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
    }

    /// <summary>
    /// Writes a new file of one line: a secret in hexadecimal capitals between two public texts. No string of it is
    /// made.
    /// </summary>
    public static void WriteSecret(string path, string head, ReadOnlySpan<byte> secret, string tail)
    {
        using var line = new SecretBytes(head.Length + (secret.Length * 2) + tail.Length + 1);
        using var text = line.LeaseForWriting();
        var at = Encoding.ASCII.GetBytes(head, text.Span);
        _ = Convert.TryToHexString(secret, text.Span[at..], out var digits);
        _ = Encoding.ASCII.GetBytes(tail, text.Span[(at + digits)..]);
        text.Span[^1] = (byte)'\n';
        using var file = Create(path);
        RandomAccess.Write(file, text.Span, 0);
        RandomAccess.FlushToDisk(file);
    }

    /// <summary>
    /// Puts a whole file in the place of another: after a crash there is the old one or the new one.
    /// </summary>
    public static void Replace(string path, ReadOnlySpan<byte> content)
    {
        var fresh = path + ".new";
        WriteDurably(fresh, content);
        File.Move(fresh, path, overwrite: true);
        Posix.FlushFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>Writes a file of mode 0600 to the disk; one that is there already is deleted first.</summary>
    public static void WriteDurably(string path, ReadOnlySpan<byte> content)
    {
        File.Delete(path);
        using var file = Create(path);
        RandomAccess.Write(file, content, 0);
        RandomAccess.FlushToDisk(file);
    }

    /// <summary>Makes a new or renamed file in the folder survive a loss of power.</summary>
    /// <exception cref="IOException">The folder cannot be opened or flushed.</exception>
    public static void FlushFolder(string path) => Posix.FlushFolder(path);

    /// <summary>Makes a folder of mode 0700 where there is none.</summary>
    public static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
            _ = Directory.CreateDirectory(path);
        else
            _ = Directory.CreateDirectory(path, FolderMode);
    }

    /// <summary>Refuses a file that is missing, a link, not of this user, or open to the group or to others.</summary>
    /// <exception cref="StorageException">It is one of these; the message says which.</exception>
    public static void Require(string path)
    {
        if (OperatingSystem.IsWindows())
            return;
        if (!File.Exists(path))
            throw new StorageException(StorageFault.Missing, $"There is no file {path}.");
        if (!Posix.TryStatus(path, out var status))
            throw new StorageException(StorageFault.Permissions, $"The owner and mode of {path} cannot be read.");
        if (!status.IsRegular)
            throw new StorageException(StorageFault.Permissions,
                $"{path} is not a plain file; a link is not followed.");
        if (status.UserId != Posix.EffectiveUser)
            throw new StorageException(StorageFault.Permissions,
                $"{path} belongs to user {status.UserId}, not to {Posix.EffectiveUser}.");
        if ((status.Permissions & 0x3f) != 0 || (status.Permissions & 0x40) != 0)
            throw new StorageException(StorageFault.Permissions,
                $"{path} has mode {Convert.ToString(status.Permissions, 8).PadLeft(4, '0')}; permitted are 0600 and "
                    + "0400.");
    }
}
