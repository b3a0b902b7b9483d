using OpenSts.Vending.Operations;
using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace OpenSts.Vending.Hosting;

/// <summary>Sends traces to where the standard variables of OpenTelemetry say; without them there are none.</summary>
/// <remarks><c>OTEL_EXPORTER_OTLP_ENDPOINT</c> turns them on; protocol, headers, sampler, service name and the rest are read by OpenTelemetry itself.</remarks>
internal static class Telemetry
{
    private static readonly string[] Switches = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"];

    /// <summary>Begins; the caller disposes it at the end, which sends what is left. Null where it is off.</summary>
    public static IDisposable? Start(Func<string, string?> environment) =>
        environment("OTEL_SDK_DISABLED") != "true" && Switches.Any(name => !string.IsNullOrEmpty(environment(name))) ? Begin(environment) : null;

    // A method of its own: without it nothing of OpenTelemetry is loaded.
    private static TracerProvider Begin(Func<string, string?> environment)
    {
        foreach (var name in Switches)
        {
            if (environment(name) is { Length: > 0 } held && !(Uri.TryCreate(held, UriKind.Absolute, out var endpoint) && endpoint.Scheme is "http" or "https"))
                throw new FormatException($"{name} held '{held}'; permitted is an http or https address.");
        }

        return Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(ResourceBuilder.CreateDefault().AddService("sts-vending", serviceVersion: typeof(Telemetry).Assembly.GetName().Version?.ToString(3)).AddEnvironmentVariableDetector())
            .AddSource(Traces.SourceName, "Microsoft.AspNetCore", "Npgsql")
            .AddOtlpExporter()
            .Build();
    }
}
