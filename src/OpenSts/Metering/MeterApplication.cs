using OpenSts.Keys;

namespace OpenSts.Metering;

/// <summary>What a meter decides about a token: the answer and the state afterwards.</summary>
/// <param name="Result">The answer.</param>
/// <param name="State">The state afterwards; the one before where nothing changed.</param>
/// <param name="Token">What the token says, where it could be read.</param>
public readonly record struct MeterDecision(TokenResult Result, MeterState State, Token? Token);

/// <summary>The meter's side of the standard: authenticate, validate, apply, cancel, in this order.</summary>
/// <remarks>
/// IEC 62055-41, meter application process. State, token and time in; answer and new state out; nothing else is read or
/// written. Here are credit, power limit, clear credit, tests and key changes; the other functions of a meter answer FunctionError.
/// </remarks>
public static class MeterApplication
{
    /// <summary>Decides about 20 digits entered at a time.</summary>
    /// <param name="settings">What the meter is.</param>
    /// <param name="state">What it knows.</param>
    /// <param name="digits">What was entered; spaces and dashes may stand between digits.</param>
    /// <param name="now">Monotonic time, for the lock-out and the time-out of key change sets.</param>
    public static MeterDecision Enter(MeterSettings settings, MeterState state, ReadOnlySpan<char> digits, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(state);
        if (!Token66.TryParse(digits, out var token))
            return new MeterDecision(TokenResult.FormatError, state, null);
        if (state.Lockout.IsRunning(now))
            return new MeterDecision(TokenResult.Lockout, state, null);
        if (token.Class == TokenClass.Reserved)
            return new MeterDecision(TokenResult.FunctionError, state, null);
        if (!TokenIssuer.TryOpen(token, state.Key, out var content))
            return Wrong(TokenResult.CrcError, state, now);
        if (!TokenLayout.TryRead(content, settings.EncryptionAlgorithm, out var meaning, out var fault))
            return new MeterDecision(fault == TokenLayoutFault.ReservedBits ? TokenResult.FormatError : TokenResult.RangeError, state, null);
        if (content.Class == TokenClass.NonMeterSpecificManagement)
            return Test(settings, state, meaning, now);
        return IsKeyChange(meaning) ? ChangeKey(settings, state, meaning, now) : Apply(settings, state, content, meaning);
    }

    private static MeterDecision Wrong(TokenResult result, MeterState state, TimeSpan now) =>
        new(result, state with { Lockout = state.Lockout.AfterFailure(now) }, null);

    private static MeterDecision Test(MeterSettings settings, MeterState state, Token test, TimeSpan now)
    {
        var maker = test switch
        {
            InitiateMeterTest t => t.ManufacturerCode,
            ReadExtension t => t.ManufacturerCode,
            ProprietaryTest t => t.ManufacturerCode,
            _ => 0,
        };
        if (maker != 0 && maker != settings.MeterPan.DecoderReferenceNumber.ManufacturerCode.Value)
            return Wrong(TokenResult.ManufacturerCodeError, state, now);
        var known = test is InitiateMeterTest { Tests: not MeterTests.None };
        return new MeterDecision(known ? TokenResult.Accept : TokenResult.FunctionError, state, test);
    }

    private static MeterDecision Apply(MeterSettings settings, MeterState state, TokenContent content, Token meaning)
    {
        MeterDecision Refuse(TokenResult result) => new(result, state, meaning);
        if (content.Class == TokenClass.Credit && !state.KeyType.MayCarryCredit())
            return Refuse(TokenResult.DdtkError);
        var tid = TokenLayout.IdentifierOf(content);
        if (settings.ChecksKeyExpiry && !state.KeyExpiryNumber.Serves(tid))
            return Refuse(TokenResult.KeyExpiredError);
        var validated = state.Memory.Validate(tid);
        if (validated != TokenResult.Accept)
            return Refuse(validated);
        var (result, after) = Execute(settings, state, meaning);
        if (result != TokenResult.Accept)
            return Refuse(result);
        // The token is cancelled in the same step as it is applied: it is never only one of the two.
        return new MeterDecision(result, after with { Memory = state.Memory.With(tid), Lockout = default }, meaning);
    }

    private static (TokenResult Result, MeterState After) Execute(MeterSettings settings, MeterState state, Token meaning)
    {
        switch (meaning)
        {
            case TransferCredit t when t.Service == settings.Service && !settings.CountsCurrency:
                return Add(settings, state, t.Amount.Units);
            case TransferCurrency t when t.Service == settings.Service && settings.CountsCurrency:
                return Add(settings, state, t.Amount.Steps);
            case SetMaximumPowerLimit t:
                return (TokenResult.Accept, state with { MaximumPowerLimit = t.Watts.Units });
            case ClearCredit { Register: CreditRegister.All }:
                return (TokenResult.Accept, state with { Credit = 0 });
            case ClearCredit { Register: var register } when !Enum.IsDefined(register):
                return (TokenResult.RangeError, state);
            case ClearCredit { Register: var register } when (int)register == (int)settings.Service + (settings.CountsCurrency ? 4 : 0):
                return (TokenResult.Accept, state with { Credit = 0 });
            default:
                return (TokenResult.FunctionError, state);
        }
    }

    private static (TokenResult Result, MeterState After) Add(MeterSettings settings, MeterState state, Int128 amount)
    {
        // The sum of two amounts of the standard fits 128 bits by far; the register does not take every sum.
        var sum = state.Credit + amount;
        return Int128.Abs(sum) > settings.LargestCredit ? (TokenResult.OverflowError, state) : (TokenResult.Accept, state with { Credit = sum });
    }

    private static bool IsKeyChange(Token token) => token is KeyChangeToken or Set3rdSectionSupplyGroupCode;

    private static MeterDecision ChangeKey(MeterSettings settings, MeterState state, Token section, TimeSpan now)
    {
        var supported = settings.EncryptionAlgorithm == EncryptionAlgorithm.Ea11
            || section is Set1stSectionDecoderKey or Set2ndSectionDecoderKey
            || (section is Set3rdSectionSupplyGroupCode && settings.KeyChangeTokensSupported >= 3);
        if (!supported)
            return new MeterDecision(TokenResult.FunctionError, state, section);
        if (section is Set1stSectionDecoderKey first && !state.KeyType.MayChangeTo(first.KeyType))
            return new MeterDecision(TokenResult.KeyTypeError, state, section);
        var expired = settings.KeyChangeTimeout > TimeSpan.Zero && !state.KeyChange.IsEmpty && now - state.KeyChange.Started > settings.KeyChangeTimeout;
        var progress = (expired ? KeyChangeProgress.None : state.KeyChange).With(section, now);
        if (!progress.IsComplete(settings.EncryptionAlgorithm, settings.KeyChangeTokensSupported))
            return new MeterDecision(Waiting(section), state with { KeyChange = progress }, section);
        if (!progress.TryGetSupplyGroupCode(settings.EncryptionAlgorithm, out var sgc))
            return new MeterDecision(TokenResult.RangeError, state with { KeyChange = KeyChangeProgress.None }, section);
        var after = state with
        {
            Key = progress.NewKey(settings.EncryptionAlgorithm),
            KeyType = progress.First!.KeyType,
            KeyRevisionNumber = progress.First.KeyRevisionNumber,
            KeyExpiryNumber = KeyExpiryNumber.FromNumber((progress.First.KeyExpiryHigh << 4) | progress.Second!.KeyExpiryLow),
            TariffIndex = progress.Second.TariffIndex,
            SupplyGroupCode = sgc ?? default,
            // IEC 62055-41: RO clears the identifiers; those of the new base date start again near zero.
            Memory = progress.First.Rollover ? state.Memory.Cleared() : state.Memory,
            KeyChange = KeyChangeProgress.None,
            Lockout = default,
        };
        return new MeterDecision(TokenResult.Accept, after, section);
    }

    private static TokenResult Waiting(Token section) => section.Subclass switch
    {
        3 => TokenResult.FirstKeyChangeToken,
        4 => TokenResult.SecondKeyChangeToken,
        8 => TokenResult.ThirdKeyChangeToken,
        _ => TokenResult.FourthKeyChangeToken,
    };
}
