using System.Runtime.InteropServices;
using System.Text;

namespace OpenSts.Native;

/// <summary>Reads and writes what C passes.</summary>
internal static unsafe class Arguments
{
    private const int LongestText = 4096;

    /// <summary>A text with a terminating zero.</summary>
    public static string Text(byte* text)
    {
        if (text == null)
            throw new StatusException(Status.Argument);
        var span = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text);
        return span.Length <= LongestText ? Encoding.UTF8.GetString(span) : throw new StatusException(Status.Argument);
    }

    public static ReadOnlySpan<byte> Bytes(byte* bytes, int length) =>
        bytes != null && length >= 0
            ? new ReadOnlySpan<byte>(bytes, length)
            : throw new StatusException(Status.Argument);

    public static DateTimeOffset Time(long seconds) =>
        seconds is >= -62135596800 and <= 253402300799
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : throw new StatusException(Status.Argument);

    public static Token66 Token(byte* digits) =>
        Token66.TryParse(Text(digits), out var token) ? token : throw new StatusException(Status.Argument);

    /// <summary>Writes a text and its terminating zero, or nothing where they do not fit.</summary>
    public static void Write(ReadOnlySpan<byte> text, byte* buffer, int capacity)
    {
        if (buffer == null || capacity <= text.Length)
            throw new StatusException(Status.Buffer);
        text.CopyTo(new Span<byte>(buffer, capacity));
        buffer[text.Length] = 0;
    }

    public static void Write(string text, byte* buffer, int capacity) =>
        Write(Encoding.UTF8.GetBytes(text), buffer, capacity);

    /// <summary>Runs a call; no exception leaves it, because one that reached C would end the process.</summary>
    public static int Run(Action call)
    {
        try
        {
            call();
            return (int)Status.Ok;
        }
        catch (StatusException e)
        {
            return (int)e.Status;
        }
        catch (ObjectDisposedException)
        {
            // Released by another thread between look-up and use.
            return (int)Status.Handle;
        }
#pragma warning disable CA1031 // An export must catch everything.
        catch (Exception)
#pragma warning restore CA1031
        {
            return (int)Status.Internal;
        }
    }
}
