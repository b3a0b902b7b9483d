using System.Globalization;
using OpenSts.SecureStorage;
using OpenSts.SecurityModule.Vault;

namespace OpenSts.SecurityModule.Tests.Vault;

/// <summary>
/// A process that sells from a vault as fast as it can and says each total once it is durable, until it is killed.
/// </summary>
internal static class VendingProcess
{
    public static int Run(string[] args)
    {
        using var storageLock = StorageLock.FromKeyFile(args[1]);
        using var vault =
            KeyVault.Open(args[0], storageLock, new VaultOptions { IssuesBetweenSealings = 53, Witness = args[2] });
        var random = new Random(int.Parse(args[3], CultureInfo.InvariantCulture));
        var output = Console.OpenStandardOutput();
        while (true)
        {
            var total = vault.Counters(1).Units;
            var last = 0ul;
            for (var i = random.Next(1, 20); i > 0; i--)
                last = vault.RecordIssue(1, new VaultCounters { Units = ++total, Tokens = total }, "VC");
            vault.WhenDurable(last).GetAwaiter().GetResult();
            output.Write(
                System.Text.Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{total}\n")));
        }
    }
}
