using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenSts.Pkcs11;
using OpenSts.SecureStorage;
using OpenSts.SecurityModule.Host;
using OpenSts.Sts6.Client;

// The security module as a service. Exit status 0 when it was stopped, 1 when vault or token do not open, 2 when the options are wrong.
const string Usage = """
    usage: sts-module [SETTINGS.json] [--option value ...]

    Serves the keys of a vault by STS6 until it is stopped (SIGTERM). Options may stand in the file, in the environment as
    OPENSTS_MODULE_KEYFILE, or on the command line, which goes before both:
      --vault FOLDER --keyFile FILE | --passphraseFile FILE | --tokenLibrary FILE --token LABEL --pinFile FILE [--tokenKey NAME]
      --tcp ADDRESS:PORT --tcpLines ADDRESS:PORT --unix PATH --unixUser USER --serial DEVICE   (several with commas)
      --certificate FILE --certificateKey FILE --authority FILE   --checkpoint FILE   --tidWindow DAYS

    example: sts-module --vault /var/lib/sts-module/vault --keyFile /etc/opensts/vault.key --unix /run/sts-module/socket --unixUser sts-vending
    """;
if (args is ["-h" or "--help" or "-?"])
{
    Console.WriteLine(Usage);
    return 0;
}

var unknown = args.Where(argument => argument.StartsWith("--", StringComparison.Ordinal)).Select(argument => argument[2..].Split('=')[0])
    .Where(name => !ModuleOptionsValidator.Names.Contains(name, StringComparer.OrdinalIgnoreCase)).ToArray();
if (unknown.Length > 0)
    return Fail(2, $"unknown option --{unknown[0]}; known are {string.Join(", ", ModuleOptionsValidator.Names.Select(name => "--" + name))}");
var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
var file = args is [var first, ..] && !first.StartsWith("--", StringComparison.Ordinal) ? first : null;
if (file is not null && !File.Exists(file))
    return Fail(2, $"there is no file '{file}'");
try
{
    if (file is not null)
        _ = builder.Configuration.AddJsonFile(Path.GetFullPath(file), optional: false, reloadOnChange: false);
    _ = builder.Configuration.AddEnvironmentVariables("OPENSTS_MODULE_").AddCommandLine(file is null ? args : args[1..]);
}
catch (Exception error) when (error is InvalidDataException or FormatException)
{
    return Fail(2, error.Message);
}

builder.Services.AddSystemd();
builder.Services.AddOptions<ModuleOptions>().Bind(builder.Configuration).ValidateOnStart();
builder.Services.AddSingleton<IValidateOptions<ModuleOptions>, ModuleOptionsValidator>();
ModuleHost.LogToStandardError(builder);
builder.Services.AddSingleton(services =>
{
    var options = services.GetRequiredService<IOptions<ModuleOptions>>().Value;
    return OpenedModule.Open(options, services.GetRequiredService<ILoggerFactory>().CreateLogger<ModuleService>());
});
builder.Services.AddHostedService(services =>
{
    var options = services.GetRequiredService<IOptions<ModuleOptions>>().Value;
    var tls = options.Certificate.Length == 0 ? null : MutualTls.FromFiles(options.Certificate, options.CertificateKey, options.Authority);
    return new ModuleService(services.GetRequiredService<OpenedModule>().Module, ModuleOptionsValidator.Listeners(options), tls,
        line => Console.Error.WriteLine($"sts-module: {line}"), services.GetRequiredService<ILoggerFactory>());
});
try
{
    using var host = builder.Build();
    await host.RunAsync();
    return 0;
}
catch (OptionsValidationException error)
{
    foreach (var fault in error.Failures)
        _ = Fail(2, fault);
    return 2;
}
catch (Exception error) when (error is StorageException or TokenException or IOException or SocketException or InvalidOperationException or CryptographicException or UnauthorizedAccessException)
{
    return Fail(1, error.Message);
}

static int Fail(int status, string message)
{
    Console.Error.WriteLine($"sts-module: {message}");
    return status;
}
