using OpenSts.Cosem.Meters;
using OpenSts.Cosem.Objects;
using OpenSts.Dlms.Acse;
using OpenSts.Dlms.Apdu;
using OpenSts.Dlms.Client;
using OpenSts.Dlms.Values;
using OpenSts.Metering;

namespace OpenSts.Cosem.Client;

/// <summary>An object as the server lists it.</summary>
/// <param name="ClassId">The interface class.</param>
/// <param name="Version">The version of the class.</param>
/// <param name="Name">The name.</param>
/// <param name="Attributes">The attributes this client may read, by index.</param>
/// <param name="Methods">The methods this client may call, by index.</param>
public sealed record ListedObject(ushort ClassId, byte Version, LogicalName Name,
    IReadOnlyList<sbyte> Attributes, IReadOnlyList<sbyte> Methods);

/// <summary>What the token gateway says of the last token.</summary>
/// <param name="StatusCode">status_code, 0 to 8: 3 is executed, 4 to 7 are failures.</param>
/// <param name="Result">The meter's answer; null where data_value holds none.</param>
/// <param name="Description">token_description, as it came.</param>
public sealed record GatewayStatus(int StatusCode, TokenResult? Result, CosemValue Description);

/// <summary>What a vending server or a test does with a prepayment meter, over an open association.</summary>
public static class MeterClient
{
    private const int Chunk = 16;

    /// <summary>
    /// The highest counter the server may have taken, read without authentication; the next association begins above
    /// it.
    /// </summary>
    /// <param name="transport">A way to the server as its public client (SAP 16); it is disposed.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="DlmsException">The server could not be asked.</exception>
    public static async ValueTask<uint> ReadCounterAsync(IDlmsTransport transport,
        CancellationToken cancellation = default)
    {
        var client = await DlmsClient.OpenAsync(transport,
            new ClientOptions { Mechanism = AuthenticationMechanism.None }, cancellation).ConfigureAwait(false);
        await using (client.ConfigureAwait(false))
        {
            var result = await client.GetAsync(new MemberReference(1, Obis.InvocationCounter, 2), null, cancellation)
                .ConfigureAwait(false);
            return result.Value.TryGetUnsigned(out var counter) && counter <= uint.MaxValue
                ? (uint)counter
                : throw new DlmsException(DlmsFault.Malformed, "the server has no invocation counter");
        }
    }

    /// <summary>The objects this client may see.</summary>
    /// <exception cref="DlmsException">The server could not be asked, or its list cannot be read.</exception>
    public static async ValueTask<IReadOnlyList<ListedObject>> ListAsync(this DlmsClient client,
        CancellationToken cancellation = default)
    {
        var list = await client.GetAsync(new MemberReference(15, Obis.Association, 2), null, cancellation)
            .ConfigureAwait(false);
        if (list.Error != DataAccessResult.Success)
            throw new DlmsException(DlmsFault.Refused, $"the object list cannot be read: {list.Error}");
        var objects = new List<ListedObject>();
        foreach (var entry in list.Value.Elements)
        {
            if (entry.Elements is not [var classId, var version, { Octets.Length: LogicalName.Octets } name,
                { Elements: [var attributes, var methods] }]
                || !classId.TryGetUnsigned(out var id) || id > ushort.MaxValue
                    || !version.TryGetUnsigned(out var number) || number > byte.MaxValue)
                throw new DlmsException(DlmsFault.Malformed, "an entry of the object list cannot be read");
            objects.Add(new ListedObject((ushort)id, (byte)number, LogicalName.FromOctets(name.Octets),
                Permitted(attributes, [0, 2, 5]), Permitted(methods, [0])));
        }

        return objects;
    }

    /// <summary>
    /// Reads every attribute of every object, many with one request where the association has lists.
    /// </summary>
    /// <exception cref="DlmsException">The server could not be asked.</exception>
    public static async IAsyncEnumerable<(MemberReference Attribute, ReadResult Result)> DumpAsync(
        this DlmsClient client,
            [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        var objects = await client.ListAsync(cancellation).ConfigureAwait(false);
        var attributes = objects.SelectMany(each => each.Attributes.Select(
            index => new AttributeRequest(new MemberReference(each.ClassId, each.Name, index), null))).ToArray();
        foreach (var part in attributes.Chunk(Math.Min(Chunk, client.MaximumReferences)))
        {
            var results = await client.ReadPartAsync(part, cancellation).ConfigureAwait(false);
            for (var i = 0; i < part.Length; i++)
                yield return (part[i].Attribute, results[i]);
        }
    }

    // A server that cannot read one attribute may refuse the whole list: then each is read alone.
    private static async ValueTask<IReadOnlyList<ReadResult>> ReadPartAsync(
        this DlmsClient client, AttributeRequest[] part, CancellationToken cancellation)
    {
        if (part.Length > 1)
        {
            try
            {
                return await client.GetAsync(part, cancellation).ConfigureAwait(false);
            }
            catch (DlmsException error) when (error.Fault is DlmsFault.Exception or DlmsFault.Malformed)
            {
                // The association is still open.
            }
        }

        var results = new List<ReadResult>(part.Length);
        foreach (var each in part)
        {
            try
            {
                results.Add(await client.GetAsync(each.Attribute, null, cancellation).ConfigureAwait(false));
            }
            catch (DlmsException error) when (error.Fault is DlmsFault.Exception or DlmsFault.Malformed)
            {
                results.Add(DataAccessResult.OtherReason);
            }
        }

        return results;
    }

    /// <summary>Enters a token and reads what became of it.</summary>
    /// <returns>The result of the method, and the gateway's status where it was a success.</returns>
    /// <exception cref="DlmsException">The server could not be asked; then it is unknown whether the token was
    /// entered.</exception>
    public static async ValueTask<(ActionResult Result, GatewayStatus? Status)> EnterAsync(
        this DlmsClient client, Token66 token, TokenForm form = TokenForm.Ascii,
            CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        var method = new MemberReference(115, PaymentObis.TokenGateway, 1);
        var called = await client.CallAsync(new MethodCall(method,
            CosemValue.OctetString(TokenOctets.Write(token, form))), cancellation).ConfigureAwait(false);
        return (called.Result, called.Result == ActionResult.Success
            ? await client.ReadStatusAsync(cancellation).ConfigureAwait(false) : null);
    }

    /// <summary>Reads what became of the last token.</summary>
    /// <exception cref="DlmsException">The server could not be asked, or its status cannot be read.</exception>
    public static async ValueTask<GatewayStatus> ReadStatusAsync(this DlmsClient client,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        // Together where that can be: another token may come between two requests.
        AttributeRequest[] wanted = [new(new MemberReference(115, PaymentObis.TokenGateway, 6), null),
            new(new MemberReference(115, PaymentObis.TokenGateway, 4), null)];
        var results = client.MaximumReferences >= wanted.Length
            ? await client.GetAsync(wanted, cancellation).ConfigureAwait(false)
            : [await client.GetAsync(wanted[0].Attribute, null, cancellation).ConfigureAwait(false),
                await client.GetAsync(wanted[1].Attribute, null, cancellation).ConfigureAwait(false)];
        var (status, description) = (results[0], results[1]);
        if (status.Value.Elements is not [var code, { Type: CosemType.BitString } data]
            || !code.TryGetInteger(out var number))
            throw new DlmsException(DlmsFault.Malformed, "the token status cannot be read");
        var result = data is { BitCount: 8, Octets: [var octet] } && Enum.IsDefined((TokenResult)octet)
            ? (TokenResult)octet : (TokenResult?)null;
        return new GatewayStatus((int)number, result, description.Value);
    }

    // attribute_access_item and method_access_item: index, right, and perhaps more.
    private static List<sbyte> Permitted(CosemValue rights, ulong[] refused)
    {
        var permitted = new List<sbyte>();
        foreach (var right in rights.Elements)
        {
            if (right.Elements is [var index, var access, ..] && index.TryGetInteger(out var number) && number
                is >= sbyte.MinValue and <= sbyte.MaxValue
                && access.TryGetUnsigned(out var mode) && !refused.Contains(mode))
                permitted.Add((sbyte)number);
        }

        return permitted;
    }
}
