using OpenSts.Vending.Client;

namespace OpenSts.Tests.Vending;

public sealed class SaleJournalTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("opensts-till-").FullName;

    private string File => Path.Combine(_folder, "till.journal");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Open_CutAtEveryOctet_HasTheSalesWhoseLineIsWhole()
    {
        VendId[] ids = [VendId.Parse("till-0001"), VendId.Parse("till-0002"), VendId.Parse("till-0003")];
        using (var journal = SaleJournal.Open(File))
        {
            foreach (var id in ids)
                journal.Begin(id, Sale);
            journal.End(ids[0]);
        }

        var whole = System.IO.File.ReadAllBytes(File);
        for (var length = 0; length <= whole.Length; length++)
        {
            System.IO.File.WriteAllBytes(File, whole[..length]);
            using var journal = SaleJournal.Open(File);
            var lines = whole.AsSpan(0, length).Count((byte)'\n');
            var expected = lines == 4 ? ids[1..] : ids[..lines];
            Assert.Equal(expected, journal.Unfinished.Select(sale => sale.Id));
            Assert.All(journal.Unfinished, sale => Assert.Equal(Sale, sale.Sale));
        }
    }

    [Fact]
    public void End_TheLastOne_TheFileIsEmptyAndGoesOn()
    {
        using var journal = SaleJournal.Open(File);
        for (var i = 0; i < 3; i++)
        {
            var id = VendId.New();
            journal.Begin(id, Sale);
            Assert.True(new FileInfo(File).Length > 0);
            journal.End(id);
            journal.End(id);
            Assert.Equal(0, new FileInfo(File).Length);
        }
    }

    [Fact]
    public void Open_LineOfSomethingElse_IsRefusedByItsNumber()
    {
        System.IO.File.WriteAllText(File, "{\"id\":\"till-0001\"}\nsomething else\n");

        Assert.Contains("Line 2", Assert.Throws<InvalidDataException>(() => SaleJournal.Open(File)).Message, StringComparison.Ordinal);
        Assert.Contains("something else", System.IO.File.ReadAllText(File), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_BySomebodyElse_IsRefused()
    {
        using var journal = SaleJournal.Open(File);

        _ = Assert.Throws<IOException>(() => SaleJournal.Open(File));
    }

    [Theory]
    [InlineData("usual", "sale-0001", true)]
    [InlineData("longest", "0123456789012345678901234567890123456789012345678901234567890123", true)]
    [InlineData("too short", "sale-01", false)]
    [InlineData("too long", "01234567890123456789012345678901234567890123456789012345678901234", false)]
    [InlineData("slash", "sale/0001", false)]
    [InlineData("letter with an accent", "salé-0001", false)]
    [InlineData("nothing", null, false)]
    public void VendId_TryParse_TakesTheForm(string description, string? text, bool good)
    {
        Assert.True(VendId.TryParse(text, out var id) == good, description);
        if (good)
            Assert.Equal(text, id.ToString());
        else
            _ = Assert.Throws<InvalidOperationException>(() => id.ToString());
    }

    [Fact]
    public void VendId_New_IsOfTheFormAndNeverTwice()
    {
        var ids = Enumerable.Range(0, 10_000).Select(_ => VendId.New().ToString()).ToList();

        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.All(ids, id => Assert.True(VendId.TryParse(id, out _)));
    }

    private static Sale Sale { get; } = new() { Meter = "00000000018", Tender = 10.50m, Vendor = "corner-shop", Key = KeyChoice.Old };
}
