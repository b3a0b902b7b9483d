using OpenSts.Dlms.Security;
using OpenSts.Secrets;

namespace OpenSts.Dlms.Server;

/// <summary>The global keys of one time and their counters: both are replaced together.</summary>
/// <param name="Encryption">The global unicast encryption key.</param>
/// <param name="Authentication">The authentication key.</param>
/// <param name="Counters">What was sent and received under the encryption key.</param>
public sealed record GlobalKeys(SecretBytes Encryption, SecretBytes Authentication, InvocationCounters Counters);

/// <summary>The keys of a server: the master key, and the global keys that are in use.</summary>
/// <remarks>Replaced keys are not disposed: associations under way still end under them.</remarks>
public sealed class ServerKeys
{
    private readonly Lock _lock = new();
    private readonly IInvocationCounterStore _counters;
    private readonly IServerKeyStore? _store;
    private readonly int _reservation;

    /// <summary>The keys as they stand.</summary>
    /// <param name="master">The key under which new keys come.</param>
    /// <param name="encryption">The global unicast encryption key.</param>
    /// <param name="authentication">The authentication key.</param>
    /// <param name="counters">Where the counters are kept.</param>
    /// <param name="store">Where new keys are kept; null where keys cannot be replaced.</param>
    /// <param name="reservation">How many counters one write covers.</param>
    public ServerKeys(SecretBytes master, SecretBytes encryption, SecretBytes authentication,
        IInvocationCounterStore counters, IServerKeyStore? store = null, int reservation = 1024)
    {
        Master = master;
        _counters = counters;
        _store = store;
        _reservation = reservation;
        Current = new GlobalKeys(encryption, authentication, new InvocationCounters(counters, reservation));
    }

    /// <summary>The master key, under which new keys come.</summary>
    public SecretBytes Master { get; private set; }

    /// <summary>The keys in use.</summary>
    public GlobalKeys Current { get; private set; }

    /// <summary>True where new keys can be kept.</summary>
    public bool CanReplace => _store is not null;

    /// <summary>Keeps new keys; a null stays as it was. They are in use once the answer is called.</summary>
    /// <returns>Takes them into use: associations under the old ones can neither send nor receive from then
    /// on.</returns>
    /// <exception cref="IOException">The keys could not be kept; the old ones stay.</exception>
    public Action Replace(KeySet keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        var store = _store ?? throw new InvalidOperationException("This server cannot keep new keys.");
        lock (_lock)
        {
            var old = Current;
            var encryption = keys.Encryption ?? old.Encryption;
            store.Keep(new KeySet(encryption, keys.Authentication ?? old.Authentication, keys.Master ?? Master));
            return () =>
            {
                lock (_lock)
                {
                    Master = keys.Master ?? Master;
                    if (keys.Encryption is null && keys.Authentication is null)
                        return;
                    // The key that is in use, sent once more, is no new key: its counters would repeat.
                    old.Counters.Retire(startAgain: !encryption.FixedTimeEquals(old.Encryption));
                    Current = new GlobalKeys(encryption, keys.Authentication
                        ?? old.Authentication, new InvocationCounters(_counters, _reservation));
                }
            };
        }
    }
}
