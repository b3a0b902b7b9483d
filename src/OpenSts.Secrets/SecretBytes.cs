using System.Buffers;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace OpenSts.Secrets;

/// <summary>
/// A secret of fixed length in locked memory: never moved, swapped or dumped, and cleared when released.
/// </summary>
/// <remarks>
/// <para>The bytes are copied in and are only reachable through a <see cref="SecretLease"/>. A lease holds a
/// reference, so neither <see cref="IDisposable.Dispose"/> on another thread nor the garbage collector can release the
/// memory while it is in use.</para>
/// <para>Whether the system agreed to lock the memory depends on its limits: see <see cref="IsLocked"/> and
/// <see cref="SecretMemory.LockError"/>. A superuser or an attached debugger can read any memory.</para>
/// <para>Thread-safe, except that concurrent leases for writing are the caller's to coordinate.</para>
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class SecretBytes : SafeHandle
{
    /// <summary>Allocates a secret whose bytes are all zero.</summary>
    /// <param name="length">Number of bytes, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is below 1.</exception>
    /// <exception cref="InsufficientMemoryException">The system has no memory left.</exception>
    public SecretBytes(int length)
        : base(IntPtr.Zero, ownsHandle: true)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        Length = length;
        var address = SecretMemory.Allocate(length, out var isLocked);
        IsLocked = isLocked;
        SetHandle(address);
    }

    /// <summary>Copies the bytes in. The caller clears its own copy.</summary>
    /// <param name="source">At least 1 byte.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="source"/> is empty.</exception>
    /// <exception cref="InsufficientMemoryException">The system has no memory left.</exception>
    public SecretBytes(ReadOnlySpan<byte> source)
        : this(source.Length)
    {
        using var lease = LeaseForWriting();
        source.CopyTo(lease.Span);
    }

    /// <summary>Number of bytes, at least 1.</summary>
    public int Length { get; }

    /// <summary>True if the system agreed to keep this memory out of swap.</summary>
    public bool IsLocked { get; }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == IntPtr.Zero;

    /// <summary>Copies a secret out of ordinary memory. The caller clears its own copy.</summary>
    /// <param name="source">At least 1 byte.</param>
    /// <returns>A new secret, owned by the caller.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="source"/> is empty.</exception>
    public static SecretBytes CopyFrom(ReadOnlySpan<byte> source) => new(source);

    /// <summary>
    /// Creates a secret and lets a callback compute its bytes in place, so that no other copy exists.
    /// </summary>
    /// <typeparam name="TState">What the callback needs.</typeparam>
    /// <param name="length">Number of bytes, at least 1.</param>
    /// <param name="state">Passed to the callback.</param>
    /// <param name="fill">Receives <paramref name="length"/> zero bytes and fills them. If it throws, the memory is
    /// released.</param>
    /// <returns>A new secret, owned by the caller.</returns>
    public static SecretBytes Create<TState>(int length, TState state, SpanAction<byte, TState> fill)
        where TState : allows ref struct
    {
        ArgumentNullException.ThrowIfNull(fill);
        var secret = new SecretBytes(length);
        try
        {
            using var lease = secret.LeaseForWriting();
            fill(lease.Span, state);
        }
        catch
        {
            secret.Dispose();
            throw;
        }

        return secret;
    }

    /// <summary>Draws a secret from the system's cryptographic random number generator.</summary>
    /// <param name="length">Number of bytes, at least 1.</param>
    /// <returns>A new secret, owned by the caller.</returns>
    public static SecretBytes CreateRandom(int length) =>
        Create(length, 0, static (bytes, _) => RandomNumberGenerator.Fill(bytes));

    /// <summary>Opens the secret for reading until the lease is disposed.</summary>
    /// <returns>A lease; write <c>using var lease = secret.Lease();</c> and read
    /// <see cref="SecretLease.Span"/>.</returns>
    /// <exception cref="ObjectDisposedException">The secret has been released.</exception>
    public SecretLease Lease() => new(this);

    /// <summary>Opens the secret for writing until the lease is disposed.</summary>
    /// <returns>A lease whose span can be written.</returns>
    /// <exception cref="ObjectDisposedException">The secret has been released.</exception>
    public WritableSecretLease LeaseForWriting() => new(this);

    /// <summary>Copies the secret, so that the copy can be released on its own.</summary>
    /// <returns>A new secret, owned by the caller.</returns>
    /// <exception cref="ObjectDisposedException">The secret has been released.</exception>
    public SecretBytes Clone()
    {
        using var lease = Lease();
        return new SecretBytes(lease.Span);
    }

    /// <summary>Copies the bytes out. The caller clears the destination after use.</summary>
    /// <param name="destination">At least <see cref="Length"/> bytes.</param>
    /// <exception cref="ArgumentException">The destination is too short.</exception>
    /// <exception cref="ObjectDisposedException">The secret has been released.</exception>
    public void CopyTo(Span<byte> destination)
    {
        using var lease = Lease();
        lease.Span.CopyTo(destination);
    }

    /// <summary>Compares with another secret in a time that depends on the lengths only.</summary>
    /// <param name="other">The other secret.</param>
    /// <returns>True if length and bytes are equal.</returns>
    /// <exception cref="ObjectDisposedException">One of the two has been released.</exception>
    public bool FixedTimeEquals(SecretBytes other)
    {
        ArgumentNullException.ThrowIfNull(other);
        using var lease = other.Lease();
        return FixedTimeEquals(lease.Span);
    }

    /// <summary>Compares with bytes in a time that depends on the lengths only.</summary>
    /// <param name="other">The bytes.</param>
    /// <returns>True if length and bytes are equal.</returns>
    /// <exception cref="ObjectDisposedException">The secret has been released.</exception>
    public bool FixedTimeEquals(ReadOnlySpan<byte> other)
    {
        using var lease = Lease();
        return CryptographicOperations.FixedTimeEquals(lease.Span, other);
    }

    /// <summary>Says that this is a secret and how long it is, never what it holds.</summary>
    public override string ToString() => $"(secret, {Length} bytes)";

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        SecretMemory.Release(handle, Length, IsLocked);
        return true;
    }
}
