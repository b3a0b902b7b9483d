using OpenSts.Cli.Terminal;
using OpenSts.SecureStorage;

namespace OpenSts.Cli.SecurityModule;

/// <summary>Secrets that a person types or a file holds; the caller clears the array.</summary>
internal static class SecretText
{
    private const int Longest = 1024;

    /// <summary>The first line of a file that belongs to this user alone.</summary>
    public static char[] ReadFile(string path)
    {
        KeyFile.RequirePrivate(path);
        var octets = GC.AllocateArray<byte>(Longest, pinned: true);
        var chars = GC.AllocateArray<char>(Longest, pinned: true);
        try
        {
            using var file = File.OpenHandle(path);
            var length = RandomAccess.Read(file, octets, 0);
            if (length == Longest)
                throw new CliException($"{path} is longer than {Longest - 1} octets");
            var line = octets.AsSpan(0, length);
            var end = line.IndexOfAny((byte)'\r', (byte)'\n');
            var count = System.Text.Encoding.UTF8.GetChars(end < 0 ? line : line[..end], chars);
            return chars[..count];
        }
        finally
        {
            Array.Clear(octets);
            Array.Clear(chars);
        }
    }

    /// <summary>Asks at the terminal; what is typed is not shown.</summary>
    public static char[] Ask(string prompt)
    {
        if (Console.IsInputRedirected)
            throw new CliException("there is no terminal to ask at; use the form of the option that names a file");
        Console.Error.Write(prompt);
        var chars = GC.AllocateArray<char>(Longest, pinned: true);
        var count = 0;
        for (ConsoleKeyInfo key; (key = Console.ReadKey(intercept: true)).Key != ConsoleKey.Enter;)
        {
            if (key.Key == ConsoleKey.Backspace)
                count = Math.Max(0, count - 1);
            else if (count < Longest && key.KeyChar != '\0')
                chars[count++] = key.KeyChar;
        }

        Console.Error.WriteLine();
        var result = chars[..count];
        Array.Clear(chars);
        return result;
    }
}
