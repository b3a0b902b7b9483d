using System.Text;

namespace OpenSts.Dlms.Security;

/// <summary>
/// Files that are their owner's alone, replaced as a whole: a reader after a crash or a power cut sees the old one or
/// the new one.
/// </summary>
internal static class PrivateFile
{
    private const int Longest = 16 * 1024;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Everything = (UnixFileMode)0x1FF;

    /// <summary>The characters of a file, ends of line at its end left out. The caller clears them.</summary>
    /// <exception cref="IOException">It cannot be read, is longer than 16 KiB, or may be read or written by
    /// others.</exception>
    public static char[] Read(string path)
    {
        if (!File.Exists(path))
            throw new IOException($"there is no file {path}");
        if (!OperatingSystem.IsWindows()
            && (File.GetUnixFileMode(path) & ~OwnerOnly & Everything & ~UnixFileMode.UserExecute) != 0)
            throw new IOException(
                $"{path} may be read or written by others; it holds a secret, so only its owner may (chmod 600)");
        if (new FileInfo(path).Length > Longest)
            throw new IOException($"{path} is longer than {Longest} octets");
        var octets = File.ReadAllBytes(path);
        var text = Encoding.ASCII.GetChars(octets);
        Array.Clear(octets);
        var length = text.AsSpan().TrimEnd("\r\n").Length;
        if (length == text.Length)
            return text;
        var trimmed = text[..length];
        Array.Clear(text);
        return trimmed;
    }

    /// <summary>Replaces a file by ASCII text, durably.</summary>
    /// <exception cref="IOException">It could not be replaced; the old one stays.</exception>
    public static void Replace(string path, string text) => Replace(path, Encoding.ASCII.GetBytes(text));

    /// <summary>Replaces a file, durably.</summary>
    /// <exception cref="IOException">It could not be replaced; the old one stays.</exception>
    public static void Replace(string path, byte[] octets)
    {
        var beside = path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
            // A file of a crash before keeps its own rights when it is opened again.
            File.Delete(beside);
        }

        using (var stream = new FileStream(beside, options))
        {
            stream.Write(octets);
            stream.Flush(flushToDisk: true);
        }

        File.Move(beside, path, overwrite: true);
        // The name is in the folder: a power cut must not lose that either.
        FolderFlush.Run(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }
}
