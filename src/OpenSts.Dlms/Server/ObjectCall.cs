using OpenSts.Dlms.Apdu;
using OpenSts.Dlms.Values;

namespace OpenSts.Dlms.Server;

/// <summary>The request that reads or writes an attribute or calls a method.</summary>
/// <param name="Server">The server.</param>
/// <param name="Association">The association by which the request came.</param>
/// <param name="Selection">The part of the attribute that is read; null for the whole.</param>
/// <param name="Cancellation">Cancels the wait for the device.</param>
public sealed record ObjectCall(DlmsServer Server, ServerAssociation Association, Selection? Selection,
    CancellationToken Cancellation)
{
    private object? _snapshot;

    /// <summary>
    /// Reads the state of the device once for all attributes of one request, so that their values belong together.
    /// </summary>
    /// <param name="read">Reads the state; called for the first attribute of the request only.</param>
    public async ValueTask<TState> SnapshotAsync<TState>(Func<CancellationToken, ValueTask<TState>> read)
        where TState : class
    {
        ArgumentNullException.ThrowIfNull(read);
        if (_snapshot is TState known)
            return known;
        var state = await read(Cancellation).ConfigureAwait(false);
        _snapshot = state;
        return state;
    }

    /// <summary>
    /// A time as date-time, or as octet-string where the server's options ask for that: clients disagree.
    /// </summary>
    public CosemValue TimeValue(CosemDateTime time) =>
        Server.Options.DateTimesAreOctetStrings ? CosemValue.OctetString(time) : CosemValue.DateTime(time);
}
