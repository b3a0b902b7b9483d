using System.Text.Json;

namespace OpenSts.Secrets.Tests;

public sealed class SecretBytesTests
{
    private static readonly byte[] Bytes = [1, 2, 3, 4, 5];

    [Theory]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(2048)]
    [InlineData(2049)]
    [InlineData(100_000)]
    public void CopyFrom_AnyLength_HoldsTheBytes(int length)
    {
        var bytes = new byte[length];
        for (var i = 0; i < length; i++)
            bytes[i] = (byte)((i % 200) + 1);
        using var secret = SecretBytes.CopyFrom(bytes);
        Assert.Equal(length, secret.Length);
        using var lease = secret.Lease();
        Assert.True(lease.Span.SequenceEqual(bytes));
    }

    [Fact]
    public void CopyFrom_SourceChangedAfterwards_KeepsItsOwnCopy()
    {
        var source = Bytes.ToArray();
        using var secret = SecretBytes.CopyFrom(source);
        source.AsSpan().Clear();
        Assert.True(secret.FixedTimeEquals(Bytes));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Constructor_LengthBelowOne_Throws(int length) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new SecretBytes(length));

    [Fact]
    public void Constructor_Length_IsZeroEvenInReusedMemory()
    {
        for (var i = 0; i < 1000; i++)
        {
            using var used = SecretBytes.CopyFrom(Enumerable.Repeat((byte)0xFF, 64).ToArray());
            used.Dispose();
            using var fresh = new SecretBytes(64);
            Assert.True(fresh.FixedTimeEquals(new byte[64]));
        }
    }

    [Fact]
    public unsafe void Dispose_WithoutLease_ClearsTheMemory()
    {
        // Slots are reused and stay mapped, so that the memory can be looked at after the release. The first eight
        // bytes of a free slot hold the list of free slots.
        var secret = SecretBytes.CopyFrom(Enumerable.Repeat((byte)0xA5, 64).ToArray());
        nint address;
        using (var lease = secret.Lease())
        {
            fixed (byte* at = lease.Span)
                address = (nint)at;
        }

        secret.Dispose();
        Assert.False(new ReadOnlySpan<byte>((void*)(address + 8), 56).ContainsAnyExcept((byte)0));
    }

    [Fact]
    public void Dispose_WhileLeased_ReleasesOnlyAfterTheLease()
    {
        var secret = SecretBytes.CopyFrom(Bytes);
        using (var lease = secret.Lease())
        {
            secret.Dispose();
            using var other = SecretBytes.CopyFrom([9, 9, 9, 9, 9]);
            Assert.True(lease.Span.SequenceEqual(Bytes));
        }

        Assert.Throws<ObjectDisposedException>(() => secret.Lease().Span.Length);
    }

    [Fact]
    public void Lease_AfterDispose_Throws()
    {
        var secret = SecretBytes.CopyFrom(Bytes);
        secret.Dispose();
        secret.Dispose();
        Assert.Throws<ObjectDisposedException>(() => secret.Lease().Span.Length);
        Assert.Throws<ObjectDisposedException>(() => secret.LeaseForWriting().Span.Length);
        Assert.Throws<ObjectDisposedException>(() => secret.CopyTo(new byte[5]));
        Assert.Throws<ObjectDisposedException>(() => secret.FixedTimeEquals(Bytes));
        Assert.Throws<ObjectDisposedException>(() => secret.Clone());
    }

    [Fact]
    public void LeaseForWriting_Write_IsSeenByReaders()
    {
        using var secret = new SecretBytes(5);
        using (var lease = secret.LeaseForWriting())
            Bytes.CopyTo(lease.Span);
        Assert.True(secret.FixedTimeEquals(Bytes));
    }

    [Fact]
    public void Create_CallbackThrows_ThrowsOn() =>
        Assert.Throws<InvalidDataException>(
            () => SecretBytes.Create(4, 0, static (_, _) => throw new InvalidDataException()));

    [Fact]
    public void Create_Callback_FillsInPlace()
    {
        using var secret = SecretBytes.Create(3, (byte)7, static (bytes, value) => bytes.Fill(value));
        Assert.True(secret.FixedTimeEquals([7, 7, 7]));
    }

    [Fact]
    public void CreateRandom_Twice_Differs()
    {
        using var a = SecretBytes.CreateRandom(32);
        using var b = SecretBytes.CreateRandom(32);
        Assert.False(a.FixedTimeEquals(b));
    }

    [Fact]
    public void Clone_OriginalDisposed_KeepsTheBytes()
    {
        var secret = SecretBytes.CopyFrom(Bytes);
        using var clone = secret.Clone();
        secret.Dispose();
        Assert.True(clone.FixedTimeEquals(Bytes));
    }

    [Theory]
    [InlineData(new byte[] { 1, 2, 3, 4, 5 }, true)]
    [InlineData(new byte[] { 1, 2, 3, 4, 6 }, false)]
    [InlineData(new byte[] { 1, 2, 3, 4 }, false)]
    [InlineData(new byte[0], false)]
    public void FixedTimeEquals_Bytes_ComparesLengthAndContent(byte[] other, bool expected)
    {
        using var secret = SecretBytes.CopyFrom(Bytes);
        Assert.Equal(expected, secret.FixedTimeEquals(other));
    }

    [Fact]
    public void CopyTo_ShortDestination_ThrowsAndWritesNothing()
    {
        using var secret = SecretBytes.CopyFrom(Bytes);
        var destination = new byte[4];
        Assert.Throws<ArgumentException>(() => secret.CopyTo(destination));
        Assert.Equal(new byte[4], destination);
    }

    [Fact]
    public void ToStringAndJson_Secret_ShowNoContent()
    {
        using var secret = SecretBytes.CopyFrom([0xDE, 0xAD, 0xBE, 0xEF]);
        Assert.Equal("(secret, 4 bytes)", secret.ToString());
        var json = JsonSerializer.Serialize(secret);
        Assert.DoesNotContain("3q2+7w", json, StringComparison.Ordinal);
        Assert.DoesNotContain("222", json, StringComparison.Ordinal);
    }

    [Fact]
    public void LockError_AfterASecret_AgreesWithIsLocked()
    {
        var isLocked = SecretMemory.TryLock();
        using var secret = SecretBytes.CopyFrom(Bytes);
        Assert.Equal(isLocked, SecretMemory.LockError is null);
        if (isLocked)
            Assert.True(secret.IsLocked);
    }

    // A secret that nobody disposes is finalized while another thread reads it, if the reader holds no reference.
    [Fact]
    public async Task Lease_GarbageCollectorBusy_AlwaysReadsTheSecret()
    {
        using var stop = new CancellationTokenSource();
        var collector = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                _ = new byte[1000];
                GC.Collect(0);
                GC.WaitForPendingFinalizers();
            }
        }, TestContext.Current.CancellationToken);
        var wrong = 0;
        for (var i = 0; i < 1_000_000; i++)
        {
            var value = (byte)(1 + (i % 255));
            if (Sum(value) != 16 * value)
                wrong++;
        }

        await stop.CancelAsync();
        await collector;
        Assert.Equal(0, wrong);
    }

    private static int Sum(byte value)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Fill(value);
        var secret = new SecretBytes(bytes);
        using var lease = secret.Lease();
        var sum = 0;
        foreach (var b in lease.Span)
            sum += b;
        return sum;
    }
}
