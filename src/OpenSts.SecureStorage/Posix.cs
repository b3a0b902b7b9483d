using System.Runtime.InteropServices;

namespace OpenSts.SecureStorage;

/// <summary>
/// The few calls of the C library that the base library does not offer. Linux only; elsewhere they say that they did
/// nothing.
/// </summary>
internal static unsafe partial class Posix
{
    private const int PrSetDumpable = 4;
    private const int PrGetDumpable = 3;

    /// <summary>Owner, mode and kind of a file.</summary>
    /// <param name="UserId">The owner.</param>
    /// <param name="Permissions">The nine permission bits.</param>
    /// <param name="IsRegular">False for a link, folder, device or pipe.</param>
    internal readonly record struct FileStatus(uint UserId, int Permissions, bool IsRegular);

    /// <summary>The user this process acts as.</summary>
    public static uint EffectiveUser => OperatingSystem.IsLinux() ? geteuid() : 0;

    /// <summary>Reads owner, mode and kind of the file a path names, without following a link.</summary>
    public static bool TryStatus(string path, out FileStatus status)
    {
        const int currentFolder = -100, noFollow = 0x100, basic = 0x7ff;
        status = default;
        if (!OperatingSystem.IsLinux())
            return false;
        Span<byte> buffer = stackalloc byte[256];
        fixed (byte* at = buffer)
        {
            if (statx(currentFolder, path, noFollow, basic, at) != 0)
                return false;
        }

        // struct statx: uid at 20, mode at 28, in the order of the machine.
        var mode = MemoryMarshal.Read<ushort>(buffer[28..]);
        status = new FileStatus(MemoryMarshal.Read<uint>(buffer[20..]), mode & 0x1ff, (mode & 0xf000) == 0x8000);
        return true;
    }

    /// <summary>Makes a rename in the folder survive a loss of power.</summary>
    public static void FlushFolder(string path)
    {
        if (!OperatingSystem.IsLinux())
            return;
        var folder = open(path, 0);
        if (folder < 0)
            throw new IOException($"The folder {path} cannot be opened: error {Marshal.GetLastPInvokeError()}.");
        try
        {
            if (fsync(folder) != 0)
                throw new IOException($"The folder {path} cannot be flushed: error {Marshal.GetLastPInvokeError()}.");
        }
        finally
        {
            _ = close(folder);
        }
    }

    /// <summary>
    /// Keeps the kernel and other processes of the same user from taking a memory image of this process.
    /// </summary>
    /// <returns>False where the system does not offer it. The superuser can always read the memory of a
    /// process.</returns>
    public static bool ForbidDumps() =>
        OperatingSystem.IsLinux() && prctl(PrSetDumpable, 0, 0, 0, 0) == 0 && prctl(PrGetDumpable, 0, 0, 0, 0) == 0;

    /// <summary>
    /// Pages of their own: zeroed, not swapped where the limit allows, left out of memory images, not inherited.
    /// </summary>
    public static byte* AllocatePages(nuint length, out bool locked)
    {
        const int readWrite = 3, privateAnonymous = 0x22, dontDump = 16, wipeOnFork = 18;
        locked = false;
        if (!OperatingSystem.IsLinux())
            return (byte*)NativeMemory.AllocZeroed(length);
        var pages = mmap(null, length, readWrite, privateAnonymous, -1, 0);
        if ((nint)pages == -1)
            throw new InvalidOperationException("The system gave no page for a secret.");
        locked = mlock(pages, length) == 0;
        _ = madvise(pages, length, dontDump);
        _ = madvise(pages, length, wipeOnFork);
        return (byte*)pages;
    }

    /// <summary>Gives pages back; the caller has cleared them.</summary>
    public static void FreePages(byte* pages, nuint length)
    {
        if (OperatingSystem.IsLinux())
            _ = munmap(pages, length);
        else
            NativeMemory.Free(pages);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial uint geteuid();

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int folder, string path, int flags, uint mask, byte* buffer);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(int file);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int close(int file);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int prctl(int option, nuint a, nuint b, nuint c, nuint d);

    [LibraryImport("libc", SetLastError = true)]
    private static partial void* mmap(void* at, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int munmap(void* at, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int mlock(void* at, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int madvise(void* at, nuint length, int advice);
}
