using OpenSts.Meter.Simulation.Stories;

namespace OpenSts.Meter.Simulation.Tests;

/// <summary>Every story of vectors/stories, told to our meter.</summary>
public class StoryTests
{
    private static readonly string Folder = TestFiles.Path("vectors", "stories");

    public static TheoryData<string> Names =>
        new(
            Directory.EnumerateFiles(Folder, "*.story").Select(
                f => Path.GetFileNameWithoutExtension(f)!).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Names))]
    public void Run_Story_AnswersAsItSays(string name)
    {
        var steps = StoryRunner.Run(Read(name));
        Assert.NotEmpty(steps);
        Assert.All(steps, s => Assert.True(s.Failure is null, $"line {s.Line.LineNumber}: {s.Failure}"));
    }

    [Fact]
    public void Stories_Together_ProvokeEveryResult()
    {
        var results = Names.SelectMany(n => Read(n).Lines).Select(l => l.Result).Where(r => r.Length > 0).ToHashSet();
        string[] all =
        [
            "Accept", "1stKCT", "2ndKCT", "3rdKCT", "4thKCT", "OverflowError", "KeyTypeError", "FormatError", "RangeError",
            "FunctionError",
            "OldError",
            "UsedError", "KeyExpiredError", "DDTKError", "CRCError", "MfrCodeError", "Lockout", "NotReady",
        ];
        Assert.Empty(all.Except(results));
        Assert.Equal(
            2 + 6 + 24,
            Names.Count(
                n =>
                    System.Text.RegularExpressions.Regex.IsMatch(
                        n.Data, "^key-change-(pair|triplet|quadruplet)-[1-4]+$")));
    }

    [Fact]
    public void Run_WrongExpectation_SaysWhatDiffers()
    {
        var text = File.ReadAllLines(Path.Combine(Folder, "accept-then-used.story")).Select(
            l => l.Replace("Accept", "OldError", StringComparison.Ordinal));
        var steps = StoryRunner.Run(StoryReader.Read("wrong.story", text));
        Assert.Equal("result is Accept, expected OldError", steps[0].Failure);
        var member = File.ReadAllLines(Path.Combine(Folder, "accept-then-used.story")).Select(
            l => l.Replace("electricity=0.1", "electricity=0.2", StringComparison.Ordinal));
        Assert.Equal(
            "credit.electricity is 0.1, expected 0.2",
            StoryRunner.Run(StoryReader.Read("wrong.story", member))[0].Failure);
    }

    [Theory]
    [
        InlineData(
            "token   first      7063 0503 4700 2872 6113   0/0 amount=0.1 tid=85740",
            "line 6: token first: the digits are 70630503470028726113, those of its description 70630503470028726114",
            Label = "a token that is not what it is said to be")]
    [
        InlineData(
            "token   first      7063 0503 4700 2872 611   0/0 amount=0.1",
            "line 6: token first: 19 digits; a token has 20", Label = "a token with 19 digits")]
    [
        InlineData(
            "token   first      - 0/0 amount=0.1 tid=5 under=other",
            "line 6: there is no change 'other' above this line", Label = "a key change that is not there")]
    [
        InlineData(
            "token   first      - 0/0 amount", "line 6: 'amount' is not of the form name=value",
            Label = "a value without a name")]
    [
        InlineData(
            "token   first      - 0/0 amount=1 tid=soon", "line 6: tid: 'soon' is not a whole number",
            Label = "an identifier that is no number")]
    [InlineData("+5x enter first Accept", "line 6: '+5x' is not a time", Label = "a time of nothing")]
    [InlineData("+5s kick", "line 6: the action is one of enter", Label = "an action nobody knows")]
    [
        InlineData(
            "+5s enter second Accept", "line 6: there is no token 'second' above this line",
            Label = "a token nobody defined")]
    [InlineData("+5s enter", "line 6: 'enter' has 0 values behind it, not 2", Label = "a missing result")]
    public void Read_BadLine_NamesTheLineAndTheRule(string line, string message)
    {
        string[] text =
        [
            "# a story",
            "meter       pan=600727000000000009 supplyGroupCode=201457 tariffIndex=01 keyRevisionNumber=1 "
                + "keyType=DUTK",
            "meter       keyExpiryNumber=255 baseDate=2014 encryptionAlgorithm=EA07 "
                + "decoderKeyGenerationAlgorithm=DKGA04",
            $"vendingKey  {TestKeys.VendingKeyA}",
            "start       2026-01-01T00:00:00Z",
            line,
            "+0 read",
        ];
        var error = Assert.Throws<StoryException>(() => StoryRunner.Run(StoryReader.Read("bad.story", text)));
        Assert.StartsWith($"bad.story, {message}", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("abab", error.Message, StringComparison.Ordinal);
    }

    private static Story Read(string name)
    {
        var path = Path.Combine(Folder, name + ".story");
        return StoryReader.Read(path, File.ReadAllLines(path));
    }
}
