using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using OpenSts.Batch.Lines;
using OpenSts.Batch.Meters;
using OpenSts.Batch.Tokens;

namespace OpenSts.Batch.Tests.Documents;

/// <summary>The examples of the two contracts in docs/reference are what the programs answer.</summary>
public class ReferenceTests
{
    [Theory]
    [InlineData("batch.md", 6)]
    [InlineData("meter-batch.md", 1)]
    public void Reference_EveryExample_IsAnsweredAsWritten(string document, int answers)
    {
        using LineProcessor processor = document == "batch.md" ? new TokenRequestProcessor()
            : new MeterRequestProcessor();
        var text = File.ReadAllText(TestFiles.Path("docs", "reference", document));
        var (last, compared) = ("", 0);
        foreach (Match block in Regex.Matches(text, "```json\n(.*?)```", RegexOptions.Singleline))
        {
            var json = JsonNode.Parse(block.Groups[1].Value)!.AsObject();
            if (json.ContainsKey("op"))
            {
                var output = new ArrayBufferWriter<byte>();
                _ = processor.Answer(Encoding.UTF8.GetBytes(json.ToJsonString()), output);
                last = Encoding.UTF8.GetString(output.WrittenSpan).TrimEnd();
                continue;
            }

            Assert.Equal(block.Groups[1].Value.Trim(), last);
            compared++;
        }

        Assert.Equal(answers, compared);
    }
}
