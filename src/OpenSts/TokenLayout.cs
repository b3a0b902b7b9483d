namespace OpenSts;

/// <summary>The reason why data bits with a matching CRC are not a valid token.</summary>
public enum TokenLayoutFault
{
    /// <summary>The data bits are a valid token.</summary>
    None,

    /// <summary>Reserved bits are not zero (FormatError).</summary>
    ReservedBits,

    /// <summary>A key revision number, tariff index or supply group code is outside its range (RangeError).</summary>
    OutOfRange,
}

/// <summary>Encodes tokens into their 48 data bits and decodes them.</summary>
/// <remarks>
/// IEC 62055-41, token tables; STS 202-5 for subclass 10. The subclass is the upper four bits.
/// </remarks>
public static class TokenLayout
{
    private const int SubclassShift = 44;
    private const int RandomShift = 40;
    private const int TidShift = 16;

    /// <summary>Encodes a token.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A field is out of range; the message names it.</exception>
    /// <exception cref="ArgumentException">The token is a <see cref="ReservedToken"/>.</exception>
    public static TokenContent Write(Token token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return token switch
        {
            TransferCredit t => Credit(t.Service, t.Random, t.Tid, t.Amount),
            TransferCurrency t => Currency(t.Service, t.Tid, t.Amount),
            InitiateMeterTest t => Test(t.Subclass, (long)t.Tests, t.ManufacturerCode),
            ReadExtension t => Test(t.Subclass, t.Control, t.ManufacturerCode),
            ProprietaryTest t => Test(InRange(t.Subclass, 6, 15, nameof(ProprietaryTest.ProprietarySubclass)),
                t.Control, t.ManufacturerCode),
            ManagementToken t => Management(t.Subclass, t.Random, t.Tid, t.Value),
            ProprietaryManagement t => Content(
                TokenClass.MeterSpecificManagement,
                InRange(t.Subclass, 11, 15, nameof(ProprietaryManagement.ProprietarySubclass)),
                InBits(t.Payload, 44, nameof(ProprietaryManagement.Payload))),
            Set1stSectionDecoderKey t => FirstSection(t.KeyExpiryHigh, t.KeyRevisionNumber, t.Rollover,
                t.ThirdTokenFollows, t.KeyType, t.Section.Bits),
            Set2ndSectionDecoderKey t => SecondSection(t.KeyExpiryLow, t.TariffIndex, t.Section.Bits),
            Set3rdSectionSupplyGroupCode t => ThirdSection(t.SupplyGroupCode),
            Set3rdSectionDecoderKey t => ThirdSection(t.SupplyGroupCodeLow, t.Section.Bits),
            Set4thSectionDecoderKey t => FourthSection(t.SupplyGroupCodeHigh, t.Section.Bits),
            ReservedToken => throw new ArgumentException(
                "A token of a reserved class or subclass is never issued.", nameof(token)),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    /// <summary>Encodes a credit token from its fields.</summary>
    public static TokenContent Credit(CreditService service, byte random, TokenIdentifier tid,
        TransferAmount amount) =>
        WithIdentifier(TokenClass.Credit, (int)service, random, tid, amount.Field);

    /// <summary>Encodes a currency token from its fields.</summary>
    // IEC 62055-41: the sign and the upper exponent bits are in the position of RND in the other credit tokens.
    public static TokenContent Currency(CreditService service, TokenIdentifier tid, CurrencyAmount amount) =>
        WithIdentifier(TokenClass.Credit, (int)service + 4, (byte)(amount.Field >> 16), tid,
            (ushort)(amount.Field & 0xFFFF));

    /// <summary>Encodes a class 2 token with a 16-bit value from its fields.</summary>
    public static TokenContent Management(int subclass, byte random, TokenIdentifier tid, ushort value) =>
        WithIdentifier(TokenClass.MeterSpecificManagement, subclass, random, tid, value);

    // The tokens of a key change set, each encoded from its fields.
    internal static TokenContent FirstSection(int keyExpiryHigh, KeyRevisionNumber krn, bool rollover,
        bool thirdTokenFollows, KeyType keyType, uint section) =>
        KeyChange(3, InBits(keyExpiryHigh, 4, nameof(keyExpiryHigh)) << 8 | (uint)krn.Value << 4 | (rollover ? 8u : 0)
            | (thirdTokenFollows ? 4u : 0) | InBits((int)keyType, 2, nameof(keyType)), section);

    internal static TokenContent SecondSection(int keyExpiryLow, TariffIndex ti, uint section) =>
        KeyChange(4, InBits(keyExpiryLow, 4, nameof(keyExpiryLow)) << 8 | (uint)ti.Value, section);

    internal static TokenContent ThirdSection(SupplyGroupCode sgc) =>
        Content(TokenClass.MeterSpecificManagement, 8, (ulong)sgc.Value << 20);

    internal static TokenContent ThirdSection(int supplyGroupCodeLow, uint section) =>
        KeyChange(8, InBits(supplyGroupCodeLow, 12, nameof(supplyGroupCodeLow)), section);

    internal static TokenContent FourthSection(int supplyGroupCodeHigh, uint section) =>
        KeyChange(9, InBits(supplyGroupCodeHigh, 12, nameof(supplyGroupCodeHigh)), section);

    /// <summary>
    /// The width of the control field of a class 1 subclass: 28 bits with a manufacturer code of 16 bits, 36 bits with
    /// one of 8 bits.
    /// </summary>
    public static int ControlBits(int subclass) => subclass is 1 or (>= 6 and <= 10) ? 28 : 36;

    /// <summary>Decodes data bits into a token.</summary>
    /// <param name="content">The content of a block whose CRC matches.</param>
    /// <param name="ea">The encryption algorithm of the meter: the layout of subclass 8 depends on it.</param>
    /// <param name="token">The token; null on failure.</param>
    /// <param name="fault">The first rule that the data bits break.</param>
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
    /// The token identifier of content that has one (see <see cref="HasIdentifier"/>); else a meaningless value.
    /// </summary>
    public static TokenIdentifier IdentifierOf(TokenContent content) =>
        TokenIdentifier.FromNumber((int)((content.Data >> TidShift) & TokenIdentifier.MaxValue));

    /// <summary>True if content of this class and subclass has a token identifier.</summary>
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
        var manufacturerCodeBits = 44 - ControlBits(content.Subclass);
        var control = (long)((content.Data >> manufacturerCodeBits) & ((1ul << ControlBits(content.Subclass)) - 1));
        var manufacturerCode = (int)(content.Data & ((1ul << manufacturerCodeBits) - 1));
        return content.Subclass switch
        {
            0 or 1 => new InitiateMeterTest
            {
                FourDigitForm = content.Subclass == 1,
                Tests = (MeterTests)control,
                ManufacturerCode = manufacturerCode,
            },
            2 => new ReadExtension { Control = control, ManufacturerCode = manufacturerCode },
            >= 6 => new ProprietaryTest
            {
                ProprietarySubclass = content.Subclass,
                Control = control,
                ManufacturerCode = manufacturerCode,
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

    private static TokenContent WithIdentifier(TokenClass tokenClass, int subclass, byte random, TokenIdentifier tid,
        ushort value) =>
        Content(tokenClass, subclass, ((ulong)(random & 15) << RandomShift) | ((ulong)tid.Value << TidShift) | value);

    private static TokenContent Test(int subclass, long control, int manufacturerCode)
    {
        var manufacturerCodeBits = 44 - ControlBits(subclass);
        var controlField = InBits((ulong)control, ControlBits(subclass), nameof(InitiateMeterTest.Tests));
        return Content(TokenClass.NonMeterSpecificManagement, subclass, (controlField << manufacturerCodeBits)
            | InBits(manufacturerCode, manufacturerCodeBits, nameof(InitiateMeterTest.ManufacturerCode)));
    }

    private static TokenContent KeyChange(int subclass, uint head, uint section) =>
        Content(TokenClass.MeterSpecificManagement, subclass, ((ulong)head << 32) | section);

    private static TokenContent Content(TokenClass tokenClass, int subclass, ulong below) =>
        new(tokenClass, ((ulong)subclass << SubclassShift) | below);

    private static byte RandomOf(TokenContent content) => (byte)((content.Data >> RandomShift) & 15);

    private static ushort ValueOf(TokenContent content) => (ushort)(content.Data & 0xFFFF);

    private static uint InBits(int value, int bits, string field) => (uint)InBits((ulong)(uint)value, bits, field);

    private static ulong InBits(ulong value, int bits, string field) =>
        value >> bits == 0 ? value
            : throw new ArgumentOutOfRangeException(field, value, $"The field has {bits} bits.");

    private static int InRange(int value, int from, int to, string field) =>
        value >= from && value <= to ? value
            : throw new ArgumentOutOfRangeException(field, value, $"The field is {from} to {to}.");
}
