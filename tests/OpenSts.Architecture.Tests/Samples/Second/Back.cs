using OpenSts.Architecture.Tests.Samples.First;

namespace OpenSts.Architecture.Tests.Samples.Second;

/// <summary>The other half of a circle of two folders.</summary>
public sealed class Back
{
    public Forth? Other { get; init; }
}
