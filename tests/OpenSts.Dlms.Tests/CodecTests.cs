using OpenSts.Dlms.Values;
using OpenSts.Dlms.Wire;

namespace OpenSts.Dlms.Tests;

public class CodecTests
{
    [Theory]
    [InlineData("null-data", "00", "null")]
    [InlineData("boolean", "0301", "true")]
    [InlineData("bit-string of 5", "0405A8", "10101")]
    [InlineData("double-long", "05FFFFFFFE", "-2")]
    [InlineData("double-long-unsigned", "06FFFFFFFE", "4294967294")]
    [InlineData("octet-string", "0903010203", "010203")]
    [InlineData("visible-string", "0A024142", "\"AB\"")]
    [InlineData("utf8-string", "0C02C3A4", "\"ä\"")]
    [InlineData("bcd", "0D42", "66")]
    [InlineData("integer", "0F80", "-128")]
    [InlineData("long", "10FF7F", "-129")]
    [InlineData("unsigned", "11FF", "255")]
    [InlineData("long-unsigned", "12FFFF", "65535")]
    [InlineData("long64", "148000000000000000", "-9223372036854775808")]
    [InlineData("long64-unsigned", "15FFFFFFFFFFFFFFFF", "18446744073709551615")]
    [InlineData("enum", "1603", "3")]
    [InlineData("float32", "173FC00000", "1.5")]
    [InlineData("float64", "18C004000000000000", "-2.5")]
    [InlineData("date-time", "1907EA03040305060700000000", "07EA03040305060700000000")]
    [InlineData("date", "1A07EA030403", "07EA030403")]
    [InlineData("time", "1B05060700", "05060700")]
    [InlineData("delta", "1CFF", "-1")]
    [InlineData("dont-care", "FF", "*")]
    [InlineData("structure", "020212000109060000010000FF", "{1, 0000010000FF}")]
    [InlineData("array of structures", "010202010302020111050F", null)]
    [InlineData("empty array", "0100", "[]")]
    public void Value_OfEachType_ComesBackOctetForOctet(string description, string hex, string? text)
    {
        if (text is null)
        {
            // The second structure lacks an element.
            Assert.False(CosemValueReader.TryRead(Convert.FromHexString(hex), out _), description);
            return;
        }

        Assert.True(CosemValueReader.TryRead(Convert.FromHexString(hex), out var value), description);
        Assert.Equal(text, value.ToString());
        var writer = new WireWriter();
        writer.Value(value);
        Assert.Equal(hex, Convert.ToHexString(writer.Written));
    }

    [Theory]
    [InlineData("nothing", "")]
    [InlineData("no such type", "07")]
    [InlineData("short number", "050000")]
    [InlineData("more than one value", "0000")]
    [InlineData("string longer than the octets", "0905AABB")]
    [InlineData("length of five octets", "09850000000001AA")]
    [InlineData("length above 2^31", "0984FFFFFFFF")]
    [InlineData("array of 2^31 - 1 in ten octets", "01847FFFFFFF00000000")]
    [InlineData("bit-string of 2^31 - 1", "04847FFFFFFF00")]
    [InlineData("structure without its second element", "020211")]
    [InlineData("compact array of nothing", "130002AAAA")]
    [InlineData("compact array of empty structures", "13020002AAAA")]
    [InlineData("compact array in compact array", "13131102AAAA")]
    [InlineData("compact array cut short", "131203000100")]
    public void Value_Malformed_IsRefused(string description, string hex)
    {
        Assert.False(CosemValueReader.TryRead(Convert.FromHexString(hex), out var value), description);
        Assert.Equal(default, value);
    }

    [Fact]
    public void Value_NestedDeep_IsRefusedBeyondTheLimit()
    {
        Assert.True(CosemValueReader.TryRead(Nested(CosemValueReader.MaximumDepth), out _));
        Assert.False(CosemValueReader.TryRead(Nested(CosemValueReader.MaximumDepth + 1), out _));
        Assert.False(CosemValueReader.TryRead(Nested(30_000), out _));

        static byte[] Nested(int depth) => [.. Enumerable.Repeat((byte[])[2, 1], depth).SelectMany(each => each), 0];
    }

    [Theory]
    [InlineData("numbers", "131204000100FF", "[1, 255]")]
    [InlineData("structures", "1302021211060001020003FF", "[{1, 2}, {3, 255}]")]
    [InlineData("arrays in a structure", "130201010002110405060708", "[{[5, 6]}, {[7, 8]}]")]
    [InlineData("strings", "1309050201020109", "[0102, 09]")]
    public void CompactArray_IsReadAsAnArray(string description, string hex, string text)
    {
        Assert.True(CosemValueReader.TryRead(Convert.FromHexString(hex), out var value), description);
        Assert.Equal(text, value.ToString());
    }

    [Fact]
    public void Value_Random_ComesBackEqual()
    {
        var random = new Random(11);
        for (var i = 0; i < 5000; i++)
        {
            var value = RandomValue(random, 0);
            var writer = new WireWriter();
            writer.Value(value);
            Assert.True(CosemValueReader.TryRead(writer.Written, out var read));
            Assert.Equal(value, read);
            Assert.Equal(value.GetHashCode(), read.GetHashCode());
            var cut = writer.Written[..random.Next(writer.Length)];
            Assert.False(CosemValueReader.TryRead(cut, out _));
        }
    }

    [Theory]
    [InlineData("UTC", "2026-03-04T05:06:07+00:00", "07EA03040305060700000000")]
    [InlineData("UTC+2, a Sunday", "2026-03-08T23:59:59+02:00", "07EA030807173B3B00FF8800")]
    public void DateTime_OfAMoment_IsTheStandardsForm(string description, string text, string hex)
    {
        _ = description;
        var time = CosemDateTime.From(DateTimeOffset.Parse(text, null));
        Assert.Equal(hex, Convert.ToHexString(time.ToArray()));
        Assert.True(CosemDateTime.TryRead(Convert.FromHexString(hex), out var read));
        Assert.Equal(time, read);
        Assert.Equal(text, read.ToString());
    }

    [Theory]
    [InlineData("month 13", "07EA0D040305060700000000")]
    [InlineData("31 April", "07EA041F0305060700000000")]
    [InlineData("hour 24", "07EA03040318060700000000")]
    [InlineData("deviation of a day", "07EA03040305060700063000")]
    [InlineData("short", "07EA030403050607000000")]
    public void DateTime_Impossible_IsRefused(string description, string hex) =>
        Assert.False(CosemDateTime.TryRead(Convert.FromHexString(hex), out _), description);

    [Theory]
    [InlineData("all open", "FFFFFFFFFFFFFFFFFF8000FF")]
    [InlineData("year open", "FFFF03040305060700000000")]
    public void DateTime_WithOpenParts_HasNoMoment(string description, string hex)
    {
        Assert.True(CosemDateTime.TryRead(Convert.FromHexString(hex), out var time), description);
        Assert.Null(time.Moment);
    }

    [Theory]
    [InlineData("0-0:1.0.0.255", "0000010000FF")]
    [InlineData("1-0:1.8.0", "0100010800FF")]
    [InlineData("0.0.19.40.0.255", "0000132800FF")]
    public void LogicalName_OfText_IsItsOctets(string text, string hex)
    {
        Assert.True(LogicalName.TryParse(text, out var name));
        Assert.Equal(hex, Convert.ToHexString(name.ToArray()));
        Assert.Equal(name, LogicalName.FromOctets(Convert.FromHexString(hex)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1-0:1.8")]
    [InlineData("1-0:1.8.0.256")]
    [InlineData("1-0:1.8.0.255.1")]
    [InlineData("1:0-1.8.0.255")]
    [InlineData("1-0:1.8.0.")]
    [InlineData("1-0:1..0.255")]
    [InlineData("a-0:1.8.0.255")]
    public void LogicalName_OfOtherText_IsRefused(string text) => Assert.False(LogicalName.TryParse(text, out _));

    internal static CosemValue RandomValue(Random random, int depth)
    {
        var octets = new byte[random.Next(20)];
        random.NextBytes(octets);
        return random.Next(depth > 4 ? 14 : 17) switch
        {
            0 => default,
            1 => CosemValue.Boolean(random.Next(2) == 1),
            2 => CosemValue.BitString(random.Next(65), _ => random.Next(2) == 1),
            3 => CosemValue.Int32(random.Next(int.MinValue, int.MaxValue)),
            4 => CosemValue.UInt32((uint)random.NextInt64(uint.MaxValue)),
            5 => CosemValue.OctetString(octets),
            6 => CosemValue.Int8((sbyte)random.Next(-128, 128)),
            7 => CosemValue.Int16((short)random.Next(-32768, 32768)),
            8 => CosemValue.UInt8((byte)random.Next(256)),
            9 => CosemValue.UInt16((ushort)random.Next(65536)),
            10 => CosemValue.Int64(random.NextInt64(long.MinValue, long.MaxValue)),
            11 => CosemValue.UInt64((ulong)random.NextInt64()),
            12 => CosemValue.Float32(random.NextSingle()),
            13 => CosemValue.DateTime(CosemDateTime.From(DateTimeOffset.UnixEpoch.AddSeconds(random.Next()))),
            14 => CosemValue.Array(Enumerable.Range(0, random.Next(5)).Select(_ => RandomValue(random, depth + 1))),
            _ => CosemValue.Structure(
                [.. Enumerable.Range(0, random.Next(5)).Select(_ => RandomValue(random, depth + 1))]),
        };
    }
}
