using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Authentication;

namespace OpenSts.Sts6.Client;

/// <summary>A security module reached by STS6 over TCP, TLS or a Unix socket, several connections at a time.</summary>
/// <remarks>
/// Retry rule of the protocol: no answer, send again, give up after so many; wrong check, ask for the last answer
/// again. A request is repeated octet for octet, so that a module that keeps its last answers gives the same one and
/// counts once. After a missing or misfit answer the connection is not used again: a late answer could be taken for
/// that of another meter.
/// </remarks>
public sealed class SecurityModuleClient(ModuleEndpoint endpoint) : ISecurityModule
{
    private readonly ConcurrentBag<ModuleChannel> _idle = [];
    private readonly SemaphoreSlim _free = new(endpoint.Connections);
    private volatile bool _disposed;

    /// <inheritdoc/>
    public ValueTask<ModuleAnswer<Token66>> VendCreditAsync(VendRequest request,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return VendAsync("SM?VC", request, request.Subclass is >= 4 and <= 7 ? 6 : 4, cancellation);
    }

    /// <inheritdoc/>
    public ValueTask<ModuleAnswer<Token66>> VendManagementAsync(VendRequest request,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return VendAsync("SM?VM", request, 4, cancellation);
    }

    /// <inheritdoc/>
    public ValueTask<ModuleAnswer<KeyChangeTokens>> VendKeyChangeAsync(KeyChangeRequest request,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var payload = string.Create(CultureInfo.InvariantCulture,
            $"N{request.FromRegister}~N{request.ToRegister}~P{request.MeterPan}~N{request.FromTariffIndex.Value}~N{(int)request.EncryptionAlgorithm}~N{request.TokenCarrierType}~N{request.ToTariffIndex.Value}~N{request.NumberOfTokens}~");
        return AskAsync("SM?VK", payload, answer =>
        {
            if (!ClientFrame.TryReadFields(answer, "NNPP", out var fields) || fields[0] is not ("0" or "1")
                || !int.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count
                    is < 2 or > 4
                || fields[2].Length != 17 * count || fields[3].Length != Token66.Digits * count)
                return null;
            var tokens = new Token66[count];
            for (var i = 0; i < count; i++)
            {
                if (!TryReadToken(fields[2].AsSpan(17 * i, 17), fields[3].AsSpan(Token66.Digits * i, Token66.Digits),
                    out tokens[i]))
                    return null;
            }

            return new KeyChangeTokens { Rollover = fields[0] == "1", Tokens = tokens };
        }, cancellation);
    }

    /// <inheritdoc/>
    public ValueTask<ModuleAnswer<TokenVerification>> VerifyAsync(VerifyRequest request,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var payload = string.Create(CultureInfo.InvariantCulture,
            $"N{request.Register}~P{request.MeterPan}~N{request.TariffIndex.Value}~N{(int)request.EncryptionAlgorithm}~P{request.Token}~");
        return AskAsync("SM?VT", payload, answer =>
        {
            if (ClientFrame.TryReadFields(answer, "N", out var alone) && TryNumber(alone[0], 99, out var refused))
                return new TokenVerification { Result = (ResponseCode)refused };
            return ClientFrame.TryReadFields(answer, "NNNHH", out var fields)
                && TryNumber(fields[0], 99, out var result) && TryNumber(fields[1], 3, out var tokenClass)
                    && TryNumber(fields[2], 15, out var subclass)
                && int.TryParse(fields[3], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var field)
                && int.TryParse(fields[4], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var tid)
                    && tid is >= 0 and <= TokenIdentifier.MaxValue
                ? new TokenVerification
                {
                    Result = (ResponseCode)result,
                    Class = (TokenClass)tokenClass,
                    Subclass = subclass,
                    Field = field,
                    TokenIdentifier = TokenIdentifier.FromNumber(tid),
                }
                : null;
        }, cancellation);
    }

    /// <inheritdoc/>
    public ValueTask<ModuleAnswer<RegisterCard>> ReadRegisterAsync(int register,
        CancellationToken cancellation = default) =>
        AskAsync("SM?GA", string.Create(CultureInfo.InvariantCulture, $"N{register}~"),
            answer => ClientFrame.TryReadFields(answer, "P", out var fields) ? new RegisterCard { Text = fields[0] }
                : null, cancellation);

    /// <inheritdoc/>
    public async ValueTask<ModuleAnswer<ModuleStatus>> ReadStatusAsync(CancellationToken cancellation = default)
    {
        var identity = await AskAsync("SM?DI", "", answer => ClientFrame.TryReadFields(answer, "PP", out var fields)
            ? fields : null, cancellation).ConfigureAwait(false);
        if (!identity.TryGet(out var names))
            return new ModuleAnswer<ModuleStatus> { Code = identity.Code, Text = identity.Text };
        return await AskAsync("SM?QD", "", answer =>
            ClientFrame.TryReadFields(answer, "DN", out var fields)
                && TryNumber(fields[1], int.MaxValue, out var window)
            && DateTimeOffset.TryParseExact(fields[0], "yyyyMMddHHmmss", CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal, out var clock)
                ? new ModuleStatus { ModuleId = names[0], FirmwareId = names[1], Clock = clock, TidWindow = window }
                : null, cancellation).ConfigureAwait(false);
    }

    /// <summary>Closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        while (_idle.TryTake(out var stream))
            await stream.DisposeAsync().ConfigureAwait(false);
    }

    private static bool TryNumber(string text, int greatest, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value <= greatest;

    // Both forms of a token must be the same token: a module that contradicts itself is not believed.
    private static bool TryReadToken(ReadOnlySpan<char> hex, ReadOnlySpan<char> digits, out Token66 token) =>
        Token66.TryParse(digits, out token) && hex.Equals(token.ToHexString(), StringComparison.OrdinalIgnoreCase);

    private ValueTask<ModuleAnswer<Token66>> VendAsync(string header, VendRequest request, int digits,
        CancellationToken cancellation)
    {
        var payload = string.Create(CultureInfo.InvariantCulture,
            $"N{request.Register}~P{request.MeterPan}~N{request.TariffIndex.Value}~N{(int)request.EncryptionAlgorithm}~N{request.TokenCarrierType}~N{request.Subclass}~")
            + "H" + request.Field.ToString("X"
                + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) + "~"
            + "H" + request.TokenIdentifier.Value.ToString("X6", CultureInfo.InvariantCulture) + "~";
        return AskValueAsync(header, payload, (string answer, out Token66 token) =>
        {
            token = default;
            return ClientFrame.TryReadFields(answer, "PP", out var fields)
                && TryReadToken(fields[0], fields[1], out token);
        }, cancellation);
    }

    private delegate bool Reading<T>(string payload, out T value);

    private ValueTask<ModuleAnswer<T>> AskAsync<T>(string header, string payload, Func<string, T?> read,
        CancellationToken cancellation)
        where T : class => AskValueAsync(header, payload, (string answer, out T value) => (value = read(answer)!)
            is not null, cancellation);

    private async ValueTask<ModuleAnswer<T>> AskValueAsync<T>(string header, string payload, Reading<T> read,
        CancellationToken cancellation)
        where T : notnull
    {
        var (code, answer) = await ExchangeAsync(header, payload, cancellation).ConfigureAwait(false);
        if (code != ResponseCode.Successful)
            return new ModuleAnswer<T> { Code = code, Text = answer };
        return read(answer, out var value)
            ? new ModuleAnswer<T> { Code = code, Value = value }
            : throw new SecurityModuleException(
                $"The security module {endpoint} answered {header} with fields that cannot be read.");
    }

    private async ValueTask<(ResponseCode Code, string Payload)> ExchangeAsync(string header, string payload,
        CancellationToken cancellation)
    {
        var request = ClientFrame.Build(header, payload);
        await _free.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            Exception? last = null;
            for (var attempt = 0; attempt <= endpoint.Retries; attempt++)
            {
                ModuleChannel? channel = null;
                try
                {
                    channel = await TakeAsync(fresh: attempt > 0, cancellation).ConfigureAwait(false);
                    var line = await OnceAsync(channel, request, cancellation).ConfigureAwait(false);
                    if (line is not null && ClientFrame.TryReadAnswer(line, header, out var code, out var answer))
                    {
                        // A request that reached the module damaged was not carried out: it is sent again.
                        if (code == ResponseCode.ChecksumError && attempt < endpoint.Retries)
                            continue;
                        if (!_disposed)
                        {
                            _idle.Add(channel);
                            channel = null;
                        }

                        return (code, answer);
                    }
                }
                catch (Exception error) when (ModuleChannel.IsFailure(error)
                    || (error is OperationCanceledException && !cancellation.IsCancellationRequested))
                {
                    last = error;
                    // A certificate that is not accepted will not be accepted a moment later.
                    if (error is AuthenticationException)
                        break;
                }
                finally
                {
                    if (channel is not null)
                        await channel.DisposeAsync().ConfigureAwait(false);
                }
            }

            throw new SecurityModuleException(
                $"The security module {endpoint} did not answer {header}{(last is null ? "" : $" ({last.Message})")}; "
                    + $"it was tried {endpoint.Retries + 1} times at most.", last);
        }
        finally
        {
            _ = _free.Release();
        }
    }

    // A wrong check asks for the last answer again, on the same connection. Null for the answer to another request.
    private async ValueTask<string?> OnceAsync(ModuleChannel channel, byte[] request, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(endpoint.AnswerTimeout);
        await channel.SendAsync(request, limit.Token).ConfigureAwait(false);
        for (var repeats = 0; ; repeats++)
        {
            var (head, octets) = await channel.ReceiveAsync(limit.Token).ConfigureAwait(false);
            if (endpoint.RequiresSameHead && head.Length > 0 && !head.AsSpan().SequenceEqual(ClientFrame.Head))
                return null;
            var line = ClientFrame.TryReadLine(octets);
            if (line is not null || repeats == endpoint.Retries)
                return line;
            await channel.SendAsync(ClientFrame.Build("GL?RR", ""), limit.Token).ConfigureAwait(false);
        }
    }

    private async ValueTask<ModuleChannel> TakeAsync(bool fresh, CancellationToken cancellation)
    {
        while (!fresh && _idle.TryTake(out var idle))
        {
            if (idle.IsUsable)
                return idle;
            await idle.DisposeAsync().ConfigureAwait(false);
        }

        return await ModuleChannel.ConnectAsync(endpoint, cancellation).ConfigureAwait(false);
    }
}
