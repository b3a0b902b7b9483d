using System.Globalization;

namespace OpenSts.Testing;

/// <summary>How often a key and what locks its vault were found, as octets and as hexadecimal text.</summary>
public readonly record struct Findings(int Octets, int Text, int SecretOctets, int SecretText);

/// <summary>
/// Looks for secrets in the memory of a running process; as the superuser, for whom it is never closed.
/// </summary>
public static class MemorySearch
{
    /// <summary>
    /// Counts the key and the storage lock's secret in every readable page, as octets and as hexadecimal text (UTF-8
    /// and UTF-16).
    /// </summary>
    public static Findings Count(int process, string key, string secret)
    {
        var found = new int[4];
        byte[][][] needles = [[Bytes(key)], Texts(key), [Bytes(secret)], Texts(secret)];
        using var memory =
            new FileStream($"/proc/{process}/mem", FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 0);
        foreach (var line in File.ReadAllLines($"/proc/{process}/maps"))
        {
            var parts = line.Split(' ');
            if (parts[1][0] != 'r' || line.EndsWith("[vvar]", StringComparison.Ordinal)
                || line.EndsWith("[vsyscall]", StringComparison.Ordinal))
                continue;
            var range = parts[0].Split('-');
            var start = long.Parse(range[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            var end = long.Parse(range[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            var buffer = new byte[1 << 20];
            for (var at = start; at < end;)
            {
                int read;
                try
                {
                    memory.Position = at;
                    read = memory.Read(buffer, 0, (int)Math.Min(buffer.Length, end - at));
                }
                catch (IOException)
                {
                    break;
                }

                for (var i = 0; i < needles.Length; i++)
                    found[i] += needles[i].Sum(needle => Occurrences(buffer.AsSpan(0, read), needle));
                if (read < buffer.Length)
                    break;
                at += read - 128;
            }
        }

        return new Findings(found[0], found[1], found[2], found[3]);
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex)[..16];

    private static byte[][] Texts(string hex)
    {
        string[] forms = [hex[..32], hex[..32].ToUpperInvariant()];
        return [.. forms.Select(System.Text.Encoding.UTF8.GetBytes),
            .. forms.Select(System.Text.Encoding.Unicode.GetBytes)];
    }

    private static int Occurrences(ReadOnlySpan<byte> memory, byte[] needle)
    {
        var count = 0;
        for (int at; (at = memory.IndexOf(needle)) >= 0; memory = memory[(at + 1)..])
            count++;
        return count;
    }
}
