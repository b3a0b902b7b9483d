using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using OpenSts.Sts6;

namespace OpenSts.Benchmarks;

/// <summary>
/// One host: sends different credit requests at a fixed rate, whether or not answers come, and notes how long each
/// took.
/// </summary>
/// <remarks>It looks once a millisecond what is due; so much a request is sent late even without a module.</remarks>
internal sealed class LoadConnection(int number, int rate, int seconds)
{
    private const int Meters = 1000;
    private readonly int _requested = rate * seconds;
    private readonly byte[] _requests = Requests(number, rate * seconds);
    private readonly double[] _sent = new double[rate * seconds];
    private readonly double[] _fromSent = new double[rate * seconds];
    private readonly double[] _fromDue = new double[rate * seconds];
    private readonly Stopwatch _watch = new();

    public const int FrameLength = 2 + 6 + 60;

    /// <summary>Microseconds from sent to answered, of each answer that came.</summary>
    public double[] FromSent => _fromSent[..Answered];

    /// <summary>
    /// The same from the moment at which the request was due, so that a module that stands still is not spared.
    /// </summary>
    public double[] FromDue => _fromDue[..Answered];

    public int Answered { get; private set; }

    /// <summary>Answers that were no token.</summary>
    public int Refused { get; private set; }

    /// <summary>Blocks until every request is answered or the module hangs up.</summary>
    public void Run(int port)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPAddress.Loopback, port);
        _watch.Restart();
        var receiving = new Thread(() => Receive(socket));
        receiving.Start();
        var sent = 0;
        while (sent < _requested)
        {
            var due = (int)Math.Min(_requested, (long)(_watch.Elapsed.TotalSeconds * rate) + 1);
            var now = _watch.Elapsed.TotalMicroseconds;
            for (var i = sent; i < due; i++)
                _sent[i] = now;
            for (var octets = _requests.AsSpan(sent * FrameLength, (due - sent) * FrameLength); octets.Length > 0;)
                octets = octets[socket.Send(octets)..];
            sent = due;
            Thread.Sleep(1);
        }

        receiving.Join();
    }

    private void Receive(Socket socket)
    {
        var buffer = new byte[1 << 16];
        var held = 0;
        while (Answered < _requested)
        {
            var read = socket.Receive(buffer.AsSpan(held));
            if (read == 0)
                return;
            held += read;
            var now = _watch.Elapsed.TotalMicroseconds;
            var at = 0;
            for (int whole; held - at >= 2
                && held - at >= (whole = 2 + BinaryPrimitives.ReadUInt16BigEndian(buffer.AsSpan(at))); at += whole)
            {
                if (!buffer.AsSpan(at + 8, 7).SequenceEqual("SM!VC00"u8))
                    Refused++;
                _fromDue[Answered] = now - (Answered * 1e6 / rate);
                _fromSent[Answered] = now - _sent[Answered];
                Answered++;
            }

            buffer.AsSpan(at, held - at).CopyTo(buffer);
            held -= at;
        }
    }

    // 1,000 meters, and for each a minute of its own in the last days: no request comes twice.
    private static byte[] Requests(int number, int count)
    {
        _ = ManufacturerCode.TryParse("01", out var maker, out _);
        var pans = Enumerable.Range(0, Meters).Select(
            meter => MeterPan.Create(DecoderReferenceNumber.Create(maker, (number * Meters) + meter))).ToArray();
        _ = TokenIdentifier.TryFromTime(DateTimeOffset.UtcNow.AddDays(-6), BaseDate.Base2014, out var first);
        var requests = new byte[count * FrameLength];
        for (var i = 0; i < count; i++)
        {
            var frame = requests.AsSpan(i * FrameLength, FrameLength);
            var text = string.Create(CultureInfo.InvariantCulture,
                $"SM?VCN1~P{pans[i % Meters]}~N1~N11~N2~N0~H0001~H{first.Value + (i / Meters):X6}~");
            BinaryPrimitives.WriteUInt16BigEndian(frame, FrameLength - 2);
            ((ReadOnlySpan<byte>)[0xED, 0xF1, 0x2B, 0x00, 0xFE, 0xED]).CopyTo(frame[2..]);
            var line = frame[8..];
            var length = Encoding.ASCII.GetBytes(text, line);
            LineCheck.Write(line[..length], line[length..]);
            line[length + 4] = (byte)'\r';
            if (length + 5 != line.Length)
                throw new UnreachableException($"A request has {length + 5} octets.");
        }

        return requests;
    }
}
