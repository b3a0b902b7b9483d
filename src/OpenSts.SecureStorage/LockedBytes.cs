using System.Security.Cryptography;

namespace OpenSts.SecureStorage;

/// <summary>
/// A secret on a page of its own: not moved, not swapped, not in a memory image, cleared on dispose.
/// </summary>
/// <remarks>
/// Whether the page could be kept from swapping depends on a limit of the system (<see cref="IsLocked"/>). The
/// superuser and a debugger that is allowed to attach read any page.
/// </remarks>
public sealed unsafe class LockedBytes : IDisposable
{
    private const int PageSize = 4096;
    private readonly nuint _allocated;
    private byte* _bytes;

    /// <summary>Room for a secret of so many octets, zeros at first.</summary>
    public LockedBytes(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        Length = length;
        _allocated = (nuint)((length + PageSize - 1) / PageSize * PageSize);
        _bytes = Posix.AllocatePages(_allocated, out var locked);
        IsLocked = locked;
    }

    /// <summary>A copy; the caller clears its own.</summary>
    public LockedBytes(ReadOnlySpan<byte> bytes)
        : this(bytes.Length) => bytes.CopyTo(Span);

    ~LockedBytes() => Clear();

    /// <summary>Number of octets.</summary>
    public int Length { get; }

    /// <summary>True where the system promised not to swap the page out.</summary>
    public bool IsLocked { get; }

    /// <summary>The secret itself.</summary>
    public Span<byte> Span
    {
        get
        {
            ObjectDisposedException.ThrowIf(_bytes == null, this);
            return new Span<byte>(_bytes, Length);
        }
    }

    /// <summary>So many random octets from the system's generator.</summary>
    public static LockedBytes Random(int length)
    {
        var secret = new LockedBytes(length);
        RandomNumberGenerator.Fill(secret.Span);
        return secret;
    }

    /// <summary>Clears the secret and gives its pages back.</summary>
    public void Dispose()
    {
        Clear();
        GC.SuppressFinalize(this);
    }

    /// <summary>Says how long it is, never what it holds.</summary>
    public override string ToString() => $"(secret, {Length} octets)";

    private void Clear()
    {
        var bytes = _bytes;
        _bytes = null;
        if (bytes == null)
            return;
        CryptographicOperations.ZeroMemory(new Span<byte>(bytes, Length));
        Posix.FreePages(bytes, _allocated);
    }
}
