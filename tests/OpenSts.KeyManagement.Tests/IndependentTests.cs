namespace OpenSts.KeyManagement.Tests;

/// <summary>
/// The known answers of key management, reproduced by a program in another language that shares no line with this one.
/// </summary>
public sealed class IndependentTests
{
    [Fact]
    public void KnownAnswers_InPython_AreTheSame()
    {
        Assert.Equal((0, "15 passed, 0 failed", ""),
            IndependentProgram.Run("key_management.py", "vectors/keyManagement.jsonl"));
    }
}
