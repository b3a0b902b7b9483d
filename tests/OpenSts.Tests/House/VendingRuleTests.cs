using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using OpenSts.Vending.Issues;

namespace OpenSts.Tests.House;

/// <summary>What the vending server must not know.</summary>
public class VendingRuleTests
{
    [Fact]
    public void Vending_TypesItUses_HoldNoKeyAndMakeNone()
    {
        using var file = new PEReader(File.OpenRead(typeof(IssueDesk).Assembly.Location));
        var metadata = file.GetMetadataReader();
        var used = metadata.TypeReferences.Select(handle => metadata.GetString(metadata.GetTypeReference(handle).Name)).ToHashSet(StringComparer.Ordinal);

        Assert.Contains("ISecurityModule", used);
        foreach (var forbidden in (string[])["VendingKey", "Hazmat", "KeyVault", "DecoderKeyGeneration", "IVendingKeyHandle", "KeyChangeSet", "SoftwareSecurityModule"])
            Assert.DoesNotContain(forbidden, used);
    }
}
