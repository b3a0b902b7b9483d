using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using OpenSts.Cli.Terminal;
using OpenSts.Keys;
using OpenSts.SecurityModule.Vault;
using OpenSts.Sts6;

namespace OpenSts.Cli.SecurityModule;

/// <summary><c>sts sm key import</c>: a laboratory key from two custodians' components.</summary>
/// <remarks>
/// Keys for production never come this way: they come from a key management centre, wrapped for one module. A key that
/// does carries the tag TST in its attributes for ever.
/// </remarks>
internal static class KeyImportCommand
{
    private const string Warning = """
        WARNING: this key is for a laboratory. It comes from two components that people have seen, it is marked TST in its register,
        and meters in the field must never hold a key made of it. Production keys come from the key management centre.
        """;

    public static Command Create()
    {
        var folder = VaultCommands.Folder();
        var locks = new LockOptions();
        var laboratory = new Option<bool>("--laboratory") { Description = "Confirm that the key is for a laboratory" };
        var custodians = new Option<string[]>("--custodian")
        {
            Description = "Name of a custodian; twice, two people",
            AllowMultipleArgumentsPerToken = true,
        };
        var components = new Option<string[]>("--component-file")
        {
            Description = "A custodian's component, hex, mode 0600; twice. Without it both are asked for",
            AllowMultipleArgumentsPerToken = true,
        };
        var register = new Option<int>("--register") { Description = "1 to 999", Required = true };
        var sgc = new Option<string>("--sgc") { Description = "Supply group code, 6 digits", Required = true };
        var krn =
            new Option<int>("--krn") { Description = "Key revision number, 1 to 9", DefaultValueFactory = _ => 1 };
        var ken =
            new Option<int>("--ken") { Description = "Key expiry number, 0 to 255", DefaultValueFactory = _ => 255 };
        var keyType = new Option<int>("--key-type")
        {
            Description = "1 default, 2 unique, 3 common; 0 the manufacturer's own, for a manufacturing module",
            DefaultValueFactory = _ => 2,
        };
        var baseDate =
            new Option<int>("--base-date") { Description = "1993, 2014 or 2035", DefaultValueFactory = _ => 2014 };
        var onToken = new Option<string?>("--on-token")
        {
            Description = "Put the key on the token under this name; the vault keeps only the name"
        };
        var replace =
            new Option<bool>("--replace") { Description = "Take the place of a key that is in the register" };
        var command = new Command("import", "Load a laboratory key from two custodians' components")
        {
            folder, laboratory, custodians, components, register, sgc, krn, ken, keyType, baseDate, onToken, replace,
        };
        locks.AddTo(command);
        return command.DoesWithVault(parsed =>
        {
            Console.Error.WriteLine(Warning);
            if (!parsed.GetValue(laboratory))
                throw new CliException("--laboratory is missing: nothing was loaded");
            if (parsed.GetValue(custodians) is not [var first, var second]
                || string.Equals(first.Trim(), second.Trim(), StringComparison.OrdinalIgnoreCase)
                || first.Concat(second).Any(letter => char.IsControl(letter) || letter is ';' or '~') || first.Length
                    + second.Length > 100)
                throw new CliException(
                    "--custodian is wanted twice, with two names of letters and digits: one person alone loads no key");
            var number = InRange(parsed, register, 1, 999);
            if (!SupplyGroupCode.TryParse(parsed.GetValue(sgc), out var group, out _))
                throw new CliException("--sgc is not a supply group code of 6 digits");
            if (parsed.GetValue(baseDate) is not (1993 or 2014 or 2035))
                throw new CliException("--base-date: permitted are 1993, 2014, 2035");
            Span<byte> key = stackalloc byte[20];
            try
            {
                var length = Join(parsed.GetValue(components) ?? [], key);
                if (!Hazmat.TryImportVendingKey(key[..length], out var imported, out var fault))
                    throw new CliException($"--component: {fault.Describe(length)}");
                using var vendingKey = imported;
                var from = BaseDate.FromYear(parsed.GetValue(baseDate));
                var card = new KeyCard
                {
                    SupplyGroupCode = group,
                    KeyRevisionNumber = KeyRevisionNumber.FromNumber(InRange(parsed, krn, 1, 9)),
                    KeyExpiryNumber = KeyExpiryNumber.FromNumber(InRange(parsed, ken, 0, 255)),
                    KeyType = (KeyType)InRange(parsed, keyType, 0, 3),
                    BaseDate = from,
                    DecoderKeyGenerationAlgorithm = length == 20 ? DecoderKeyGenerationAlgorithm.Dkga04
                        : DecoderKeyGenerationAlgorithm.Dkga02,
                    ActiveFrom = from.Start,
                    IssuedUntil = from.LastMinute,
                    CheckValue = KeyCheckValue.Of(vendingKey),
                    IsTest = true,
                }.ToString();
                using var open = OpenVault.From(parsed, folder, locks);
                if (!parsed.GetValue(replace) && open.Vault.Records.Any(record => record.Number == number))
                    throw new CliException($"register {number} holds a key; --replace takes its place");
                var note = $"laboratory key, custodians {first.Trim()} and {second.Trim()}";
                if (parsed.GetValue(onToken) is { } name)
                {
                    if (length != 20)
                        throw new CliException(
                            "only keys of 160 bits (DKGA04) go on a token: DKGA02 would give a 64-bit key away to "
                                + "whoever uses the token");
                    _ = (open.Token ?? throw new CliException(
                        "--on-token needs --token-library, --token and --pin-file")).Import(name, key);
                    open.Vault.Put(number, card, KeyHome.Token, Encoding.UTF8.GetBytes(name), note);
                }
                else
                {
                    open.Vault.Put(number, card, KeyHome.Vault, key[..length], note);
                }

                Console.Out.WriteLine($"register {number}: {card}");
                return ExitCode.Good;
            }
            finally
            {
                CryptographicOperations.ZeroMemory(key);
            }
        });
    }

    private static int InRange(ParseResult parsed, Option<int> option, int least, int greatest) =>
        parsed.GetValue(option) is var value && value >= least && value <= greatest
        ? value
        : throw new CliException($"{option.Name} held {value}; permitted are {least} to {greatest}");

    // Exclusive or: either component alone tells nothing about the key.
    private static int Join(string[] files, Span<byte> key)
    {
        if (files.Length is not (0 or 2))
            throw new CliException("--component-file is wanted twice, or not at all");
        var joined = 0;
        Span<byte> component = stackalloc byte[20];
        try
        {
            for (var i = 0; i < 2; i++)
            {
                var text = files.Length == 0 ? SecretText.Ask($"Component {i + 1}: ") : SecretText.ReadFile(files[i]);
                var good = text.Length is 16 or 40
                    && Convert.FromHexString(text, component, out _, out _) == System.Buffers.OperationStatus.Done;
                var length = text.Length / 2;
                Array.Clear(text);
                if (!good || (i == 1 && length != joined))
                    throw new CliException("a component has 16 or 40 hexadecimal digits, both the same number");
                joined = length;
                for (var at = 0; at < length; at++)
                    key[at] ^= component[at];
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(component);
        }

        return key.ContainsAnyExcept((byte)0) ? joined
            : throw new CliException("the components are the same: the key would be zero");
    }
}
