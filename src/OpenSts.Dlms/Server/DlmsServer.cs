using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OpenSts.Dlms.Acse;
using OpenSts.Dlms.Apdu;
using OpenSts.Dlms.Security;
using OpenSts.Dlms.Values;

namespace OpenSts.Dlms.Server;

/// <summary>
/// A DLMS/COSEM server: the objects and options that all its associations share. Safe for several threads.
/// </summary>
public sealed class DlmsServer
{
    private readonly Dictionary<LogicalName, CosemObject> _byName;
    private readonly Dictionary<ushort, PasswordGuard> _guards;

    /// <summary>Creates a server.</summary>
    /// <param name="objects">The objects in the order of the object list; each logical name once.</param>
    /// <param name="options">The options of the server.</param>
    /// <param name="keys">Its keys; null where no association is protected.</param>
    /// <param name="random">Where challenges come from; the system's source where null.</param>
    /// <param name="clock">Measures delays and time-outs; the system's where null.</param>
    /// <param name="logger">Takes the events of associations; none where null.</param>
    /// <exception cref="ArgumentException">A setting is outside its range.</exception>
    public DlmsServer(IReadOnlyList<CosemObject> objects, ServerOptions options, ServerKeys? keys = null,
        RandomSource? random = null, TimeProvider? clock = null, ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(objects);
        ArgumentNullException.ThrowIfNull(options);
        if (options.MaximumPdu < 64)
            throw new ArgumentException("An APDU of less than 64 octets holds no answer.", nameof(options));
        if (options.BlockWindow is < 1 or > GeneralBlock.MaximumWindow)
            throw new ArgumentException(
                $"The block window held {options.BlockWindow}; permitted is 1 to {GeneralBlock.MaximumWindow}.",
                nameof(options));
        if (keys is null && options.Clients.Any(client => client.IsProtected))
            throw new ArgumentException("A protected association needs keys.", nameof(keys));
        if (keys is not null && (keys.Current.Encryption.Length != options.Suite.KeyOctets()
            || keys.Current.Authentication.Length != options.Suite.KeyOctets()))
            throw new ArgumentException($"{options.Suite} takes keys of {options.Suite.KeyOctets()} octets.",
                nameof(keys));
        Options = options;
        Keys = keys;
        Clock = clock ?? TimeProvider.System;
        Logger = logger ?? NullLogger.Instance;
        _guards = options.Clients.Where(client => client.Mechanism == AuthenticationMechanism.Password)
            .ToDictionary(client => client.Sap, _ => new PasswordGuard(Clock, options.WrongPasswordDelay));
        Random = random ?? RandomNumberGenerator.Fill;
        Objects = objects;
        _byName = Objects.ToDictionary(each => each.Name);
    }

    /// <summary>What the server was told.</summary>
    public ServerOptions Options { get; }

    /// <summary>The keys; null where no association is protected.</summary>
    public ServerKeys? Keys { get; }

    /// <summary>The objects in the order of the object list.</summary>
    public IReadOnlyList<CosemObject> Objects { get; }

    internal RandomSource Random { get; }

    internal TimeProvider Clock { get; }

    internal ILogger Logger { get; }

    internal PasswordGuard GuardOf(ClientProfile client) => _guards[client.Sap];

    /// <summary>A fresh association for a client; null for a service access point the server does not know.</summary>
    public ServerAssociation? Open(int clientSap, int serverSap) =>
        serverSap == Options.Sap && Options.Clients.FirstOrDefault(client => client.Sap == clientSap) is { } profile
            ? new ServerAssociation(this, profile) : null;

    /// <summary>The object of a name; null where there is none.</summary>
    public CosemObject? Find(LogicalName name) => _byName.GetValueOrDefault(name);
}
