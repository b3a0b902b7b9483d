using System.Globalization;
using OpenSts.Vending.Storage.Postgres;
using OpenSts.Vending.Storage.Sqlite;

namespace OpenSts.SystemTests.Vending;

/// <summary>Seeded faults at every step of a sale, thousands of times; after each the books are in order and no outcome is in doubt for ever.</summary>
/// <remarks>A round that fails is named by its seed and number. 5,000 rounds with VENDING_FAULTS=5000.</remarks>
public sealed class FaultTests
{
    private const int RoundsOfALife = 40;

    private static int Rounds => int.Parse(Environment.GetEnvironmentVariable("VENDING_FAULTS") ?? "400", CultureInfo.InvariantCulture);

    [Fact]
    public Task Faults_OnSqlite_EveryAcknowledgedSaleIsThereOnce() => LivesAsync(Rounds, () =>
    {
        var folder = Directory.CreateTempSubdirectory("opensts-faults-").FullName;
        var (file, backup) = (Path.Combine(folder, "v.db"), Path.Combine(folder, "backup"));
        return new FaultyShop.Premises(folder, () => new SqliteStore(file), () => File.Copy(file, backup, overwrite: true), () => File.Copy(backup, file, overwrite: true));
    });

    [Fact]
    public async Task Faults_OnPostgres_EveryAcknowledgedSaleIsThereOnce()
    {
        using var server = PostgresServer.TryStart();
        Assert.True(server is not null, "PostgreSQL is not installed.");
        await LivesAsync(Rounds / 4, () =>
        {
            var (database, backup) = (server.NewDatabase(), "");
            return new FaultyShop.Premises(Directory.CreateTempSubdirectory("opensts-faults-").FullName, () => new PostgresStore(database), () => backup = server.NewDatabase(like: database), () => database = backup);
        });
    }

    private static async Task LivesAsync(int rounds, Func<FaultyShop.Premises> premises)
    {
        var met = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var life = 0; life * RoundsOfALife < rounds; life++)
        {
            using var shop = new FaultyShop(premises(), seed: life);
            for (var round = 0; round < RoundsOfALife; round++)
            {
                var what = await shop.RoundAsync();
                met[what] = met.GetValueOrDefault(what) + 1;
            }

            await shop.CloseAsync();
        }

        TestContext.Current.TestOutputHelper!.WriteLine(string.Join('\n', met.Select(pair => $"{pair.Key} {pair.Value}")));
        Assert.True(met.Count > 8, "few kinds of fault: " + string.Join(", ", met.Keys));
    }
}
