using OpenSts.Keys;
using OpenSts.Pkcs11;
using OpenSts.SecureStorage;
using OpenSts.SecurityModule.Transport;
using OpenSts.SecurityModule.Vault;
using OpenSts.Sts6;

namespace OpenSts.SecurityModule.Tests.Commands;

/// <summary>Every code that the module gives, provoked; a refusal counts nothing and shows nothing.</summary>
public class ResponseCodeTests
{
    private static readonly KeyCard Card = TestModule.Card;

    [Fact]
    public void Successful_00_CreditCounts()
    {
        using var module = new TestModule((1, Card));
        Assert.StartsWith("SM!VC00P", module.Ask(module.Credit()), StringComparison.Ordinal);
        Assert.Equal(new VaultCounters { Units = 100, Tokens = 1 }, module.Registers[0].Counters);
        Assert.StartsWith("SM!VC00P", module.Ask(module.Credit(subclass: 4, amount: "004001")),
            StringComparison.Ordinal);
        Assert.Equal(new VaultCounters { Units = 100, Currency = 1, Tokens = 2 }, module.Registers[0].Counters);
    }

    [Fact]
    public void DeviceFailure_01_TokenThatFails()
    {
        var register = new KeyRegister(1, Card, new BrokenKey(), default, isTest: true);
        using var module =
            new SoftwareSecurityModule(new ModuleSettings { TestMode = true }, [register], new MemoryIssueLog());
        var answers = new System.Buffers.ArrayBufferWriter<byte>();
        _ = new ModuleSession(module, SessionFraming.Lines)
            .Receive(TestModule.Line("SM?VCN1~P600727000000000009~N1~N11~N2~N0~H0001~H014EEC~"), answers);
        Assert.Equal(["SM!VC01"], TestModule.Lines(answers.WrittenSpan));
        Assert.Equal(default, register.Counters);
    }

    [Theory]
    [InlineData("length too small", "GL?EC000041234" + "5")]
    [InlineData("length too great", "GL?EC0000612345")]
    [InlineData("a letter in the length", "GL?EC0000A12345")]
    [InlineData("nothing", "GL?EC")]
    [InlineData("a reset with fields", "GL?RSN1~")]
    [InlineData("nothing to repeat", "GL?RR")]
    public void FormatError_02(string description, string request) => Refuses(description, "02", request);

    [Fact]
    public void TokenCrcError_03_IsAResult()
    {
        using var module = new TestModule((1, Card));
        Assert.Equal("SM!VT00N3~", module.Ask("SM?VTN1~P600727000000000009~N1~N11~P58625789986991357487~"));
    }

    [Fact]
    public void KeyTypeError_05_CreditUnderADefaultKey() =>
        RefusesCredit("05", Card with { KeyType = KeyType.Default });

    [Fact]
    public void KeyTypeError_05_CommonKeyWithoutMagneticCard()
    {
        using var module = new TestModule((1, Card with { KeyType = KeyType.Common }));
        Assert.Equal("05", module.Code(module.Credit(tct: 2)));
        Assert.Equal("00", module.Code(module.Credit(tct: 1)));
    }

    [Theory]
    [InlineData("SM?DI9A50", Label = "one digit changed")]
    [InlineData("SM?DI9a51", Label = "small letters")]
    [InlineData("SM?DI", Label = "no check")]
    [InlineData("", Label = "an empty line")]
    public void ChecksumError_20(string line)
    {
        using var module = new TestModule((1, Card));
        Assert.Equal(["GL!ER20"], module.Send(System.Text.Encoding.ASCII.GetBytes(line + "\r")));
    }

    [Theory]
    [InlineData("SM?ZZN1~", Label = "unknown")]
    [InlineData("SM?", Label = "a header too short")]
    [InlineData("SM?vc", Label = "small letters")]
    [InlineData("SM!VC00", Label = "an answer")]
    [InlineData("SM?TS", Label = "a command of the older protocol")]
    [InlineData("SM?MKN1~", Label = "credit's counterpart in the other build")]
    [InlineData("SM?KC", Label = "key agreement, with the key management centre to come")]
    [InlineData("SM?KR", Label = "key request")]
    [InlineData("SM?KL", Label = "key load")]
    [InlineData("SM?KF", Label = "end of loading")]
    [InlineData("SM?KX", Label = "removal of a centre")]
    [InlineData("SM?CI", Label = "signed instruction")]
    public void InvalidRequestHeader_21(string request)
    {
        using var module = new TestModule((1, Card));
        // The header is looked at once the check of the line holds, and shorter than header and check no line can be.
        Assert.Equal(request.Length < 5 ? "GL!ER20" : "GL!ER21", module.Ask(request));
    }

    [Fact]
    public void InvalidRequestHeader_21_ManufacturingModuleSellsNoCredit()
    {
        using var module = new TestModule(new ModuleSettings { Role = ModuleRole.Manufacturing }, null, (1, Card));
        Assert.Equal("GL!ER21", module.Ask(module.Credit()));
    }

    [Fact]
    public void KmcKeyStateError_26_OnlyCredit()
    {
        using var module = new TestModule((1, Card));
        module.Registers[0].ParentIsActive = false;
        Assert.Equal("26", module.Code(module.Credit()));
        Assert.Equal("00", module.Code(module.Management()));
    }

    [Theory]
    [InlineData("credit", "SM?VCN2~P600727000000000009~N1~N11~N2~N0~H0001~H014EEC~")]
    [InlineData("management", "SM?VMN2~P600727000000000009~N1~N11~N2~N0~H0001~H014EEC~")]
    [InlineData("old key", "SM?VKN2~N1~P600727000000000009~N1~N11~N2~N1~N4~")]
    [InlineData("new key", "SM?VKN1~N2~P600727000000000009~N1~N11~N2~N1~N4~")]
    [InlineData("verification", "SM?VTN2~P600727000000000009~N1~N11~P58625789986991357486~")]
    [InlineData("attributes", "SM?GAN2~")]
    public void VkRegNotFound_28(string description, string request) => Refuses(description, "28", request);

    public static TheoryData<string, KeyCard, KeyCard> ForbiddenChanges => new()
    {
        { "from a common to a unique key", Card with { KeyType = KeyType.Common }, Card },
        { "from a unique to a common key", Card, Card with { KeyType = KeyType.Common } },
        { "to another cluster", Card, Card with { Cluster = 1 } },
        { "to an expired key", Card, Card with { KeyExpiryNumber = KeyExpiryNumber.FromNumber(96) } },
        { "to an earlier base date", Card, Card with { BaseDate = BaseDate.Base1993 } },
    };

    [Theory]
    [MemberData(nameof(ForbiddenChanges))]
    public void KeyChangeNotAllowed_29(string description, KeyCard from, KeyCard to)
    {
        Assert.NotEmpty(description);
        using var module = new TestModule((1, from), (2, to));
        Assert.Equal("SM!VK29", module.Ask(TestModule.KeyChange(tct: 1)));
        Assert.All(module.Registers, register => Assert.Equal(default, register.Counters));
    }

    [Fact]
    public void KeyChangeNotAllowed_29_CommonKeyWithoutMagneticCard()
    {
        var common = Card with { KeyType = KeyType.Common };
        using var module = new TestModule((1, common), (2, common));
        Assert.Equal("SM!VK29", module.Ask(TestModule.KeyChange(tct: 2)));
        Assert.Equal("00", module.Code(TestModule.KeyChange(tct: 1)));
    }

    [Fact]
    public void KeyChange_AwayFromAnExpiredKey_IsMade()
    {
        using var module =
            new TestModule((1, Card with { KeyExpiryNumber = KeyExpiryNumber.FromNumber(85) }), (2, Card));
        Assert.Equal("00", module.Code(TestModule.KeyChange()));
        Assert.Equal(4, module.Registers[0].Counters.Tokens);
    }

    [Fact]
    public void InsufficientCreditBalance_31_Units()
    {
        using var module = new TestModule((1, Card with { UnitLimit = 250 }));
        Assert.Equal("00", module.Code(module.Credit(amount: "0064")));
        Assert.Equal("00", module.Code(module.Credit(amount: "0064", subclass: 3)));
        Assert.Equal("31", module.Code(module.Credit(amount: "0033")));
        Assert.Equal("00", module.Code(module.Credit(amount: "0032")));
        Assert.Equal("31", module.Code(module.Credit(amount: "0001")));
        Assert.Equal(250, module.Registers[0].Counters.Units);
        Assert.Equal("00", module.Code(module.Management()));
        Assert.Equal("00", module.Code(module.Credit(subclass: 4)));
    }

    [Fact]
    public void InsufficientCreditBalance_31_Currency()
    {
        using var module = new TestModule((1, Card with { CurrencyLimit = 2 }));
        Assert.Equal("00", module.Code(module.Credit(subclass: 4, amount: "000001")));
        Assert.Equal("00", module.Code(module.Credit(subclass: 7, amount: "000001")));
        Assert.Equal("31", module.Code(module.Credit(subclass: 5, amount: "000001")));
        // What takes credit away needs no limit and gives none back.
        Assert.Equal("00", module.Code(module.Credit(subclass: 4, amount: "080001")));
        Assert.Equal(2, module.Registers[0].Counters.Currency);
        Assert.Equal("31", module.Code(module.Credit(subclass: 6, amount: "000001")));
    }

    [Theory]
    [InlineData("no such algorithm", "SM?VCN1~P600727000000000009~N1~N8~N2~N0~H0001~H014EEC~")]
    [InlineData("the withdrawn algorithm", "SM?VCN1~P600727000000000009~N1~N9~N2~N0~H0001~H014EEC~")]
    [InlineData("tariff index", "SM?VCN1~P600727000000000009~N100~N11~N2~N0~H0001~H014EEC~")]
    [InlineData("credit subclass 8", "SM?VCN1~P600727000000000009~N1~N11~N2~N8~H0001~H014EEC~")]
    [InlineData("a key change section", "SM?VMN1~P600727000000000009~N1~N11~N2~N3~H0001~H014EEC~")]
    [InlineData("another", "SM?VMN1~P600727000000000009~N1~N11~N2~N9~H0001~H014EEC~")]
    [InlineData("the maker's own", "SM?VMN1~P600727000000000009~N1~N11~N2~N11~H0001~H014EEC~")]
    [InlineData("new tariff index", "SM?VKN1~N1~P600727000000000009~N1~N11~N2~N100~N4~")]
    [InlineData("verification", "SM?VTN1~P600727000000000009~N1~N3~P58625789986991357486~")]
    public void KeyParamError_40(string description, string request) => Refuses(description, "40", request);

    [Fact]
    public void KeyParamError_40_Ea11NeedsDkga04()
    {
        var old = Card with { DecoderKeyGenerationAlgorithm = DecoderKeyGenerationAlgorithm.Dkga02 };
        using var module = new TestModule((1, old), (2, Card));
        Assert.Equal("40", module.Code(module.Credit()));
        Assert.Equal("40", module.Code(TestModule.KeyChange()));
        Assert.Equal("40", module.Code(TestModule.KeyChange(2, 1)));
        Assert.Equal("00", module.Code(module.Credit(ea: 7)));
    }

    [Fact]
    public void KeyParamError_40_InitialKeyInAVendingModule()
    {
        using var module = new TestModule((1, Card with { KeyType = KeyType.Initialization }), (2, Card));
        Assert.Equal("40", module.Code(module.Management()));
        Assert.Equal("40", module.Code(TestModule.KeyChange()));
        Assert.Equal("40", module.Code(TestModule.KeyChange(2, 1)));
    }

    [Fact]
    public void KeyExpired_41()
    {
        using var module = new TestModule(new ModuleSettings { TestMode = true }, null,
            (1, Card with { KeyExpiryNumber = KeyExpiryNumber.FromNumber(85) }));
        Assert.Equal("41", module.Code(module.Credit(tid: 86 << 16)));
        Assert.Equal("41", module.Code(module.Management(tid: 86 << 16)));
        Assert.Equal("00", module.Code(module.Credit(tid: (86 << 16) - 1)));
    }

    [Fact]
    public void KeyExpired_41_IsAResult()
    {
        string digits;
        using (var selling = new TestModule((1, Card)))
            digits = selling.Ask(selling.Credit())[^21..^1];
        using var module = new TestModule((1, Card with { KeyExpiryNumber = KeyExpiryNumber.FromNumber(90) }));
        Assert.Equal("SM!VT00N41~", module.Ask($"SM?VTN1~P600727000000000009~N1~N11~P{digits}~"));
    }

    [Fact]
    public void KeyIssueExpired_42()
    {
        using var module = new TestModule((1, Card with { IssuedUntil = TestModule.Start }), (2, Card));
        Assert.Equal("00", module.Code(module.Credit()));
        module.Now = TestModule.Start.AddSeconds(1);
        Assert.Equal("42", module.Code(module.Credit(subclass: 1)));
        Assert.Equal("42", module.Code(module.Management()));
        Assert.Equal("42", module.Code(TestModule.KeyChange()));
        Assert.Equal("42", module.Code(TestModule.KeyChange(2, 1)));
        Assert.Equal("SM!VT00N42~", module.Ask("SM?VTN1~P600727000000000009~N1~N11~P58625789986991357486~"));
    }

    [Fact]
    public void KeyNotYetActive_43_OnlyTheNewKeyOfASet()
    {
        using var module = new TestModule((1, Card), (2, Card with { ActiveFrom = TestModule.Start.AddSeconds(1) }));
        Assert.Equal("43", module.Code(TestModule.KeyChange()));
        Assert.Equal("00", module.Code(TestModule.KeyChange(2, 1)));
        Assert.Equal("00", module.Code(module.Credit(2)));
        module.Now = TestModule.Start.AddSeconds(1);
        Assert.Equal("00", module.Code(TestModule.KeyChange()));
    }

    [Theory]
    [InlineData(-7, 0, "00")]
    [InlineData(-7, -1, "44")]
    [InlineData(7, 0, "00")]
    [InlineData(7, 1, "44")]
    public void TidOutOfWindow_44(int days, int minutes, string code)
    {
        using var module = new TestModule((1, Card));
        var tid = module.Tid(TestModule.Start.AddDays(days).AddMinutes(minutes));
        Assert.Equal(code, module.Code(module.Credit(tid: tid)));
        Assert.Equal(code, module.Code(module.Management(tid: tid)));
    }

    [Theory]
    [InlineData("SM?QLN2~N1~", Label = "behind the end")]
    [InlineData("SM?QLN2147483647~N50~", Label = "far behind the end")]
    public void LogRangeError_45(string request)
    {
        using var module = new TestModule((1, Card));
        Assert.Equal("00", module.Code(module.Credit()));
        Assert.Equal("00", module.Code("SM?QLN1~N1~"));
        Assert.Equal("SM!QL45", module.Ask(request));
    }

    [Fact]
    public void SubclassNotAllowed_48()
    {
        using var module = new TestModule(
            (1, KeyCard.Parse(Card.ToString().Replace("SCL0,1,2,3,4,5,6,7", "SCL0,4", StringComparison.Ordinal))));
        for (var subclass = 0; subclass <= 7; subclass++)
            Assert.Equal(subclass is 0 or 4 ? "00" : "48", module.Code(module.Credit(subclass: subclass)));
    }

    [Fact]
    public void TamperedState_57()
    {
        using var module = new TestModule((1, Card));
        module.Module.Tamper();
        Assert.Equal("GL!ER57", module.Ask(module.Credit()));
        Assert.Equal(["GL!ER57"], module.Send("SM?DI9A50\r"u8));
    }

    [Fact]
    public void AppErrorState_58_WhenTheSaleCannotBeNoted()
    {
        using var module = new TestModule(new ModuleSettings(), new BrokenJournal(), (1, Card));
        Assert.Equal("SM!DI00P00000000~POPENSTS1~", module.Ask("SM?DI"));
        Assert.Equal("GL!ER58", module.Ask(module.Credit()));
        Assert.Equal(default, module.Registers[0].Counters);
        Assert.Equal("GL!ER58", module.Ask("SM?DI"));
    }

    [Theory]
    [InlineData("too few", "SM?VCN1~P600727000000000009~N1~")]
    [InlineData("one too many", "SM?GAN1~N1~")]
    [InlineData("none", "SM?GA")]
    [InlineData("one where none belongs", "SM?DIN1~")]
    [InlineData("no tilde at the end", "SM?GAN1")]
    [InlineData("something behind the last tilde", "SM?GAN1~N")]
    [InlineData("a tilde in a text", "SM?VTN1~P6007270000~00000009~N1~N11~N2~P58625789986991357486~")]
    public void PtvdFieldCount_60(string description, string request) => Refuses(description, "60", request);

    [Theory]
    [InlineData("P for N", "SM?GAP1~")]
    [InlineData("small letter", "SM?GAn1~")]
    [InlineData("no letter", "SM?GA~")]
    [InlineData("the value without its letter", "SM?GA1~")]
    [InlineData("N for H, and a wrong encoding before it", "SM?VCN01~P600727000000000009~N1~N11~N2~N0~N0001~H014EEC~")]
    public void PtvdFieldType_61(string description, string request) => Refuses(description, "61", request);

    [Theory]
    [InlineData("leading zero", "SM?GAN01~")]
    [InlineData("no digits", "SM?GAN~")]
    [InlineData("sign", "SM?GAN-1~")]
    [InlineData("space", "SM?GAN 1~")]
    [InlineData("odd number of digits", "SM?VCN1~P600727000000000009~N1~N11~N2~N0~H001~H014EEC~")]
    [InlineData("small hexadecimal letters", "SM?VCN1~P600727000000000009~N1~N11~N2~N0~H0001~H014eec~")]
    [InlineData("no octets", "SM?VCN1~P600727000000000009~N1~N11~N2~N0~H~H014EEC~")]
    [InlineData("control character in a text", "SM?VTN1~P60072700000000000\u0001~N1~N11~P58625789986991357486~")]
    [InlineData("character above the range", "SM?VTN1~P60072700000000000\u00e9~N1~N11~P58625789986991357486~")]
    public void PtvdEncoding_62(string description, string request) => Refuses(description, "62", request);

    [Theory]
    [InlineData("register 0", "SM?GAN0~")]
    [InlineData("register 1000", "SM?GAN1000~")]
    [InlineData("a number beyond every type", "SM?GAN99999999999999999999~")]
    [InlineData("carrier", "SM?VCN1~P600727000000000009~N1~N11~N3~N0~H0001~H014EEC~")]
    [InlineData("value of 17 bits", "SM?VCN1~P600727000000000009~N1~N11~N2~N0~H010000~H014EEC~")]
    [InlineData("currency of 21 bits", "SM?VCN1~P600727000000000009~N1~N11~N2~N4~H100000~H014EEC~")]
    [InlineData("currency's width for management", "SM?VMN1~P600727000000000009~N1~N11~N2~N5~H010000~H014EEC~")]
    [InlineData("TID of 25 bits", "SM?VCN1~P600727000000000009~N1~N11~N2~N0~H0001~H01000000~")]
    [InlineData("ten digits", "SM?VCN1~P600727000000000009~N1~N11~N2~N0~H0000000001~H014EEC~")]
    [InlineData("no lines", "SM?QLN1~N0~")]
    [InlineData("too many lines", "SM?QLN1~N51~")]
    [InlineData("token above 66 bits", "SM?VTN1~P600727000000000009~N1~N11~P73786976294838206464~")]
    [InlineData("token of 19 digits", "SM?VTN1~P600727000000000009~N1~N11~P5862578998699135748~")]
    public void PtvdRange_63(string description, string request) => Refuses(description, "63", request);

    [Theory]
    [InlineData("600727000000000008", Label = "check digit")]
    [InlineData("60072700000000000", Label = "17 digits")]
    [InlineData("6007270000000000090", Label = "19 digits")]
    [InlineData("60072700000000000A", Label = "a letter")]
    [InlineData("600728000000000009", Label = "another issuer")]
    [InlineData("", Label = "nothing")]
    public void InvalidPan_76(string pan)
    {
        using var module = new TestModule((1, Card), (2, Card));
        Assert.Equal("76", module.Code(module.Credit(pan: pan)));
        Assert.Equal("76", module.Code(module.Management(pan: pan)));
        Assert.Equal("76", module.Code(TestModule.KeyChange(pan: pan)));
        Assert.Equal("76", module.Code($"SM?VTN1~P{pan}~N1~N11~P58625789986991357486~"));
    }

    [Fact]
    public void DdtkCreditError_80_IsAResultWithFields()
    {
        var card = Card with { KeyType = KeyType.Default };
        using var key = Hazmat.ImportVendingKey(Convert.FromHexString(TestKeys.VendingKeyA));
        using var register = new KeyRegister(1, card, VendingKeyHandles.Of(key), default, isTest: true);
        using var decoderKey = register.Derive(register.AttributesOf(MeterPan.Parse(TestModule.Pan),
            TariffIndex.FromNumber(1), EncryptionAlgorithm.Ea11));
        var token = new Token66(decoderKey.Encrypt(TokenLayout.Credit(CreditService.Electricity, 5,
            TokenIdentifier.FromNumber(0x014EEC), TransferAmount.FromField(1)).Seal()));
        using var module = new TestModule((1, card));
        Assert.Equal("SM!VT00N80~N0~N0~H0001~H014EEC~", module.Ask($"SM?VTN1~P{TestModule.Pan}~N1~N11~P{token}~"));
    }

    [Theory]
    [InlineData(7, 1)]
    [InlineData(7, 4)]
    [InlineData(11, 2)]
    [InlineData(11, 3)]
    [InlineData(11, 5)]
    [InlineData(7, 2147483647)]
    public void InvalidNumberOfTokens_85(int ea, int count)
    {
        using var module = new TestModule((1, Card), (2, Card));
        Assert.Equal("SM!VK85", module.Ask(TestModule.KeyChange(ea: ea, count: count)));
    }

    [Fact]
    public void NotLicensed_98_CountAndDate()
    {
        using var module = new TestModule(new ModuleSettings
        {
            Licence = new ModuleLicence { Tokens = 5, StopVending = TestModule.Start.AddDays(1) }
        }, null, (1, Card), (2, Card));
        Assert.Equal("00", module.Code(TestModule.KeyChange()));
        Assert.Equal("98", module.Code(TestModule.KeyChange(toTi: 2)));
        Assert.Equal("00", module.Code(module.Credit()));
        Assert.Equal("98", module.Code(module.Credit(subclass: 1)));
        Assert.Equal("98", module.Code(module.Management()));
        Assert.Equal("SM!CQ00N5~N0~H00000000~D20260302120000~", module.Ask("SM?CQ"));
        using var late = new TestModule(new ModuleSettings
        {
            Licence = new ModuleLicence { StopVending = TestModule.Start.AddSeconds(-1) }
        }, null, (1, Card));
        Assert.Equal("98", late.Code(late.Credit()));
    }

    private static void Refuses(string description, string code, string request)
    {
        Assert.NotEmpty(description);
        using var module = new TestModule(new ModuleSettings { TestMode = true }, null, (1, Card));
        Assert.Equal(request[..2] + "!" + request[3..5] + code, module.Ask(request));
        Assert.Equal(default, module.Registers[0].Counters);
    }

    private static void RefusesCredit(string code, KeyCard card)
    {
        using var module = new TestModule((1, card));
        Assert.Equal("SM!VC" + code, module.Ask(module.Credit()));
        Assert.Equal(default, module.Registers[0].Counters);
    }

    private sealed class BrokenKey : IVendingKeyHandle
    {
        public DecoderKey? TryDerive(DecoderKeyAttributes attributes, out DecoderKeyFault fault) =>
            throw new TokenException("The token was pulled out.");

        public string CheckValue() => "";

        public void Dispose()
        {
            // Nothing is held.
        }
    }

    private sealed class BrokenJournal : ITokenIssueLog
    {
        public ulong Record(int register, in VaultCounters after, ReadOnlySpan<char> text) =>
            throw new StorageException(StorageFault.Storage, "The disk is full.");

        public Task WhenDurable(ulong entry) => Task.CompletedTask;

        public IReadOnlyList<string> Read(ulong from, int count, out ulong next)
        {
            next = from;
            return [];
        }
    }
}
