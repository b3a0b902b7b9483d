using System.Globalization;
using OpenSts.Keys;
using OpenSts.SecureStorage;
using OpenSts.SecurityModule.Vault;

namespace OpenSts.SecurityModule.Tests.Vault;

/// <summary>
/// A process that opens a vault, makes tokens with its key, says "used", waits, lets go of everything, says "cleared"
/// and waits.
/// </summary>
internal static class HoldingProcess
{
    public static int Run(string[] args)
    {
        var vends = int.Parse(args[2], CultureInfo.InvariantCulture);
        var block = new TokenContent(TokenClass.Credit, 0x0123_4567_89AB).Seal();
        using (var storageLock = StorageLock.FromKeyFile(args[0]))
        using (var vault = KeyVault.Open(args[1], storageLock))
        using (var key = vault.OpenKey(1))
        {
            for (var i = 1; i <= vends; i++)
            {
                using var decoderKey = DecoderKeyGeneration.Derive(key, Meters.Attributes(i % 1000));
                _ = decoderKey.Encrypt(block);
                var entry = vault.RecordIssue(1, new VaultCounters { Units = i, Tokens = i }, "VC");
                if (i % 1000 == 0 || i == vends)
                    vault.WhenDurable(entry).GetAwaiter().GetResult();
            }

            Say("used");
        }

        Say("cleared");
        return 0;
    }

    private static void Say(string word)
    {
        Console.Out.WriteLine(word);
        Console.Out.Flush();
        _ = Console.In.ReadLine();
    }
}
