using OpenSts.Batch.Lines;
using OpenSts.Batch.Tokens;

namespace OpenSts.Batch.Meters;

/// <summary>The fields of one request of <c>sts meter batch</c>.</summary>
internal sealed class MeterRequestLine : JsonLine
{
    public MeterRequestLine()
        : base(new RequestObject("",
        [
            "id", "op", "meter", "vendingKey", "decoderKey", "at", "token", "carrier", "amount", "state",
            .. MeterOptions.Names,
        ]))
    {
        Meter = new RequestObject("meter.", TokenRequestLine.MeterNames);
        Top.With("meter", Meter);
    }

    public RequestObject Meter { get; }
}
