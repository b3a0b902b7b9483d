using OpenSts.SecurityModule.Tests.Vault;
using Xunit.Runner.InProc.SystemConsole;

// Started by the runner: the tests. Started by a test: the process that it watches, kills or looks into.
return args is ["process", var name, .. var rest]
    ? name switch
    {
        "vend" => VendingProcess.Run(rest),
        "hold" => HoldingProcess.Run(rest),
        _ => 2,
    }
    : await ConsoleRunner.Run(args);
