using System.Diagnostics;
using System.Globalization;
using System.Net;
using OpenSts.Keys;
using OpenSts.SecureStorage;
using OpenSts.SecurityModule;
using OpenSts.SecurityModule.Transport;
using OpenSts.SecurityModule.Vault;
using OpenSts.Sts6;

namespace OpenSts.Benchmarks;

/// <summary>
/// The module's process while <see cref="ModuleLoad"/> asks it: a sealed vault, every sale durable before its answer.
/// </summary>
internal static class ModuleUnderLoad
{
    private const string Key = "abababababababab949494949494949401234567";

    /// <summary>
    /// Serves until standard input ends; says its port, and at every line that it reads what it has used.
    /// </summary>
    public static int Run(string folder)
    {
        _ = Directory.CreateDirectory(folder);
        var keyFile = Path.Combine(folder, "key");
        KeyFile.Create(keyFile);
        using var storageLock = StorageLock.FromKeyFile(keyFile);
        KeyVault.Create(Path.Combine(folder, "vault"), storageLock);
        using var vault = KeyVault.Open(Path.Combine(folder, "vault"), storageLock);
        using (var key = Hazmat.ImportVendingKey(Convert.FromHexString(Key)))
        {
            var card =
                KeyCard.Parse($"BDT20140101T000000Z;DKG04;KCV{KeyCheckValue.Of(key)};KEN255;KRN1;KTY2;SGC201457;TST1");
            vault.Put(1, card.ToString(), KeyHome.Vault, Convert.FromHexString(Key), "bench");
        }

        using var module = SoftwareSecurityModule.Open(vault, null, new ModuleSettings());
        var server = new ModuleServer(module);
        Console.Out.WriteLine(server.ListenTcp(new IPEndPoint(IPAddress.Loopback, 0), SessionFraming.Wrapped));
        using var process = Process.GetCurrentProcess();
        while (Console.In.ReadLine() is not null)
        {
            process.Refresh();
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{process.TotalProcessorTime.TotalSeconds} {vault.Groups} {process.WorkingSet64 >> 20} "
                    + $"{GC.CollectionCount(2)} {vault.Counters(1).Tokens}"));
        }

        server.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return 0;
    }
}
