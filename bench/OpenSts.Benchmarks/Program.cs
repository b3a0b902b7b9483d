if (args is ["rates"])
    return OpenSts.Benchmarks.Rates.Run();
if (args is ["vault", .. var rest])
    return OpenSts.Benchmarks.VaultCommits.Run(rest is [var folder] ? folder : Path.GetTempPath());
_ = BenchmarkDotNet.Running.BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
