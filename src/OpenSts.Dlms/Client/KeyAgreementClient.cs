using System.Security.Cryptography;
using OpenSts.Dlms.Apdu;
using OpenSts.Dlms.Security;
using OpenSts.Dlms.Values;
using OpenSts.Secrets;

namespace OpenSts.Dlms.Client;

/// <summary>Agrees on new global keys with a server of suite 1 or 2.</summary>
public static class KeyAgreementClient
{
    /// <summary>
    /// Agrees on keys. The server uses them from its answer on: the association is over, the next one begins under
    /// them.
    /// </summary>
    /// <param name="client">An open association of the management client.</param>
    /// <param name="options">The options it was opened with.</param>
    /// <param name="ids">The keys to replace, each once.</param>
    /// <param name="signing">The client's digital signature key; the server has its certificate.</param>
    /// <param name="serverKey">The server's digital signature key.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The keys; the caller disposes them.</returns>
    /// <exception cref="DlmsException">The server refused, or its answer is not signed by its key; then nobody knows
    /// what it uses.</exception>
    public static async ValueTask<IReadOnlyDictionary<GlobalKeyId, SecretBytes>> AgreeAsync(
        this DlmsClient client, ClientOptions options, IReadOnlyList<GlobalKeyId> ids, ECDsa signing, ECDsa serverKey,
            CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(ids);
        var halves = ids.ToDictionary(id => id, _ => new KeyAgreement(options.Suite));
        var keys = new Dictionary<GlobalKeyId, SecretBytes>();
        try
        {
            var offers = halves.Select(half => CosemValue.Structure(CosemValue.Enum((byte)half.Key),
                CosemValue.OctetString(half.Value.Offer(half.Key, signing))));
            var result = await client.CallAsync(new MethodCall(new MemberReference(64, Obis.SecuritySetup, 3),
                CosemValue.Array([.. offers])), cancellation).ConfigureAwait(false);
            if (result.Result != ActionResult.Success)
                throw new DlmsException(DlmsFault.Refused, $"the server refused the key agreement: {result.Result}");
            foreach (var answer in result.Returned?.Elements.ToArray() ?? [])
            {
                if (answer.Elements is not [{ Type: CosemType.Enum } id, { Type: CosemType.OctetString } offer]
                    || !id.TryGetInteger(out var number)
                    || !halves.TryGetValue((GlobalKeyId)number, out var half) || keys.ContainsKey((GlobalKeyId)number)
                    || half.Accept((GlobalKeyId)number, offer.Octets, serverKey, options.Title, client.ServerTitle)
                        is not { } key)
                    throw new DlmsException(DlmsFault.Authentication,
                        "the server's half of the key agreement is not signed by its key");
                keys[(GlobalKeyId)number] = key;
            }

            return keys.Count == ids.Count ? keys
                : throw new DlmsException(DlmsFault.Malformed, "the server did not answer for every key");
        }
        catch
        {
            foreach (var key in keys.Values)
                key.Dispose();
            throw;
        }
        finally
        {
            foreach (var half in halves.Values)
                half.Dispose();
        }
    }
}
