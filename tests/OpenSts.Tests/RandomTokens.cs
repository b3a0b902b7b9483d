namespace OpenSts.Tests;

/// <summary>One random token of any kind that can be issued, from a seeded source.</summary>
internal static class RandomTokens
{
    public const int Kinds = 20;

    public static Token Next(Random random, EncryptionAlgorithm ea) => Of(random.Next(Kinds), random, ea);

    public static Token Of(int kind, Random random, EncryptionAlgorithm ea)
    {
        var tid = TokenIdentifier.FromNumber(random.Next(TokenIdentifier.MaxValue + 1));
        var rnd = (byte)random.Next(16);
        var value = (ushort)random.Next(65536);
        var service = (CreditService)random.Next(4);
        var section = new KeySection((uint)random.NextInt64(0, 1L << 32));
        return kind switch
        {
            0 or 1 => new TransferCredit
            {
                Service = service,
                Amount = TransferAmount.FromField(value),
                Tid = tid,
                Random = rnd,
            },
            2 => new TransferCurrency
            {
                Service = service,
                Amount = CurrencyAmount.FromField(random.Next(1 << 20)),
                Tid = tid,
            },
            3 => new InitiateMeterTest
            {
                FourDigitForm = false,
                Tests = (MeterTests)random.NextInt64(1L << 36),
                ManufacturerCode = random.Next(256),
            },
            4 => new InitiateMeterTest
            {
                FourDigitForm = true,
                Tests = (MeterTests)random.NextInt64(1L << 28),
                ManufacturerCode = random.Next(65536),
            },
            5 => ReadExtension.OfControl(random.Next(63)),
            6 => ReadExtension.OfFlag(random.Next(512)),
            7 => new ProprietaryTest
            {
                ProprietarySubclass = random.Next(6, 11),
                Control = random.NextInt64(1L << 28),
                ManufacturerCode = random.Next(65536),
            },
            8 => new ProprietaryTest
            {
                ProprietarySubclass = random.Next(11, 16),
                Control = random.NextInt64(1L << 36),
                ManufacturerCode = random.Next(256),
            },
            9 => new SetMaximumPowerLimit { Watts = TransferAmount.FromField(value), Tid = tid, Random = rnd },
            10 => new ClearCredit { Register = (CreditRegister)value, Tid = tid, Random = rnd },
            11 => new SetTariffRate { Rate = value, Tid = tid, Random = rnd },
            12 => new ClearTamperCondition { Pad = value, Tid = tid, Random = rnd },
            13 => new SetMaximumPhasePowerUnbalanceLimit
            {
                Watts = TransferAmount.FromField(value),
                Tid = tid,
                Random = rnd,
            },
            14 => new SetWaterMeterFactor { Factor = value, Tid = tid, Random = rnd },
            15 => new SetControlElement
            {
                Index = random.Next(63),
                Element = random.Next(1024),
                Tid = tid,
                Random = rnd,
            },
            16 => new SetFlag { Index = random.Next(512), Enabled = random.Next(2) == 1, Tid = tid, Random = rnd },
            17 => new ProprietaryManagement
            {
                ProprietarySubclass = random.Next(11, 16),
                Payload = (ulong)random.NextInt64(1L << 44),
            },
            18 => new Set1stSectionDecoderKey
            {
                KeyExpiryHigh = random.Next(16),
                KeyRevisionNumber = KeyRevisionNumber.FromNumber(random.Next(1, 10)),
                Rollover = random.Next(2) == 1,
                ThirdTokenFollows = random.Next(2) == 1,
                KeyType = (KeyType)random.Next(4),
                Section = section,
            },
            _ => random.Next(3) switch
            {
                0 => new Set2ndSectionDecoderKey
                {
                    KeyExpiryLow = random.Next(16),
                    TariffIndex = TariffIndex.FromNumber(random.Next(100)),
                    Section = section,
                },
                1 when ea == EncryptionAlgorithm.Ea07 =>
                    new Set3rdSectionSupplyGroupCode
                    {
                        SupplyGroupCode = SupplyGroupCode.FromNumber(random.Next(1_000_000))
                    },
                1 => new Set3rdSectionDecoderKey { SupplyGroupCodeLow = random.Next(4096), Section = section },
                _ => new Set4thSectionDecoderKey { SupplyGroupCodeHigh = random.Next(4096), Section = section },
            },
        };
    }
}
