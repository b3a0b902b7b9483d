namespace OpenSts.Architecture.Tests.Repository;

/// <summary>A text file of the repository.</summary>
/// <param name="Path">Relative to the root, with slashes: <c>src/OpenSts/Token.cs</c>.</param>
/// <param name="Text">All of it.</param>
public sealed record SourceFile(string Path, string Text)
{
    /// <summary>
    /// The project it belongs to, such as <c>OpenSts.Meter</c>; empty outside of src, tests and bench.
    /// </summary>
    public string Project => Path.Split('/') is ["src" or "tests" or "bench", var project, _, ..] ? project : "";

    public string[] Lines => Text.Split('\n');

    /// <summary>Where something stands, as editors open it: path and line.</summary>
    public string At(int line) => $"{Path}:{line}";
}
