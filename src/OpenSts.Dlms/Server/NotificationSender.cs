using OpenSts.Dlms.Apdu;
using OpenSts.Dlms.Framing;
using OpenSts.Dlms.Security;
using OpenSts.Dlms.Values;
using OpenSts.Dlms.Wire;

namespace OpenSts.Dlms.Server;

/// <summary>
/// Writes a DataNotification in general-glo-ciphering behind a wrapper header, as a server sends it without a request.
/// </summary>
/// <param name="server">A server with keys and push options.</param>
public sealed class NotificationSender(DlmsServer server)
{
    private readonly PushOptions _options = server.Options.Push
        ?? throw new ArgumentException("The server has no push options.", nameof(server));
    private readonly ServerKeys _keys = server.Keys
        ?? throw new ArgumentException("A notification needs keys.", nameof(server));
    private uint _invoke;

    /// <summary>Writes one frame.</summary>
    /// <param name="time">The time of the notification.</param>
    /// <param name="body">Its content.</param>
    /// <param name="destination">The frame is appended there.</param>
    /// <returns>False where the invocation counter of the key is used up: nothing is written.</returns>
    /// <exception cref="IOException">The invocation counter could not be stored.</exception>
    public bool TryWrite(DateTimeOffset time, CosemValue body, WireWriter destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        var keys = _keys.Current;
        if (!keys.Counters.TryNext(out var counter))
            return false;
        var plain = new WireWriter();
        _invoke = (_invoke + 1) & 0xFFFFFF;
        new DataNotification(_invoke, CosemDateTime.From(time), body).Write(plain);
        var apdu = new WireWriter();
        apdu.U8((int)ApduTag.GeneralGloCiphering);
        apdu.Counted(server.Options.SystemTitle.ToArray());
        apdu.Count(plain.Length + ApduCipher.Overhead(Protection.AuthenticatedEncryption));
        using var cipher = new ApduCipher(server.Options.Suite, keys.Encryption, keys.Authentication);
        cipher.Protect(Protection.AuthenticatedEncryption, server.Options.SystemTitle, counter, plain.Written, apdu);
        new WrapperHeader(server.Options.Sap, _options.ClientSap, (ushort)apdu.Length).Write(destination);
        destination.Bytes(apdu.Written);
        return true;
    }
}
