using OpenSts.Cosem.Apdu;
using OpenSts.Cosem.Meters;
using OpenSts.Cosem.Server;
using OpenSts.Cosem.Values;

namespace OpenSts.Cosem.Objects;

/// <summary>What an attribute or method sees of the request that came to it.</summary>
/// <param name="Server">The server.</param>
/// <param name="Association">The association the request came by.</param>
/// <param name="Selection">The part of the attribute that is wanted; null for the whole.</param>
/// <param name="Cancellation">Ends the wait.</param>
public sealed record ObjectCall(CosemServer Server, ServerAssociation Association, Selection? Selection, CancellationToken Cancellation)
{
    private MeterReading? _reading;

    /// <summary>The meter.</summary>
    public ICosemMeter Meter => Server.Meter;

    /// <summary>How the meter stands: the same view for all attributes of one request.</summary>
    public MeterReading Reading => _reading ??= Server.Meter.Read();

    /// <summary>A time in the form the server was told to use where clients disagree: date-time, or octet-string.</summary>
    public CosemValue TimeValue(CosemDateTime time) => Server.Settings.DateTimesAreOctetStrings ? CosemValue.OctetString(time) : CosemValue.DateTime(time);
}
