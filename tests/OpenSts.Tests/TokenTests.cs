using OpenSts.Keys;

namespace OpenSts.Tests;

public class TokenTests
{
    [Theory]
    [InlineData(EncryptionAlgorithm.Ea07)]
    [InlineData(EncryptionAlgorithm.Ea11)]
    public void Issue_EveryKind_ReadsBackToItsMeaningUnderItsKeyOnly(EncryptionAlgorithm ea)
    {
        using var key = TestKeys.Derive(TestKeys.Attributes(ea));
        using var other = TestKeys.Derive(TestKeys.Attributes(ea, pan: "600727111111111153"));
        var random = new Random(62055);
        var foreign = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var meaning = RandomTokens.Of(i % RandomTokens.Kinds, random, ea);
            var token = TokenIssuer.Issue(meaning, key);
            Assert.True(Token66.TryParse(token.ToString(), out var typed, out _));
            Assert.Equal(meaning.Class, typed.Class);
            Assert.True(TokenIssuer.TryOpen(typed, key, out var content));
            Assert.True(TokenLayout.TryRead(content, ea, out var read, out _));
            AssertSame(meaning, read);
            if (meaning.Class != TokenClass.NonMeterSpecificManagement && TokenIssuer.TryOpen(typed, other, out _))
                foreign++;
        }

        // 2^-16 of about 15,000: a handful would be suspicious.
        Assert.True(foreign <= 4, $"{foreign} tokens opened under another meter's key");
    }

    [Theory]
    [InlineData(EncryptionAlgorithm.Ea07)]
    [InlineData(EncryptionAlgorithm.Ea11)]
    public void TryOpen_TenMillionRandomBlocks_PassByAccidentAsOftenAsSixteenBitsSay(EncryptionAlgorithm ea)
    {
        const int Tries = 10_000_000;
        using var key = TestKeys.Derive(TestKeys.Attributes(ea));
        var random = new Random(65536);
        var passed = 0;
        for (var i = 0; i < Tries; i++)
        {
            var value = ((UInt128)(uint)random.Next(4) << 64) | (ulong)random.NextInt64() << 1 | (uint)random.Next(2);
            _ = Token66.TryFromValue(value, out var token);
            if (token.Class is not (TokenClass.Credit or TokenClass.MeterSpecificManagement))
            {
                // The class bits are two of the 66: set them to credit, the rest stays random.
                var block = new CipherBlock(TokenClass.Credit, token.ToCipherBlock().Value);
                token = new Token66(block);
            }

            if (TokenIssuer.TryOpen(token, key, out _))
                passed++;
        }

        var expected = Tries / 65536.0;
        TestContext.Current.SendDiagnosticMessage(
            $"accidental passes under {ea}: {passed} of {Tries} = 2^-{Math.Log2((double)Tries / passed):F2}; 2^-16 "
                + $"would be {expected:F1}");
        Assert.InRange(passed, expected - (5 * Math.Sqrt(expected)), expected + (5 * Math.Sqrt(expected)));
    }

    [Theory]
    [InlineData(7, "70630503470028726114", Label = "EA07 credit")]
    [InlineData(11, "58625789986991357486", Label = "EA11 credit")]
    [InlineData(7, "65413070543688156280", Label = "EA07 key change")]
    public void TryOpen_AnyWrongDigitOrSwap_NeverOpens(int ea, string good)
    {
        using var key = TestKeys.Derive(TestKeys.Attributes((EncryptionAlgorithm)ea));
        var tried = 0;
        foreach (var wrong in WrongDigits(good).Concat(Swaps(good)))
        {
            tried++;
            Assert.False(Token66.TryParse(wrong, out var token, out var fault)
                && TokenIssuer.TryOpen(token, key, out _), wrong);
            Assert.True(fault is TokenDigitsFault.None or TokenDigitsFault.Above66Bits);
        }

        Assert.InRange(tried, 20 * 9, (20 * 9) + 19);
    }

    [Theory]
    [InlineData("7063 0503 4700 2872 6114", TokenDigitsFault.None, Label = "grouped")]
    [InlineData("7063-0503-4700-2872-6114", TokenDigitsFault.None, Label = "dashes")]
    [InlineData("73786976294838206463", TokenDigitsFault.None, Label = "largest")]
    [InlineData("73786976294838206464", TokenDigitsFault.Above66Bits, Label = "one above")]
    [InlineData("7063050347002872611", TokenDigitsFault.Length, Label = "nineteen digits")]
    [InlineData("706305034700287261140", TokenDigitsFault.Length, Label = "twenty-one digits")]
    [InlineData("", TokenDigitsFault.Length, Label = "empty")]
    [InlineData("7063050347002872611A", TokenDigitsFault.NotDecimal, Label = "letter")]
    [InlineData(" 70630503470028726114", TokenDigitsFault.NotDecimal, Label = "space in front")]
    [InlineData("7063\t050347002872611", TokenDigitsFault.NotDecimal, Label = "tab")]
    public void TryParse_Digits_NamesTheBrokenRule(string text, TokenDigitsFault expected)
    {
        Assert.Equal(expected == TokenDigitsFault.None, Token66.TryParse(text, out _, out var fault));
        Assert.Equal(expected, fault);
    }

    [Fact]
    public void TryParse_TenMillionRandomInputs_NothingThrows()
    {
        const int Inputs = 10_000_000;
        const string Alphabet = "0123456789 -.+eE,AFaf\u0660\uFF11\0\n\"\ud800";
        var random = new Random(20211101);
        Span<char> buffer = stackalloc char[48];
        var accepted = 0;
        for (var i = 0; i < Inputs; i++)
        {
            var length = random.Next(24);
            var digitsOnly = random.Next(2) == 0;
            for (var c = 0; c < length; c++)
                buffer[c] = digitsOnly ? (char)('0' + random.Next(10)) : Alphabet[random.Next(Alphabet.Length)];
            ReadOnlySpan<char> text = buffer[..length];
            accepted += (i % 10) switch
            {
                0 => MeterPan.TryParse(text, out _, out _) ? 1 : 0,
                1 => DecoderReferenceNumber.TryParse(text, out _, out _) ? 1 : 0,
                2 => ManufacturerCode.TryParse(text, out _, out _) ? 1 : 0,
                3 => SupplyGroupCode.TryParse(text, out _, out _) ? 1 : 0,
                4 => TariffIndex.TryParse(text, out _, out _) ? 1 : 0,
                5 => KeyRevisionNumber.TryParse(text, out _, out _) ? 1 : 0,
                6 => KeyExpiryNumber.TryParse(text, out _, out _) ? 1 : 0,
                7 => Token66.TryParse(text, out _, out _) ? 1 : 0,
                8 => TransferAmount.TryParseTenths(text, out _) ? 1 : 0,
                _ => CurrencyAmount.TryParse(text, out _) ? 1 : 0,
            };
        }

        Assert.InRange(accepted, 1, Inputs - 1);
    }

    [Fact]
    public void Write_FieldTooWide_NamesTheField()
    {
        var test = new InitiateMeterTest { FourDigitForm = true, Tests = MeterTests.AllOf36 };
        Assert.Throws<ArgumentOutOfRangeException>(() => TokenLayout.Write(test));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new TransferCredit { Service = 0, Amount = default, Tid = default, Random = 16 });
        Assert.Throws<ArgumentException>(
            () => TokenLayout.Write(new ReservedToken { Content = new TokenContent(TokenClass.Reserved, 0) }));
        using var key = TestKeys.Derive(TestKeys.Attributes());
        Assert.Throws<InvalidOperationException>(
            () => key.Encrypt(TokenLayout.Write(test with { Tests = MeterTests.AllOf28 }).Seal()));
    }

    [Fact]
    public void TryRead_EveryContent_IsAMeaningOrANamedFault()
    {
        var random = new Random(4);
        for (var i = 0; i < 500_000; i++)
        {
            var content = new TokenContent((TokenClass)random.Next(4), (ulong)random.NextInt64(1L << 48));
            foreach (var ea in (EncryptionAlgorithm[])[EncryptionAlgorithm.Ea07, EncryptionAlgorithm.Ea11])
            {
                if (TokenLayout.TryRead(content, ea, out var token, out var fault))
                {
                    Assert.Equal(TokenLayoutFault.None, fault);
                    Assert.Equal((content.Class, content.Subclass), (token.Class, token.Subclass));
                    if (token is not ReservedToken)
                        Assert.Equal(content, TokenLayout.Write(token));
                }
                else
                {
                    Assert.NotEqual(TokenLayoutFault.None, fault);
                }
            }
        }
    }

    private static void AssertSame(Token expected, Token actual)
    {
        // Key sections are never equal by value, so their bits are compared through the one door.
        if (expected is KeyChangeToken wanted && actual is KeyChangeToken found)
        {
            Assert.Equal(Hazmat.Export(wanted.Section), Hazmat.Export(found.Section));
            Assert.Equal(expected, found with { Section = wanted.Section });
            Assert.DoesNotContain(Hazmat.Export(wanted.Section).ToString(), actual.ToString(),
                StringComparison.Ordinal);
            return;
        }

        Assert.Equal(expected, actual);
    }

    private static IEnumerable<string> WrongDigits(string good)
    {
        for (var i = 0; i < good.Length; i++)
        {
            for (var digit = '0'; digit <= '9'; digit++)
            {
                if (digit != good[i])
                    yield return string.Concat(good.AsSpan(0, i), digit.ToString(), good.AsSpan(i + 1));
            }
        }
    }

    private static IEnumerable<string> Swaps(string good)
    {
        for (var i = 0; i < good.Length - 1; i++)
        {
            if (good[i] != good[i + 1])
                yield return string.Concat(good.AsSpan(0, i), $"{good[i + 1]}{good[i]}", good.AsSpan(i + 2));
        }
    }
}
