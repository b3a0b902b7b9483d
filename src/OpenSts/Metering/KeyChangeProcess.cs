namespace OpenSts.Metering;

/// <summary>How a meter handles the sections of a key change: nothing changes until the set is complete, then
/// everything at once.</summary>
/// <remarks>IEC 62055-41, Set1stSectionDecoderKey to Set4thSectionDecoderKey. The sections carry no identifier and are
/// never cancelled.</remarks>
internal static class KeyChangeProcess
{
    private const int FirstSection = 3;
    private const int ThirdSection = 8;
    private const int FourthSection = 9;

    /// <summary>True for the subclasses of a key change.</summary>
    public static bool IsSection(TokenContent content) =>
        content.Subclass is FirstSection or 4 or ThirdSection or FourthSection;

    /// <summary>Enters one section whose CRC was correct.</summary>
    public static MeterDecision Enter(MeterSettings settings, MeterState state, TokenContent content, TimeSpan now)
    {
        var isRead = TokenLayout.TryRead(content, settings.EncryptionAlgorithm, out var section, out var fault);
        var supported = settings.EncryptionAlgorithm == EncryptionAlgorithm.Ea11
            || content.Subclass is not (ThirdSection or FourthSection)
            || (content.Subclass == ThirdSection && settings.KeyChangeTokensSupported >= 3);
        if (!supported)
            return new MeterDecision(TokenResult.FunctionError, state, section);
        if (!isRead)
        {
            var result = fault == TokenLayoutFault.ReservedBits ? TokenResult.FormatError : TokenResult.RangeError;
            return new MeterDecision(result, state, null);
        }

        var begun = HasTimedOut(settings, state, now) ? KeyChangeProgress.None : state.KeyChange;
        var progress = begun.With(section!, now);
        if (!progress.IsComplete(settings.EncryptionAlgorithm, settings.KeyChangeTokensSupported))
            return new MeterDecision(Waiting(content.Subclass), state with { KeyChange = progress }, section);
        return Complete(settings, state, progress, section!);
    }

    private static bool HasTimedOut(MeterSettings settings, MeterState state, TimeSpan now) =>
        settings.KeyChangeTimeout > TimeSpan.Zero && !state.KeyChange.IsEmpty
            && now - state.KeyChange.Started > settings.KeyChangeTimeout;

    private static MeterDecision Complete(
        MeterSettings settings, MeterState state, KeyChangeProgress progress, Token section)
    {
        // The set is judged when it is complete: a key type that may not follow refuses it as a whole. A reading, see
        // docs/standard/readings.md.
        if (!state.KeyType.MayChangeTo(progress.First!.KeyType))
            return new MeterDecision(
                TokenResult.KeyTypeError, state with { KeyChange = KeyChangeProgress.None }, section);
        if (!progress.TryGetSupplyGroupCode(settings.EncryptionAlgorithm, out var sgc))
            return new MeterDecision(
                TokenResult.RangeError, state with { KeyChange = KeyChangeProgress.None }, section);
        var after = state with
        {
            Key = progress.NewKey(settings.EncryptionAlgorithm),
            KeyType = progress.First.KeyType,
            KeyRevisionNumber = progress.First.KeyRevisionNumber,
            KeyExpiryNumber = KeyExpiryNumber.FromNumber(
                (progress.First.KeyExpiryHigh << 4) | progress.Second!.KeyExpiryLow),
            TariffIndex = progress.Second.TariffIndex,
            SupplyGroupCode = sgc ?? default,
            // IEC 62055-41: RO clears the identifiers; those of the new base date start again near zero.
            Memory = progress.First.Rollover ? state.Memory.Cleared() : state.Memory,
            KeyChange = KeyChangeProgress.None,
            Lockout = default,
        };
        return new MeterDecision(TokenResult.Accept, after, section);
    }

    private static TokenResult Waiting(int subclass) => subclass switch
    {
        FirstSection => TokenResult.FirstKeyChangeToken,
        4 => TokenResult.SecondKeyChangeToken,
        ThirdSection => TokenResult.ThirdKeyChangeToken,
        _ => TokenResult.FourthKeyChangeToken,
    };
}
