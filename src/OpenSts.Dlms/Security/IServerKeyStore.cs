using OpenSts.Secrets;

namespace OpenSts.Dlms.Security;

/// <summary>
/// The keys of a server as a store holds them. In a replacement, null means that the key stays as it was.
/// </summary>
/// <param name="Encryption">The global unicast encryption key.</param>
/// <param name="Authentication">The authentication key.</param>
/// <param name="Master">The master key, under which new keys are transferred.</param>
public sealed record KeySet(SecretBytes? Encryption, SecretBytes? Authentication, SecretBytes? Master);

/// <summary>Stores replaced keys durably before the client gets its answer.</summary>
public interface IServerKeyStore
{
    /// <summary>Writes all keys together, durably.</summary>
    /// <exception cref="IOException">The keys could not be written; the old ones stay.</exception>
    void Keep(KeySet keys);
}
