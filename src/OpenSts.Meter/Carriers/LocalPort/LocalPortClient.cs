using System.Text;
using OpenSts.Metering;

namespace OpenSts.Meter.Carriers.LocalPort;

/// <summary>A meter's answer to an identity request.</summary>
/// <param name="ManufacturerCode">The manufacturer code, 2 or 4 digits.</param>
/// <param name="SoftwareVersion">Four characters.</param>
public sealed record LocalPortIdentity(string ManufacturerCode, string SoftwareVersion);

/// <summary>The client's side of the local port over any stream: asks, waits, asks again.</summary>
/// <remarks>IEC 62055-52 with STS 202-4. An echo of what was sent, as an optical head gives, is passed over.</remarks>
public sealed class LocalPortClient(Stream line, ParityHandling parity, TimeProvider clock)
{
    private const int Tries = 4;
    private readonly byte[] _buffer = new byte[ControlCharacters.LongestMessage];

    /// <summary>How long an answer may take.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long the result of a token may take.</summary>
    public TimeSpan ResultTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often the result of a token is read.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Opens a session.</summary>
    /// <exception cref="LocalPortException">No answer, or one that is no identity.</exception>
    public async Task<LocalPortIdentity> SignOnAsync(CancellationToken stop = default)
    {
        var answer = await AskAsync(IdRequest.ToOctets(), "the identity", stop).ConfigureAwait(false);
        var text = Encoding.ASCII.GetString(answer);
        return text switch
        {
            ['/', 'M', .. { Length: 8 } rest] when rest.EndsWith("\r\n", StringComparison.Ordinal) =>
                new LocalPortIdentity(rest[..2], rest[2..6]),
            ['/', 'N', .. { Length: 10 } rest] when rest.EndsWith("\r\n", StringComparison.Ordinal) =>
                new LocalPortIdentity(rest[..4], rest[4..8]),
            _ => throw new LocalPortException("the meter answered the request for its identity with something else"),
        };
    }

    /// <summary>Reads registers; null where the meter has not all of them.</summary>
    /// <exception cref="LocalPortException">No answer, or a damaged one.</exception>
    public async Task<IReadOnlyList<string>?> ReadAsync(int register, int count = 1, CancellationToken stop = default)
    {
        var answer = await AskAsync(
            new ReadRegisters(register, count).ToOctets(), $"register {register:X4}", stop).ConfigureAwait(false);
        if (answer is [ControlCharacters.Nak])
            return null;
        if (answer is not [ControlCharacters.Stx, ..] || ControlCharacters.Check(answer.AsSpan(1..^1)) != answer[^1])
            throw new LocalPortException($"the meter's answer for register {register:X4} is damaged");
        var text = Encoding.ASCII.GetString(answer.AsSpan(1..^2));
        return text is ['(', .. var inside, ')']
            ? inside.Split(")(")
            : throw new LocalPortException($"the meter's answer for register {register:X4} is no data");
    }

    /// <summary>Writes a token and waits for its result; null where the meter refused the write.</summary>
    /// <exception cref="LocalPortException">No answer, or no result in time.</exception>
    public async Task<TokenResult?> EnterAsync(Token66 token, CancellationToken stop = default)
    {
        var answer = await AskAsync(
            new WriteRegister(LocalPortRegisters.Token, token.ToString()).ToOctets(), "the token",
            stop).ConfigureAwait(false);
        if (answer is not [ControlCharacters.Ack])
            return null;
        var start = clock.GetTimestamp();
        while (clock.GetElapsedTime(start) < ResultTimeout)
        {
            if (await ReadAsync(LocalPortRegisters.TokenStatus, 1, stop).ConfigureAwait(false) is [var status]
                && Convert.ToInt32(status, 16) is > 0 and not (int)TokenResult.NotReady and var number)
                return (TokenResult)number;
            await Task.Delay(PollInterval, clock, stop).ConfigureAwait(false);
        }

        throw new LocalPortException(
            $"the meter received the token, but gave no result in {ResultTimeout.TotalSeconds} s; read register FFFE "
                + "later");
    }

    /// <summary>Ends the session; a meter does not answer that.</summary>
    public async Task BreakAsync(CancellationToken stop = default) =>
        await SendAsync(Break.ToOctets(), stop).ConfigureAwait(false);

    private async Task<byte[]> AskAsync(byte[] message, string what, CancellationToken stop)
    {
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            await SendAsync(message, stop).ConfigureAwait(false);
            using var timeout = new CancellationTokenSource(AnswerTimeout, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, timeout.Token);
            try
            {
                return await ReceiveAsync(message, either.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested)
            {
                // No whole answer in time: ask again. A second identical token is harmless: the meter answers
                // UsedError at worst,
                // and only where it had accepted the first.
            }
        }

        throw new LocalPortException($"the meter did not answer when asked for {what}, {Tries} times");
    }

    private async Task SendAsync(byte[] message, CancellationToken stop)
    {
        var octets = parity == ParityHandling.ByTheLine
            ? message
            : Array.ConvertAll(message, ControlCharacters.WithEvenParity);
        await line.WriteAsync(octets, stop).ConfigureAwait(false);
        await line.FlushAsync(stop).ConfigureAwait(false);
    }

    private async Task<byte[]> ReceiveAsync(byte[] sent, CancellationToken stop)
    {
        var received = new List<byte>();
        while (true)
        {
            var length = await line.ReadAsync(_buffer, stop).ConfigureAwait(false);
            if (length == 0)
                throw new LocalPortException("the line was closed");
            for (var i = 0; i < length; i++)
            {
                received.Add((byte)(_buffer[i] & 0x7F));
                if (received.Count == sent.Length && received.SequenceEqual(sent))
                    received.Clear();
                else if (IsWhole(received))
                    return [.. received];
                if (received.Count > ControlCharacters.LongestMessage * 4)
                    throw new LocalPortException("the meter sends without end");
            }
        }
    }

    private static bool IsWhole(List<byte> received) => received[0] switch
    {
        ControlCharacters.Ack or ControlCharacters.Nak => true,
        (byte)'/' => received[^1] == ControlCharacters.Lf,
        // The check character may look like ETX: what counts is the first ETX and one character more.
        ControlCharacters.Stx => received.IndexOf(ControlCharacters.Etx) is > 0 and var at && received.Count == at + 2,
        _ => false,
    };
}
