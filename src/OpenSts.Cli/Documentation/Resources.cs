namespace OpenSts.Cli.Documentation;

/// <summary>Texts in files of their own kind that are part of the program.</summary>
internal static class Resources
{
    /// <summary>The text of a file in this folder.</summary>
    public static string Text(string name)
    {
        using var stream = typeof(Resources).Assembly.GetManifestResourceStream($"sts.{name}")
            ?? throw new InvalidOperationException($"the resource {name} is missing");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
