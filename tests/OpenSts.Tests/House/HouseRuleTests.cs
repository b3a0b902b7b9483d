using System.Reflection;
using OpenSts.KeyManagement.Approvals;
using OpenSts.KeyManagement.Audit;
using OpenSts.KeyManagement.Groups;
using OpenSts.KeyManagement.Keys;
using OpenSts.KeyManagement.Modules;
using OpenSts.KeyManagement.Records;
using OpenSts.KeyManagement.Reports;
using OpenSts.KeyManagement.Storage;
using OpenSts.KeyManagement.Users;
using OpenSts.Keys;

namespace OpenSts.Tests.House;

/// <summary>Rules of the house that no compiler checks.</summary>
public class HouseRuleTests
{
    [Fact]
    public void OpenSts_References_OnlyTheBaseLibraryAndSecrets() =>
        Assert.All(
            typeof(MeterPan).Assembly.GetReferencedAssemblies().Where(a => a.Name != "OpenSts.Secrets"),
            a => Assert.StartsWith("System", a.Name, StringComparison.Ordinal));

    [Fact]
    public void OpenSts_Values_HaveNoSettableProperty()
    {
        var values = typeof(MeterPan).Assembly.GetExportedTypes().Where(t => t is { IsValueType: true, IsEnum: false });
        foreach (var property in values.SelectMany(t => t.GetProperties(BindingFlags.Public | BindingFlags.Instance)))
        {
            var setter = property.SetMethod;
            var isInit = setter?.ReturnParameter.GetRequiredCustomModifiers().Any(m => m.Name == "IsExternalInit") ?? true;
            Assert.True(isInit, $"{property.DeclaringType!.Name}.{property.Name} can be set");
        }
    }

    [Fact]
    public void OpenSts_Secrets_AreClassesThatNeitherPrintNorCompare()
    {
        foreach (var secret in (Type[])[typeof(VendingKey), typeof(DecoderKey), typeof(KeySection)])
        {
            Assert.True(secret is { IsClass: true, IsSealed: true });
            Assert.Null(secret.GetMethod("<Clone>$"));
            Assert.Equal(typeof(object), secret.GetMethod("Equals", [typeof(object)])!.DeclaringType);
            Assert.Equal(secret, secret.GetMethod("ToString", Type.EmptyTypes)!.DeclaringType);
        }

        using var vendingKey = Hazmat.ImportVendingKey(Convert.FromHexString(TestKeys.VendingKeyA));
        using var key = TestKeys.Derive(TestKeys.Attributes());
        Assert.Equal("(vending key, 160 bits)", vendingKey.ToString());
        Assert.Equal("(decoder key for EA07)", key.ToString());
    }

    [Fact]
    public void Keys_Disposed_AreGone()
    {
        var key = TestKeys.Derive(TestKeys.Attributes(EncryptionAlgorithm.Ea11));
        var block = new TokenContent(TokenClass.Credit, 5).Seal();
        _ = key.Encrypt(block);
        key.Dispose();
        key.Dispose();
        Assert.Throws<ObjectDisposedException>(() => key.Encrypt(block));
        var vendingKey = Hazmat.ImportVendingKey(Convert.FromHexString(TestKeys.VendingKeyA));
        vendingKey.Dispose();
        Assert.Throws<ObjectDisposedException>(() => DecoderKeyGeneration.Derive(vendingKey, TestKeys.Attributes()));
    }

    [Fact]
    public void Hazmat_Misuse_NamesTheRuleAndNeverTheKey()
    {
        var error = Assert.Throws<ArgumentException>(() => Hazmat.ImportVendingKey(new byte[9]));
        Assert.Contains("8, 16 or 20", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Hazmat.ImportDecoderKey(EncryptionAlgorithm.Ea11, new byte[8]));
        var withdrawn = Assert.Throws<ArgumentException>(() => Hazmat.ImportDecoderKey(EncryptionAlgorithm.Ea09, new byte[8]));
        Assert.Contains("withdrawn", withdrawn.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Hazmat_Callers_AreTheseAndNoOthers()
    {
        string[] permitted =
        [
            "src/OpenSts.Meter/Storage/MeterRecordJson.cs",
            "src/OpenSts.KeyManagement/KeyChanges.cs", "src/OpenSts.KeyManagement/Edition1KeyRecord.cs", "src/OpenSts.SecurityModule/Loading/StagedKey.cs",
            "src/OpenSts.Batch/Tokens/TokenRequestProcessor.cs", "src/OpenSts.Batch/Tokens/MeterFields.cs", "src/OpenSts.Batch/Tokens/TokenAnswer.cs", "src/OpenSts.Batch/Tokens/VendingKeyCache.cs",
            "src/OpenSts.Cli/Bench/BenchTokens.cs", "src/OpenSts.Cli/Demo/DemoStory.cs", "src/OpenSts.Cli/Keys/KeyCommands.cs", "src/OpenSts.Meter.Simulation/Fleets/SimulatedCustomer.cs", "src/OpenSts.Cli/SecurityModule/KeyImportCommand.cs",
            "src/OpenSts.SecurityModule/Server/TestRegisters.cs",
        ];
        // The vault is the security module's home of keys and has a list of its own callers.
        var callers = Directory.EnumerateFiles(TestFiles.Path("src"), "*.cs", SearchOption.AllDirectories)
            .Where(f => File.ReadLines(f).Any(line => line.Contains("Hazmat.", StringComparison.Ordinal)))
            .Select(f => Path.GetRelativePath(TestFiles.Root, f).Replace('\\', '/'))
            .Where(f => !f.StartsWith("src/OpenSts.SecurityModule/Vault/", StringComparison.Ordinal) && !f.StartsWith("src/OpenSts.SecurityModule/Pkcs11/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
        Assert.Equal(permitted.Order(StringComparer.Ordinal), callers);
    }

    [Fact]
    public void CheckValues_OfTheTestKeys_AreTheDocumentedOnes()
    {
        using var key64 = Hazmat.ImportVendingKey(Convert.FromHexString("abababababababab"));
        using var key160 = Hazmat.ImportVendingKey(Convert.FromHexString(TestKeys.VendingKeyA));
        Assert.Equal(Convert.ToHexString(System.Security.Cryptography.HMACSHA256.HashData(Convert.FromHexString(TestKeys.VendingKeyA), new byte[8])[..3]), KeyCheckValue.Of(key160));
        Assert.Equal(6, KeyCheckValue.Of(key64).Length);
        Assert.NotEqual(KeyCheckValue.Of(key64), KeyCheckValue.Of(key160));
    }

    [Theory]
    [InlineData(KeyType.Initialization, "DITK DDTK DUTK DCTK")]
    [InlineData(KeyType.Default, "DDTK DUTK DCTK")]
    [InlineData(KeyType.Unique, "DDTK DUTK")]
    [InlineData(KeyType.Common, "DDTK DCTK")]
    public void KeyTypes_MayChangeTo_IsTheTable(KeyType parent, string children) =>
        Assert.Equal(children, string.Join(' ', Enum.GetValues<KeyType>().Where(c => parent.MayChangeTo(c)).Select(c => c.Abbreviation())));
}
