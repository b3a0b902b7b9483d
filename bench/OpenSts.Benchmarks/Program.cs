if (args is ["rates"])
    return OpenSts.Benchmarks.Rates.Run();
if (args is ["vault", .. var rest])
    return OpenSts.Benchmarks.VaultCommits.Run(rest is [var folder] ? folder : Path.GetTempPath());
if (args is ["odds", .. var tries])
    return OpenSts.Benchmarks.GuessingOdds.Run(tries is [var count] ? int.Parse(count) : 20_000_000);
_ = BenchmarkDotNet.Running.BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
