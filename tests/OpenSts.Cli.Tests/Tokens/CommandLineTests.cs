using System.Text.Json.Nodes;

namespace OpenSts.Cli.Tests.Tokens;

/// <summary>The command as a person types it: what it prints, and the exit status a script sees.</summary>
public class CommandLineTests
{
    private const string Pan = "600727000000000009";
    private const string VendingKey = "abababababababab949494949494949401234567";

    [Theory]
    [InlineData("token credit --amount 0.1 --at 2014-03-01T13:00:00Z --random 5 KEY", "7063 0503 4700 2872 6114",
        Label = "credit")]
    [InlineData("token credit --amount 0.1 --at 2014-03-01T13:00:00Z --random 5 --ea EA11 KEY",
        "5862 5789 9869 9135 7486", Label = "credit under EA11")]
    [InlineData("token credit --currency --amount 1 --at 2024-04-21T10:01:00Z KEY", "4233 4201 2699 4723 2996",
        Label = "money")]
    [InlineData("token power-limit --watts 1000 --at 2024-03-28T09:01:00Z --random 5 KEY", "6896 1683 0643 2623 4122",
        Label = "power limit")]
    [InlineData("token flag --index 0 --value on --at 2029-05-21T09:05:00Z --random 5 --ea EA11 KEY",
        "5812 5830 6458 6653 1183", Label = "flag")]
    [InlineData("token test --tests 4", "1844 6744 0738 4377 2416", Label = "test")]
    [InlineData("token test --four-digit", "0230 5843 0050 5295 1967", Label = "every test, four digits")]
    [InlineData("token read-control --index 0", "0230 5843 0093 4791 4912", Label = "read control")]
    [InlineData("token read-flag --index 0", "0344 0750 1154 4527 9822", Label = "read flag")]
    [InlineData("keychange --to-ti 02 KEY", "1st  0651 0894 1414 5301 8386\n2nd  2297 9178 2799 9720 8272",
        Label = "key change")]
    [InlineData("keychange --to-ti 02 --to-sgc 203557 --to-krn 6 --to-base-date 2035 --ea EA11 KEY",
        "1st  3953 6809 2146 4154 4852\n2nd  2326 3472 8840 1643 3225\n3rd  4526 8691 9859 3933 4940\n4th  6538 9277 "
            + "4068 8124 2890", Label = "key change, four tokens")]
    [InlineData("key derive --show-key KEY",
        "encryptionAlgorithm  EA07\ncheckValue           69EC0E\ndecoderKey           87f3ecbb2e46b48f",
        Label = "key, asked for")]
    public void Sts_GoodCommand_PrintsTheKnownAnswer(string command, string expected)
    {
        var (exit, output, error) = Run(command);
        Assert.Equal((0, ""), (exit, error));
        Assert.Equal(expected, output.TrimEnd());
    }

    [Theory]
    [InlineData("", 2, "Required command", Label = "no command")]
    [InlineData("sell", 2, "sell", Label = "unknown command")]
    [InlineData("pan check 600727000000000008", 1, "wrong check digit", Label = "wrong check digit")]
    [InlineData("token credit KEY", 2, "--amount", Label = "no amount")]
    [InlineData("token credit --amount 1820162.5 KEY", 1, "0 to 1820162.4", Label = "amount too large")]
    [InlineData("token credit --amount 1 --pan 600727000000000009 --sgc 201457", 2, "--vending-key", Label = "no key")]
    [InlineData("token credit --amount abc KEY", 2, "--amount", Label = "amount is no number")]
    [InlineData("token credit --amount 1 --pan 60072700000000000 --sgc 201457 --vending-key-file /dev/null", 2,
        "--pan", Label = "PAN of another length")]
    [InlineData("pan check 60072700000000000", 2, "wrong length", Label = "PAN of another length, checked")]
    [InlineData("pan check 60072700000000000A", 2, "pan check", Label = "letters as a PAN")]
    [InlineData("token credit --amount 1 --at yesterday KEY", 2, "--at", Label = "time that is none")]
    [InlineData("token credit --amount 1 --random 16 KEY", 1, "--random", Label = "random bits out of range")]
    [InlineData("explain 7063050347002872611", 2, "20 digits", Label = "19 digits")]
    [InlineData("decode 7063050347002872611 KEY", 2, "20 digits", Label = "19 digits under a key")]
    [InlineData("keychange KEY", 2, "nothing changes", Label = "nothing to change")]
    [InlineData("keychange --to-ti 01 --to-krn 1 KEY", 2, "nothing changes", Label = "nothing to change, said twice")]
    [InlineData("keychange --to-pan 12 KEY", 2, "--to-pan", Label = "new PAN of another length")]
    [InlineData("expain 1", 2, "did you mean 'explain'?", Label = "near a command")]
    [InlineData("token credit --amuont 1", 2, "did you mean '--amount'?", Label = "near an option")]
    [InlineData("token credit --amount 1 --ea EA09 KEY", 1, "withdrawn", Label = "withdrawn cipher")]
    [InlineData("token credit --amount 1 --dkga DKGA01 KEY", 1, "legacy", Label = "legacy derivation")]
    [InlineData("token credit --amount 1 --dkga DKGA02 KEY", 1, "16 hex digits", Label = "key of another length")]
    [InlineData("token test --tests 40", 2, "1 to 36", Label = "test number")]
    [InlineData("keychange --to-key-type DCTK KEY", 1, "KeyTypeError", Label = "forbidden key type")]
    [InlineData("decode 70630503470028726115 KEY", 1, "CrcError", Label = "wrong token")]
    [InlineData("explain 123", 2, "20 digits", Label = "not a token")]
    [InlineData("token credit --amount 1 --pan 600727000000000009 --sgc 201457 --vending-key-file /nowhere", 2,
        "/nowhere", Label = "missing key file")]
    [InlineData("demo --at 2025-01-01T00:00:00Z", 2, "--at", Label = "demonstration out of range")]
    [InlineData("demo --ea EA11 --dkga DKGA02", 2, "EA11 goes only with DKGA04",
        Label = "demonstration with a bad pair")]
    [InlineData("vectors run /nowhere", 2, "/nowhere", Label = "missing vector file")]
    [InlineData("bench tokens -n 0", 2, "1 or more", Label = "no tokens to measure")]
    [InlineData("batch --workers x", 2, "--workers")]
    [InlineData("batch --workers 0", 2, "--workers: 0 is not a whole number from 1 to 256")]
    [InlineData("demo --service steam", 2, "'steam' is not one of Electricity")]
    [InlineData("bench tokens --mode fast", 2, "'fast' is not one of Bulk, Single")]
    [InlineData("bench tokens --suite EA09", 2, "'EA09' is not one of EA07, EA11")]
    [InlineData("token credit --amount 1 --service steam KEY", 2,
        "'steam' is not one of electricity, water, gas, time")]
    [InlineData("token credit --amount 1 --random x KEY", 2, "expected a whole number")]
    [InlineData("token credit --amount 12,5 KEY", 2, "--amount: '12,5' is not a decimal number with a dot")]
    [InlineData("token test --tests 4,,5", 2, "--tests")]
    [InlineData("token read-control --index 63", 2, "--index: 63 is not a whole number from 0 to 62")]
    [InlineData("pan make --manufacturer ab --serial 5", 2, "--manufacturer: 'ab'")]
    [InlineData("pan make --manufacturer 00 --serial -5", 2, "--serial: -5")]
    [InlineData("keychange KEY --to-ken 0 --at 2026-01-01T00:00:00Z", 1, "before --at")]
    [InlineData("audit verify --server ftp://x", 2, "--server: 'ftp://x' is not an http")]
    [InlineData("man nosuch", 2, "there is no command 'sts nosuch'")]
    [InlineData("completion tcsh", 2, "'tcsh' is not one of bash, zsh, fish, powershell")]
    [InlineData("key check-value --vending-key aaaaaaaaaaaaaaaa", 2, "odd parity")]
    [InlineData("token credit --amount 1 --vending-key-file /dev/null --pan 600727000000000009 --sgc 201457", 1,
        "--vending-key-file")]
    [InlineData("@nosuch", 2, "unknown command '@nosuch'")]
    public void Sts_BadCommand_SaysWhyAndNeverTheKey(string command, int status, string said)
    {
        var (exit, output, error) = Run(command);
        Assert.Equal(status, exit);
        Assert.Contains(said, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", error, StringComparison.Ordinal);
        Assert.DoesNotContain("OpenSts.", error, StringComparison.Ordinal);
        Assert.DoesNotContain("abababab", output + error, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("token credit --amount 0.05 KEY", "--amount: 0.05 is rounded up to 0.1")]
    [InlineData("token credit --amount 1638.45 KEY", "--amount: 1638.45 is rounded up to 1639")]
    [InlineData("token power-limit --watts 16385 KEY", "--watts: 16385 is rounded up to 16394")]
    public void Sts_ValueThatATokenCannotCarry_SaysWhatItCarries(string command, string said)
    {
        var (exit, output, error) = Run(command);
        Assert.Equal(0, exit);
        Assert.Contains(said, error, StringComparison.Ordinal);
        Assert.Matches("^([0-9]{4} ){4}[0-9]{4}$", output.TrimEnd());
    }

    [Fact]
    public void TokenCredit_InJson_HasAmountIdentifierAndTime()
    {
        var (exit, output, error) = Run("token credit --amount 0.1 --at 2014-03-01T13:00:00Z --random 5 --json KEY");
        Assert.Equal((0, ""), (exit, error));
        Assert.Equal(
            """{"token":"70630503470028726114","class":0,"subclass":0,"name":"TransferCredit.Electricity","amount":"0.1","issuedAt":"2014-03-01T13:00:00Z","tokenIdentifier":85740,"random":5}""",
            output.TrimEnd());
    }

    [Theory]
    [InlineData("explain 7063 0503 4700 2872 6114 KEY")]
    [InlineData("decode 7063 0503-4700 28726114 KEY")]
    public void Sts_TokenInGroups_NeedsNoQuotesAndSaysWhatIsAssumed(string command)
    {
        var text = Run(command);
        Assert.Equal((0, ""), (text.Exit, text.Error));
        Assert.Contains(
            "assumed: --ti 01, --krn 1, --key-type DUTK, --ken 255, --base-date 2014, --ea EA07, --dkga DKGA04",
            text.Output, StringComparison.Ordinal);
        var json = JsonNode.Parse(Run(command + " --ti 01 --json").Output)!["assumed"]!.AsObject();
        Assert.Equal(["keyRevisionNumber", "keyType", "keyExpiryNumber", "baseDate", "encryptionAlgorithm",
            "decoderKeyGenerationAlgorithm"], json.Select(item => item.Key));
    }

    [Theory]
    [InlineData("expain", "Usage")]
    [InlineData("explain 1", "Format")]
    [InlineData("keychange KEY", "Usage")]
    [InlineData("token credit --amount x KEY", "Format")]
    [InlineData("key derive --vending-key-file /nowhere", "Usage")]
    [InlineData("vectors run /nowhere", "InputOutput")]
    public void Sts_ErrorInJson_IsOneObjectOnStandardOutput(string command, string code)
    {
        var (exit, output, error) = Run(command + " --json");
        Assert.Equal((2, ""), (exit, error));
        Assert.Equal(code, JsonNode.Parse(output)!["error"]!["code"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("explain 70630503470028726114 KEY", "Accept")]
    [InlineData("explain 70630503470028726114", "unknown")]
    [InlineData("explain 18446744073843772416", "every manufacturer")]
    [InlineData("demo", "1stKCT")]
    [InlineData("demo --ea EA11 --service Water", "3rdKCT")]
    [InlineData("demo --dkga DKGA02 --pan 000001000000000082", "UsedError")]
    public void Sts_TextAndJson_SayTheSame(string command, string said)
    {
        var text = Run(command);
        Assert.Equal(0, text.Exit);
        Assert.Contains(said, text.Output, StringComparison.Ordinal);
        var json = Run(command + " --json");
        Assert.Equal(0, json.Exit);
        Assert.NotNull(JsonNode.Parse(json.Output));
        Assert.Contains(said, json.Output, StringComparison.Ordinal);
    }

    private static (int Exit, string Output, string Error) Run(string command)
    {
        var words =
            command.Replace("KEY", $"--pan {Pan} --sgc 201457 --vending-key {VendingKey}", StringComparison.Ordinal);
        return Sts.Run(words.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }
}
