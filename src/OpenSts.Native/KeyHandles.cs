using System.Collections.Concurrent;
using OpenSts.Keys;

namespace OpenSts.Native;

/// <summary>A decoder key with what is known about it.</summary>
internal sealed record HeldDecoderKey(DecoderKey Key, BaseDate BaseDate, DecoderKeyAttributes? Attributes)
    : IDisposable
{
    public void Dispose() => Key.Dispose();
}

/// <summary>The keys that callers hold by number. A number is never used again.</summary>
internal static class KeyHandles
{
    private static readonly ConcurrentDictionary<long, IDisposable> Keys = new();
    private static long _last;

    public static long Add(IDisposable key)
    {
        var handle = Interlocked.Increment(ref _last);
        Keys[handle] = key;
        return handle;
    }

    public static T Get<T>(long handle)
        where T : class =>
        Keys.TryGetValue(handle, out var key) && key is T found ? found : throw new StatusException(Status.Handle);

    public static Status Release(long handle)
    {
        if (!Keys.TryRemove(handle, out var key))
            return Status.Handle;
        key.Dispose();
        return Status.Ok;
    }
}
