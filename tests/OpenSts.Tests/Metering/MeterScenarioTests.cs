using System.Text.Json.Nodes;
using OpenSts.Metering;

namespace OpenSts.Tests.Metering;

/// <summary>The published scenarios of vectors/meter-scenarios.json, step by step.</summary>
public class MeterScenarioTests
{
    private static readonly JsonObject File =
        JsonNode.Parse(System.IO.File.ReadAllText(TestFiles.Path("vectors", "meter-scenarios.json")))!.AsObject();

    public static TheoryData<string> Names => new(File["scenarios"]!.AsArray().Select(s => s!["name"]!.ToString()));

    [Theory]
    [MemberData(nameof(Names))]
    public void Enter_PublishedScenario_AnswersAsItSays(string name)
    {
        var scenario = File["scenarios"]!.AsArray().Single(s => s!["name"]!.ToString() == name)!;
        var ea = name.Contains("EA11", StringComparison.Ordinal) ? EncryptionAlgorithm.Ea11 : EncryptionAlgorithm.Ea07;
        var attributes = TestKeys.Attributes(ea, keyType: name.Contains("DDTK meter", StringComparison.Ordinal)
            ? KeyType.Default : KeyType.Unique);
        using var key = TestKeys.Derive(attributes);
        var settings = new MeterSettings { MeterPan = attributes.MeterPan, EncryptionAlgorithm = ea };
        var memory = name.Contains("memory of 3", StringComparison.Ordinal) ? 3 : CancellationMemory.DefaultSize;
        var state = MeterState.AtManufacture(key, attributes, default, memory);
        if (name.StartsWith("M20", StringComparison.Ordinal))
            settings = settings with { LargestUnits = 100 };
        var clock = TimeSpan.FromHours(1);
        var number = 0;
        foreach (var step in scenario["steps"]!.AsArray())
        {
            number++;
            if (step!["wait_s"] is { } wait)
            {
                clock += TimeSpan.FromSeconds(wait.GetValue<double>());
                continue;
            }

            var decision = MeterApplication.Enter(settings, state, step["token"]!.ToString(), clock);
            state = decision.State;
            Assert.Equal((number, step["status"]!.GetValue<int>(), step["credit"]!.GetValue<int>()),
                (number, (int)decision.Result, (int)state.CreditUnits));
        }
    }
}
