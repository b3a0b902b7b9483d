using OpenSts.Cli.Vectors;

namespace OpenSts.Cli.Tests.Vectors;

public class PublishedVectorTests
{
    [Theory]
    [InlineData("issue.jsonl", 501)]
    [InlineData("keyChange.jsonl", 29)]
    [InlineData("decode.jsonl", 13)]
    [InlineData("encrypt.jsonl", 4)]
    [InlineData("moduleFrames.jsonl", 29)]
    [InlineData("keyManagement.jsonl", 15)]
    public void RunFile_PublishedVectors_AllPass(string file, int count)
    {
        using var runner = new VectorRunner();
        var results = runner.RunFile(TestFiles.Path("vectors", file)).ToList();
        Assert.Equal(count, results.Count);
        Assert.Empty(results.Where(r => r.Failure is not null).Select(r => $"{r.Id}: {r.Failure}"));
    }

    [Theory]
    [InlineData(
        """{"id":"x","request":{"op":"issue","token":{"class":1,"subclass":0,"control":1,"manufacturerCode":"00"}},"expected":{"token":"00000000000000000000"}}""", Label = "a wrong token")]
    [InlineData(
        """{"id":"x","request":{"op":"issue","token":{"class":1,"subclass":0,"control":1,"manufacturerCode":"00"}},"expected":{"error":"Range"}}""", Label = "an error that does not come")]
    [InlineData("""{"id":"x","request":{"op":"issue"},"expected":{"token":"1"}}""",
        Label = "an answer where an error is expected")]
    [InlineData("""{"id":"x","request":{"op":"issue"},"expected":{}}""", Label = "nothing expected")]
    [InlineData("{", Label = "not JSON")]
    public void RunFile_VectorThatDoesNotHold_Fails(string line)
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, line);
        using var runner = new VectorRunner();
        Assert.NotNull(Assert.Single(runner.RunFile(file)).Failure);
        File.Delete(file);
    }
}
