using System.Diagnostics;
using System.Text.Json.Nodes;

namespace OpenSts.Cli.Tests.Meters;

/// <summary>The meter's commands as a person types them, its port as a foreign client sees it.</summary>
public sealed class MeterCommandTests : IDisposable
{
    private const string Published = "70630503470028726114";
    private readonly string _folder = Directory.CreateTempSubdirectory("ostsmeter").FullName;

    private string Meter => Path.Combine(_folder, "meter");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void CreateEnterShow_ALaboratoryMeter_TakesAPublishedTokenOnce()
    {
        Create();
        Assert.Equal(
            (0, "Accept  credit 0.1 kWh\n"), Plain("meter", "enter", Meter, "7063", "0503", "4700", "2872", "6114"));
        Assert.Equal((1, "UsedError  credit 0.1 kWh\n"), Plain("meter", "enter", Meter, Published));
        var shown = JsonNode.Parse(Sts.Run("meter", "show", Meter, "--json").Output)!;
        Assert.Equal(
            ("0.1", "closed", 10),
            (
                shown["credit"]!["electricity"]!.ToString(), shown["loadSwitch"]!.ToString(),
                shown["tokenStatus"]!.GetValue<int>()));
        var text = Sts.Run("meter", "show", Meter, "--log");
        Assert.Contains("UsedError by Numeric", text.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("87F3ECBB", text.Output + shown, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Create_DemonstrationMeterMadeNow_TakesTheExampleOfTheManual()
    {
        Assert.Equal(0, Sts.Run("meter", "create", Meter).Exit);
        Assert.Equal(
            (0, "Accept  credit 0.1 kWh\n"), Plain("meter", "enter", Meter, "7063", "0503", "4700", "2872", "6114"));
    }

    [Fact]
    public void Enter_SectionsOfASetOneProcessEach_ChangeTheKeyAndSayWhatIsMissing()
    {
        Create();
        var (exit, output) = Plain("meter", "enter", Meter, "06510894141453018386");
        Assert.Equal(0, exit);
        Assert.Matches(
            "^1stKCT  credit 0 kWh\n  the key changes when every token of the set is entered, before "
                + "[0-9]{2}:[0-9]{2}:[0-9]{2}\n$",
            output);
        Assert.Equal((0, "Accept  credit 0 kWh\n"), Plain("meter", "enter", Meter, "22979178279997208272"));
        Assert.Contains(
            "\"tariffIndex\":\"02\"", Sts.Run("meter", "show", Meter, "--json").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_CurrencyOnly_ShowsMoneyAndNeedsAPrice()
    {
        var (exit, _, error) = Sts.Run("meter", "create", Meter, "--credit-registers", "currency");
        Assert.Equal(2, exit);
        Assert.Contains(
            "--price: a meter with --credit-registers currency needs a price above 0", error,
            StringComparison.Ordinal);
        Assert.False(File.Exists(Meter));
        Assert.Equal(0, Sts.Run("meter", "create", Meter, "--credit-registers", "currency", "--price", "2.5").Exit);
        // 100 base units of money, identifier 100, as in the story money-only.
        Assert.Equal(
            (0, "Accept  credit 100.00624 base units of currency\n"),
            Plain("meter", "enter", Meter, "52596830407315009307"));
        Assert.Contains("2.5 for 1 kWh", Sts.Run("meter", "show", Meter).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Seal_MeterInClear_OpensWithItsKeyFileOnly()
    {
        Create();
        var key = Path.Combine(_folder, "meters.key");
        Assert.Equal((0, $"made {key}\n"), Plain("meter", "key-file", key));
        Assert.Equal((0, $"{Meter}: decoder key sealed\n"), Plain("meter", "seal", Meter, "--key-file", key));
        Assert.Equal(2, Sts.Run("meter", "seal", Meter, "--key-file", key).Exit);
        var (exit, output, error) = Sts.Run("meter", "enter", Meter, Published);
        Assert.Equal((2, ""), (exit, output));
        Assert.Contains(
            "is sealed; the key file that sealed it is needed (--key-file)", error, StringComparison.Ordinal);
        Assert.Equal((0, "Accept  credit 0.1 kWh\n"), Plain("meter", "enter", Meter, Published, "--key-file", key));
        Assert.Equal((0, $"{Meter}: decoder key in clear\n"), Plain("meter", "unseal", Meter, "--key-file", key));
        Assert.Equal((1, "UsedError  credit 0.1 kWh\n"), Plain("meter", "enter", Meter, Published));
    }

    [Fact]
    public void Keypad_ALineOfKeysAtATime_ShowsWhatTheDisplayShows()
    {
        Create();
        var (exit, output, error) = Sts.RunWithInput(
            $"7063 0503 47\n00 2872 6114\n#005#\n12**\n", "meter", "keypad", Meter);
        Assert.Equal((0, "7063-0503-47 (10)\nAccept\n0.1 kWh\n1\n0.1 kWh\n0.1 kWh\n", ""), (exit, output, error));
        Assert.Equal(1, Sts.RunWithInput(Published, "meter", "keypad", Meter).Exit);
        var (refused, _, why) = Sts.RunWithInput("12\n34x\n", "meter", "keypad", Meter);
        Assert.Equal(2, refused);
        Assert.Contains("line 2: '34x' holds another key; use 0 to 9, * and #", why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keypad_OnATerminal_ShowsEachKeyAndEndsWithEscape()
    {
        Create();
        using var terminal = new TypedTerminal("meter", "keypad", Meter);
        await terminal.Expect("0 kWh NoCredit");
        foreach (var key in Published[..19])
            terminal.Press(key);
        await terminal.Expect(@"7063-0503-4700-2872-611 \(19\)");
        terminal.Press(Published[^1]);
        await terminal.Expect("Accept");
        await terminal.Expect("0[.]1 kWh");
        terminal.Press('\e');
        Assert.Equal(0, await terminal.ExitAsync());
        Assert.Equal((1, "UsedError  credit 0.1 kWh\n"), Plain("meter", "enter", Meter, Published));
    }

    [Fact]
    public void Card_InsertedTwice_IsEnteredOnceAndOverwritten()
    {
        Create();
        var card = Path.Combine(_folder, "card");
        Assert.Equal((0, ""), Plain("meter", "card", "write", card, "7063", "0503", "4700", "2872", "6114"));
        Assert.Equal((0, "token 7063 0503 4700 2872 6114\n"), Plain("meter", "card", "read", card));
        Assert.Equal((2, ""), Plain("meter", "card", "write", card, Published));
        Assert.Equal((0, "Accept  credit 0.1 kWh\n"), Plain("meter", "card", "insert", Meter, card));
        Assert.Equal((0, "spent\n"), Plain("meter", "card", "read", card));
        Assert.Equal(
            (1, "nothing to enter: an identity card, or a spent one\n"),
            Plain("meter", "card", "insert", Meter, card));
        File.WriteAllText(card, ";70630503470028726115?0\n");
        Assert.Equal(
            (1, "damaged: the check character does not hold\n"), Plain("meter", "card", "insert", Meter, card));
    }

    [Theory]
    [InlineData("meter show NOWHERE", "there is no meter file", Label = "no such file")]
    [InlineData("meter create NOWHERE/meter", "NOWHERE", Label = "a directory that is not there")]
    [
        InlineData(
            "meter create NEW --commodity steam",
            "--commodity: 'steam' is not electricity, water, gas or time", Label = "an unknown commodity")]
    [InlineData("meter keypad NOWHERE", "there is no meter file", Label = "a keypad of no meter")]
    [InlineData("meter card read NOWHERE", "nowhere", Label = "a card that is not there")]
    [
        InlineData(
            "meter card write NEW 7063050347002872611",
            "token: '7063050347002872611' is not a token; a token has exactly 20 digits",
            Label = "a token of 19 digits")]
    [
        InlineData(
            "meter enter METER 1 --carrier pigeon", "--carrier: 'pigeon' is not a token carrier; use keypad",
            Label = "a carrier nobody has")]
    [
        InlineData(
            "meter port id --tcp 127.0.0.1:1 --serial /dev/null", "--tcp and --serial are both given; use one of them",
            Label = "two lines")]
    [InlineData("meter port id", "no line is given", Label = "no line")]
    [InlineData("meter port id --tcp 127.0.0.1:1", "nothing answers at 127.0.0.1:1", Label = "a port where nobody is")]
    [InlineData("meter port id --tcp here", "--tcp: 'here' is not an address and a port", Label = "no address")]
    [InlineData("meter port id --serial METER", "cannot be opened as a serial line", Label = "no serial line")]
    [InlineData("meter port read 201 --tcp 127.0.0.1:1", "nothing answers", Label = "a register of three digits")]
    [InlineData("meter serve METER", "no port is given", Label = "no way in")]
    [
        InlineData(
            "meter serve METER --pty --load much", "--load: 'much' is not a load; use none, household",
            Label = "a load of nonsense")]
    [
        InlineData(
            "meter fleet --meters 201", "--meters: 201 is out of range; use 1 to 200",
            Label = "too many meters in a fleet")]
    [InlineData("meter wall --meters 201", "--meters: 201 is out of range; use 1 to 200", Label = "too many meters")]
    public void Run_BadInput_SaysWhatAndExitsWithTwo(string line, string message)
    {
        Create();
        var args = line.Replace("NOWHERE", Path.Combine(_folder, "nowhere"), StringComparison.Ordinal)
            .Replace("NEW", Path.Combine(_folder, "new"), StringComparison.Ordinal).Replace(
                "METER", Meter, StringComparison.Ordinal).Split(' ');
        var (exit, _, error) = Sts.Run(args);
        Assert.Equal(2, exit);
        Assert.Contains(
            message.Replace("NOWHERE", "nowhere", StringComparison.Ordinal), error, StringComparison.Ordinal);
        Assert.Contains("sts meter ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("meter serve METER --tcp AT")]
    [InlineData("meter serve METER --cosem AT --laboratory --cosem-new-counter-file")]
    [InlineData("sm serve --test-registers --tcp AT")]
    public void Serve_AddressInUse_SaysSoAndExitsWithTwo(string line)
    {
        Create();
        using var occupied = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        occupied.Start();
        var (exit, _, error) = Sts.Run(
            line.Replace("METER", Meter, StringComparison.Ordinal).Replace(
                "AT", $"{occupied.LocalEndpoint}", StringComparison.Ordinal).Split(' '));
        Assert.Equal(2, exit);
        Assert.Contains("cannot listen on the address", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_Stories_AllPassAndAWrongOneIsNamed()
    {
        var all = Sts.Run("meter", "run");
        Assert.Equal(0, all.Exit);
        Assert.Matches("^[0-9]{2,} passed, 0 failed\n$", all.Output);
        var story = Path.Combine(_folder, "wrong.story");
        File.WriteAllText(
            story,
            "# wrong\nmeter encryptionAlgorithm=EA07 baseDate=2014\ndecoderKey 87F3ECBB2E46B48F\nstart "
                + "2026-01-01T00:00:00Z\ntoken a 7063 0503 4700 2872 6114\n+0 enter a UsedError\n");
        var wrong = Sts.Run("meter", "run", story);
        Assert.Equal(1, wrong.Exit);
        Assert.Contains(
            "wrong.story, line 6: result is Accept, expected UsedError", wrong.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_Tcp_SeveralClientsShareOneMeter()
    {
        Create();
        using var serving = Serve(out var at, "--tcp", "127.0.0.1:0");
        try
        {
            Assert.Equal((0, "manufacturer code 00, software OS10\n"), Plain("meter", "port", "id", "--tcp", at));
            Assert.Equal((0, "Accept\n"), Plain("meter", "port", "enter", "--tcp", at, Published));
            Assert.Equal((1, "UsedError\n"), Plain("meter", "port", "enter", "--tcp", at, Published));
            Assert.Equal((0, "00000001\n"), Plain("meter", "port", "read", "2010", "--tcp", at));
            Assert.Equal(1, Sts.Run("meter", "port", "read", "2222", "--tcp", at).Exit);
            Assert.Contains(
                "available credit", Sts.Run("meter", "port", "list", "--tcp", at).Output, StringComparison.Ordinal);
            Assert.Contains("in use", Sts.Run("meter", "show", Meter).Error, StringComparison.Ordinal);
        }
        finally
        {
            serving.Kill();
            await serving.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        // Killed without warning, it still knows.
        Assert.Equal((1, "UsedError  credit 0.1 kWh\n"), Plain("meter", "enter", Meter, Published));
    }

    [Fact]
    public void Serve_PseudoTerminal_AForeignClientReadsThePublishedFrames()
    {
        Create();
        using var serving = Serve(out var line, "--pty", "--reply-delay", "0");
        try
        {
            // Eight-bit characters with even parity, as a laptop without a 7E1 port sends them.
            Assert.Equal("/M00OS10\r\n", Socat(line, "/?!\r\n"));
            Assert.Equal("\u0006", Socat(line, "\u0001W\u0002FFFF(70630503470028726114)\u0003\u005D"));
            Assert.Equal("\u0002(01)\u0003\u0003", Socat(line, "\u0001R\u0002FFFE1\u0003\u0061"));
            Assert.Equal("\u0002(00000001)\u0003\u0003", Socat(line, "\u0001R\u000220101\u0003\u0061"));
            Assert.Equal("\u0015", Socat(line, "\u0001R\u000220101\u0003\u0062"));
            Assert.Equal((1, "UsedError\n"), Plain("meter", "port", "enter", "--serial", line, Published));
        }
        finally
        {
            serving.Kill();
        }
    }

    [Fact]
    public void Fleet_Load_MeasuresAndEveryAnswerIsRight()
    {
        var (exit, output, _) = Sts.Run("meter", "fleet", "--load", "2000", "--json");
        Assert.Equal(0, exit);
        var figures = JsonNode.Parse(output)!;
        Assert.Equal(
            (2000, 4000, 0),
            (
                figures["meters"]!.GetValue<int>(), figures["entries"]!.GetValue<int>(),
                figures["wrongAnswers"]!.GetValue<int>()));
        Assert.Contains(
            "kWh", Sts.Run("meter", "wall", "--meters", "3", "--seconds", "5").Output, StringComparison.Ordinal);
    }

    private static string Socat(string line, string text)
    {
        var start = new ProcessStartInfo("socat") { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var arg in (string[])["-t", "1", "-", $"{line},raw,echo=0"])
            start.ArgumentList.Add(arg);
        using var process = Process.Start(start) ?? throw new InvalidOperationException("socat did not start");
        var octets = Array.ConvertAll(
            text.ToCharArray(), c => (byte)(c | ((System.Numerics.BitOperations.PopCount(c) & 1) << 7)));
        process.StandardInput.BaseStream.Write(octets);
        process.StandardInput.Close();
        using var answer = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(answer);
        process.WaitForExit();
        Assert.All(answer.ToArray(), o => Assert.Equal(0, System.Numerics.BitOperations.PopCount(o) & 1));
        return string.Concat(answer.ToArray().Select(o => (char)(o & 0x7F)));
    }

    private static (int Exit, string Output) Plain(params string[] args)
    {
        var (exit, output, _) = Sts.Run(args);
        return (exit, output);
    }

    private void Create()
    {
        var made = Sts.Run("meter", "create", Meter, "--manufactured-at", "2014-01-01T00:00:00Z");
        Assert.Equal((0, $"made {Meter}\n"), (made.Exit, made.Output));
        Assert.Contains("worth nothing", made.Error, StringComparison.Ordinal);
    }

    private Process Serve(out string at, params string[] options)
    {
        var process = Sts.Start(["meter", "serve", Meter, .. options]);
        at = process.StandardOutput.ReadLine()!.Split(' ')[1];
        return process;
    }
}
