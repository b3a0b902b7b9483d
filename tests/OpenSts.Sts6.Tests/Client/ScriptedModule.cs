using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OpenSts.Sts6.Tests.Client;

/// <summary>A module that answers as told: one act for every request, then the published answer.</summary>
public sealed class ScriptedModule : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<Act> _acts = new();
    private readonly Dictionary<string, string> _answers;

    public ScriptedModule(params (string Request, string Answer)[] answers)
    {
        _answers = answers.ToDictionary(pair => pair.Request, pair => pair.Answer);
        _listener.Start();
        _ = AcceptAsync();
    }

    public enum Act
    {
        Answer,
        Silence,
        WrongCheck,
        Close,
        HalfAnswer,
        OtherHeader,
        OtherHead,
        ErrorWithoutFrame,
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public ConcurrentQueue<string> Requests { get; } = new();

    public int Connections { get; private set; }

    public void Next(params Act[] acts)
    {
        foreach (var act in acts)
            _acts.Enqueue(act);
    }

    public ValueTask DisposeAsync()
    {
        _stop.Cancel();
        _listener.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Connections++;
                _ = ServeAsync(client);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException
            or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                var last = "";
                var length = new byte[2];
                while (true)
                {
                    await stream.ReadExactlyAsync(length, _stop.Token);
                    var content = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
                    await stream.ReadExactlyAsync(content, _stop.Token);
                    var line = Encoding.ASCII.GetString(content, 6, content.Length - 7);
                    Requests.Enqueue(line);
                    last = line.StartsWith("GL?RR", StringComparison.Ordinal) ? last : _answers[line];
                    _ = _acts.TryDequeue(out var act);
                    var text = act switch
                    {
                        Act.WrongCheck => last[..^1] + (last[^1] == '0' ? '1' : '0'),
                        Act.OtherHeader => "SM!DI00P94001632~PSTS65V10~78C3",
                        _ => last,
                    };
                    if (act == Act.Silence)
                        continue;
                    if (act == Act.Close)
                        return;
                    byte[] head = act == Act.OtherHead ? [1, 2, 3, 4, 5, 6] : content[..6];
                    byte[] frame = act == Act.ErrorWithoutFrame
                        ? "GL!ER20A624\r"u8.ToArray()
                        : [0, (byte)(text.Length + 7), .. head, .. Encoding.ASCII.GetBytes(text), (byte)'\r'];
                    await stream.WriteAsync(act == Act.HalfAnswer ? frame.AsMemory(0, frame.Length / 2)
                        : frame, _stop.Token);
                    if (act == Act.HalfAnswer)
                        return;
                }
            }
            catch (Exception error) when (error is IOException or OperationCanceledException or SocketException)
            {
            }
        }
    }
}
