if (args is ["rates"])
    return OpenSts.Benchmarks.Rates.Run();
if (args is ["vault", .. var rest])
    return OpenSts.Benchmarks.VaultCommits.Run(rest is [var folder] ? folder : Path.GetTempPath());
if (args is ["kmc", var place, .. var size])
    return OpenSts.Benchmarks.KeyFiles.Run(place, size is [var modules, ..] ? int.Parse(modules) : 1000, size is [_, var keys] ? int.Parse(keys) : 50);
_ = BenchmarkDotNet.Running.BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
