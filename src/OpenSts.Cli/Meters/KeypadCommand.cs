using System.CommandLine;
using System.Diagnostics;
using OpenSts.Batch;
using OpenSts.Cli.Terminal;
using OpenSts.Meter;
using OpenSts.Meter.Carriers.Keypad;
using OpenSts.Metering;

namespace OpenSts.Cli.Meters;

/// <summary><c>sts meter keypad</c>: a meter's twelve keys and its display in the terminal; from a pipe, a line of
/// keys at a time.</summary>
internal static class KeypadCommand
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(100);

    public static Command Create()
    {
        var file = new MeterFileArguments();
        var command = new Command(
            "keypad",
            "Press a meter's keys: digits, * deletes, #nnn# shows a value; from a pipe, a line of keys at a time");
        file.AddTo(command);
        return command.Does(parsed =>
        {
            using var opened = file.Open(parsed);
            return Console.IsInputRedirected ? Read(opened.Meter) : Watch(opened.Meter);
        }).WithExamples(
            ("Press keys in the terminal", "sts meter keypad my.meter"),
            (
                "Enter a token and show the key revision number, from a pipe",
                "printf '70630503470028726114\\n#005#\\n' | sts meter keypad my.meter"));
    }

    // From a pipe nobody watches: the time for which the display shows a text passes at once.
    private static int Read(PaymentMeter meter)
    {
        var keypad = new KeypadSession(meter);
        var now = TimeSpan.Zero;
        var good = true;
        for (var number = 1; Console.In.ReadLine() is { } line; number++)
        {
            foreach (var key in line.Where(key => key is not (' ' or '-')))
            {
                if (!KeypadSession.IsKey(key))
                    throw new CliException(
                        $"line {number}: '{Excerpt.Of(line)}' holds another key; use 0 to 9, * and #, spaces and "
                            + "dashes");
                var before = keypad.LastAnswer;
                keypad.Press(key, now);
                good &= keypad.LastAnswer == before || keypad.LastAnswer!.Result.IsTaken();
            }

            var shown = "";
            do
            {
                if (keypad.Text(now) is var text && text != shown)
                    Console.Out.WriteLine(shown = text);
                now += TimeSpan.FromSeconds(1);
            }
            while (keypad.IsShowing);
        }

        return good ? ExitCode.Good : ExitCode.Negative;
    }

    private static int Watch(PaymentMeter meter)
    {
        var keypad = new KeypadSession(meter);
        var clock = Stopwatch.StartNew();
        var shown = "";
        Console.Out.WriteLine("0 to 9; * or backspace deletes, twice all; #nnn# shows a value; escape ends");
        while (true)
        {
            if (keypad.Text(clock.Elapsed) is var text && text != shown)
                Console.Out.Write($"\r{shown = text}\e[K");
            if (!Console.KeyAvailable)
            {
                Thread.Sleep(Refresh);
                continue;
            }

            var pressed = Console.ReadKey(intercept: true);
            if (pressed.Key == ConsoleKey.Escape)
                break;
            var key = pressed.Key == ConsoleKey.Backspace ? '*' : pressed.KeyChar;
            if (KeypadSession.IsKey(key))
                keypad.Press(key, clock.Elapsed);
        }

        Console.Out.WriteLine();
        return ExitCode.Good;
    }
}
