namespace OpenSts;

/// <summary>Why data bits with a good check are not a token of the standard.</summary>
public enum TokenLayoutFault
{
    /// <summary>They are.</summary>
    None,

    /// <summary>Bits that must be zero are not (FormatError).</summary>
    ReservedBits,

    /// <summary>A key revision number, tariff index or supply group code is outside its range (RangeError).</summary>
    OutOfRange,
}

/// <summary>The one place that knows where each field stands in a token's 48 data bits.</summary>
/// <remarks>
/// IEC 62055-41 token tables; STS 202-5 for subclass 10. Leftmost field first: subclass (4 bits) on top.
/// </remarks>
public static class TokenLayout
{
    private const int SubclassShift = 44;
    private const int RandomShift = 40;
    private const int TidShift = 16;

    /// <summary>The data bits of a meaning.</summary>
    /// <exception cref="ArgumentException">A field is wider than its place; the parameter names it.</exception>
    public static TokenContent Write(Token token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return token switch
        {
            TransferCredit t => Credit(t.Service, t.Random, t.Tid, t.Amount),
            TransferCurrency t => Currency(t.Service, t.Tid, t.Amount),
            InitiateMeterTest t => Test(t.Subclass, (long)t.Tests, t.ManufacturerCode),
            ReadExtension t => Test(t.Subclass, t.Control, t.ManufacturerCode),
            ProprietaryTest t => Test(Ranged(t.Subclass, 6, 15, nameof(ProprietaryTest.ProprietarySubclass)),
                t.Control, t.ManufacturerCode),
            ManagementToken t => Management(t.Subclass, t.Random, t.Tid, t.Value),
            ProprietaryManagement t => Data(
                TokenClass.MeterSpecificManagement,
                Ranged(t.Subclass, 11, 15, nameof(ProprietaryManagement.ProprietarySubclass)),
                Fits(t.Payload, 44, nameof(ProprietaryManagement.Payload))),
            Set1stSectionDecoderKey t => FirstSection(t.KeyExpiryHigh, t.KeyRevisionNumber, t.Rollover,
                t.ThirdTokenFollows, t.KeyType, t.Section.Bits),
            Set2ndSectionDecoderKey t => SecondSection(t.KeyExpiryLow, t.TariffIndex, t.Section.Bits),
            Set3rdSectionSupplyGroupCode t => ThirdSection(t.SupplyGroupCode),
            Set3rdSectionDecoderKey t => ThirdSection(t.SupplyGroupCodeLow, t.Section.Bits),
            Set4thSectionDecoderKey t => FourthSection(t.SupplyGroupCodeHigh, t.Section.Bits),
            ReservedToken => throw new ArgumentException(
                "No document assigns this class and subclass; it is never issued.", nameof(token)),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    /// <summary>The data bits of a credit token, without an object in between.</summary>
    public static TokenContent Credit(CreditService service, byte random, TokenIdentifier tid,
        TransferAmount amount) =>
        Timed(TokenClass.Credit, (int)service, random, tid, amount.Field);

    /// <summary>The data bits of a currency token, without an object in between.</summary>
    // IEC 62055-41: sign and the upper exponent bits stand where RND stands in the other credit tokens.
    public static TokenContent Currency(CreditService service, TokenIdentifier tid, CurrencyAmount amount) =>
        Timed(TokenClass.Credit, (int)service + 4, (byte)(amount.Field >> 16), tid, (ushort)(amount.Field & 0xFFFF));

    /// <summary>The data bits of a class 2 token with a 16-bit value, without an object in between.</summary>
    public static TokenContent Management(int subclass, byte random, TokenIdentifier tid, ushort value) =>
        Timed(TokenClass.MeterSpecificManagement, subclass, random, tid, value);

    // The sections of a key change, without an object in between.
    internal static TokenContent FirstSection(int keyExpiryHigh, KeyRevisionNumber krn, bool rollover,
        bool thirdTokenFollows, KeyType keyType, uint section) =>
        KeyChange(3, Fits(keyExpiryHigh, 4, nameof(keyExpiryHigh)) << 8 | (uint)krn.Value << 4 | (rollover ? 8u : 0)
            | (thirdTokenFollows ? 4u : 0) | Fits((int)keyType, 2, nameof(keyType)), section);

    internal static TokenContent SecondSection(int keyExpiryLow, TariffIndex ti, uint section) =>
        KeyChange(4, Fits(keyExpiryLow, 4, nameof(keyExpiryLow)) << 8 | (uint)ti.Value, section);

    internal static TokenContent ThirdSection(SupplyGroupCode sgc) =>
        Data(TokenClass.MeterSpecificManagement, 8, (ulong)sgc.Value << 20);

    internal static TokenContent ThirdSection(int supplyGroupCodeLow, uint section) =>
        KeyChange(8, Fits(supplyGroupCodeLow, 12, nameof(supplyGroupCodeLow)), section);

    internal static TokenContent FourthSection(int supplyGroupCodeHigh, uint section) =>
        KeyChange(9, Fits(supplyGroupCodeHigh, 12, nameof(supplyGroupCodeHigh)), section);

    /// <summary>
    /// Bits of the control field of a class 1 subclass: 28 where the manufacturer code has 16, else 36.
    /// </summary>
    public static int ControlBits(int subclass) => subclass is 1 or (>= 6 and <= 10) ? 28 : 36;

    /// <summary>Reads data bits back into a meaning.</summary>
    /// <param name="content">Content whose check held.</param>
    /// <param name="ea">The meter's cipher: it decides what subclass 8 carries.</param>
    /// <param name="token">The meaning; on failure null.</param>
    /// <param name="fault">The first broken rule.</param>
    public static bool TryRead(TokenContent content, EncryptionAlgorithm ea,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Token? token, out TokenLayoutFault fault)
    {
        fault = TokenLayoutFault.None;
        token = content.Class switch
        {
            TokenClass.Credit => ReadCredit(content),
            TokenClass.NonMeterSpecificManagement => ReadTest(content),
            TokenClass.MeterSpecificManagement => ReadManagement(content, ea, out fault),
            _ => new ReservedToken { Content = content },
        };
        return token is not null;
    }

    /// <summary>
    /// The identifier of content that has one at the usual place (class 0, and class 2 but for key changes).
    /// </summary>
    public static TokenIdentifier IdentifierOf(TokenContent content) =>
        TokenIdentifier.FromNumber((int)((content.Data >> TidShift) & TokenIdentifier.MaxValue));

    /// <summary>True when content of this class and subclass carries an identifier.</summary>
    public static bool HasIdentifier(TokenContent content) => content.Class switch
    {
        TokenClass.Credit => true,
        TokenClass.MeterSpecificManagement => content.Subclass is not (3 or 4 or 8 or 9),
        _ => false,
    };

    private static Token ReadCredit(TokenContent content) => content.Subclass switch
    {
        <= 3 => new TransferCredit
        {
            Service = (CreditService)content.Subclass,
            Amount = TransferAmount.FromField(ValueOf(content)),
            Tid = IdentifierOf(content),
            Random = RandomOf(content),
        },
        <= 7 => new TransferCurrency
        {
            Service = (CreditService)(content.Subclass - 4),
            Amount = CurrencyAmount.FromField((RandomOf(content) << 16) | ValueOf(content)),
            Tid = IdentifierOf(content),
        },
        _ => new ReservedToken { Content = content },
    };

    private static Token ReadTest(TokenContent content)
    {
        var makerBits = 44 - ControlBits(content.Subclass);
        var control = (long)((content.Data >> makerBits) & ((1ul << ControlBits(content.Subclass)) - 1));
        var maker = (int)(content.Data & ((1ul << makerBits) - 1));
        return content.Subclass switch
        {
            0 or 1 => new InitiateMeterTest
            {
                FourDigitForm = content.Subclass == 1,
                Tests = (MeterTests)control,
                ManufacturerCode = maker,
            },
            2 => new ReadExtension { Control = control, ManufacturerCode = maker },
            >= 6 => new ProprietaryTest
            {
                ProprietarySubclass = content.Subclass,
                Control = control,
                ManufacturerCode = maker,
            },
            _ => new ReservedToken { Content = content },
        };
    }

    private static Token? ReadManagement(TokenContent content, EncryptionAlgorithm ea, out TokenLayoutFault fault)
    {
        fault = TokenLayoutFault.None;
        var tid = IdentifierOf(content);
        var random = RandomOf(content);
        var value = ValueOf(content);
        return content.Subclass switch
        {
            0 => new SetMaximumPowerLimit { Tid = tid, Random = random, Watts = TransferAmount.FromField(value) },
            1 => new ClearCredit { Tid = tid, Random = random, Register = (CreditRegister)value },
            2 => new SetTariffRate { Tid = tid, Random = random, Rate = value },
            5 => new ClearTamperCondition { Tid = tid, Random = random, Pad = value },
            6 => new SetMaximumPhasePowerUnbalanceLimit
            {
                Tid = tid,
                Random = random,
                Watts = TransferAmount.FromField(value),
            },
            7 => new SetWaterMeterFactor { Tid = tid, Random = random, Factor = value },
            10 when value >> 10 == 63 =>
                new SetFlag { Tid = tid, Random = random, Index = (value >> 1) & 511, Enabled = (value & 1) != 0 },
            10 => new SetControlElement { Tid = tid, Random = random, Index = value >> 10, Element = value & 1023 },
            >= 11 => new ProprietaryManagement
            {
                ProprietarySubclass = content.Subclass,
                Payload = content.Data & ((1ul << SubclassShift) - 1),
            },
            _ => ReadKeyChange(content, ea, out fault),
        };
    }

    private static Token? ReadKeyChange(TokenContent content, EncryptionAlgorithm ea, out TokenLayoutFault fault)
    {
        fault = TokenLayoutFault.None;
        var head = (int)((content.Data >> 32) & 0xFFF);
        var section = new KeySection((uint)(content.Data & uint.MaxValue));
        switch (content.Subclass)
        {
            case 3:
                var krn = (head >> 4) & 15;
                if (krn is >= 1 and <= 9)
                    return new Set1stSectionDecoderKey
                    {
                        KeyExpiryHigh = head >> 8,
                        KeyRevisionNumber = KeyRevisionNumber.FromNumber(krn),
                        Rollover = (head & 8) != 0,
                        ThirdTokenFollows = (head & 4) != 0,
                        KeyType = (KeyType)(head & 3),
                        Section = section,
                    };
                fault = TokenLayoutFault.OutOfRange;
                return null;
            case 4:
                if ((head & 0xFF) <= 99)
                    return new Set2ndSectionDecoderKey
                    {
                        KeyExpiryLow = head >> 8,
                        TariffIndex = TariffIndex.FromNumber(head & 0xFF),
                        Section = section,
                    };
                fault = TokenLayoutFault.OutOfRange;
                return null;
            case 8 when ea != EncryptionAlgorithm.Ea11:
                var sgc = (int)((content.Data >> 20) & 0xFFFFFF);
                fault = (content.Data & 0xFFFFF) != 0 ? TokenLayoutFault.ReservedBits
                    : sgc > 999_999 ? TokenLayoutFault.OutOfRange
                    : TokenLayoutFault.None;
                return fault == TokenLayoutFault.None
                    ? new Set3rdSectionSupplyGroupCode { SupplyGroupCode = SupplyGroupCode.FromNumber(sgc) } : null;
            case 8:
                return new Set3rdSectionDecoderKey { SupplyGroupCodeLow = head, Section = section };
            default:
                return new Set4thSectionDecoderKey { SupplyGroupCodeHigh = head, Section = section };
        }
    }

    private static TokenContent Timed(TokenClass tokenClass, int subclass, byte random, TokenIdentifier tid,
        ushort value) =>
        Data(tokenClass, subclass, ((ulong)(random & 15) << RandomShift) | ((ulong)tid.Value << TidShift) | value);

    private static TokenContent Test(int subclass, long control, int maker)
    {
        var makerBits = 44 - ControlBits(subclass);
        var controlField = Fits((ulong)control, ControlBits(subclass), nameof(InitiateMeterTest.Tests));
        return Data(TokenClass.NonMeterSpecificManagement, subclass, (controlField << makerBits)
            | Fits(maker, makerBits, nameof(InitiateMeterTest.ManufacturerCode)));
    }

    private static TokenContent KeyChange(int subclass, uint head, uint section) =>
        Data(TokenClass.MeterSpecificManagement, subclass, ((ulong)head << 32) | section);

    private static TokenContent Data(TokenClass tokenClass, int subclass, ulong below) =>
        new(tokenClass, ((ulong)subclass << SubclassShift) | below);

    private static byte RandomOf(TokenContent content) => (byte)((content.Data >> RandomShift) & 15);

    private static ushort ValueOf(TokenContent content) => (ushort)(content.Data & 0xFFFF);

    private static uint Fits(int value, int bits, string field) => (uint)Fits((ulong)(uint)value, bits, field);

    private static ulong Fits(ulong value, int bits, string field) =>
        value >> bits == 0 ? value
            : throw new ArgumentOutOfRangeException(field, value, $"The field has {bits} bits.");

    private static int Ranged(int value, int from, int to, string field) =>
        value >= from && value <= to ? value
            : throw new ArgumentOutOfRangeException(field, value, $"Permitted are {from} to {to}.");
}
