using System.Runtime.InteropServices;

namespace OpenSts.Dlms.Security;

/// <summary>
/// Makes a renamed file survive a power cut. On systems without the call the file system has to do it by itself.
/// </summary>
internal static partial class FolderFlush
{
    public static void Run(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;
        var descriptor = Open(folder, 0);
        if (descriptor < 0)
            throw new IOException("The folder of the counters cannot be opened.");
        var failed = Flush(descriptor) != 0;
        _ = Close(descriptor);
        if (failed)
            throw new IOException("The folder of the counters cannot be flushed.");
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Flush(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
