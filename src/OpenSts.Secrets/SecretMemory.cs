using System.Numerics;
using System.Security.Cryptography;

namespace OpenSts.Secrets;

/// <summary>The locked memory behind <see cref="SecretBytes"/>.</summary>
/// <remarks>
/// A page for each secret would use up the system's limit on locked memory after a few hundred keys. Secrets of up to
/// 2048 bytes therefore share pages: each page holds slots of one size, a power of two. Pages come from regions that
/// are locked, left out of core dumps and wiped in child processes, with an inaccessible page on either side.
/// Longer secrets have a region of their own, which is returned to the system.
/// </remarks>
public static unsafe class SecretMemory
{
    private const int SmallestSlotLog2 = 5;
    private const int LargestSlotLog2 = 11;
    private const int PageLength = 4096;
    private const int FirstRegionPages = 4;
    private const int MostRegionPages = 256;

    // Free slots of each size form a list; each slot that is free starts with the address of the next.
    private static readonly Lock Guard = new();
    private static readonly nint[] FreeSlots = new nint[LargestSlotLog2 - SmallestSlotLog2 + 1];
    private static readonly nint[] FreeUnlockedSlots = new nint[LargestSlotLog2 - SmallestSlotLog2 + 1];
    private static nint _nextPage;
    private static int _pagesLeft;
    private static bool _isRegionLocked;
    private static int _regionPages = FirstRegionPages;

    /// <summary>Null while all memory for secrets could be locked; otherwise why some could not.</summary>
    /// <remarks>
    /// A program that handles live keys shows this once, as a warning. Before the first secret exists it is null.
    /// </remarks>
    public static string? LockError { get; private set; }

    /// <summary>
    /// Allocates a page of secret memory now, so that <see cref="LockError"/> has a meaning at the start of a program.
    /// </summary>
    /// <returns>True if the memory could be locked.</returns>
    public static bool TryLock()
    {
        using var probe = new SecretBytes(1);
        return LockError is null;
    }

    internal static nint Allocate(int length, out bool isLocked)
    {
        var size = SlotSizeLog2(length);
        if (size > LargestSlotLog2)
            return AllocateRegion(Pages(length), out isLocked);
        lock (Guard)
        {
            var index = size - SmallestSlotLog2;
            if (FreeSlots[index] == 0 && FreeUnlockedSlots[index] == 0)
                CarvePage(index, 1 << size);
            var slots = FreeSlots[index] != 0 ? FreeSlots : FreeUnlockedSlots;
            isLocked = slots == FreeSlots;
            var slot = slots[index];
            slots[index] = *(nint*)slot;
            *(nint*)slot = 0;
            return slot;
        }
    }

    internal static void Release(nint address, int length, bool isLocked)
    {
        CryptographicOperations.ZeroMemory(new Span<byte>((void*)address, length));
        var size = SlotSizeLog2(length);
        if (size > LargestSlotLog2)
        {
            PlatformMemory.Free(address, Pages(length) * PageLength);
            return;
        }

        lock (Guard)
        {
            var slots = isLocked ? FreeSlots : FreeUnlockedSlots;
            *(nint*)address = slots[size - SmallestSlotLog2];
            slots[size - SmallestSlotLog2] = address;
        }
    }

    private static int SlotSizeLog2(int length) =>
        Math.Max(SmallestSlotLog2, BitOperations.Log2((uint)(length - 1) | 1) + 1);

    private static int Pages(int length) => checked((int)(((long)length + PageLength - 1) / PageLength));

    private static void CarvePage(int index, int slotLength)
    {
        if (_pagesLeft == 0)
        {
            _nextPage = AllocateRegion(_regionPages, out _isRegionLocked);
            _pagesLeft = _regionPages;
            _regionPages = Math.Min(2 * _regionPages, MostRegionPages);
        }

        var slots = _isRegionLocked ? FreeSlots : FreeUnlockedSlots;
        for (var offset = PageLength - slotLength; offset >= 0; offset -= slotLength)
        {
            var slot = _nextPage + offset;
            *(nint*)slot = slots[index];
            slots[index] = slot;
        }

        _nextPage += PageLength;
        _pagesLeft--;
    }

    private static nint AllocateRegion(int pages, out bool isLocked)
    {
        var region = PlatformMemory.Allocate(pages * PageLength, out var lockError);
        isLocked = lockError is null;
        LockError ??= lockError;
        return region;
    }
}
