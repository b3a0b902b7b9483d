using System.CommandLine;
using System.Text.Json.Nodes;
using OpenSts.Cli.Terminal;
using OpenSts.Dlms.Client;
using OpenSts.Dlms.Security;
using OpenSts.Secrets;

namespace OpenSts.Cli.Cosem;

/// <summary><c>sts cosem keys ...</c>: new global keys for a server.</summary>
internal static class KeysCommands
{
    private const string Extension = ".key";

    public static Command Create() => new("keys", "Give a server new keys") { Transfer(), Agree() };

    private static Command Transfer()
    {
        var fresh = new (GlobalKeyId Id, Option<string?> File)[]
        {
            (GlobalKeyId.Encryption,
                new("--new-encryption-key-file") { Description = "File with the new global encryption key in hex" }),
            (GlobalKeyId.Authentication,
                new("--new-authentication-key-file") { Description = "File with the new authentication key in hex" }),
            (GlobalKeyId.Master, new("--new-master-key-file") { Description = "File with the new master key in hex" }),
        };
        var options = new CosemOptions();
        var command =
            new Command("transfer", "Send new keys under the master key; from the answer on the server uses them");
        foreach (var (_, file) in fresh)
            command.Options.Add(file);
        options.AddTo(command);
        return command.Does(parsed =>
        {
            var files = fresh.Where(each => parsed.GetValue(each.File) is not null)
                .ToDictionary(each => each.Id, each => (Name: each.File.Name, Path: parsed.GetValue(each.File)!));
            if (files.Count == 0)
                throw new CliException("there is nothing to transfer; name at least one file with a new key");
            return options.Run(parsed, async (client, settings, keys) =>
            {
                RefuseUnprotected(settings);
                if (keys.Master is null)
                    throw new CliException("--master-key-file is missing; new keys go under the master key");
                var ready = new Dictionary<GlobalKeyId, SecretBytes>();
                try
                {
                    foreach (var (id, file) in files)
                        ready[id] = Read(file.Name, file.Path, settings.Suite);
                    await client.TransferAsync(keys.Master, ready).ConfigureAwait(false);
                }
                finally
                {
                    Dispose(ready.Values);
                }

                foreach (var (id, file) in files)
                    Say(parsed, "transferred", id, file.Path);
                return ExitCode.Good;
            });
        });
    }

    private static Command Agree()
    {
        var which = new Option<GlobalKeyId[]>("--key")
        {
            Description =
                "Encryption, Authentication or Master, several times for several; encryption and authentication where "
                    + "it is left out",
            DefaultValueFactory = _ => [GlobalKeyId.Encryption, GlobalKeyId.Authentication],
        };
        var folder = new Option<string>("--out")
        {
            Description = "Folder for the new keys: encryption.key, authentication.key, master.key",
            Required = true,
        };
        var options = new CosemOptions();
        var command = new Command("agree",
            "Agree with the server on new keys; from the answer on it uses them (suites 1 and 2)") { which, folder };
        options.AddTo(command);
        return command.Does(parsed =>
        {
            var ids = parsed.GetValue(which)!.Distinct().ToArray();
            if (ids.Any(id => !Enum.IsDefined(id)))
                throw new CliException("--key: permitted are Encryption, Authentication and Master");
            // All that can be in the way is found before the server is asked: afterwards the keys are nowhere else.
            var directory = Directory.CreateDirectory(parsed.GetValue(folder)!).FullName;
            foreach (var id in ids)
            {
                if (File.Exists(FileOf(directory, id)))
                    throw new CliException(
                        $"--out: {FileOf(directory, id)} is there already; keys are not written over");
            }

            var trial = Path.Combine(directory, $".trial-{Environment.ProcessId}");
            File.WriteAllBytes(trial, []);
            File.Delete(trial);
            return options.Run(parsed, async (client, settings, _) =>
            {
                RefuseUnprotected(settings);
                if (settings.SigningKey is null || settings.ServerKey is null)
                    throw new CliException("key agreement needs --signing-key and --server-certificate");
                var agreed = await client.AgreeAsync(settings, ids, settings.SigningKey, settings.ServerKey)
                    .ConfigureAwait(false);
                try
                {
                    foreach (var (id, key) in agreed)
                        KeyFiles.WriteKey(FileOf(directory, id), key);
                }
                finally
                {
                    Dispose(agreed.Values);
                }

                foreach (var id in ids)
                    Say(parsed, "agreed", id, FileOf(directory, id));
                return ExitCode.Good;
            });
        });
    }

    private static string FileOf(string directory, GlobalKeyId id) =>
        Path.Combine(directory, id.ToString().ToLowerInvariant() + Extension);

    private static void RefuseUnprotected(ClientOptions settings)
    {
        if (!settings.IsProtected)
            throw new CliException(
                "the keys of the association are missing: --encryption-key-file and --authentication-key-file, or "
                    + "--laboratory");
    }

    private static SecretBytes Read(string name, string path, SecuritySuite suite)
    {
        try
        {
            return KeyFiles.ReadKey(path, suite);
        }
        catch (FormatException error)
        {
            throw new CliException($"{name}: {error.Message}");
        }
    }

    private static void Dispose(IEnumerable<SecretBytes> keys)
    {
        foreach (var key in keys)
            key.Dispose();
    }

    private static void Say(ParseResult parsed, string what, GlobalKeyId id, string file) =>
        Console.Out.WriteLine(parsed.WantsJson()
        ? new JsonObject { [what] = id.ToString(), ["file"] = file }.ToJsonString(JsonText.Readable)
        : $"{id} {what}: {file}");
}
