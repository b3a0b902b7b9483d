using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using OpenSts.Cli.Terminal;
using OpenSts.Dlms.Client;
using OpenSts.Dlms.Security;

namespace OpenSts.Cli.Cosem;

/// <summary><c>sts cosem certificate ...</c>: the key pair and the certificates of a server.</summary>
internal static class CertificateCommands
{
    public static Command Create() =>
        new("certificate", "The key pair and the certificates of a server (suites 1 and 2)")
    {
        List(), Generate(), Request(), Import(), Export(), Remove(),
    };

    private static Command List() =>
        With(new Command("list", "List the certificates the server knows"), parsed => async client =>
    {
        var rows = new List<IReadOnlyList<string>>();
        foreach (var each in await client.ListCertificatesAsync().ConfigureAwait(false))
        {
            var (issuer, subject) =
                (new X500DistinguishedName(each.Issuer).Name, new X500DistinguishedName(each.Subject).Name);
            var (serial, use) = (Convert.ToHexString(each.SerialNumber),
                each.Type switch { 0 => "signature", 1 => "agreement", 2 => "TLS", _ => "other" });
            rows.Add([each.Entity.ToString(), use, serial, issuer, subject]);
            if (parsed.WantsJson())
                Console.Out.WriteLine(new JsonObject
                {
                    ["of"] = each.Entity.ToString(),
                    ["for"] = use,
                    ["serialNumber"] = serial,
                    ["issuer"] = issuer,
                    ["subject"] = subject,
                }.ToJsonString(JsonText.Readable));
        }

        if (!parsed.WantsJson())
            Tables.Write(["Of", "For", "Serial number", "Issuer", "Subject"], rows);
        return ExitCode.Good;
    });

    private static Command Generate() =>
        With(new Command("generate", "Make the server make a new key pair; its certificate of before is forgotten"),
        parsed => async client =>
    {
        await client.GenerateKeyPairAsync().ConfigureAwait(false);
        Say(parsed, "generated", "key pair for signatures");
        return ExitCode.Good;
    });

    private static Command Request()
    {
        var file = OutFile("File for the request, PKCS#10 in PEM; standard output where it is left out");
        return With(new Command("request",
            "Have a certificate request made by the server, for an authority to sign") { file },
            parsed => async client =>
        {
            var request = await client.RequestCertificateAsync().ConfigureAwait(false);
            return Put(parsed, parsed.GetValue(file), "requested",
                new string(PemEncoding.Write("CERTIFICATE REQUEST", request)));
        });
    }

    private static Command Import()
    {
        var file = new Argument<string>("file")
        {
            Description = "The certificate, PEM or DER: the server's own, or a client's"
        };
        return With(new Command("import", "Give the server a certificate its trust anchor vouches for") { file },
            parsed =>
        {
            using var certificate = CertificateFiles.Read("file", parsed.GetValue(file)!);
            var octets = certificate.RawData;
            return async client =>
            {
                await client.ImportCertificateAsync(octets).ConfigureAwait(false);
                Say(parsed, "imported", parsed.GetValue(file)!);
                return ExitCode.Good;
            };
        });
    }

    private static Command Export()
    {
        var which = new Which();
        var file = OutFile("File for the certificate, in PEM; standard output where it is left out");
        return With(which.AddTo(new Command("export", "Read a certificate from the server") { file }), parsed =>
        {
            var (entity, owner) = which.Of(parsed);
            return async client =>
            {
                var octets = await client.ExportCertificateAsync(entity, Owner(entity, owner, client))
                    .ConfigureAwait(false);
                return Put(parsed, parsed.GetValue(file), "exported",
                    new string(PemEncoding.Write("CERTIFICATE", octets)));
            };
        });
    }

    private static Command Remove()
    {
        var which = new Which();
        return With(which.AddTo(new Command("remove", "Make the server forget a certificate")), parsed =>
        {
            var (entity, owner) = which.Of(parsed);
            return async client =>
            {
                await client.RemoveCertificateAsync(entity, Owner(entity, owner, client)).ConfigureAwait(false);
                Say(parsed, "removed", $"certificate of {entity}");
                return ExitCode.Good;
            };
        });
    }

    // The options of every command that asks a server, and the work once they are read.
    private static Command With(Command command, Func<ParseResult, Func<DlmsClient, Task<int>>> prepare)
    {
        var options = new CosemOptions();
        options.AddTo(command);
        return command.Does(parsed => options.Run(parsed, prepare(parsed)));
    }

    private static Option<string?> OutFile(string description) => new("--out") { Description = description };

    private static SystemTitle Owner(CertificateEntity entity, SystemTitle? named, DlmsClient client) =>
        named ?? (entity == CertificateEntity.Server ? client.ServerTitle : default);

    private static int Put(ParseResult parsed, string? file, string what, string pem)
    {
        if (file is null)
        {
            Console.Out.WriteLine(parsed.WantsJson() ? new JsonObject { [what] = pem }.ToJsonString(JsonText.Readable)
                : pem);
            return ExitCode.Good;
        }

        File.WriteAllText(file, pem + "\n");
        Say(parsed, what, file);
        return ExitCode.Good;
    }

    private static void Say(ParseResult parsed, string what, string which) =>
        Console.Out.WriteLine(parsed.WantsJson() ? new JsonObject { [what] = which }.ToJsonString(JsonText.Readable)
            : $"{what}: {which}");

    /// <summary>
    /// Which certificate is meant: of the server, of the authority, or of a client with its system title.
    /// </summary>
    private sealed class Which
    {
        private readonly Argument<CertificateEntity> _entity =
            new("of") { Description = "Server, Client or Authority" };
        private readonly Argument<string?> _owner =
            new("owner") { Description = "The client's system title, 16 hex digits", Arity = ArgumentArity.ZeroOrOne };

        public Command AddTo(Command command)
        {
            command.Arguments.Add(_entity);
            command.Arguments.Add(_owner);
            return command;
        }

        public (CertificateEntity Entity, SystemTitle? Owner) Of(ParseResult parsed)
        {
            var entity = parsed.GetValue(_entity);
            if (!Enum.IsDefined(entity))
                throw new CliException("permitted are Server, Client and Authority");
            if (entity == CertificateEntity.Client && parsed.GetValue(_owner) is null)
                throw new CliException("a client's certificate is named by the client's system title");
            return (entity, parsed.GetValue(_owner) is { } text ? CosemOptions.Title("owner", text) : null);
        }
    }
}
