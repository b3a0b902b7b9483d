using OpenSts.Dlms.Acse;
using OpenSts.Dlms.Apdu;
using OpenSts.Dlms.Security;
using OpenSts.Dlms.Wire;
using OpenSts.Secrets;

namespace OpenSts.Dlms.Server;

/// <summary>Why a protected APDU was not opened.</summary>
internal enum OpenFault
{
    None,
    Form,
    Authentication,
    Counter,
}

/// <summary>
/// The protection of one association: the global keys and, where the client sent one, the dedicated key.
/// </summary>
internal sealed class AssociationCipher : IDisposable
{
    private readonly ServerOptions _options;
    private readonly GlobalKeys _keys;
    private readonly SystemTitle _client;
    private readonly ApduCipher _global;
    private SecretBytes? _dedicatedKey;
    private ApduCipher? _dedicated;
    private long _dedicatedReceived = -1;
    private uint _dedicatedSent;

    public AssociationCipher(ServerOptions options, GlobalKeys keys, SystemTitle client)
    {
        _options = options;
        _keys = keys;
        _client = client;
        _global = new ApduCipher(options.Suite, keys.Encryption, keys.Authentication);
    }

    /// <summary>A copy of the dedicated key; empty where the client sent none.</summary>
    public byte[] DedicatedKey
    {
        get
        {
            if (_dedicatedKey is null)
                return [];
            using var lease = _dedicatedKey.Lease();
            return lease.Span.ToArray();
        }
    }

    /// <summary>True for the tag of a protected GET, SET or ACTION request.</summary>
    public static bool IsProtected(byte tag) => tag is 0xC8 or 0xC9 or 0xCB or 0xD0 or 0xD1 or 0xD3
        or (byte)ApduTag.GeneralGloCiphering or (byte)ApduTag.GeneralDedCiphering or (byte)ApduTag.GeneralCiphering;

    public OpenFault TryOpen(ReadOnlySpan<byte> apdu, ProtectedForm form, out byte[] plain, out uint least)
    {
        plain = [];
        least = 0;
        if (form.NamesKey)
            return TryOpenNamed(apdu, form, out plain, out least);
        var reader = new WireReader(apdu);
        var tag = reader.U8();
        if (form.IsGeneral && (!SystemTitle.TryRead(reader.Counted(), out var title) || title != _client))
            return OpenFault.Form;
        var body = reader.Counted();
        if (!reader.IsAtEnd || (form.IsDedicated && _dedicated is null))
            return OpenFault.Form;
        var cipher = form.IsDedicated ? _dedicated! : _global;
        // Policy: requests are authenticated and encrypted, nothing less.
        if (!cipher.TryOpen(_client, body, out plain, out var protection, out var counter)
            || protection != Protection.AuthenticatedEncryption || plain.Length == 0)
            return OpenFault.Authentication;
        // C8h stands for C0h and D0h for C0h: another service inside is not what the tag said.
        if (!form.IsGeneral && plain[0] != (byte)((tag & 7) | 0xC0))
            return OpenFault.Form;
        return Fresh(form, counter, out least);
    }

    public bool TryProtect(ReadOnlySpan<byte> plain, ProtectedForm form, WireWriter destination)
    {
        if (!TryNext(form.IsDedicated, out var counter))
            return false;
        if (form.NamesKey)
        {
            form.Answer!.Protect(_global, counter, plain, destination);
            return true;
        }

        if (form.IsGeneral)
        {
            destination.U8((int)(form.IsDedicated ? ApduTag.GeneralDedCiphering : ApduTag.GeneralGloCiphering));
            destination.Counted(_options.SystemTitle.ToArray());
        }
        else
        {
            destination.U8(plain[0] + (form.IsDedicated ? 0x10 : 0x08));
        }

        destination.Count(plain.Length + ApduCipher.Overhead(Protection.AuthenticatedEncryption));
        var cipher = form.IsDedicated ? _dedicated! : _global;
        cipher.Protect(Protection.AuthenticatedEncryption, _options.SystemTitle, counter, plain, destination);
        return true;
    }

    public bool TryOpenInitiate(ReadOnlySpan<byte> information, out byte[] plain)
    {
        plain = [];
        var reader = new WireReader(information);
        switch ((ApduTag)reader.U8())
        {
            case ApduTag.GloInitiateRequest:
                break;
            case ApduTag.GeneralGloCiphering when SystemTitle.TryRead(reader.Counted(), out var title)
                && title == _client:
                break;
            default:
                return false;
        }

        var body = reader.Counted();
        return reader.IsAtEnd && _global.TryOpen(_client, body, out plain, out var protection, out var counter)
            && protection == Protection.AuthenticatedEncryption && _keys.Counters.TryAccept(_client, counter);
    }

    public bool TryProtectInitiate(ReadOnlySpan<byte> plain, WireWriter destination)
    {
        if (!_keys.Counters.TryNext(out var counter))
            return false;
        destination.U8((int)ApduTag.GloInitiateResponse);
        destination.Count(plain.Length + ApduCipher.Overhead(Protection.AuthenticatedEncryption));
        _global.Protect(Protection.AuthenticatedEncryption, _options.SystemTitle, counter, plain, destination);
        return true;
    }

    /// <summary>
    /// Takes the key of this association alone; true also for none, false for one of the wrong width.
    /// </summary>
    public bool TryUseDedicated(ReadOnlySpan<byte> key)
    {
        if (key.IsEmpty)
            return true;
        if (key.Length != _options.Suite.KeyOctets())
            return false;
        _dedicatedKey = new SecretBytes(key);
        _dedicated = new ApduCipher(_options.Suite, _dedicatedKey, _keys.Authentication);
        return true;
    }

    /// <summary>Our answer to the client's challenge where its answer to ours is right; else null.</summary>
    /// <param name="mechanism">By which mechanism both answer.</param>
    /// <param name="secret">The common secret of mechanism 6.</param>
    /// <param name="serverChallenge">What the client was asked.</param>
    /// <param name="clientAnswer">What it answered.</param>
    /// <param name="clientChallenge">What it asked.</param>
    public byte[]? Authenticate(AuthenticationMechanism mechanism, SecretBytes? secret, byte[] serverChallenge,
        ReadOnlySpan<byte> clientAnswer, byte[] clientChallenge)
    {
        var (theirs, ours) = (new ChallengeProof(_client, _options.SystemTitle, serverChallenge, clientChallenge),
            new ChallengeProof(_options.SystemTitle, _client, clientChallenge, serverChallenge));
        switch (mechanism)
        {
            case AuthenticationMechanism.HighLevelSha256:
                return theirs.IsDigest(secret!, clientAnswer) ? ours.Digest(secret!) : null;
            case AuthenticationMechanism.HighLevelEcdsa:
                using (var key = _options.Certificates!.KeyOf(_client))
                    return key is not null && _options.Certificates.SigningKey is { } signing
                        && theirs.IsSigned(key, _options.Suite, clientAnswer) ? ours.Sign(signing, _options.Suite)
                        : null;
        }

        // The counter in the answer is not asked to be fresh: the challenge is, and clients differ in which of the two
        // counters they draw first.
        if (!_global.IsAnswer(_client, serverChallenge, clientAnswer) || !_keys.Counters.TryNext(out var counter))
            return null;
        return _global.Answer(_options.SystemTitle, counter, clientChallenge);
    }

    public void Dispose()
    {
        _global.Dispose();
        _dedicated?.Dispose();
        _dedicatedKey?.Dispose();
    }

    private OpenFault TryOpenNamed(ReadOnlySpan<byte> apdu, ProtectedForm form, out byte[] plain, out uint least)
    {
        plain = [];
        least = 0;
        if (GeneralCiphering.TryRead(apdu) is not { } named || !named.IsFor(_client, _options.SystemTitle))
            return OpenFault.Form;
        if (!_global.TryOpen(_client, named.Content, out plain, out var protection, out var counter, named.Header())
            || protection != Protection.AuthenticatedEncryption || plain.Length == 0)
            return OpenFault.Authentication;
        form.Answer = new GeneralCiphering
        {
            TransactionId = named.TransactionId,
            Originator = _options.SystemTitle,
            Recipient = _client,
        };
        return Fresh(form, counter, out least);
    }

    private OpenFault Fresh(ProtectedForm form, uint counter, out uint least)
    {
        least = 0;
        if (form.IsDedicated ? counter > _dedicatedReceived : _keys.Counters.TryAccept(_client, counter))
        {
            _dedicatedReceived = form.IsDedicated ? counter : _dedicatedReceived;
            return OpenFault.None;
        }

        var highest = form.IsDedicated ? _dedicatedReceived : _keys.Counters.HighestReceivedFrom(_client);
        least = (uint)Math.Min(highest + 1, uint.MaxValue);
        return OpenFault.Counter;
    }

    private bool TryNext(bool isDedicated, out uint counter)
    {
        if (!isDedicated)
            return _keys.Counters.TryNext(out counter);
        counter = _dedicatedSent;
        // The last one is not used, so that the next is never the first again.
        return _dedicatedSent != uint.MaxValue && _dedicatedSent++ < uint.MaxValue;
    }
}
