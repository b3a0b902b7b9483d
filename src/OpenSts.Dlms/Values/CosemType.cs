namespace OpenSts.Dlms.Values;

/// <summary>The types of COSEM data, by the tag that stands before each value.</summary>
/// <remarks>IEC 62056-6-2, common data types.</remarks>
public enum CosemType
{
    /// <summary>No value.</summary>
    Null = 0,

    /// <summary>Elements of one type.</summary>
    Array = 1,

    /// <summary>Elements of several types.</summary>
    Structure = 2,

    /// <summary>True or false.</summary>
    Boolean = 3,

    /// <summary>Bits, the first the most significant of its octet.</summary>
    BitString = 4,

    /// <summary>32 bits with a sign (double-long).</summary>
    Int32 = 5,

    /// <summary>32 bits (double-long-unsigned).</summary>
    UInt32 = 6,

    /// <summary>Octets.</summary>
    OctetString = 9,

    /// <summary>ASCII text.</summary>
    VisibleString = 10,

    /// <summary>UTF-8 text.</summary>
    Utf8String = 12,

    /// <summary>Two decimal digits in an octet.</summary>
    Bcd = 13,

    /// <summary>8 bits with a sign (integer).</summary>
    Int8 = 15,

    /// <summary>16 bits with a sign (long).</summary>
    Int16 = 16,

    /// <summary>8 bits (unsigned).</summary>
    UInt8 = 17,

    /// <summary>16 bits (long-unsigned).</summary>
    UInt16 = 18,

    /// <summary>Elements of one type, the type written once. Read as an array.</summary>
    CompactArray = 19,

    /// <summary>64 bits with a sign (long64).</summary>
    Int64 = 20,

    /// <summary>64 bits (long64-unsigned).</summary>
    UInt64 = 21,

    /// <summary>One of a list of meanings, 0 to 255.</summary>
    Enum = 22,

    /// <summary>IEEE 754 single precision.</summary>
    Float32 = 23,

    /// <summary>IEEE 754 double precision.</summary>
    Float64 = 24,

    /// <summary>12 octets: date, time, deviation from UTC, status.</summary>
    DateTime = 25,

    /// <summary>5 octets: a date.</summary>
    Date = 26,

    /// <summary>4 octets: a time of day.</summary>
    Time = 27,

    /// <summary>8 bits with a sign against the value before.</summary>
    DeltaInt8 = 28,

    /// <summary>16 bits with a sign against the value before.</summary>
    DeltaInt16 = 29,

    /// <summary>32 bits with a sign against the value before.</summary>
    DeltaInt32 = 30,

    /// <summary>8 bits above the value before.</summary>
    DeltaUInt8 = 31,

    /// <summary>16 bits above the value before.</summary>
    DeltaUInt16 = 32,

    /// <summary>32 bits above the value before.</summary>
    DeltaUInt32 = 33,

    /// <summary>A value that does not matter.</summary>
    DontCare = 255,
}

/// <summary>What the codec knows of a type.</summary>
public static class CosemTypes
{
    /// <summary>
    /// How many octets a value of a fixed width takes after its tag; -1 for lists, strings and what is no type.
    /// </summary>
    public static int FixedWidth(this CosemType type) => type switch
    {
        CosemType.Null or CosemType.DontCare => 0,
        CosemType.Boolean or CosemType.Bcd or CosemType.Int8 or CosemType.UInt8 or CosemType.Enum
            or CosemType.DeltaInt8 or CosemType.DeltaUInt8 => 1,
        CosemType.Int16 or CosemType.UInt16 or CosemType.DeltaInt16 or CosemType.DeltaUInt16 => 2,
        CosemType.Int32 or CosemType.UInt32 or CosemType.Float32 or CosemType.DeltaInt32 or CosemType.DeltaUInt32
            or CosemType.Time => 4,
        CosemType.Date => 5,
        CosemType.Int64 or CosemType.UInt64 or CosemType.Float64 => 8,
        CosemType.DateTime => 12,
        _ => -1,
    };

    /// <summary>The name in the standard's own spelling, such as <c>double-long-unsigned</c>.</summary>
    public static string StandardName(this CosemType type) => type switch
    {
        CosemType.Null => "null-data",
        CosemType.Array => "array",
        CosemType.Structure => "structure",
        CosemType.Boolean => "boolean",
        CosemType.BitString => "bit-string",
        CosemType.Int32 => "double-long",
        CosemType.UInt32 => "double-long-unsigned",
        CosemType.OctetString => "octet-string",
        CosemType.VisibleString => "visible-string",
        CosemType.Utf8String => "utf8-string",
        CosemType.Bcd => "bcd",
        CosemType.Int8 => "integer",
        CosemType.Int16 => "long",
        CosemType.UInt8 => "unsigned",
        CosemType.UInt16 => "long-unsigned",
        CosemType.CompactArray => "compact-array",
        CosemType.Int64 => "long64",
        CosemType.UInt64 => "long64-unsigned",
        CosemType.Enum => "enum",
        CosemType.Float32 => "float32",
        CosemType.Float64 => "float64",
        CosemType.DateTime => "date-time",
        CosemType.Date => "date",
        CosemType.Time => "time",
        CosemType.DontCare => "dont-care",
        _ => $"delta ({(int)type})",
    };
}
