using OpenSts.KeyManagement.Tests;
using Xunit.Runner.InProc.SystemConsole;

// Started by the runner: the tests. Started by a test: the process that it kills or whose memory it searches.
return args is ["process", var name, .. var rest]
    ? name switch
    {
        "module-step" => KeyProcesses.Module(rest),
        "centre-step" => KeyProcesses.Centre(rest),
        "centre-create" => KeyProcesses.Create(rest),
        "centre-hold" => KeyProcesses.Hold(rest),
        _ => 2,
    }
    : await ConsoleRunner.Run(args);
