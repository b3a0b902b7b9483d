using System.ComponentModel;
using System.Runtime.InteropServices;

namespace OpenSts.Secrets;

/// <summary>Whole pages from the operating system, with its protection for secrets where it offers any.</summary>
/// <remarks>Linux and macOS: mmap, mlock and guard pages. Elsewhere ordinary memory, reported as not locked.</remarks>
internal static unsafe partial class PlatformMemory
{
    private static readonly int GuardLength = Environment.SystemPageSize;

    private const int NoAccess = 0;
    private const int ReadWrite = 3;
    private const int PrivateAnonymous = 0x22;
    private const int PrivateAnonymousMac = 0x1002;
    private const int DoNotDump = 16;
    private const int WipeOnFork = 18;

    /// <summary>Allocates zeroed pages.</summary>
    /// <param name="length">Bytes, a multiple of 4096.</param>
    /// <param name="lockError">Null if the pages are locked; otherwise the reason, in words.</param>
    /// <exception cref="InsufficientMemoryException">The system has no memory left.</exception>
    public static nint Allocate(int length, out string? lockError)
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS())
        {
            lockError = "Memory for secrets is not locked: this operating system is not supported.";
            return (nint)NativeMemory.AllocZeroed((nuint)length);
        }

        var flags = OperatingSystem.IsLinux() ? PrivateAnonymous : PrivateAnonymousMac;
        var region = mmap(0, Reserved(length), NoAccess, flags, -1, 0);
        if (region == -1)
            throw new InsufficientMemoryException($"No memory for a secret: {LastError()}.");
        var pages = region + GuardLength;
        if (mprotect(pages, Rounded(length), ReadWrite) != 0)
        {
            var error = LastError();
            _ = munmap(region, Reserved(length));
            throw new InsufficientMemoryException($"No memory for a secret: {error}.");
        }

        lockError = mlock(pages, (nuint)length) == 0
            ? null
            : $"Memory for secrets is not locked and may be swapped to disk: {LastError()}. Raise the limit (ulimit "
                + "-l, LimitMEMLOCK).";
        if (OperatingSystem.IsLinux())
        {
            // Refused only by kernels too old to know the advice; then the pages are merely not left out.
            _ = madvise(pages, Rounded(length), DoNotDump);
            _ = madvise(pages, Rounded(length), WipeOnFork);
        }

        return pages;
    }

    /// <summary>Returns pages to the system. The caller has cleared them.</summary>
    public static void Free(nint pages, int length)
    {
        if (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS())
            _ = munmap(pages - GuardLength, Reserved(length));
        else
            NativeMemory.Free((void*)pages);
    }

    private static nuint Rounded(int length) => (nuint)(((long)length + GuardLength - 1) / GuardLength * GuardLength);

    private static nuint Reserved(int length) => Rounded(length) + (nuint)(2 * GuardLength);

    private static string LastError() => new Win32Exception(Marshal.GetLastPInvokeError()).Message;

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint mmap(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int munmap(nint address, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int mprotect(nint address, nuint length, int protection);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int mlock(nint address, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int madvise(nint address, nuint length, int advice);
}
