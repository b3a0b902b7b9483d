using System.Text.Json;

namespace OpenSts.Cosem.Meters.Link;

/// <summary>A meter in another process, over two streams of lines. Questions go one after the other.</summary>
public sealed class LinkedMeter : ICosemMeter
{
    private readonly Lock _lock = new();
    private readonly TextReader _answers;
    private readonly TextWriter _requests;

    /// <summary>A meter that answers already.</summary>
    /// <param name="answers">Lines from the meter.</param>
    /// <param name="requests">Lines to the meter.</param>
    /// <exception cref="IOException">It does not answer.</exception>
    public LinkedMeter(TextReader answers, TextWriter requests)
    {
        _answers = answers;
        _requests = requests;
        Nameplate = (Ask(new LinkRequest(LinkQuestion.Nameplate)).Nameplate ?? throw Short()).ToNameplate();
    }

    /// <inheritdoc/>
    public MeterNameplate Nameplate { get; }

    /// <inheritdoc/>
    public MeterReading Read() => (Ask(new LinkRequest(LinkQuestion.Read)).Reading ?? throw Short()).ToReading();

    /// <inheritdoc/>
    /// <remarks>What the token says is in the readings after it, and not in the answer.</remarks>
    public ValueTask<TokenVerdict> EnterAsync(TokenEntry entry, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var answer = Ask(new LinkRequest(LinkQuestion.Enter) { Digits = entry.Digits, Received = entry.Received, Way = entry.Way });
        return ValueTask.FromResult(new TokenVerdict(answer.Result ?? throw Short(), null));
    }

    /// <inheritdoc/>
    public ValueTask<bool> SwitchAsync(bool connect, CancellationToken cancellation) => Do(new LinkRequest(LinkQuestion.Switch) { Connect = connect });

    /// <inheritdoc/>
    public ValueTask<bool> SetTimeAsync(DateTimeOffset time, CancellationToken cancellation) => Do(new LinkRequest(LinkQuestion.SetTime) { Time = time });

    /// <inheritdoc/>
    public ValueTask<bool> SetLowCreditThresholdAsync(long units, CancellationToken cancellation) =>
        Do(new LinkRequest(LinkQuestion.SetLowCreditThreshold) { Units = units });

    /// <summary>False once the meter's process has ended.</summary>
    public bool IsThere()
    {
        try
        {
            return Ask(new LinkRequest(LinkQuestion.Nameplate)).Nameplate is not null;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private ValueTask<bool> Do(LinkRequest request) => ValueTask.FromResult(Ask(request).IsDone ?? throw Short());

    private LinkAnswer Ask(LinkRequest request)
    {
        lock (_lock)
        {
            _requests.WriteLine(JsonSerializer.Serialize(request, LinkContext.Default.LinkRequest));
            _requests.Flush();
            var line = _answers.ReadLine() ?? throw new IOException("the meter's process has ended");
            try
            {
                var answer = JsonSerializer.Deserialize(line, LinkContext.Default.LinkAnswer) ?? throw Short();
                return answer.Fault is null ? answer : throw new IOException(answer.Fault);
            }
            catch (JsonException)
            {
                throw Short();
            }
        }
    }

    private static IOException Short() => new("the meter's process did not answer what it was asked");
}
