using System.Buffers;
using System.Globalization;
using System.Text;
using OpenSts.KeyManagement.Records;
using OpenSts.Keys;
using OpenSts.Metering;
using OpenSts.SecurityModule;
using OpenSts.SecurityModule.Transport;
using OpenSts.Sts6;

namespace OpenSts.KeyManagement.Tests;

/// <summary>Keys loaded by the protocol's own commands into a module that goes on serving.</summary>
public sealed class WireLoadingTests
{
    private const string Pan = "600727000000000009";

    [Fact]
    public void Commands_FromAgreementToRevocation_TheModuleSellsWithWhatItWasGiven()
    {
        using var world = new KeyWorld();
        var centre = world.NewCentre("NORTH1");
        var key = world.NewKey(centre, "111111");
        var store = world.NewModule(10_000_001);
        store.Register(centre);
        world.Authorise(centre, store.Id, key);
        using var module = SoftwareSecurityModule.Open(store.Vault, null, new ModuleSettings { Time = world.Time });
        var session = new ModuleSession(module, SessionFraming.Lines);
        var vend = $"SM?VCN1~P{Pan}~N1~N7~N2~N0~H007D~H{TidNow(world):X6}~";
        Assert.StartsWith("SM!VC28", Ask(session, vend), StringComparison.Ordinal);

        Assert.Equal("SM!KC00N1~", Ask(session, $"SM?KCP{centre.AgreementKeys.Current!.Line}~"));
        var file = Make(world, centre, session);
        Assert.Equal("SM!KL00N1~", Ask(session, $"SM?KLP{file[0]}~"));
        Assert.StartsWith("SM!KL00N1~P", Ask(session, $"SM?KLP{file[1]}~"), StringComparison.Ordinal);
        Assert.StartsWith("SM!VC28", Ask(session, vend), StringComparison.Ordinal);
        Assert.StartsWith("SM!KF00N1~N0~P", Ask(session, $"SM?KFP{file[^1]}~"), StringComparison.Ordinal);

        // The register that was just filled sells at once, and the meter takes the token.
        var token = Ask(session, vend).Split('P')[2][..20];
        using var handle = store.Vault.OpenKey(1);
        var attributes = new DecoderKeyAttributes
        {
            MeterPan = MeterPan.Parse(Pan),
            SupplyGroupCode = SupplyGroupCode.Parse("111111"),
            TariffIndex = TariffIndex.FromNumber(1),
            KeyRevisionNumber = KeyRevisionNumber.FromNumber(1),
            KeyType = KeyType.Unique,
            KeyExpiryNumber = KeyExpiryNumber.FromNumber(255),
            BaseDate = BaseDate.Base2014,
            EncryptionAlgorithm = EncryptionAlgorithm.Ea07,
            DecoderKeyGenerationAlgorithm = DecoderKeyGenerationAlgorithm.Dkga04,
        };
        using var decoderKey = DecoderKeyGeneration.Derive(handle, attributes);
        var settings =
            new MeterSettings { MeterPan = attributes.MeterPan, EncryptionAlgorithm = EncryptionAlgorithm.Ea07 };
        var decision = MeterApplication.Enter(settings, MeterState.AtManufacture(decoderKey, attributes, default),
            token, TimeSpan.Zero);
        Assert.Equal((TokenResult.Accept, 125L), (decision.Result, decision.State.CreditUnits));

        // Revoked at the centre, the key is gone with the next file; the module never stopped.
        _ = world.Do(centre, new RevokeKey(key, "compromised"));
        var second = world.NewKey(centre, "222222");
        world.Authorise(centre, store.Id, second);
        file = Make(world, centre, session);
        foreach (var line in file[..^1])
            Assert.StartsWith("SM!KL00", Ask(session, $"SM?KLP{line}~"), StringComparison.Ordinal);
        Assert.StartsWith("SM!KF00N1~N1~P", Ask(session, $"SM?KFP{file[^1]}~"), StringComparison.Ordinal);
        Assert.DoesNotContain("SGC111111", Ask(session, "SM?GAN1~")
            + Ask(session, "SM?GAN2~"), StringComparison.Ordinal);

        Assert.Equal("SM!KX00", Ask(session, "SM?KXPNORTH1~"));
        Assert.StartsWith("SM!VC28", Ask(session, vend), StringComparison.Ordinal);
        Assert.Equal("SM!KX27", Ask(session, "SM?KXPNORTH1~"));
        store.Dispose();
    }

    [Fact]
    public void Commands_WrongLines_AreRefusedWithTheirCodes()
    {
        using var world = new KeyWorld();
        using var otherWorld = new KeyWorld();
        var centre = world.NewCentre("NORTH1");
        var store = world.NewModule(10_000_001);
        store.Register(centre);
        using var module = SoftwareSecurityModule.Open(store.Vault, null, new ModuleSettings { Time = world.Time });
        var session = new ModuleSession(module, SessionFraming.Lines);
        Assert.Equal("SM!KC49", Ask(session, "SM?KCPnonsense~"));
        Assert.Equal("SM!KC60", Ask(session, "SM?KC"));
        // A certificate of another root: the one answer with words.
        Assert.StartsWith("SM!KCEEPcertificate of centre NORTH1 is not signed by root",
            Ask(session, $"SM?KCP{otherWorld.NewCentre("NORTH1").AgreementKeys.Current!.Line}~"),
            StringComparison.Ordinal);
        Assert.Equal("SM!KR27", Ask(session, "SM?KRPSOUTH1~"));
        Assert.Equal("SM!KF26", Ask(session, "SM?KFPKEND.1:00000001:1:00:0000~"));
        Assert.Equal("SM!KX27", Ask(session, "SM?KXPSOUTH1~"));
        Assert.Equal("SM!KC00N1~", Ask(session, $"SM?KCP{centre.AgreementKeys.Current!.Line}~"));
        Assert.Equal("SM!KL49", Ask(session, "SM?KLPKLF2.1:x~"));
        store.Dispose();
    }

    [Fact]
    public void Commands_OfAModuleWithoutIdentity_AreNotThere()
    {
        using var module = SoftwareSecurityModule.WithTestRegisters(new ModuleSettings { TestMode = true });
        Assert.Equal("GL!ER21", Ask(new ModuleSession(module, SessionFraming.Lines), "SM?KRPNORTH1~"));
    }

    private static string[] Make(KeyWorld world, KeyCentre centre, ModuleSession session)
    {
        var request = Ask(session, $"SM?KRP{centre.Kmcid}~");
        Assert.StartsWith("SM!KR00P", request, StringComparison.Ordinal);
        return KeyWorld.Value(centre.Files.Make(world.Alice, request["SM!KR00P".Length..^1])).Text.TrimEnd('\n')
            .Split('\n');
    }

    private static int TidNow(KeyWorld world) =>
        TokenIdentifier.TryFromTime(world.Time.Now, BaseDate.Base2014, out var tid) ? tid.Value
            : throw new InvalidOperationException();

    // The answer without its check and carriage return.
    private static string Ask(ModuleSession session, string line)
    {
        var octets = Encoding.ASCII.GetBytes(line);
        var check = new byte[LineCheck.Length];
        LineCheck.Write(octets, check);
        var answers = new ArrayBufferWriter<byte>();
        _ = session.Receive([.. octets, .. check, (byte)'\r'], answers);
        return Encoding.ASCII.GetString(answers.WrittenSpan)[..^(LineCheck.Length + 1)]
            .ToString(CultureInfo.InvariantCulture);
    }
}
