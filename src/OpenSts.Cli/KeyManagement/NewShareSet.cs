using System.CommandLine;
using System.Globalization;
using OpenSts.Cli.SecurityModule;
using OpenSts.Cli.Terminal;
using OpenSts.SecureStorage;

namespace OpenSts.Cli.KeyManagement;

/// <summary>
/// A new set of custodians' shares: each is written or shown once and entered again, and the re-entered ones make the
/// lock.
/// </summary>
internal sealed class NewShareSet : IDisposable
{
    // The other screen of a terminal: what stands on it is in no scrolled-off lines. Clear it before it is left.
    private const string OtherScreen = "\e[?1049h\e[H\e[2J", FirstScreen = "\e[H\e[2J\e[3J\e[?1049l";

    private NewShareSet(StorageLock storageLock, CustodianShare share)
    {
        Lock = storageLock;
        Description = $"{share.Threshold} of {share.Count} shares, set {share.Set}";
    }

    /// <summary>What the re-entered shares open.</summary>
    public StorageLock Lock { get; }

    /// <summary>How many shares are needed and made, and the public name of their set, for the log.</summary>
    public string Description { get; }

    /// <summary>Options of a command that makes a new set: k/n, and where the shares go.</summary>
    public static (Option<string> Form, Option<string?> Folder, Option<bool> Print) Options() => (
        new("--shares") { Description = "Custodians, such as 3/5", DefaultValueFactory = _ => "3/5" },
        new("--share-folder")
        {
            Description = "New files NAME-share-1, ... go here, each for one custodian to take away"
        },
        new("--print")
        {
            Description = "Show each share once on the terminal in place of a file, and ask for it again"
        });

    /// <summary>Makes a set as the options of a command say.</summary>
    public static NewShareSet Create(ParseResult parsed, string name,
        (Option<string> Form, Option<string?> Folder, Option<bool> Print) options)
    {
        var (print, folder) = (parsed.GetValue(options.Print), parsed.GetValue(options.Folder));
        if (print == (folder is not null))
            throw new CliException("the shares go either into files (--share-folder) or onto the terminal (--print)");
        if (folder is not null)
            _ = Directory.CreateDirectory(folder);
        return Create(name, Form("--shares", parsed.GetValue(options.Form)!), folder, []);
    }

    /// <summary>Makes a set, lets every custodian enter a share again, and tries each share once.</summary>
    /// <param name="name">Whose shares: root or centre.</param>
    /// <param name="form">How many are needed of how many.</param>
    /// <param name="folder">Where the files go; null to show them on the terminal.</param>
    /// <param name="made">Takes the names of the files.</param>
    public static NewShareSet Create(string name, (int Threshold, int Count) form, string? folder, List<string> made)
    {
        if (folder is null && (Console.IsInputRedirected || Console.IsOutputRedirected))
            throw new CliException("--print needs a terminal");
        var (storageLock, set) = StorageLock.NewShares(form.Threshold, form.Count);
        storageLock.Dispose();
        var again = new List<CustodianShare>();
        try
        {
            foreach (var share in set)
                again.Add(folder is null ? ShowAndAsk(name, share)
                    : SaveAndRead(Path.Combine(folder, $"{name}-share-{share.Number}"), share, made));
            // Every share takes part in opening once.
            for (var first = 0; first + form.Threshold <= form.Count; first++)
                StorageLock.FromShares(again.GetRange(first, form.Threshold)).Dispose();
            return new NewShareSet(StorageLock.FromShares(again.GetRange(0, form.Threshold)), again[0]);
        }
        finally
        {
            foreach (var share in set.Concat(again))
                share.Dispose();
        }
    }

    /// <summary>Reads k/n.</summary>
    public static (int Threshold, int Count) Form(string option, string form)
    {
        var parts = form.Split('/');
        return parts.Length == 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var k)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var n) && k >= 2 && n <= 255
            && k <= n
            ? (k, n)
            : throw new CliException($"{option} held {form}; permitted is k/n with 2 <= k <= n <= 255");
    }

    /// <summary>Clears what the shares open.</summary>
    public void Dispose() => Lock.Dispose();

    private static CustodianShare SaveAndRead(string file, CustodianShare share, List<string> made)
    {
        share.Save(file);
        made.Add(file);
        var text = SecretText.ReadFile(file);
        var good = CustodianShare.TryParse(text, out var read, out _);
        Array.Clear(text);
        return good
            ? read!
            : throw new CliException($"{file} does not hold what was written; the new shares are discarded");
    }

    private static CustodianShare ShowAndAsk(string name, CustodianShare share)
    {
        Console.Write(
            $"Custodian {share.Number} of {share.Count} of the {name}, alone at the screen: press Enter, write the "
                + "line down, press Enter again. ");
        _ = Console.ReadLine();
        Console.Write(OtherScreen);
        Console.WriteLine(share.ToText());
        _ = Console.ReadLine();
        Console.Write(FirstScreen);
        while (true)
        {
            var text = SecretText.Ask($"Custodian {share.Number}, enter it from your paper, nothing is shown: ");
            var good = CustodianShare.TryParse(text, out var read, out var fault);
            Array.Clear(text);
            if (good && read!.Set == share.Set && read.Number == share.Number)
                return read;
            Console.Error.WriteLine(fault switch
            {
                ShareFault.None =>
                    $"That is share {read!.Number} of set {read.Set}, not this one; enter share {share.Number}.",
                ShareFault.Check =>
                    "Its check is wrong: a character was mistyped or written down wrongly; enter it again.",
                _ => "It is not of the form sts-share-1:...; enter the whole line again.",
            });
            read?.Dispose();
        }
    }
}
