using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace OpenSts.Vending.Storage.Journal;

/// <summary>One file of a journal: a line that says which journal and what came before, then frames.</summary>
/// <param name="Path">The file.</param>
/// <param name="Journal">The journal's id, 16 hex digits.</param>
/// <param name="Before">The journal's last place before this file.</param>
internal sealed record JournalSegment(string Path, string Journal, JournalPosition Before)
{
    private const string Magic = "opensts-journal-1";

    /// <summary>Octets of the first line, its end included.</summary>
    public const int HeadOctets = 128;

    /// <summary>The first line.</summary>
    public byte[] Head => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Magic} {Journal} {Before.Sequence:D20} {Before.Hash}").PadRight(HeadOctets - 1) + "\n");

    /// <summary>The files of a folder in their order; none where there is no journal.</summary>
    /// <exception cref="StoreException">A file is not of a journal, or not of the same one.</exception>
    public static IReadOnlyList<JournalSegment> In(string folder)
    {
        if (!Directory.Exists(folder))
            return [];
        // Where the power failed while the last file was made it has no whole line yet: nothing was written into it.
        var paths = Directory.GetFiles(folder, "*" + Extension).Order(StringComparer.Ordinal).ToList();
        var segments = paths.ConvertAll(path => Read(path) ?? (path == paths[^1] && new FileInfo(path).Length <= HeadOctets ? null : throw new StoreException($"The file {path} is not of a journal of transactions.")));
        var whole = segments.OfType<JournalSegment>().ToList();
        return whole.Select(segment => segment.Journal).Distinct().Count() <= 1 ? whole : throw new StoreException($"The folder {folder} has files of several journals.");
    }

    /// <summary>The file after so many others.</summary>
    public static string PathOf(string folder, int number) => System.IO.Path.Combine(folder, number.ToString("D8", CultureInfo.InvariantCulture) + Extension);

    /// <summary>Its number, by its name.</summary>
    public int Number => int.Parse(System.IO.Path.GetFileNameWithoutExtension(Path), NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>Holds it against the end of the file before it.</summary>
    /// <exception cref="StoreException">Something is missing between the two.</exception>
    public void MustFollow(JournalPosition? last)
    {
        if (last is not null && last != Before)
            throw new StoreException($"The journal's file {Path} follows transaction {Before.Sequence} and the file before it ends at {last.Sequence}: one of them is damaged.");
    }

    /// <summary>The frames from a place in the file on, each with where it ends.</summary>
    /// <remarks>
    /// Ends at the first that is not whole: the power may fail while a frame is written, which was not committed then. The store's row says whether more was; the next
    /// file says so too.
    /// </remarks>
    /// <exception cref="StoreException">A frame is not what was written, and the one behind it is.</exception>
    /// <param name="from">Where a frame begins.</param>
    /// <param name="behind">The transaction before it; null for the file's first.</param>
    public IEnumerable<(JournalFrame Frame, long End)> Frames(long from = HeadOctets, long? behind = null)
    {
        var last = behind ?? Before.Sequence;
        using var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16);
        file.Position = from;
        while (TryOctets(file, out var body, out var hash))
        {
            var begin = file.Position - body.Length - hash.Length - JournalFrame.LengthOctets;
            if (JournalFrame.Read(body, hash) is { } frame && frame.Position.Sequence > last)
                yield return (frame, file.Position);
            else if (TryOctets(file, out body, out hash) && JournalFrame.Read(body, hash)?.Position.Sequence > last + 1)
                throw new StoreException($"The journal's file {Path} is damaged at octet {begin}.");
            else
                yield break;
            last = frame.Position.Sequence;
        }
    }

    private static bool TryOctets(FileStream file, out byte[] body, out byte[] hash)
    {
        (body, hash) = ([], []);
        Span<byte> length = stackalloc byte[JournalFrame.LengthOctets];
        if (file.ReadAtLeast(length, length.Length, throwOnEndOfStream: false) < length.Length)
            return false;
        var octets = BinaryPrimitives.ReadInt32LittleEndian(length);
        if (octets is < JournalFrame.HeadOctets or > JournalFrame.LargestBody || file.Position + octets + JournalFrame.HashOctets > file.Length)
            return false;
        (body, hash) = (new byte[octets], new byte[JournalFrame.HashOctets]);
        file.ReadExactly(body);
        file.ReadExactly(hash);
        return true;
    }

    private const string Extension = ".journal";

    private static JournalSegment? Read(string path)
    {
        var octets = new byte[HeadOctets];
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        _ = file.ReadAtLeast(octets, HeadOctets, throwOnEndOfStream: false);
        var parts = Encoding.ASCII.GetString(octets).Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return parts is [Magic, { Length: 16 } journal, var sequence, { Length: 64 } hash] && octets[^1] == (byte)'\n'
            && long.TryParse(sequence, NumberStyles.None, CultureInfo.InvariantCulture, out var before)
            ? new JournalSegment(path, journal, new JournalPosition(before, hash))
            : null;
    }
}
