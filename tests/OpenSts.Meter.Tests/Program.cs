using OpenSts.Meter.Tests;
using Xunit.Runner.InProc.SystemConsole;

// Started by the runner: the tests. Started by a test: one of the processes that it kills.
return args switch
{
    ["process", "enter", .. var rest] => EnteringProcess.Run(rest),
    ["process", "draw", .. var rest] => DrawingProcess.Run(rest),
    _ => await ConsoleRunner.Run(args),
};
