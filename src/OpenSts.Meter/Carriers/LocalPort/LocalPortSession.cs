using System.Text;
using OpenSts.Metering;

namespace OpenSts.Meter.Carriers.LocalPort;

/// <summary>How a meter's port behaves where the standard's text is not public.</summary>
public sealed record LocalPortSettings
{
    /// <summary>Where the parity bit is made.</summary>
    public ParityHandling Parity { get; init; }

    /// <summary>True where commands without an IDRequest before them are not answered.</summary>
    public bool RequiresSession { get; init; }

    /// <summary>A session without a character ends after this time, 60 s to 120 s.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(90);
}

/// <summary>The meter's side of the local port: octets in, octets out. It neither waits nor reads a clock.</summary>
/// <remarks>
/// IEC 62055-52 with STS 202-4. A written token is acknowledged first and then worked on: whoever drives the session
/// sends the answer,
/// then calls <see cref="Work"/>. Until then register FFFE reads 10h and another token is refused.
/// </remarks>
public sealed class LocalPortSession(PaymentMeter meter, LocalPortSettings settings)
{
    private const int MostRepeats = 3;

    private readonly LocalPortMessageReader _reader = new(settings.Parity);
    private byte[] _lastReply = [];
    private int _repeats;
    private bool _inSession;
    private TimeSpan _lastOctet;
    private string? _token;

    /// <summary>True while a token waits to be worked on.</summary>
    public bool IsBusy => _token is not null;

    /// <summary>True between an IDRequest and a break or the idle timeout.</summary>
    public bool IsInSession => _inSession;

    /// <summary>Takes what came in; gives what goes out, nothing where there is no answer.</summary>
    public byte[] Receive(ReadOnlySpan<byte> octets, TimeSpan now)
    {
        if (now - _lastOctet > settings.IdleTimeout)
            _inSession = false;
        _lastOctet = now;
        var reply = new List<byte>();
        foreach (var octet in octets)
        {
            if (_reader.Take(octet, now) is { } message && meter.Record.HasPower)
                reply.AddRange(Answer(message));
        }

        return [.. reply];
    }

    /// <summary>Enters the token that was written, if there is one; its result is then in register FFFE.</summary>
    /// <exception cref="IOException">The token could not be made durable; it was not accepted.</exception>
    public MeterAnswer? Work()
    {
        if (_token is not { } token)
            return null;
        try
        {
            return meter.Enter(token, TokenCarrierType.VirtualLocal);
        }
        finally
        {
            _token = null;
        }
    }

    private byte[] Answer(LocalPortMessage message)
    {
        if (message is IdRequest)
        {
            _inSession = true;
            return Reply(Encoding.ASCII.GetBytes(Identity()));
        }

        if (settings.RequiresSession && !_inSession)
            return [];
        switch (message)
        {
            case Break:
                _inSession = false;
                return [];
            case Repeat:
                return _lastReply.Length > 0 && ++_repeats <= MostRepeats ? _lastReply : [];
            case ReadRegisters read:
                return Reply(Read(read));
            case WriteRegister { Register: LocalPortRegisters.Token } write when !IsBusy && IsToken(write.Value):
                _token = write.Value;
                return Reply([ControlCharacters.Ack]);
            default:
                return Reply([ControlCharacters.Nak]);
        }
    }

    private static bool IsToken(string value) =>
        value.Length == Token66.Digits && !value.AsSpan().ContainsAnyExceptInRange('0', '9');

    private byte[] Read(ReadRegisters read)
    {
        var values = new StringBuilder();
        var (record, lockedFor) = (meter.Record, meter.LockedFor);
        for (var i = 0; i < read.Count; i++)
        {
            var register = read.Register + i;
            var value = register == LocalPortRegisters.TokenStatus && IsBusy
                ? ((int)TokenResult.NotReady).ToString("X2")
                : LocalPortRegisters.Read(register, record, lockedFor);
            if (value is null)
                return [ControlCharacters.Nak];
            values.Append('(').Append(value).Append(')');
        }

        var characters = Encoding.ASCII.GetBytes($"{values}{(char)ControlCharacters.Etx}");
        return [ControlCharacters.Stx, .. characters, ControlCharacters.Check(characters)];
    }

    // STS 202-4: M with a code of two digits, N with a code of four.
    private string Identity()
    {
        var pan = meter.Record.Settings.MeterPan;
        var maker = pan == default ? "00" : pan.DecoderReferenceNumber.ManufacturerCode.ToString();
        return $"/{(maker.Length == 2 ? 'M' : 'N')}{maker}{Display.SoftwareVersion}\r\n";
    }

    private byte[] Reply(byte[] characters)
    {
        _repeats = 0;
        _lastReply = settings.Parity == ParityHandling.ByTheLine
            ? characters
            : Array.ConvertAll(characters, ControlCharacters.WithEvenParity);
        return _lastReply;
    }
}
