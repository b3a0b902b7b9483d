namespace OpenSts.Testing;

/// <summary>Where the repository is, for tests that read its files.</summary>
public static class TestFiles
{
    public static string Root { get; } = FindRoot();

    public static string Path(params string[] parts) => System.IO.Path.Combine([Root, .. parts]);

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(System.IO.Path.Combine(folder, "OpenSts.slnx")))
            folder = System.IO.Path.GetDirectoryName(folder)
                ?? throw new InvalidOperationException("The repository was not found above the tests.");
        return folder;
    }
}
