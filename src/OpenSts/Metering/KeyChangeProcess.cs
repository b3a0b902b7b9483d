namespace OpenSts.Metering;

/// <summary>What a meter does with the sections of a key change: nothing changes until the set is whole, then everything at once.</summary>
/// <remarks>IEC 62055-41, Set1stSectionDecoderKey to Set4thSectionDecoderKey. The sections carry no identifier and are never cancelled.</remarks>
internal static class KeyChangeProcess
{
    private const int FirstSection = 3;
    private const int ThirdSection = 8;
    private const int FourthSection = 9;

    /// <summary>True for the subclasses of a key change.</summary>
    public static bool IsSection(TokenContent content) => content.Subclass is FirstSection or 4 or ThirdSection or FourthSection;

    /// <summary>Takes one section whose check held.</summary>
    public static MeterDecision Enter(MeterSettings settings, MeterState state, TokenContent content, TimeSpan now)
    {
        var isRead = TokenLayout.TryRead(content, settings.EncryptionAlgorithm, out var section, out var fault);
        var supported = settings.EncryptionAlgorithm == EncryptionAlgorithm.Ea11
            || content.Subclass is not (ThirdSection or FourthSection)
            || (content.Subclass == ThirdSection && settings.KeyChangeTokensSupported >= 3);
        if (!supported)
            return new MeterDecision(TokenResult.FunctionError, state, section);
        // The type is judged before the other fields, so it is read where they are out of range, too.
        if (content.Subclass == FirstSection && !state.KeyType.MayChangeTo((KeyType)(int)((content.Data >> 32) & 3)))
            return new MeterDecision(TokenResult.KeyTypeError, state, section);
        if (!isRead)
            return new MeterDecision(fault == TokenLayoutFault.ReservedBits ? TokenResult.FormatError : TokenResult.RangeError, state, null);
        var progress = (HasTimedOut(settings, state, now) ? KeyChangeProgress.None : state.KeyChange).With(section!, now);
        if (!progress.IsComplete(settings.EncryptionAlgorithm, settings.KeyChangeTokensSupported))
            return new MeterDecision(Waiting(content.Subclass), state with { KeyChange = progress }, section);
        return Complete(settings, state, progress, section!);
    }

    private static bool HasTimedOut(MeterSettings settings, MeterState state, TimeSpan now) =>
        settings.KeyChangeTimeout > TimeSpan.Zero && !state.KeyChange.IsEmpty && now - state.KeyChange.Started > settings.KeyChangeTimeout;

    private static MeterDecision Complete(MeterSettings settings, MeterState state, KeyChangeProgress progress, Token section)
    {
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

    private static TokenResult Waiting(int subclass) => subclass switch
    {
        FirstSection => TokenResult.FirstKeyChangeToken,
        4 => TokenResult.SecondKeyChangeToken,
        ThirdSection => TokenResult.ThirdKeyChangeToken,
        _ => TokenResult.FourthKeyChangeToken,
    };
}
