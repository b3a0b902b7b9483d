using System.Text.Json.Serialization;
using OpenSts.Cosem.Meters;
using OpenSts.Metering;

namespace OpenSts.Cosem.Link;

/// <summary>The operations of a meter over the link.</summary>
internal enum LinkOperation
{
    Nameplate,
    Read,
    Enter,
    Switch,
    SetTime,
    SetLowCreditThreshold,
}

/// <summary>One line to the meter.</summary>
internal sealed record LinkRequest(LinkOperation Operation)
{
    public string? Digits { get; init; }

    public byte[]? Received { get; init; }

    public DeliveryMethod? Method { get; init; }

    public bool? Connect { get; init; }

    public DateTimeOffset? Time { get; init; }

    public long? Units { get; init; }
}

/// <summary>One line from the meter. A fault says why the meter could not do it, such as a full disk.</summary>
internal sealed record LinkResponse
{
    public string? Fault { get; init; }

    public TokenResult? Result { get; init; }

    public bool? IsDone { get; init; }

    public NameplateMessage? Nameplate { get; init; }

    public ReadingMessage? Reading { get; init; }
}

/// <summary>A nameplate in simple values.</summary>
internal sealed record NameplateMessage(
    string Pan, EncryptionAlgorithm Algorithm, CreditService Service, bool CountsCurrency, string Currency,
        byte KeyChangeTokens,
    string Certificate, byte[] Carriers, bool IsPolyphase, bool HasExtensions, DateTimeOffset Activated)
{
    public static NameplateMessage Of(MeterNameplate plate) => new(
        plate.MeterPan.ToString(), plate.EncryptionAlgorithm, plate.Service, plate.CountsCurrency, plate.CurrencyName,
            plate.KeyChangeTokensSupported,
        plate.CertificateNumber, [.. plate.TokenCarrierTypes], plate.IsPolyphase, plate.HasExtensions,
            plate.Activated);

    public MeterNameplate ToNameplate() => new()
    {
        MeterPan = MeterPan.Parse(Pan),
        EncryptionAlgorithm = Algorithm,
        Service = Service,
        CountsCurrency = CountsCurrency,
        CurrencyName = Currency,
        KeyChangeTokensSupported = KeyChangeTokens,
        CertificateNumber = Certificate,
        TokenCarrierTypes = Carriers,
        IsPolyphase = IsPolyphase,
        HasExtensions = HasExtensions,
        Activated = Activated,
    };
}

/// <summary>A reading in simple values.</summary>
internal sealed record ReadingMessage
{
    public required DateTimeOffset Time { get; init; }

    public required Int128 Credit { get; init; }

    public Int128 Consumed { get; init; }

    public long LowCreditThreshold { get; init; }

    public required int Sgc { get; init; }

    public required int Ti { get; init; }

    public required int Krn { get; init; }

    public required KeyType KeyType { get; init; }

    public required int Ken { get; init; }

    public int? PowerLimit { get; init; }

    public int? UnbalanceLimit { get; init; }

    public int Power { get; init; }

    public int Unbalance { get; init; }

    public ulong Total { get; init; }

    public LoadSwitch Switch { get; init; }

    public MeterAlarms Alarms { get; init; }

    public ExtensionFlag[] Flags { get; init; } = [];

    public ControlMessage[] Controls { get; init; } = [];

    public EnteredMessage[] Tokens { get; init; } = [];

    public RegisterMessage[] Credits { get; init; } = [];

    public RegisterMessage[] Charges { get; init; } = [];

    public static ReadingMessage Of(MeterReading reading) => new()
    {
        Time = reading.Time,
        Credit = reading.Credit,
        Consumed = reading.Consumed,
        LowCreditThreshold = reading.LowCreditThreshold,
        Sgc = reading.SupplyGroupCode.Value,
        Ti = reading.TariffIndex.Value,
        Krn = reading.KeyRevisionNumber.Value,
        KeyType = reading.KeyType,
        Ken = reading.KeyExpiryNumber.Value,
        PowerLimit = reading.MaximumPowerLimit,
        UnbalanceLimit = reading.MaximumPhasePowerUnbalanceLimit,
        Power = reading.Power,
        Unbalance = reading.PhasePowerUnbalance,
        Total = reading.Total,
        Switch = reading.Switch,
        Alarms = reading.Alarms,
        Flags = [.. reading.Flags],
        Controls = [.. reading.Controls.Select(each => new ControlMessage(each.Index, each.Value))],
        Tokens = [.. reading.TokenLog.Select(EnteredMessage.Of)],
        Credits = [.. reading.CreditHistory.Select(each => new RegisterMessage(each.Time, each.Value))],
        Charges = [.. reading.ChargeHistory.Select(each => new RegisterMessage(each.Time, each.Value))],
    };

    public MeterReading ToReading()
    {
        EnteredToken[] tokens = [.. Tokens.Select(each => each.ToEntered())];
        return new MeterReading
        {
            Time = Time,
            Credit = Credit,
            Consumed = Consumed,
            LowCreditThreshold = LowCreditThreshold,
            SupplyGroupCode = SupplyGroupCode.FromNumber(Sgc),
            TariffIndex = TariffIndex.FromNumber(Ti),
            KeyRevisionNumber = KeyRevisionNumber.FromNumber(Krn),
            KeyType = KeyType,
            KeyExpiryNumber = KeyExpiryNumber.FromNumber(Ken),
            MaximumPowerLimit = PowerLimit,
            MaximumPhasePowerUnbalanceLimit = UnbalanceLimit,
            Power = Power,
            PhasePowerUnbalance = Unbalance,
            Total = Total,
            Switch = Switch,
            Alarms = Alarms,
            LastToken = tokens.Length > 0 ? tokens[^1] : null,
            Flags = Flags,
            Controls = [.. Controls.Select(each => new ExtensionControl(each.Index, each.Value))],
            TokenLog = tokens,
            CreditHistory = [.. Credits.Select(each => new RegisterEntry(each.Time, each.Value))],
            ChargeHistory = [.. Charges.Select(each => new RegisterEntry(each.Time, each.Value))],
        };
    }
}

/// <summary>A control element.</summary>
internal readonly record struct ControlMessage(int Index, double Value);

/// <summary>A register at a time.</summary>
internal readonly record struct RegisterMessage(DateTimeOffset Time, Int128 Value);

/// <summary>An entered token: what it says as class and content, without the key a key change token carries.</summary>
internal sealed record EnteredMessage(DateTimeOffset Time, string? Digits, byte[] Received, DeliveryMethod Method,
    TokenResult Result, TokenClass? Class, ulong Content)
{
    public static EnteredMessage Of(EnteredToken token)
    {
        TokenContent? content = token.Verdict.Token switch
        {
            null => null,
            // A section needs some revision to be read at all.
            KeyChangeToken section => new TokenContent(section.Class, ((ulong)section.Subclass << 44)
                | (section.Subclass == 3 ? 1ul << 36 : 0)),
            var meaning => TokenLayout.Write(meaning),
        };
        return new EnteredMessage(token.Time, token.Entry.Digits, token.Entry.Received, token.Entry.Method,
            token.Verdict.Result, content?.Class, content?.Data ?? 0);
    }

    public EnteredToken ToEntered()
    {
        Token? meaning = null;
        if (Class is { } known)
            _ = TokenLayout.TryRead(new TokenContent(known, Content), EncryptionAlgorithm.Ea11, out meaning, out _);
        return new EnteredToken(Time, new TokenEntry(Digits, Received, Method), new TokenVerdict(Result, meaning));
    }
}

/// <summary>The generated reader and writer of the link's lines.</summary>
[JsonSourceGenerationOptions(UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LinkRequest))]
[JsonSerializable(typeof(LinkResponse))]
internal sealed partial class LinkContext : JsonSerializerContext;
