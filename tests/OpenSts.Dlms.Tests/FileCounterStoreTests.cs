using OpenSts.Cosem.Tests;
using OpenSts.Dlms.Client;
using OpenSts.Dlms.Security;

namespace OpenSts.Dlms.Tests;

/// <summary>A counter file that is lost or damaged never becomes counters at 0.</summary>
public sealed class FileCounterStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ostscounters").FullName;

    private string File => Path.Combine(_folder, "counters");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Open_WithoutAFile_RefusesAndCreatesNone()
    {
        var error = Assert.Throws<CounterFileException>(() => new FileCounterStore(File));
        Assert.Contains(File, error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    [Fact]
    public void Open_ToldToCreate_KeepsWhatIsThere()
    {
        new FileCounterStore(File, createNew: true).Write("sent", 41);
        Assert.Equal(41u, new FileCounterStore(File, createNew: true).ReadAll()["sent"]);
        Assert.True(new InvocationCounters(new FileCounterStore(File)).TryNext(out var next));
        Assert.Equal(42u, next);
    }

    [Theory]
    [InlineData("empty", "", "it is empty")]
    [InlineData("no number", "sent twelve\n", "line 1")]
    [InlineData("a number beyond 32 bits", "sent 4294967296\n", "line 1")]
    [InlineData("a negative number", "sent -1\n", "line 1")]
    [InlineData("a line cut short", "sent 12\n4F53430000000001", "line 2")]
    [InlineData("an empty line", "sent 12\n\n", "line 2")]
    [InlineData("a name twice", "sent 12\nsent 3\n", "line 2")]
    [InlineData("octets of something else", "\u0000\u0001\u0002", "line 1")]
    public void Open_ADamagedFile_RefusesAndLeavesItAsItIs(string damage, string content, string reason)
    {
        System.IO.File.WriteAllText(File, content);
        var error = Assert.Throws<CounterFileException>(() => new FileCounterStore(File, createNew: true));
        Assert.True(error.Message.Contains("damaged", StringComparison.Ordinal)
            && error.Message.Contains(reason, StringComparison.Ordinal), $"{damage}: {error.Message}");
        Assert.Equal(content, System.IO.File.ReadAllText(File));
    }

    [Fact]
    public void Open_AFolder_SaysThatItCannotBeRead()
    {
        Directory.CreateDirectory(File);
        Assert.Throws<CounterFileException>(() => new FileCounterStore(File));
    }

    [Fact]
    public async Task Association_WhoseCounterCannotBeStored_IsNotAccepted()
    {
        using var fixture = new MeterFixture(counters: new FailingStore());
        var error = await Assert.ThrowsAsync<DlmsException>(async () => await fixture.ManageAsync());
        Assert.Equal("No space left on device", error.InnerException?.Message);
        Assert.Empty((await fixture.Meter.ReadAsync(TestContext.Current.CancellationToken)).TokenLog);
    }

    private sealed class FailingStore : IInvocationCounterStore
    {
        public IReadOnlyDictionary<string, uint> ReadAll() => new Dictionary<string, uint>();

        public void Write(string name, uint value) => throw new IOException("No space left on device");
    }
}
