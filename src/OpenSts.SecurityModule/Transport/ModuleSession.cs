using System.Buffers;
using OpenSts.Pkcs11;
using OpenSts.SecureStorage;
using OpenSts.SecurityModule.Commands;
using OpenSts.Sts6;

namespace OpenSts.SecurityModule.Transport;

/// <summary>Which protocol a session speaks.</summary>
public enum SessionProtocol
{
    /// <summary>STS 600-8-6.</summary>
    Sts6,

    /// <summary>The older one with fields of fixed width, for hosts that speak nothing else.</summary>
    Sts05,
}

/// <summary>
/// One host's side of the conversation: octets in, answers out, in the order of the requests. No input or output here.
/// </summary>
/// <remarks>
/// Any number of requests may arrive in one piece. What comes out may leave once the log entry that comes with it is
/// durable (<see cref="SoftwareSecurityModule.WhenDurableAsync"/>). Not safe for several threads.
/// </remarks>
public sealed class ModuleSession
{
    private const int HeaderLength = 5;
    private readonly SoftwareSecurityModule _module;
    private readonly SessionFraming _framing;
    private readonly FrameCutter _cutter;
    private readonly CommandSet _commands;
    private readonly RequestScope _scope;
    private readonly AnswerWriter _writer = new();
    private readonly FrameCutter.Taking _take;
    private IBufferWriter<byte>? _answers;
    private byte[] _last = [];
    private int _lastLength;
    private bool _hasSpoken;

    public ModuleSession(SoftwareSecurityModule module, SessionFraming framing,
        SessionProtocol protocol = SessionProtocol.Sts6)
    {
        ArgumentNullException.ThrowIfNull(module);
        _module = module;
        _framing = framing;
        _cutter = new FrameCutter(framing);
        _commands = protocol == SessionProtocol.Sts05 ? CommandSet.Legacy
            : module.Role == ModuleRole.Vending ? CommandSet.Vending
            : CommandSet.Manufacturing;
        _scope = new RequestScope(module);
        _take = Take;
    }

    /// <summary>
    /// True for a face on which octets arrive as they were sent: when the very first request is none, somebody speaks
    /// another protocol (a browser that a page made call this port, say), and nothing that follows is looked at.
    /// </summary>
    public bool HangsUpOnStrangers { get; init; }

    /// <summary>True once a stranger was found: the connection is to be closed when the answers have left.</summary>
    public bool IsOver { get; private set; }

    /// <summary>True where a request has begun and not ended: the host should not leave it so for long.</summary>
    public bool IsInsideRequest => _cutter.IsInside;

    /// <summary>Takes what arrived and writes the answer of every request that it completes.</summary>
    /// <param name="octets">Any number, cut anywhere.</param>
    /// <param name="answers">Gets whole answers.</param>
    /// <returns>The log entry that must be durable before the answers leave; 0 where they may leave at once.</returns>
    public ulong Receive(ReadOnlySpan<byte> octets, IBufferWriter<byte> answers)
    {
        _scope.Entry = 0;
        _answers = answers;
        _cutter.Add(octets, _take);
        _answers = null;
        return _scope.Entry;
    }

    private void Take(ReadOnlySpan<byte> head, ReadOnlySpan<byte> line)
    {
        if (IsOver)
            return;
        var isFirst = !_hasSpoken;
        _hasSpoken = true;
        // The order is that of the checks: state, check of the frame, header; everything else is the command's.
        if (_module.State != ModuleState.Ready)
            Refuse(head, _module.State == ModuleState.Tampered ? ResponseCode.TamperedState
                : ResponseCode.AppErrorState);
        else if (line.Length < HeaderLength + LineCheck.Length
            || !LineCheck.IsOf(line[..^LineCheck.Length], line[^LineCheck.Length..]))
        {
            Refuse(head, ResponseCode.ChecksumError);
            IsOver = isFirst && HangsUpOnStrangers;
        }
        else
        {
            Take(head, line[..HeaderLength], line[HeaderLength..^LineCheck.Length]);
        }
    }

    private void Take(ReadOnlySpan<byte> head, ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload)
    {
        if (header.SequenceEqual("GL?RR"u8) && payload.Length == 0 && _lastLength > 0)
        {
            _answers!.Write(_last.AsSpan(0, _lastLength));
            return;
        }

        var command = _commands.Find(header);
        if (command is LoadingCommand && _module.Loading is null)
            command = null;
        var isSessions = header.SequenceEqual("GL?RR"u8) || header.SequenceEqual("GL?RS"u8);
        if (command is null && !isSessions)
        {
            Refuse(head, ResponseCode.InvalidRequestHeader);
            return;
        }

        _writer.Begin(_framing, head, header);
        // A register is never disposed while a request uses it.
        using var use = command is { UsesRegisters: true } ? _module.UseRegisters() : default;
        try
        {
            // Nothing to repeat, or a reset: both end here, and neither has fields.
            _writer.Code(command is not null ? command.Answer(_scope, payload, _writer)
                : payload.Length == 0 && header[4] == 'S' ? ResponseCode.Successful : ResponseCode.FormatError);
        }
        catch (TokenException)
        {
            _writer.Code(ResponseCode.DeviceFailure);
        }
        catch (StorageException)
        {
            // What cannot be noted is not made; the module says so to everybody until it is started again.
            _module.Fail();
            Refuse(head, ResponseCode.AppErrorState);
            return;
        }

        Send(_writer.End());
        if (isSessions)
            _lastLength = 0;
    }

    private void Refuse(ReadOnlySpan<byte> head, ResponseCode code)
    {
        _writer.Begin(_framing, head, "GL?ER"u8);
        _writer.Code(code);
        Send(_writer.End());
    }

    private void Send(ReadOnlySpan<byte> answer)
    {
        _answers!.Write(answer);
        if (_last.Length < answer.Length)
            _last = new byte[answer.Length];
        answer.CopyTo(_last);
        _lastLength = answer.Length;
    }
}
