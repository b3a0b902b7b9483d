using System.CommandLine;
using OpenSts.Cli.Meters.Fleets;

namespace OpenSts.Cli.Meters;

/// <summary><c>sts meter</c>: a payment meter and every token carrier it accepts.</summary>
internal static class MeterCommands
{
    public static Command Create() =>
        new("meter", "A payment meter: make one, enter tokens, run stories, open its ports")
    {
        MeterCreateCommand.Create(),
        MeterShowCommand.Create(),
        MeterEnterCommand.Create(),
        KeypadCommand.Create(),
        CardCommands.Create(),
        StoryCommand.Create(),
        MeterServeCommand.Create(),
        FleetCommand.Create("fleet"),
        FleetCommand.Create("wall"),
        PortCommands.Create(),
        MeterBatchCommand.Create(),
        MeterProvisionCommand.Create(),
        MeterKeyFileCommands.CreateKeyFile(),
        MeterKeyFileCommands.CreateSeal(),
        MeterKeyFileCommands.CreateUnseal(),
    };
}
