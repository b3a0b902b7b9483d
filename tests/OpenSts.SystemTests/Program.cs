using OpenSts.SystemTests.Vending;
using Xunit.Runner.InProc.SystemConsole;

// Started by the runner: the tests. Started by a test: the process that it watches, kills or looks into.
return args is ["process", var name, .. var rest]
    ? name switch
    {
        "sell" => await LoadProcess.RunAsync(rest),
        "shop" => await LiveServer.RunAsync(rest[0], rest.ElementAtOrDefault(1)),
        _ => 2,
    }
    : await ConsoleRunner.Run(args);
