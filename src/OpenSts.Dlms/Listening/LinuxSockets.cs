using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace OpenSts.Dlms.Listening;

/// <summary>What a descriptor is ready for, or what is waited for.</summary>
[Flags]
internal enum Readiness : uint
{
    None = 0,
    Read = 0x1,
    Write = 0x4,
}

/// <summary>
/// The calls by which one thread serves many connections: sockets that never block, and one wait for all of them.
/// </summary>
/// <remarks>
/// The socket class of the base library waits by its own event thread and the thread pool: two hand-overs and a read
/// in vain for every request, more than a COSEM request is work (bench/results/2026-11-21-cosem.md). Numbers are those
/// of the Linux interface for programs.
/// </remarks>
[SupportedOSPlatform("linux")]
internal static unsafe partial class LinuxSockets
{
    /// <summary>Nothing is there yet, or no room; the call is made again when the descriptor is ready.</summary>
    public const int WouldBlock = 11;

    /// <summary>A signal came in between.</summary>
    public const int Interrupted = 4;

    /// <summary>A connection that ended before it was accepted.</summary>
    public const int Aborted = 103;

    private const int CloseOnExec = 0x80000;
    private const int NonBlocking = 0x800;
    private const int NoSignal = 0x4000;
    private const int Add = 1;
    private const int Change = 3;
    private const int Remove = 2;

    /// <summary>Where readiness is waited for.</summary>
    /// <exception cref="IOException">The system has none left.</exception>
    public static int OpenWait() => Opened(CreateWait(CloseOnExec));

    /// <summary>A descriptor by which another thread wakes the one that waits.</summary>
    /// <exception cref="IOException">The system has none left.</exception>
    public static int OpenBell() => Opened(CreateBell(0, CloseOnExec | NonBlocking));

    /// <summary>Makes a bell ready to read.</summary>
    public static void Ring(int bell)
    {
        ulong one = 1;
        _ = Write(bell, &one, sizeof(ulong));
    }

    /// <summary>Makes a bell not ready.</summary>
    public static void Silence(int bell)
    {
        ulong rung;
        _ = Read(bell, &rung, sizeof(ulong));
    }

    /// <summary>Begins to wait for a descriptor.</summary>
    /// <exception cref="IOException">The system has no room for it.</exception>
    public static void Watch(int wait, int descriptor, Readiness wanted) => Control(wait, Add, descriptor, wanted);

    /// <summary>Waits for something else of a descriptor.</summary>
    /// <exception cref="IOException">The system refused.</exception>
    public static void Rewatch(int wait, int descriptor, Readiness wanted) =>
        Control(wait, Change, descriptor, wanted);

    /// <summary>Waits for the descriptor no more. Closing it does the same.</summary>
    /// <exception cref="IOException">The system refused.</exception>
    public static void Unwatch(int wait, int descriptor) => Control(wait, Remove, descriptor, Readiness.None);

    /// <summary>Waits until something is ready.</summary>
    /// <param name="wait">Where.</param>
    /// <param name="ready">Takes the descriptors that are ready; an error or an end is readiness too.</param>
    /// <param name="milliseconds">How long; -1 for ever, 0 only looks.</param>
    /// <returns>How many are ready; 0 after the time, and after a signal.</returns>
    public static int Wait(int wait, Span<int> ready, int milliseconds)
    {
        // The record is four octets of flags and eight of our own, without a gap on x86 and with one everywhere else.
        var isPacked = RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86;
        var (words, at) = isPacked ? (3, 1) : (4, 2);
        var records = stackalloc int[4 * ready.Length];
        var count = Wait(wait, records, ready.Length, milliseconds);
        for (var i = 0; i < count; i++)
            ready[i] = records[(i * words) + at];
        return Math.Max(count, 0);
    }

    /// <summary>
    /// The next connection of a listening socket; negative where there is none, and <see cref="Error"/> says why.
    /// </summary>
    public static int Accept(int listener) => Accept(listener, null, null, NonBlocking | CloseOnExec);

    /// <summary>
    /// Reads what is there: how many octets, 0 at the end; negative where there are none, and <see cref="Error"/> says
    /// why.
    /// </summary>
    public static int Receive(int descriptor, Span<byte> octets)
    {
        fixed (byte* first = octets)
            return (int)Receive(descriptor, first, (nuint)octets.Length, 0);
    }

    /// <summary>
    /// Writes as many octets as there is room for; negative where it could not, and <see cref="Error"/> says why.
    /// </summary>
    public static int Send(int descriptor, ReadOnlySpan<byte> octets)
    {
        fixed (byte* first = octets)
            return (int)Send(descriptor, first, (nuint)octets.Length, NoSignal);
    }

    /// <summary>Closes a descriptor.</summary>
    public static void Close(int descriptor) => _ = CloseDescriptor(descriptor);

    /// <summary>Why the last call failed.</summary>
    public static int Error => Marshal.GetLastPInvokeError();

    private static int Opened(int descriptor) => descriptor >= 0 ? descriptor
        : throw new IOException($"no descriptor to wait for connections by (error {Error})");

    private static void Control(int wait, int what, int descriptor, Readiness wanted)
    {
        var record = stackalloc int[4];
        record[0] = (int)wanted;
        record[RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86 ? 1 : 2] = descriptor;
        if (Control(wait, what, descriptor, record) != 0)
            throw new IOException($"a connection cannot be waited for (error {Error})");
    }

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int CreateWait(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int Control(int wait, int what, int descriptor, int* record);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    private static partial int Wait(int wait, int* records, int most, int milliseconds);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    private static partial int CreateBell(uint value, int flags);

    [LibraryImport("libc", EntryPoint = "accept4", SetLastError = true)]
    private static partial int Accept(int listener, void* address, void* length, int flags);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    private static partial nint Receive(int descriptor, byte* octets, nuint count, int flags);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    private static partial nint Send(int descriptor, byte* octets, nuint count, int flags);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint Read(int descriptor, void* octets, nuint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(int descriptor, void* octets, nuint count);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int CloseDescriptor(int descriptor);
}
