using OpenSts.Batch.Lines;

namespace OpenSts.Batch.Tokens;

/// <summary>The fields of one request of <c>sts batch</c>.</summary>
internal sealed class TokenRequestLine : JsonLine
{
    public static readonly string[] MeterNames =
    [
        "pan", "supplyGroupCode", "tariffIndex", "keyRevisionNumber", "keyType", "keyExpiryNumber", "baseDate",
        "encryptionAlgorithm", "decoderKeyGenerationAlgorithm",
    ];

    public TokenRequestLine()
        : base(new RequestObject(
            "", "id", "op", "meter", "vendingKey", "decoderKey", "register", "token", "from", "to", "tokens",
                "issuedAt", "encryptionAlgorithm", "key", "block"))
    {
        Meter = new RequestObject("meter.", MeterNames);
        From = Party("from");
        To = Party("to");
        Control = new RequestObject("token.control.", "index", "value");
        Flag = new RequestObject("token.flag.", "index", "value");
        Token = new RequestObject(
            "token.", "class", "subclass", "issuedAt", "random", "amount", "watts", "register", "value", "control",
                "flag", "manufacturerCode")
            .With("control", Control).With("flag", Flag);
        Top.With("meter", Meter).With("token", Token).With("from", From.Object).With("to", To.Object);
    }

    public RequestObject Meter { get; }

    public RequestParty From { get; }

    public RequestParty To { get; }

    public RequestObject Token { get; }

    public RequestObject Control { get; }

    public RequestObject Flag { get; }

    private static RequestParty Party(string name)
    {
        var meter = new RequestObject($"{name}.meter.", MeterNames);
        return new RequestParty(new RequestObject($"{name}.", "meter", "vendingKey", "decoderKey", "register")
            .With("meter", meter), meter);
    }
}

/// <summary>One side of a key change: a meter's attributes and a key.</summary>
internal sealed record RequestParty(RequestObject Object, RequestObject Meter);
