using OpenSts.Dlms.Wire;

namespace OpenSts.Dlms.Values;

/// <summary>Reads COSEM data, with limits on depth and on the number of values whatever the octets claim.</summary>
/// <remarks>IEC 62056-5-3 with the encoding of IEC 61334-6 (A-XDR).</remarks>
public static class CosemValueReader
{
    /// <summary>How deep lists may stand in lists.</summary>
    public const int MaximumDepth = 16;

    /// <summary>How many values one piece of data may hold in all.</summary>
    public const int MaximumValues = 65_536;

    /// <summary>Reads one value with its tag; on failure the reader has failed and the value is null-data.</summary>
    public static CosemValue Value(this ref WireReader reader)
    {
        var budget = MaximumValues;
        return Read(ref reader, 0, ref budget);
    }

    /// <summary>Reads octets that hold one value and nothing else.</summary>
    public static bool TryRead(ReadOnlySpan<byte> octets, out CosemValue value)
    {
        var reader = new WireReader(octets);
        value = reader.Value();
        return reader.IsAtEnd;
    }

    private static CosemValue Read(ref WireReader reader, int depth, ref int budget)
    {
        var type = (CosemType)reader.U8();
        return type == CosemType.CompactArray ? ReadCompact(ref reader, depth, ref budget)
            : ReadContent(ref reader, type, depth, ref budget);
    }

    private static CosemValue ReadContent(ref WireReader reader, CosemType type, int depth, ref int budget)
    {
        if (reader.Failed || --budget < 0 || depth > MaximumDepth)
            return Refused(ref reader);
        switch (type)
        {
            case CosemType.Array or CosemType.Structure:
                return ReadList(ref reader, type, depth, ref budget);
            case CosemType.OctetString or CosemType.VisibleString or CosemType.Utf8String:
                return Octets(ref reader, type, reader.Length());
            case CosemType.DateTime or CosemType.Date or CosemType.Time:
                return Octets(ref reader, type, type.FixedWidth());
            case CosemType.BitString:
                var count = reader.Length();
                var bits = reader.Take((int)((count + 7L) / 8)).ToArray();
                return reader.Failed ? default : new CosemValue(type, count, bits);
            default:
                return type.FixedWidth() is >= 0 and var width ? Number(ref reader, type, width) : Refused(ref reader);
        }
    }

    private static CosemValue ReadList(ref WireReader reader, CosemType type, int depth, ref int budget)
    {
        var count = reader.Length();
        // Every element takes an octet at least: a count beyond them is refused before room is made for it.
        if (count > reader.Left || count > budget)
            return Refused(ref reader);
        var elements = new CosemValue[count];
        for (var i = 0; i < count && !reader.Failed; i++)
            elements[i] = Read(ref reader, depth + 1, ref budget);
        return reader.Failed ? default : new CosemValue(type, 0, elements);
    }

    private static CosemValue Number(ref WireReader reader, CosemType type, int width)
    {
        var octets = reader.Take(width);
        if (reader.Failed)
            return default;
        var isSigned = type is CosemType.Int8 or CosemType.Int16 or CosemType.Int32 or CosemType.Int64
            or CosemType.DeltaInt8 or CosemType.DeltaInt16 or CosemType.DeltaInt32 or CosemType.Float32;
        var bits = isSigned && width > 0 && octets[0] >= 0x80 ? -1L : 0;
        foreach (var octet in octets)
            bits = (bits << 8) | octet;
        // A-XDR: TRUE is any octet but zero; kept as 1 so that equal values are equal.
        return new CosemValue(type, type == CosemType.Boolean && bits != 0 ? 1 : bits, null);
    }

    private static CosemValue Octets(ref WireReader reader, CosemType type, int count)
    {
        var octets = reader.Take(count).ToArray();
        return reader.Failed ? default : new CosemValue(type, 0, octets);
    }

    // A type description, a length in octets, and the contents without tags.
    private static CosemValue ReadCompact(ref WireReader reader, int depth, ref int budget)
    {
        if (depth >= MaximumDepth)
            return Refused(ref reader);
        var type = ReadDescription(ref reader, depth + 1, ref budget);
        var contents = new WireReader(reader.Counted());
        if (reader.Failed || type is null)
            return Refused(ref reader);
        var elements = new List<CosemValue>();
        while (contents.Left > 0)
        {
            var before = contents.Left;
            elements.Add(ReadDescribed(ref contents, type, depth + 1, ref budget));
            // An element of no octets would repeat for ever.
            if (contents.Failed || contents.Left == before)
                return Refused(ref reader);
        }

        return new CosemValue(CosemType.Array, 0, elements.ToArray());
    }

    private static TypeDescription? ReadDescription(ref WireReader reader, int depth, ref int budget)
    {
        var type = (CosemType)reader.U8();
        if (reader.Failed || depth > MaximumDepth || --budget < 0)
            return null;
        if (type == CosemType.Array)
        {
            var count = reader.U16();
            return ReadDescription(ref reader, depth + 1, ref budget) is { } element
                ? new TypeDescription(type, count, [element]) : null;
        }

        if (type != CosemType.Structure)
            return type == CosemType.CompactArray ? null : new TypeDescription(type, 0, []);
        var fields = reader.Length();
        if (fields > reader.Left)
            return null;
        var elements = new TypeDescription[fields];
        for (var i = 0; i < fields; i++)
        {
            if (ReadDescription(ref reader, depth + 1, ref budget) is not { } field)
                return null;
            elements[i] = field;
        }

        return new TypeDescription(type, fields, elements);
    }

    private static CosemValue ReadDescribed(ref WireReader reader, TypeDescription type, int depth, ref int budget)
    {
        if (type.Type is not (CosemType.Array or CosemType.Structure))
            return ReadContent(ref reader, type.Type, depth, ref budget);
        if (type.Count > budget || --budget < 0)
            return Refused(ref reader);
        var elements = new CosemValue[type.Count];
        for (var i = 0; i < elements.Length && !reader.Failed; i++)
            elements[i] =
                ReadDescribed(ref reader, type.Elements[type.Type == CosemType.Array ? 0 : i], depth + 1, ref budget);
        return new CosemValue(type.Type, 0, elements);
    }

    private static CosemValue Refused(ref WireReader reader)
    {
        reader.Fail();
        return default;
    }

    private sealed record TypeDescription(CosemType Type, int Count, TypeDescription[] Elements);
}
