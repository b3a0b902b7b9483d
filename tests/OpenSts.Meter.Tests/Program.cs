using OpenSts.Meter.Tests;
using Xunit.Runner.InProc.SystemConsole;

// Started by the runner: the tests. Started by a test: the process that it kills.
return args is ["process", "enter", .. var rest] ? EnteringProcess.Run(rest) : await ConsoleRunner.Run(args);
