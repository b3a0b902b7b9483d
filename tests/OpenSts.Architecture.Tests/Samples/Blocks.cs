namespace OpenSts.Architecture.Tests.Samples;

/// <summary>Waits for tasks in two ways, for the test of the rule about them.</summary>
public static class Blocks
{
    public static int Ask(Task<int> question) => question.Result;

    public static void Stop(Task work) => work.Wait();
}
