using OpenSts.Vending.IssueLog;
using OpenSts.Vending.Issues;
using OpenSts.Vending.Operations;
using OpenSts.Vending.Storage;
using OpenSts.Vending.Storage.Sqlite;

namespace OpenSts.SystemTests.Vending;

public sealed class RestoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("opensts-vending-").FullName;

    private string File => Path.Combine(_folder, "v.db");

    private string Mark => Path.Combine(_folder, "witness");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Serve_OldBackup_NothingIsIssuedUntilReconciledAndNoIdentifierComesTwice()
    {
        var given = new List<int>();
        await SellAsync(fill: true, "sale-0001", given);
        System.IO.File.Copy(File, File + ".backup");
        // Several in one minute: the identifiers run ahead of the clock.
        for (var i = 2; i <= 9; i++)
            await SellAsync(fill: false, $"sale-{i:D4}", given);
        System.IO.File.Copy(File + ".backup", File, overwrite: true);
        var refused = await SellAsync(fill: false, "sale-0010", given);
        using (var store = new SqliteStore(File))
        {
            using var witness = new StoreWitness(Mark, store);
            witness.Accept(store, new TestClock().Now);
        }

        var sold = await SellAsync(fill: false, "sale-0010", given);

        Assert.Equal("restored", refused.Refusal!.Code);
        Assert.Equal(IssueOutcome.Issued, sold.Outcome);
        Assert.Equal(10, given.Count);
        Assert.Equal(10, given.Distinct().Count());
        using var after = new SqliteStore(File);
        Assert.Equal(LogFault.None, after.Read(session => IssueLogVerifier.Verify(session)).Fault);
    }

    [Fact]
    public void Open_FileThatIsNoWitness_IsRefused()
    {
        System.IO.File.WriteAllText(Mark, "something else");
        using var store = new SqliteStore(File);

        var error = Assert.Throws<StoreException>(() => new StoreWitness(Mark, store));

        Assert.Contains(Mark, error.Message, StringComparison.Ordinal);
    }

    private async Task<IssueAnswer> SellAsync(bool fill, string id, List<int> given)
    {
        using var shop = new Shop(new SqliteStore(File), fill);
        using var witness = new StoreWitness(Mark, shop.Store);
        shop.Witness = witness;
        shop.Restart();
        var answer = await shop.SellAsync(id, tender: 10);
        if (answer.Outcome == IssueOutcome.Issued)
            given.Add(answer.Issue!.Orders[0].Identifier!.Value);
        return answer;
    }
}
