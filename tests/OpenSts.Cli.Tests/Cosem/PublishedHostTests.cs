using OpenSts.Cli.Cosem;

namespace OpenSts.Cli.Tests.Cosem;

public class PublishedHostTests
{
    [Fact]
    public void Command_WithAProgramPublishedBesideIt_TakesThatOne()
    {
        var folder = Directory.CreateTempSubdirectory("ostspublished").FullName;
        try
        {
            var (_, built) = CosemServing.Command(folder);
            Assert.Equal([Path.Combine(folder, "OpenSts.Cosem.Host.dll")], built);
            var published = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "cosem")).FullName,
                OperatingSystem.IsWindows() ? "OpenSts.Cosem.Host.exe" : "OpenSts.Cosem.Host");
            File.WriteAllText(published, "");
            var (program, arguments) = CosemServing.Command(folder);
            Assert.Equal(published, program);
            Assert.Empty(arguments);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
