using System.Text.Json;

namespace OpenSts.Cosem.Meters.Link;

/// <summary>The meter's end of the link: it answers one line after the other, and there is nothing else it can be asked.</summary>
/// <remarks>
/// So that a parser of network octets need not share a process with a decoder key: the server for DLMS/COSEM runs in a process of its own and
/// has this line to the meter. Lines are JSON in UTF-8.
/// </remarks>
public static class MeterLink
{
    /// <summary>Answers until the other end is closed.</summary>
    /// <param name="meter">The meter.</param>
    /// <param name="requests">Lines from the server.</param>
    /// <param name="answers">Lines to the server.</param>
    /// <param name="cancellation">Ends the wait for the next line.</param>
    /// <exception cref="IOException">The other end sent something else, or is gone.</exception>
    public static async Task ServeAsync(ICosemMeter meter, TextReader requests, TextWriter answers, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(meter);
        ArgumentNullException.ThrowIfNull(requests);
        ArgumentNullException.ThrowIfNull(answers);
        while (await requests.ReadLineAsync(cancellation).ConfigureAwait(false) is { } line)
        {
            LinkAnswer answer;
            try
            {
                answer = await AnswerAsync(meter, Read(line), cancellation).ConfigureAwait(false);
            }
            catch (IOException error) when (error is not LinkException)
            {
                answer = new LinkAnswer { Fault = error.Message };
            }

            await answers.WriteLineAsync(JsonSerializer.Serialize(answer, LinkContext.Default.LinkAnswer)).ConfigureAwait(false);
            await answers.FlushAsync(cancellation).ConfigureAwait(false);
        }
    }

    private static LinkRequest Read(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, LinkContext.Default.LinkRequest) ?? throw new LinkException("a line to the meter holds nothing");
        }
        catch (JsonException error)
        {
            throw new LinkException($"a line to the meter cannot be read: {error.Message}");
        }
    }

    private static async ValueTask<LinkAnswer> AnswerAsync(ICosemMeter meter, LinkRequest request, CancellationToken cancellation) => request switch
    {
        { Ask: LinkQuestion.Nameplate } => new LinkAnswer { Nameplate = NameplateImage.Of(meter.Nameplate) },
        { Ask: LinkQuestion.Read } => new LinkAnswer { Reading = ReadingImage.Of(meter.Read()) },
        { Ask: LinkQuestion.Enter, Received: { } received, Way: { } way } =>
            new LinkAnswer { Result = (await meter.EnterAsync(new TokenEntry(request.Digits, received, way), cancellation).ConfigureAwait(false)).Result },
        { Ask: LinkQuestion.Switch, Connect: { } connect } => new LinkAnswer { IsDone = await meter.SwitchAsync(connect, cancellation).ConfigureAwait(false) },
        { Ask: LinkQuestion.SetTime, Time: { } time } => new LinkAnswer { IsDone = await meter.SetTimeAsync(time, cancellation).ConfigureAwait(false) },
        { Ask: LinkQuestion.SetLowCreditThreshold, Units: { } units } => new LinkAnswer { IsDone = await meter.SetLowCreditThresholdAsync(units, cancellation).ConfigureAwait(false) },
        _ => throw new LinkException($"a line to the meter lacks what {request.Ask} needs"),
    };

    private sealed class LinkException(string message) : IOException(message);
}
