namespace OpenSts.KeyManagement.Storage;

/// <summary>
/// One number over all records as they are, so that a record that was put back from an older copy is noticed.
/// </summary>
/// <remarks>
/// A record's own MAC still holds when somebody puts an old row back. The digest is the sum, modulo 2^256, of a keyed
/// hash of every record: it follows a change without reading the others. Only a MAC over the sum is stored, in the
/// audit entry of each change; the sum and the hashes never leave the process, so no set of old rows can be chosen to
/// fit.
/// </remarks>
internal sealed class RecordSetDigest(MasterKey master)
{
    private readonly Dictionary<(string Kind, string Id), Sum> _hashes = [];
    private Sum _total;

    /// <summary>Takes a record in, in place of the one with its kind and id.</summary>
    public void Set(string kind, string id, string body) => Set(kind, id, HashOf(kind, id, body));

    /// <summary>The MAC over the sum as it will be after these records are written.</summary>
    public string MacAfter(IEnumerable<StoredRecord> records)
    {
        var (total, count) = (_total, _hashes.Count);
        foreach (var record in records)
        {
            var hash = HashOf(record.Kind, record.Id, record.Body);
            if (_hashes.TryGetValue((record.Kind, record.Id), out var before))
                total = total.Minus(before);
            else
                count++;
            total = total.Plus(hash);
        }

        return MacOf(total, count);
    }

    /// <summary>The MAC over the sum as it is.</summary>
    public string Mac() => MacOf(_total, _hashes.Count);

    private void Set(string kind, string id, Sum hash)
    {
        if (_hashes.TryGetValue((kind, id), out var before))
            _total = _total.Minus(before);
        _total = _total.Plus(hash);
        _hashes[(kind, id)] = hash;
    }

    private string MacOf(Sum total, int count) =>
        Convert.ToHexString(
            master.HashOfSet(FormattableString.Invariant($"total\0{count}\0{total.High:X32}{total.Low:X32}")));

    private Sum HashOf(string kind, string id, string body)
    {
        var hash = master.HashOfSet($"record\0{kind}\0{id}\0{body}");
        return new Sum(
            System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(hash),
            System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(hash.AsSpan(16)));
    }

    // A number of 256 bits.
    private readonly record struct Sum(UInt128 High, UInt128 Low)
    {
        public Sum Plus(Sum other)
        {
            unchecked
            {
                var low = Low + other.Low;
                return new Sum(High + other.High + (low < Low ? UInt128.One : UInt128.Zero), low);
            }
        }

        public Sum Minus(Sum other)
        {
            unchecked
            {
                return new Sum(High - other.High - (Low < other.Low ? UInt128.One : UInt128.Zero), Low - other.Low);
            }
        }
    }
}
