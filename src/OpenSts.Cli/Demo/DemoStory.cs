using OpenSts.Batch;
using OpenSts.Keys;
using OpenSts.Metering;

namespace OpenSts.Cli.Demo;

/// <summary>One step of the story: what was done, with which digits, what came of it.</summary>
internal sealed record DemoStep(string Title, string Told, string? Token = null, TokenResult? Answer = null,
    string? Credit = null)
{
    /// <summary>The answer the story is about; another one is a defect.</summary>
    public TokenResult? Expected { get; init; }

    public bool IsAsExpected => Answer == Expected;
}

/// <summary>What the user may choose about the story.</summary>
internal sealed record DemoChoice
{
    public required MeterPan MeterPan { get; init; }

    public required string Amount { get; init; }

    public required EncryptionAlgorithm EncryptionAlgorithm { get; init; }

    public required DecoderKeyGenerationAlgorithm DecoderKeyGenerationAlgorithm { get; init; }

    public required CreditService Service { get; init; }

    /// <summary>When the sale is; within base date 1993.</summary>
    public required DateTimeOffset At { get; init; }
}

/// <summary>
/// The main job from end to end: a purchase becomes a token, a meter takes it once, and its key is rolled over to
/// another base date.
/// </summary>
/// <remarks>
/// The keys are the public test keys of the compliance suites; the point of sale and the meter share nothing but
/// digits.
/// </remarks>
internal sealed class DemoStory
{
    private static readonly byte[] TestKey64 = Convert.FromHexString("abababababababab");
    private static readonly byte[] TestKey160 = Convert.FromHexString("abababababababab949494949494949401234567");

    private readonly DemoChoice _choice;
    private readonly MeterSettings _settings;
    private readonly List<DemoStep> _steps = [];
    private MeterState _meter;
    private TimeSpan _clock;
    private TokenIdentifier? _lastUsed;

    private DemoStory(DemoChoice choice, DecoderKeyAttributes attributes, DecoderKey key)
    {
        _choice = choice;
        _settings = new MeterSettings
        {
            MeterPan = choice.MeterPan,
            EncryptionAlgorithm = choice.EncryptionAlgorithm,
            Service = choice.Service,
        };
        _ = TokenIdentifier.TryFromTime(choice.At.AddDays(-30), attributes.BaseDate, out var manufactured);
        _meter = MeterState.AtManufacture(key, attributes, manufactured);
    }

    /// <summary>Tells the story; what every step came to.</summary>
    public static IReadOnlyList<DemoStep> Tell(DemoChoice choice)
    {
        var old = Attributes(choice, BaseDate.Base1993, 1, "123457");
        var fresh = Attributes(choice, BaseDate.Base2014, 2, "123457");
        using var vendingKey = Hazmat.ImportVendingKey(
            choice.DecoderKeyGenerationAlgorithm == DecoderKeyGenerationAlgorithm.Dkga02 ? TestKey64 : TestKey160);
        using var oldKey = DecoderKeyGeneration.Derive(vendingKey, old);
        using var freshKey = DecoderKeyGeneration.Derive(vendingKey, fresh);
        var story = new DemoStory(choice, old, oldKey);
        story.Introduce(old, oldKey);
        story.SellAndAccept(old, oldKey);
        story.ChangeKey(old, oldKey, fresh, freshKey);
        story.SellUnderTheNewKey(fresh, freshKey);
        return story._steps;
    }

    private static DecoderKeyAttributes Attributes(DemoChoice choice, BaseDate baseDate, int krn, string sgc) => new()
    {
        MeterPan = choice.MeterPan,
        SupplyGroupCode = SupplyGroupCode.Parse(sgc),
        TariffIndex = TariffIndex.Parse("01"),
        KeyRevisionNumber = KeyRevisionNumber.FromNumber(krn),
        KeyType = KeyType.Unique,
        KeyExpiryNumber = KeyExpiryNumber.Never,
        BaseDate = baseDate,
        EncryptionAlgorithm = choice.EncryptionAlgorithm,
        DecoderKeyGenerationAlgorithm = choice.DecoderKeyGenerationAlgorithm,
    };

    private void Introduce(DecoderKeyAttributes old, DecoderKey oldKey) => _steps.Add(new DemoStep(
        "A meter",
        $"{old.MeterPan.ToGroupedString()} holds a decoder key of supply group {old.SupplyGroupCode}, revision {old.KeyRevisionNumber}, base date {old.BaseDate} "
        + $"({old.DecoderKeyGenerationAlgorithm.Name()}, {old.EncryptionAlgorithm.Name()}, check value "
        + $"{KeyCheckValue.Of(oldKey)})."));

    private void SellAndAccept(DecoderKeyAttributes old, DecoderKey oldKey)
    {
        var sold = Sell(old, oldKey, _choice.At);
        _steps.Add(new DemoStep("A purchase",
            $"The customer pays for {_choice.Amount} {Unit()}; the point of sale makes a token.",
            sold.ToGroupedString()));
        Enter("The customer types it in", sold, TokenResult.Accept);
        Enter("The same token again", sold, TokenResult.UsedError);
        Enter("A token with one digit wrong", WithLastDigitChanged(sold), TokenResult.CrcError);
    }

    private void ChangeKey(DecoderKeyAttributes old, DecoderKey oldKey, DecoderKeyAttributes fresh,
        DecoderKey freshKey)
    {
        var change = new KeyChange
        {
            From = old,
            FromKey = oldKey,
            To = fresh,
            ToKey = freshKey,
            Count = KeyChangeSet.DefaultCount(_choice.EncryptionAlgorithm),
            IssuedAt = _choice.At,
        };
        _ = KeyChangeSet.TryIssue(change, out var set);
        _steps.Add(new DemoStep(
            "The rollover",
            $"Base date {old.BaseDate} ends at {Rfc3339.Format(old.BaseDate.LastMinute)}: {set.Length} tokens "
                + $"move the meter to revision {fresh.KeyRevisionNumber}, base date {fresh.BaseDate}."));
        TokenResult[] waiting =
            [TokenResult.FirstKeyChangeToken, TokenResult.SecondKeyChangeToken, TokenResult.ThirdKeyChangeToken];
        for (var i = 0; i < set.Length; i++)
            Enter($"Key change token {i + 1} of {set.Length}", set[i], i == set.Length - 1 ? TokenResult.Accept
                : waiting[i]);
    }

    private void SellUnderTheNewKey(DecoderKeyAttributes fresh, DecoderKey freshKey)
    {
        _lastUsed = null;
        var sold = Sell(fresh, freshKey, _choice.At.AddMinutes(10));
        _steps.Add(new DemoStep("A purchase under the new key",
            $"Again {_choice.Amount} {Unit()}; identifiers now count from {fresh.BaseDate}.", sold.ToGroupedString()));
        Enter("The customer types it in", sold, TokenResult.Accept);
        Enter("The same token again", sold, TokenResult.UsedError);
    }

    private Token66 Sell(DecoderKeyAttributes attributes, DecoderKey key, DateTimeOffset at)
    {
        if (!TokenIdentifier.TryAllocate(at, attributes.BaseDate, _lastUsed, out var tid))
            throw new Terminal.CliException(
                $"--at: {Rfc3339.Format(at)} is not in base date {attributes.BaseDate}; use "
                    + $"{Rfc3339.Format(attributes.BaseDate.Start)} to "
                    + $"{Rfc3339.Format(attributes.BaseDate.LastMinute)}");
        _lastUsed = tid;
        _ = TransferAmount.TryParseTenths(_choice.Amount, out var amount);
        var random = (byte)System.Security.Cryptography.RandomNumberGenerator.GetInt32(16);
        return TokenIssuer.Issue(
            new TransferCredit { Service = _choice.Service, Amount = amount, Tid = tid, Random = random }, key);
    }

    private void Enter(string title, Token66 token, TokenResult expected)
    {
        _clock += TimeSpan.FromSeconds(20);
        var decision = MeterApplication.Enter(_settings, _meter, token.ToString(), _clock);
        _meter = decision.State;
        var credit = $"{ExactDecimal.Format(_meter.CreditUnits, 1)} {Unit()}";
        _steps.Add(new DemoStep(title, $"The meter answers {decision.Result.StandardName()}; its credit is {credit}.",
            token.ToGroupedString(), decision.Result, credit)
        { Expected = expected });
    }

    private static Token66 WithLastDigitChanged(Token66 token)
    {
        var digits = token.ToString().ToCharArray();
        digits[^1] = digits[^1] == '9' ? '0' : (char)(digits[^1] + 1);
        return Token66.Parse(digits);
    }

    private string Unit() => _choice.Service switch
    {
        CreditService.Electricity => "kWh",
        CreditService.Time => "min",
        _ => "m3",
    };
}
