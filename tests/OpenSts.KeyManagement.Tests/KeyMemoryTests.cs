using OpenSts.KeyManagement.Records;
using OpenSts.Keys;
using OpenSts.Sts6;

namespace OpenSts.KeyManagement.Tests;

/// <summary>Looks for key octets in the memory of a process that makes a key and puts it into a file.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class KeyMemoryTests
{
    [Fact]
    public async Task Memory_AfterAKeyWentIntoAFile_HoldsNoneOfItsOctets()
    {
        using var world = new KeyWorld();
        world.Time.Now = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        string In(string name) => Path.Combine(world.Folder, name);
        world.Alice.Save(In("alice"));
        world.Bob.Save(In("bob"));
        var centre = world.NewCentre("NORTH1");
        var module = world.NewModule(10_000_001);
        module.Register(centre);
        _ = world.Do(centre, new CreateGroup("111111", "One", "Utility"));
        var request = module.Request(centre);
        centre.Dispose();
        using var process = ChildProcess.Start("centre-hold", world.PlaceOf("NORTH1"), world.KeyPath, In("alice"),
            In("bob"), request, In("file"), In("carol"));
        var cancellation = TestContext.Current.CancellationToken;
        Assert.Equal("made", await process.StandardOutput.ReadLineAsync(cancellation));
        Assert.Equal(ResponseCode.Successful,
            module.Loading.LoadFile(await File.ReadAllTextAsync(In("file"), cancellation)).Code);
        var octets = new byte[20];
        using (var opened = module.Vault.OpenKey(Assert.Single(module.Vault.Records).Number))
            _ = Hazmat.Export(opened, octets);
        var (key, carol) = (Convert.ToHexStringLower(octets), await Scalar(In("carol")));

        // The file is made, the centre still open: its keys are cleared already.
        var open = MemorySearch.Count(process.Id, key, carol);
        await process.StandardInput.WriteLineAsync();
        Assert.Equal("closed", await process.StandardOutput.ReadLineAsync(cancellation));
        var closed = MemorySearch.Count(process.Id, key, carol);
        var others = MemorySearch.Count(process.Id, await Scalar(In("alice")), await Scalar(In("bob")));
        await process.StandardInput.WriteLineAsync();
        await process.WaitForExitAsync(cancellation);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"open: {open}; closed: {closed}; the other officers: {others}");
        Assert.Equal((0, 0), (open.Octets, open.Text));
        Assert.Equal(0, open.SecretText);
        Assert.Equal(new Findings(0, 0, 0, 0), closed);
        Assert.Equal(new Findings(0, 0, 0, 0), others);
    }

    private static async Task<string> Scalar(string officerFile) =>
        (await File.ReadAllTextAsync(officerFile, TestContext.Current.CancellationToken)).Split(':')[2];
}
