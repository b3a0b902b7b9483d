using OpenSts.Architecture.Tests.Samples.Second;

namespace OpenSts.Architecture.Tests.Samples.First;

/// <summary>One half of a circle of two folders, for the test of the rule about them.</summary>
public sealed class Forth
{
    public Back? Other { get; init; }
}
