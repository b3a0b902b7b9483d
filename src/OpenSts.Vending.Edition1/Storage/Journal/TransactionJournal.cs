using System.Security.Cryptography;

namespace OpenSts.Vending.Storage.Journal;

/// <summary>The files in which one server keeps what it writes into a store: on the disk before the store commits.</summary>
/// <remarks>
/// Several processes of one machine may write into one journal (a server, an import beside it): the store's lock of writers orders them, and its row of
/// the journal says how far what was written counts. What stands behind that place was never committed and is written over.
/// </remarks>
internal sealed class TransactionJournal : IDisposable
{
    private readonly JournalPlace _place;
    private readonly Lock _gate = new();
    private JournalSegment _segment;
    private FileStream _file;
    private JournalPosition? _before;
    private long _length;
    private long _beforeLength;
    private long _ticket;

    private TransactionJournal(JournalPlace place, JournalSegment segment)
    {
        (_place, _segment) = (place, segment);
        (_file, _length, Last) = (OpenFile(segment.Path, FileMode.Open), JournalSegment.HeadOctets, segment.Before);
        CatchUp();
    }

    /// <summary>Which journal: 16 hex digits.</summary>
    public string Id => _segment.Journal;

    /// <summary>The place of its last transaction.</summary>
    public JournalPosition Last { get; private set; }

    /// <summary>Opens a journal; null where the folder has none.</summary>
    public static TransactionJournal? Open(JournalPlace place) => JournalSegment.In(place.Folder) is [.., var last] ? new TransactionJournal(place, last) : null;

    /// <summary>Begins a new journal, and puts what is in the folder aside.</summary>
    /// <param name="folder">The folder; it is made.</param>
    /// <param name="before">Where the store is now.</param>
    /// <returns>Its id.</returns>
    public static string Begin(string folder, JournalPosition before)
    {
        _ = OperatingSystem.IsWindows() ? Directory.CreateDirectory(folder) : Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        foreach (var old in JournalSegment.In(folder))
            File.Move(old.Path, $"{old.Path}.{old.Journal}.aside");
        OpenSegment(folder, new JournalSegment(JournalSegment.PathOf(folder, 1), id, before)).Dispose();
        return id;
    }

    /// <summary>Says whether a store is where this journal is, before the store's transaction writes.</summary>
    /// <param name="row">What the store has of this journal; null for nothing.</param>
    /// <param name="ticket">For <see cref="Append"/>.</param>
    /// <returns>False where the store is elsewhere: an old backup, or another store.</returns>
    public bool IsAt(JournalPosition? row, out long ticket)
    {
        lock (_gate)
        {
            // Another process of this machine may have written since.
            if (row != Last && row != _before)
                CatchUp();
            // What was written last was not committed.
            if (row != Last && row is not null && row == _before)
                (_length, Last) = (_beforeLength, _before);
            _before = null;
            ticket = _ticket;
            return row == Last;
        }
    }

    /// <summary>Writes a frame; when this returns, it is on the disk.</summary>
    /// <param name="frame">Sealed, behind <see cref="Last"/>.</param>
    /// <param name="position">Its place.</param>
    /// <param name="ticket">Of <see cref="IsAt"/>, in the same transaction.</param>
    /// <exception cref="StoreException">The disk failed, or another transaction wrote meanwhile, which the store's lock does not let happen.</exception>
    public void Append(ReadOnlyMemory<byte> frame, JournalPosition position, long ticket)
    {
        lock (_gate)
        {
            if (ticket != _ticket)
                throw new StoreException("The store's lock of writers was lost; whether the work was kept is unknown.");
            _ticket++;
            try
            {
                if (_length >= _place.FileOctets)
                    NextFile();
                if (_file.Length > _length)
                    _file.SetLength(_length);
                RandomAccess.Write(_file.SafeFileHandle, frame.Span, _length);
                RandomAccess.FlushToDisk(_file.SafeFileHandle);
            }
            // The base library tells of a file that may not grow (EFBIG) by an argument out of range.
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
            {
                throw new StoreException($"The journal {_place.Folder} cannot be written: {error.Message}", error);
            }

            (_before, _beforeLength) = (Last, _length);
            (Last, _length) = (position, _length + frame.Length);
        }
    }

    /// <summary>Takes note that the store has what was written last.</summary>
    public void Confirm()
    {
        lock (_gate)
            _before = null;
    }

    /// <summary>The frames of a folder behind a place, in order.</summary>
    /// <exception cref="StoreException">A file is damaged.</exception>
    public static IEnumerable<JournalFrame> Frames(string folder, long after)
    {
        var segments = JournalSegment.In(folder);
        // The first file that may hold what comes behind is the last that began before it.
        var first = Math.Max(0, segments.Count(segment => segment.Before.Sequence <= after) - 1);
        JournalPosition? last = null;
        foreach (var segment in segments.Skip(first))
        {
            segment.MustFollow(last);
            last = segment.Before;
            foreach (var (frame, _) in segment.Frames())
            {
                last = frame.Position;
                if (frame.Position.Sequence > after)
                    yield return frame;
            }
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    // Reads what stands behind the place that is known, in this file and in those after it.
    private void CatchUp()
    {
        while (true)
        {
            foreach (var (frame, end) in _segment.Frames(_length, Last.Sequence))
            {
                (_before, _beforeLength) = (Last, _length);
                (Last, _length) = (frame.Position, end);
            }

            if (JournalSegment.In(_place.Folder).FirstOrDefault(segment => segment.Number > _segment.Number) is not { } next)
                return;
            next.MustFollow(Last);
            _file.Dispose();
            (_segment, _file, _length) = (next, OpenFile(next.Path, FileMode.Open), JournalSegment.HeadOctets);
        }
    }

    private void NextFile()
    {
        var next = new JournalSegment(JournalSegment.PathOf(_place.Folder, _segment.Number + 1), Id, Last);
        var file = OpenSegment(_place.Folder, next);
        _file.Dispose();
        (_segment, _file, _length, _before) = (next, file, JournalSegment.HeadOctets, null);
        var oldest = DateTime.UtcNow - _place.Kept;
        foreach (var old in JournalSegment.In(_place.Folder).Where(old => old.Number < next.Number && File.GetLastWriteTimeUtc(old.Path) < oldest))
            File.Delete(old.Path);
    }

    private static FileStream OpenSegment(string folder, JournalSegment segment)
    {
        var file = OpenFile(segment.Path, FileMode.Create);
        try
        {
            RandomAccess.Write(file.SafeFileHandle, segment.Head, 0);
            RandomAccess.FlushToDisk(file.SafeFileHandle);
            FolderFlush.Run(folder);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static FileStream OpenFile(string path, FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 };
        if (mode == FileMode.Create && !OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }
}
