using System.CommandLine;
using System.Diagnostics;
using OpenSts.Batch;
using OpenSts.Cli.Terminal;
using OpenSts.Meter;
using OpenSts.Meter.Carriers.Keypad;
using OpenSts.Metering;

namespace OpenSts.Cli.Meters;

/// <summary><c>sts meter keypad</c>: a meter's twelve keys and its display in the terminal; from a pipe, a line of keys at a time.</summary>
internal static class KeypadCommand
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(100);

    public static Command Create()
    {
        var file = MeterFiles.Argument();
        return new Command("keypad", "Press a meter's keys: digits, * deletes, #nnn# shows a value; from a pipe, a line of keys at a time") { file }.Does(parsed =>
        {
            var (kept, meter) = MeterFiles.Open(parsed.GetValue(file)!, TimeProvider.System);
            using (kept)
                return Console.IsInputRedirected ? Read(meter) : Watch(meter);
        });
    }

    // The times for which a display stands are simulated: nobody watches.
    private static int Read(PaymentMeter meter)
    {
        var keypad = new KeypadSession(meter, () => meter.Record);
        var now = TimeSpan.Zero;
        var good = true;
        for (var number = 1; Console.In.ReadLine() is { } line; number++)
        {
            foreach (var key in line.Where(key => key is not (' ' or '-')))
            {
                if (!KeypadSession.IsKey(key))
                    throw new CliException($"line {number} held '{Excerpt.Of(line)}'; permitted are the keys 0 to 9, * and #, spaces and dashes");
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
        var keypad = new KeypadSession(meter, () => meter.Record);
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
