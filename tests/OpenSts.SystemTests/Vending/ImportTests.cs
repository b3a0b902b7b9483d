using OpenSts.Vending.Customers;
using OpenSts.Vending.Importing;
using OpenSts.Vending.Meters;

namespace OpenSts.SystemTests.Vending;

public sealed class ImportTests : IDisposable
{
    private readonly Shop _shop = new();
    private readonly List<(long Line, string Reason)> _refused = [];

    public void Dispose() => _shop.Dispose();

    [Fact]
    public void Import_CustomersAndMeters_EveryBadLineIsNamedAndEveryGoodOneStored()
    {
        var customers = Import(new CsvImport(_shop.Store, CustomerRoutes.FileFields, CustomerRoutes.Import), """"
            account,id,name,address
            B1,c10,"Moyo, ""Tawanda""",1 Road
            B2,C11,Capitals,
            A1,c12,Account of another,
            B3,c13,,
            B4,c14
            B5,c15,"not closed
            """");
        var meters = Import(new CsvImport(_shop.Store, MeterRoutes.FileFields, (session, bodies) => MeterRoutes.Import(session, bodies, new DateOnly(2026, 11, 21))), $"""
            meter,supplyGroup,keyRevisionNumber,tariffIndex,tariff,customer
            {Drn(7)},123457,1,01,home,c10
            {Drn(7)},123457,1,01,home,
            {Drn(8)},999999,1,01,home,
            {Drn(9)},123457,x,01,home,
            12345678901,123457,1,01,home,
            {Drn(10)},123457,1,01,home,nobody

            {Drn(11)},123457,2,99,home,
            """);

        Assert.Equal(new ImportResult(1, 0, 5), customers);
        Assert.Equal(new ImportResult(2, 0, 5), meters);
        Assert.Equal([3L, 3, 4, 4, 5, 5, 6, 6, 7, 7], _refused.Select(line => line.Line).Order());
        Assert.Equal("Moyo, \"Tawanda\"", _shop.Store.Read(session => Customer.Find(session, "c10"))!.Value.Name);
        Assert.Contains(_refused, line => line.Reason.Contains("keyRevisionNumber held 'x'", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("unknown column", "id,name,account,x", "column 'x'")]
    [InlineData("missing column", "id,name", "account")]
    [InlineData("column twice", "id,name,account,id", "twice")]
    [InlineData("empty file", "", "column ''")]
    public void Import_BadFirstLine_SaysWhy(string description, string head, string expected)
    {
        var error = Assert.Throws<FormatException>(() => Import(new CsvImport(_shop.Store, CustomerRoutes.FileFields, CustomerRoutes.Import), head));

        Assert.True(error.Message.Contains(expected, StringComparison.Ordinal), $"{description}: {error.Message}");
    }

    private ImportResult Import(CsvImport import, string text)
    {
        using var reader = new StringReader(text);
        return import.Run(reader, (line, reason) => _refused.Add((line, reason)));
    }

    private static string Drn(int serial) => DecoderReferenceNumber.Create(ManufacturerCode.Parse("05"), serial).ToString();
}
