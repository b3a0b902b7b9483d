using System.Reflection;
using Mono.Cecil;
using OpenSts.Architecture.Tests.Repository;
using OpenSts.Keys;

namespace OpenSts.Architecture.Tests;

/// <summary>Values and secrets of the core, and who may handle raw keys.</summary>
public class KeyHandlingTests
{
    /// <summary>
    /// Every file that takes in or gives out a raw key. A new one is a question first: can it do without? The vault of
    /// the security module and the PKCS#11 library are homes of keys and free.
    /// </summary>
    private static readonly string[] Callers =
    [
        "src/OpenSts.Batch/Tokens/MeterFields.cs",
        "src/OpenSts.Batch/Tokens/TokenAnswer.cs",
        "src/OpenSts.Batch/Tokens/TokenRequestProcessor.cs",
        "src/OpenSts.Batch/Tokens/VendingKeyCache.cs",
        "src/OpenSts.Cli/Bench/BenchTokens.cs",
        "src/OpenSts.Cli/Demo/DemoStory.cs",
        "src/OpenSts.Cli/Keys/KeyCommands.cs",
        "src/OpenSts.Cli/SecurityModule/KeyImportCommand.cs",
        "src/OpenSts.KeyLoading/StagedKey.cs",
        "src/OpenSts.KeyManagement/Keys/Edition1KeyRecord.cs",
        "src/OpenSts.KeyManagement/Keys/KeyChanges.cs",
        "src/OpenSts.Meter.Simulation/Fleets/SimulatedCustomer.cs",
        "src/OpenSts.Meter/Storage/MeterRecordJson.cs",
        "src/OpenSts.Native/KeyExports.cs",
        "src/OpenSts.SecurityModule/TestRegisters.cs",
    ];

    /// <summary>Types that hold a key or make one, which the vending server must not even name.</summary>
    private static readonly string[] KeyTypes =
    [
        "VendingKey", "Hazmat", "DecoderKeyGeneration", "KeyChangeSet", "IVendingKeyHandle", "KeyVault",
        "SoftwareSecurityModule",
    ];

    private static readonly string[] Homes = ["src/OpenSts.SecurityModule/Vault/", "src/OpenSts.Pkcs11/"];

    [Fact]
    public void Hazmat_Callers_AreTheseAndNoOthers() =>
        Assert.Equal(Callers, CallersOf("Hazmat.", Tree.ProductSources));

    [Fact]
    public void CallersOf_FileOutsideTheHomes_IsFound()
    {
        SourceFile[] sources =
        [
            new("src/OpenSts.Meter/A.cs", "var key = Hazmat.ImportVendingKey(bytes);"),
            new("src/OpenSts.Pkcs11/B.cs", "Hazmat.Export(key, bytes);"),
            new("src/OpenSts.Meter/C.cs", "// nothing"),
        ];
        Assert.Equal(["src/OpenSts.Meter/A.cs"], CallersOf("Hazmat.", sources));
    }

    [Fact]
    public void OpenSts_Values_HaveNoSettableProperty()
    {
        var values = typeof(MeterPan).Assembly.GetExportedTypes()
            .Where(type => type is { IsValueType: true, IsEnum: false });
        Assert.Empty(values.SelectMany(SettableProperties));
    }

    [Fact]
    public void SettableProperties_OfAValueWithASetter_AreFound() =>
        Assert.Equal(["Changeable.Set"], SettableProperties(typeof(Changeable)));

    [Fact]
    public void OpenSts_Secrets_AreClassesThatNeitherPrintNorCompare()
    {
        Assert.All([typeof(VendingKey), typeof(DecoderKey), typeof(KeySection)], secret =>
        {
            Assert.True(secret is { IsClass: true, IsSealed: true });
            Assert.Null(secret.GetMethod("<Clone>$"));
            Assert.Equal(typeof(object), secret.GetMethod("Equals", [typeof(object)])!.DeclaringType);
            Assert.Equal(secret, secret.GetMethod("ToString", Type.EmptyTypes)!.DeclaringType);
        });
    }

    [Fact]
    public void Vending_TypesItUses_HoldNoKeyAndMakeNone()
    {
        var vending =
            Tree.Products.Where(project => project.Name.StartsWith("OpenSts.Vending", StringComparison.Ordinal));
        Assert.NotEmpty(vending);
        Assert.All(vending, project =>
            Assert.Empty(TypesUsedBy(Assembly.Load(FolderTests.AssemblyName(project.Name))).Intersect(KeyTypes)));
    }

    [Fact]
    public void TypesUsedBy_ThisAssembly_NameItsKeys() =>
        Assert.Contains(nameof(VendingKey), TypesUsedBy(typeof(KeyHandlingTests).Assembly));

    private static IEnumerable<string> TypesUsedBy(Assembly assembly)
    {
        using var module = ModuleDefinition.ReadModule(assembly.Location);
        return [.. module.GetTypeReferences().Select(type => type.Name)];
    }

    private static IEnumerable<string> CallersOf(string name, IEnumerable<SourceFile> sources) =>
        sources.Where(file => file.Text.Contains(name, StringComparison.Ordinal))
            .Select(file => file.Path)
            .Where(path => !Homes.Any(home => path.StartsWith(home, StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal);

    private static IEnumerable<string> SettableProperties(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.SetMethod is { } setter
                && setter.ReturnParameter.GetRequiredCustomModifiers()
                    .All(modifier => modifier.Name != "IsExternalInit"))
            .Select(property => $"{type.Name}.{property.Name}");

    private struct Changeable
    {
        public int Set { get; set; }

        public int Init { get; init; }
    }
}
