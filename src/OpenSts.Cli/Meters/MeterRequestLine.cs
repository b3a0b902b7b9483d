using OpenSts.Cli.Batch;

namespace OpenSts.Cli.Meters;

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
        Meter = new RequestObject("meter.", RequestLine.MeterNames);
        Top.With("meter", Meter);
    }

    public RequestObject Meter { get; }
}
