using System.Buffers.Binary;
using System.Security.Cryptography;

namespace OpenSts.Vending.Storage.Journal;

/// <summary>Takes down what a transaction writes, as a frame; used again for the next one.</summary>
internal sealed class FrameWriter : IDisposable
{
    private const int Body = JournalFrame.LengthOctets, First = Body + JournalFrame.HeadOctets;
    private readonly MemoryStream _octets = new();
    private readonly BinaryWriter _writer;

    public FrameWriter()
    {
        _writer = new BinaryWriter(_octets);
        Clear();
    }

    /// <summary>True while nothing was written.</summary>
    public bool IsEmpty => _octets.Length == First;

    /// <summary>The whole frame, once it is sealed.</summary>
    public ReadOnlyMemory<byte> Octets => _octets.GetBuffer().AsMemory(0, (int)_octets.Length);

    /// <summary>Forgets what was taken down.</summary>
    public void Clear()
    {
        _octets.SetLength(First);
        _octets.Position = First;
    }

    /// <summary>A statement and how many rows it changed.</summary>
    public void Add(string sql, ReadOnlySpan<SqlValue> values, int changed)
    {
        _writer.Write((byte)FrameStep.Statement);
        _writer.Write(sql);
        _writer.Write7BitEncodedInt(changed);
        Add(values);
    }

    /// <summary>Rows that are written together.</summary>
    public void Add(IReadOnlyCollection<RowSet> sets)
    {
        _writer.Write((byte)FrameStep.Rows);
        _writer.Write7BitEncodedInt(sets.Count);
        foreach (var set in sets)
        {
            _writer.Write(set.Shape.Definition);
            _writer.Write7BitEncodedInt(set.Rows.Count);
            foreach (var row in set.Rows)
                Add(row);
        }
    }

    /// <summary>Gives the transaction its place.</summary>
    /// <returns>The place, with the hash of all that was taken down.</returns>
    public JournalPosition Seal(JournalPosition previous, DateTimeOffset at)
    {
        var (octets, length) = (_octets.GetBuffer(), (int)_octets.Length);
        BinaryPrimitives.WriteInt32LittleEndian(octets, length - Body);
        BinaryPrimitives.WriteInt64LittleEndian(octets.AsSpan(Body), previous.Sequence + 1);
        BinaryPrimitives.WriteInt64LittleEndian(octets.AsSpan(Body + 8), at.ToUnixTimeMilliseconds());
        Convert.FromHexString(previous.Hash).CopyTo(octets, Body + 16);
        var hash = SHA256.HashData(octets.AsSpan(Body, length - Body));
        _octets.Position = length;
        _octets.Write(hash);
        return new JournalPosition(previous.Sequence + 1, Convert.ToHexStringLower(hash));
    }

    /// <summary>Lets the octets go.</summary>
    public void Dispose()
    {
        _writer.Dispose();
        _octets.Dispose();
    }

    private void Add(ReadOnlySpan<SqlValue> values)
    {
        _writer.Write7BitEncodedInt(values.Length);
        foreach (var value in values)
        {
            if (value.Number is { } number)
            {
                _writer.Write((byte)FrameValue.Number);
                _writer.Write(number);
            }
            else if (value.Text is { } text)
            {
                _writer.Write((byte)FrameValue.Text);
                _writer.Write(text);
            }
            else if (value.Texts is { } texts)
            {
                _writer.Write((byte)FrameValue.Texts);
                _writer.Write7BitEncodedInt(texts.Count);
                foreach (var one in texts)
                    _writer.Write(one);
            }
            else
            {
                _writer.Write((byte)FrameValue.Nothing);
            }
        }
    }
}
