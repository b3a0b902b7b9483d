using OpenSts.Keys;

namespace OpenSts.Metering;

/// <summary>A meter's decision about a token: the result and the state afterwards.</summary>
/// <param name="Result">The result.</param>
/// <param name="State">The state afterwards; the same object as before where nothing changed.</param>
/// <param name="Token">The decoded token; null where it could not be read.</param>
/// <param name="Tests">The tests that an accepted class 1 token asks for and the meter supports.</param>
public readonly record struct MeterDecision(
    TokenResult Result, MeterState State, Token? Token, MeterTests Tests = MeterTests.None);

/// <summary>The meter application process: authenticate, validate, apply and cancel a token, in this order.</summary>
/// <remarks>
/// IEC 62055-41, meter application process. State, token and time in; result and new state out; nothing else is read
/// or
/// written. The order of checks inside a group is a reading, see docs/build-a-meter/decision.md.
/// </remarks>
public static class MeterApplication
{
    /// <summary>Decides about 20 digits entered at a time.</summary>
    /// <param name="settings">The meter's fixed properties.</param>
    /// <param name="state">Its state.</param>
    /// <param name="digits">The digits entered; spaces and dashes may stand between them.</param>
    /// <param name="now">Monotonic time, for the lock-out and the time-out of key change sets.</param>
    /// <param name="carrier">How the token came; under a common key (DCTK) only the magnetic card is accepted.</param>
    public static MeterDecision Enter(
        MeterSettings settings,
        MeterState state,
        ReadOnlySpan<char> digits,
        TimeSpan now,
        TokenCarrierType carrier = TokenCarrierType.Numeric)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(state);
        if (!Token66.TryParse(digits, out var token))
            return new MeterDecision(TokenResult.FormatError, state, null);
        if (state.Lockout.IsRunning(now) && !IsExempt(settings, token))
            return new MeterDecision(TokenResult.Lockout, state, null);
        if (token.Class == TokenClass.Reserved)
            return new MeterDecision(TokenResult.FunctionError, state, null);
        if (!TokenIssuer.TryOpen(token, state.Key, out var content))
            return Wrong(TokenResult.CrcError, state, now);
        if (content.Class == TokenClass.NonMeterSpecificManagement)
            return Test(settings, state, content, now);
        // IEC 62055-41, key types: a DCTK is used with token carrier type 01 only. Which result says so is a reading.
        if (!state.KeyType.MayUse(carrier))
            return new MeterDecision(TokenResult.KeyTypeError, state, Read(settings, content));
        return content.Class == TokenClass.MeterSpecificManagement && KeyChangeProcess.IsSection(content)
            ? KeyChangeProcess.Enter(settings, state, content, now)
            : Timed(settings, state, content);
    }

    private static Token? Read(MeterSettings settings, TokenContent content) =>
        TokenLayout.TryRead(content, settings.EncryptionAlgorithm, out var token, out _) ? token : null;

    private static bool IsExempt(MeterSettings settings, Token66 token) =>
        settings.LockoutScope == LockoutScope.MeterSpecificOnly
            && token.Class == TokenClass.NonMeterSpecificManagement;

    private static MeterDecision Wrong(TokenResult result, MeterState state, TimeSpan now) =>
        new(result, state with { Lockout = state.Lockout.AfterFailure(now) }, null);

    private static MeterDecision Test(MeterSettings settings, MeterState state, TokenContent content, TimeSpan now)
    {
        var test = Read(settings, content);
        var maker = test switch
        {
            InitiateMeterTest t => t.ManufacturerCode,
            ReadExtension t => t.ManufacturerCode,
            ProprietaryTest t => t.ManufacturerCode,
            _ => 0,
        };
        var own = settings.MeterPan == default ? 0 : settings.MeterPan.DecoderReferenceNumber.ManufacturerCode.Value;
        if (maker != 0 && maker != own)
            return Wrong(TokenResult.ManufacturerCodeError, state, now);
        // A reading: of several tests the supported ones are carried out; FunctionError where none is supported.
        var tests = test is InitiateMeterTest asked ? asked.Tests & settings.Tests : MeterTests.None;
        var known = tests != MeterTests.None || (test is ReadExtension extension && HasExtension(settings, extension));
        if (!known)
            return new MeterDecision(TokenResult.FunctionError, state, test, tests);
        var after = settings.LockoutReset == LockoutReset.AllTokens
            && state.Lockout != default ? state with { Lockout = default } : state;
        return new MeterDecision(TokenResult.Accept, after, test, tests);
    }

    private static bool HasExtension(MeterSettings settings, ReadExtension asked) =>
        settings.HasExtensions && (asked.ControlIndex is { } index
        ? index == (int)ExtendedControl.ComplianceTest
        : settings.HasFlag(asked.FlagIndex!.Value));

    private static MeterDecision Timed(MeterSettings settings, MeterState state, TokenContent content)
    {
        var token = Read(settings, content);
        MeterDecision Refuse(TokenResult result) => new(result, state, token);
        if (content.Class == TokenClass.Credit && !state.KeyType.MayCarryCredit())
            return Refuse(TokenResult.DdtkError);
        var tid = TokenLayout.IdentifierOf(content);
        // A DITK is set by the manufacturer and has no expiry: its KEN field says nothing.
        if (settings.ChecksKeyExpiry && state.KeyType != KeyType.Initialization && !state.KeyExpiryNumber.Serves(tid))
            return Refuse(TokenResult.KeyExpiredError);
        var validated = state.Memory.Validate(tid);
        if (validated != TokenResult.Accept)
            return Refuse(validated);
        var result = TokenExecution.Execute(settings, state, token!, out var after);
        if (result != TokenResult.Accept)
            return Refuse(result);
        // Applied and cancelled in one step: never only one of the two.
        return new MeterDecision(result, after with { Memory = state.Memory.With(tid), Lockout = default }, token);
    }
}
