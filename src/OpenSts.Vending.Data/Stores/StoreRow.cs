using System.Data.Common;

namespace OpenSts.Vending.Data.Stores;

/// <summary>A row of an answer; columns are read from left to right.</summary>
/// <param name="reader">The answer.</param>
/// <param name="timesAreNumbers">True where instants are milliseconds since 1970.</param>
internal sealed class StoreRow(DbDataReader reader, bool timesAreNumbers)
{
    private int _column;

    /// <summary>Begins a row.</summary>
    public void Rewind() => _column = 0;

    public string Text() => reader.GetString(_column++);

    public string? TextOrNull() => Null() ? null : reader.GetString(_column++);

    public long Number() => reader.GetInt64(_column++);

    public long? NumberOrNull() => Null() ? null : reader.GetInt64(_column++);

    public int Int() => checked((int)reader.GetInt64(_column++));

    public bool Flag() => reader.GetBoolean(_column++);

    public decimal Decimal() => reader.GetDecimal(_column++);

    public decimal? DecimalOrNull() => Null() ? null : reader.GetDecimal(_column++);

    public DateOnly Day() => reader.GetFieldValue<DateOnly>(_column++);

    public DateOnly? DayOrNull() => Null() ? null : reader.GetFieldValue<DateOnly>(_column++);

    public byte[] Octets() => reader.GetFieldValue<byte[]>(_column++);

    public DateTimeOffset Time() => timesAreNumbers
        ? DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(_column++))
        : new DateTimeOffset(reader.GetDateTime(_column++), TimeSpan.Zero);

    public DateTimeOffset? TimeOrNull() => Null() ? null : Time();

    private bool Null()
    {
        if (!reader.IsDBNull(_column))
            return false;
        _column++;
        return true;
    }
}
