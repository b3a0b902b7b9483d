using System.Text.Json;
using OpenSts.Cosem.Meters;

namespace OpenSts.Cosem.Link;

/// <summary>The meter's end of the link: it answers one line after the other.</summary>
/// <remarks>
/// The server for DLMS/COSEM runs in a process of its own, so that a parser of network octets shares no process with a
/// decoder key. Lines are JSON in UTF-8.
/// </remarks>
public static class MeterLink
{
    /// <summary>Answers until the other end is closed.</summary>
    /// <param name="meter">The meter.</param>
    /// <param name="requests">Lines from the server.</param>
    /// <param name="responses">Lines to the server.</param>
    /// <param name="cancellation">Ends the wait for the next line.</param>
    /// <exception cref="IOException">The other end sent something else, or is gone.</exception>
    public static async Task ServeAsync(ICosemMeter meter, TextReader requests, TextWriter responses,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(meter);
        ArgumentNullException.ThrowIfNull(requests);
        ArgumentNullException.ThrowIfNull(responses);
        while (await requests.ReadLineAsync(cancellation).ConfigureAwait(false) is { } line)
        {
            LinkResponse response;
            try
            {
                response = await RespondAsync(meter, Read(line), cancellation).ConfigureAwait(false);
            }
            catch (IOException error) when (error is not LinkException)
            {
                response = new LinkResponse { Fault = error.Message };
            }

            await responses.WriteLineAsync(JsonSerializer.Serialize(response, LinkContext.Default.LinkResponse))
                .ConfigureAwait(false);
            await responses.FlushAsync(cancellation).ConfigureAwait(false);
        }
    }

    private static LinkRequest Read(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, LinkContext.Default.LinkRequest)
                ?? throw new LinkException("a line to the meter holds nothing");
        }
        catch (JsonException error)
        {
            throw new LinkException($"a line to the meter cannot be read: {error.Message}");
        }
    }

    private static async ValueTask<LinkResponse> RespondAsync(ICosemMeter meter, LinkRequest request,
        CancellationToken cancellation) => request switch
        {
            { Operation: LinkOperation.Nameplate } =>
                new LinkResponse { Nameplate = NameplateMessage.Of(meter.Nameplate) },
            { Operation: LinkOperation.Read } => new LinkResponse
            {
                Reading = ReadingMessage.Of(await meter.ReadAsync(cancellation).ConfigureAwait(false))
            },
            { Operation: LinkOperation.Enter, Received: { } received, Method: { } method } =>
                new LinkResponse
                {
                    Result = (await meter.EnterAsync(new TokenEntry(request.Digits, received, method),
                    cancellation).ConfigureAwait(false)).Result
                },
            { Operation: LinkOperation.Switch, Connect: { } connect } =>
                new LinkResponse { IsDone = await meter.SwitchAsync(connect, cancellation).ConfigureAwait(false) },
            { Operation: LinkOperation.SetTime, Time: { } time } =>
                new LinkResponse { IsDone = await meter.SetTimeAsync(time, cancellation).ConfigureAwait(false) },
            { Operation: LinkOperation.SetLowCreditThreshold, Units: { } units } =>
                new LinkResponse
                {
                    IsDone = await meter.SetLowCreditThresholdAsync(units, cancellation).ConfigureAwait(false)
                },
            _ => throw new LinkException($"a line to the meter lacks what {request.Operation} needs"),
        };

    private sealed class LinkException(string message) : IOException(message);
}
