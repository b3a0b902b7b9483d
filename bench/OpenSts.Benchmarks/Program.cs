if (args is ["rates"])
    return OpenSts.Benchmarks.Rates.Run();
if (args is ["vault", .. var rest])
    return OpenSts.Benchmarks.VaultCommits.Run(rest is [var folder] ? folder : Path.GetTempPath());
if (args is ["odds", .. var tries])
    return OpenSts.Benchmarks.GuessingOdds.Run(tries is [var count] ? int.Parse(count) : 20_000_000);
if (args is ["module", .. var load])
    return OpenSts.Benchmarks.ModuleLoad.Run(load is [var on, ..] ? on : Path.GetTempPath(), load
        is [_, var seconds, ..] ? int.Parse(seconds) : 10,
        load is [_, _, var connections, var rate] ? (int.Parse(connections), int.Parse(rate)) : null);
if (args is ["module-serve", var served])
    return OpenSts.Benchmarks.ModuleUnderLoad.Run(served);
if (args is ["kmc", var place, .. var size])
    return OpenSts.Benchmarks.KeyFiles.Run(place, size is [var modules, ..] ? int.Parse(modules) : 1000, size
        is [_, var keys] ? int.Parse(keys) : 50);
_ = BenchmarkDotNet.Running.BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
