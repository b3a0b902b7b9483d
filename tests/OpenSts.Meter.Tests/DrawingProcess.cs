using OpenSts.Meter.Storage;

namespace OpenSts.Meter.Tests;

/// <summary>The process that is killed while its meter supplies: prints the consumption after every step, in 10^-6
/// kWh.</summary>
internal static class DrawingProcess
{
    public static int Run(string[] args)
    {
        using var file = MeterFile.Load(args[0], out var record);
        var meter = new PaymentMeter(record, TimeProvider.System, file, restarted: true);
        for (var step = 0; ; step++)
        {
            // 0.5 to 5 Wh a step: several steps fit between two saves.
            meter.Draw(1_800 + (step * 7_919 % 16_200), TimeSpan.FromSeconds(1));
            Console.Out.WriteLine(meter.Record.CumulativeMicro);
            Console.Out.Flush();
        }
    }
}
