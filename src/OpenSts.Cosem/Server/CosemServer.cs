using System.Security.Cryptography;
using OpenSts.Cosem.Apdu;
using OpenSts.Cosem.Meters;
using OpenSts.Cosem.Objects;
using OpenSts.Cosem.Security;
using OpenSts.Cosem.Values;

namespace OpenSts.Cosem.Server;

/// <summary>A meter as a COSEM server: what all its associations share. Safe for several threads.</summary>
public sealed class CosemServer
{
    /// <summary>Fills a span with unpredictable octets.</summary>
    public delegate void RandomSource(Span<byte> destination);

    private readonly Dictionary<LogicalName, CosemObject> _byName;

    /// <summary>A server over a meter.</summary>
    /// <param name="meter">The meter.</param>
    /// <param name="settings">What the server is told.</param>
    /// <param name="keys">Its keys; null where no association is protected.</param>
    /// <param name="random">Where challenges come from; the system's source where null.</param>
    /// <exception cref="ArgumentException">A setting is outside its range.</exception>
    public CosemServer(ICosemMeter meter, ServerSettings settings, ServerKeys? keys = null, RandomSource? random = null)
    {
        ArgumentNullException.ThrowIfNull(meter);
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.MaximumPdu < 64)
            throw new ArgumentException("An APDU of less than 64 octets holds no answer.", nameof(settings));
        if (settings.BlockWindow is < 1 or > GeneralBlock.MaximumWindow)
            throw new ArgumentException($"The block window held {settings.BlockWindow}; permitted is 1 to {GeneralBlock.MaximumWindow}.", nameof(settings));
        if (keys is null && settings.Clients.Any(client => client.IsProtected))
            throw new ArgumentException("A protected association needs keys.", nameof(keys));
        if (keys is not null && (keys.Current.Encryption.Length != settings.Suite.KeyOctets() || keys.Current.Authentication.Length != settings.Suite.KeyOctets()))
            throw new ArgumentException($"{settings.Suite} takes keys of {settings.Suite.KeyOctets()} octets.", nameof(keys));
        Meter = meter;
        Settings = settings;
        Keys = keys;
        Random = random ?? RandomNumberGenerator.Fill;
        Objects = ObjectModel.Build(meter, settings);
        _byName = Objects.ToDictionary(each => each.Name);
    }

    /// <summary>The meter.</summary>
    public ICosemMeter Meter { get; }

    /// <summary>What the server was told.</summary>
    public ServerSettings Settings { get; }

    /// <summary>The keys; null where no association is protected.</summary>
    public ServerKeys? Keys { get; }

    /// <summary>The objects in the order of the object list.</summary>
    public IReadOnlyList<CosemObject> Objects { get; }

    internal RandomSource Random { get; }

    /// <summary>A fresh association for a client; null for a service access point the server does not know.</summary>
    public ServerAssociation? Open(int clientSap, int serverSap) =>
        serverSap == Settings.Sap && Settings.Clients.FirstOrDefault(client => client.Sap == clientSap) is { } profile ? new ServerAssociation(this, profile) : null;

    /// <summary>The object of a name; null where there is none.</summary>
    public CosemObject? Find(LogicalName name) => _byName.GetValueOrDefault(name);
}
