using System.Text;
using OpenSts.Secrets;
using OpenSts.SecureStorage;

namespace OpenSts.Pkcs11;

/// <summary>
/// An open PKCS#11 token (a hardware security module, a smart card, SoftHSM) and the secret keys on it.
/// </summary>
/// <remarks>
/// Any maker's library; only CKM_SHA256_HMAC and CKM_GENERIC_SECRET_KEY_GEN are asked for, and CKM_AES_KEY_GEN and
/// CKM_AES_GCM where a key shall seal others. One session behind a lock: SoftHSM does 110,000 HMAC a second on one
/// session and fewer on two.
/// </remarks>
public sealed unsafe class Pkcs11Token : IDisposable
{
    private const nuint Class = 0, Token = 1, Private = 2, Label = 3, Value = 0x11, KeyType = 0x100, Id = 0x102,
        Sensitive = 0x103, EncryptUse = 0x104, DecryptUse = 0x105, SignUse = 0x108,
        ValueLength = 0x161, Extractable = 0x162;

    private const int PaddedLength = 32;
    private readonly Lock _queue = new();
    private readonly Cryptoki _library;
    private readonly string _path;
    private readonly SecretBytes _pin;
    private nuint _slot;
    private nuint _session;

    private Pkcs11Token(Cryptoki library, string path, string label, SecretBytes pin)
    {
        (_library, _path, _pin) = (library, path, pin);
        TokenLabel = label;
    }

    /// <summary>The token's label.</summary>
    public string TokenLabel { get; }

    /// <summary>Opens a token and logs in.</summary>
    /// <param name="libraryPath">The maker's library.</param>
    /// <param name="tokenLabel">Which token, where the library knows several.</param>
    /// <param name="pin">The user's PIN; the caller clears its own copy.</param>
    /// <exception cref="TokenException">There is no such library or token, or the PIN is wrong.</exception>
    public static Pkcs11Token Open(string libraryPath, string tokenLabel, ReadOnlySpan<char> pin)
    {
        if (OperatingSystem.IsWindows())
            throw new TokenException(
                "PKCS#11 libraries of Windows lay their structures out otherwise; only Linux is served.");
        var library = Cryptoki.Acquire(libraryPath);
        var secret = SecretBytes.Create(Math.Max(1, Encoding.UTF8.GetByteCount(pin)), pin,
            static (bytes, text) => Encoding.UTF8.GetBytes(text, bytes));
        var token = new Pkcs11Token(library, libraryPath, tokenLabel, secret);
        try
        {
            token.OpenSession();
            if (!library.Offers(token._slot, Cryptoki.Sha256Hmac))
                throw new TokenException(
                    $"The token '{tokenLabel}' does not offer HMAC-SHA-256 (CKM_SHA256_HMAC), which DKGA04 needs.");
            return token;
        }
        catch
        {
            if (token is { _session: not 0 })
                library.CloseSession(token._session);
            library.Release();
            secret.Dispose();
            throw;
        }
    }

    /// <summary>Puts a key of 1 to 32 octets on the token, where it can be used and not read.</summary>
    /// <param name="name">Its name on the token, not used there yet.</param>
    /// <param name="key">The caller clears its own copy.</param>
    /// <remarks>
    /// Shorter keys are filled with zero octets to 32: HMAC does the same up to its block, so the answers are those of
    /// the short key (RFC 2104), and SoftHSM takes no HMAC-SHA-256 key below 32 octets.
    /// </remarks>
    public TokenKey Import(string name, ReadOnlySpan<byte> key)
    {
        ArgumentOutOfRangeException.ThrowIfZero(key.Length, nameof(key));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(key.Length, PaddedLength, nameof(key));
        using var secret = new SecretBytes(PaddedLength);
        using var padded = secret.LeaseForWriting();
        key.CopyTo(padded.Span);
        fixed (byte* value = padded.Span)
        {
            var at = (nint)value;
            return new TokenKey(this, Make(name, Cryptoki.GenericSecret, [SignUse], (session, template) =>
            {
                template.Add(new CryptokiAttribute { Type = Value, Value = (void*)at, Length = PaddedLength });
                return _library.CreateObject(session, [.. template]);
            }));
        }
    }

    /// <summary>Makes a key of 32 octets on the token that was never anywhere else.</summary>
    public TokenKey Generate(string name) =>
        new(this, Generate(name, Cryptoki.GenericSecretKeyGeneration, Cryptoki.GenericSecret, [SignUse]));

    /// <summary>Makes an AES key of 256 bits on the token that was never anywhere else; it seals other keys.</summary>
    public TokenSealingKey GenerateSealingKey(string name) =>
        new(this, Generate(name, Cryptoki.AesKeyGeneration, Cryptoki.Aes, [EncryptUse, DecryptUse]));

    /// <summary>Finds a sealing key by name; null where there is none.</summary>
    /// <exception cref="TokenException">There are two of that name, or the token would give its value away, or it is a
    /// key for something else.</exception>
    public TokenSealingKey? FindSealingKey(string name)
    {
        lock (_queue)
        {
            if (Again(() => FindLocked(name, out _)) == 0)
                return null;
            var handle = FindKept(name);
            Span<byte> type = stackalloc byte[sizeof(nuint)];
            return _library.GetAttribute(Session, handle, KeyType, type, out _) == Cryptoki.Ok
                && System.Runtime.InteropServices.MemoryMarshal.Read<nuint>(type) == Cryptoki.Aes
                ? new TokenSealingKey(this, new TokenObject(name, handle, SessionNumber))
                : throw new TokenException($"The key '{name}' of the token '{TokenLabel}' is not an AES key.");
        }
    }

    /// <summary>Finds a key by name.</summary>
    /// <exception cref="TokenException">There is none, or two of that name, or the token would give its value
    /// away.</exception>
    public TokenKey Find(string name)
    {
        return Again(() => new TokenKey(this, new TokenObject(name, FindKept(name), SessionNumber)));
    }

    /// <summary>Takes a key off the token for good. False where there is none.</summary>
    public bool Destroy(string name)
    {
        return Again(() =>
        {
            if (FindLocked(name, out var handle) == 0)
                return false;
            _library.DestroyObject(Session, handle);
            return true;
        });
    }

    /// <summary>A lock for a vault, opened by a key that never leaves this token.</summary>
    public StorageLock StorageLock(string name) => new TokenLock(Find(name));

    /// <summary>Logs out and closes the session.</summary>
    public void Dispose()
    {
        lock (_queue)
        {
            if (_session == 0)
                return;
            _library.CloseSession(_session);
            _session = 0;
            _library.Release();
            _pin.Dispose();
        }
    }

    /// <summary>True where the token says that the value can be read; asked by a test.</summary>
    internal bool TryReadValue(TokenKey key)
    {
        Span<byte> value = stackalloc byte[64];
        lock (_queue)
            return _library.GetAttribute(Session, HandleOf(key.Object), Value, value, out _) == Cryptoki.Ok;
    }

    /// <summary>How often the session was opened; a handle of an object is good as long as this stays.</summary>
    internal int SessionNumber { get; private set; }

    internal void Hmac(TokenObject key, ReadOnlySpan<byte> message, Span<byte> mac)
    {
        lock (_queue)
        {
            var handle = HandleOf(key);
            if (_library.TrySign(Session, Cryptoki.Sha256Hmac, handle, message, mac, out var result))
                return;
            Reopen(result, "C_Sign");
            handle = HandleOf(key);
            if (!_library.TrySign(Session, Cryptoki.Sha256Hmac, handle, message, mac, out result))
                throw TokenException.Of("C_Sign", result);
        }
    }

    internal void Seal(TokenObject key,
        ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> bound, ReadOnlySpan<byte> plain, Span<byte> cipher)
    {
        lock (_queue)
        {
            var handle = HandleOf(key);
            var result = _library.EncryptGcm(Session, handle, nonce, bound, plain, cipher);
            if (result == Cryptoki.Ok)
                return;
            Reopen(result, "AES-GCM (CKM_AES_GCM)");
            handle = HandleOf(key);
            Cryptoki.Check("AES-GCM (CKM_AES_GCM)", _library.EncryptGcm(Session, handle, nonce, bound, plain, cipher));
        }
    }

    internal nuint Open(TokenObject key,
        ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> bound, ReadOnlySpan<byte> cipher, Span<byte> plain,
        out int length)
    {
        lock (_queue)
        {
            var handle = HandleOf(key);
            var result = _library.DecryptGcm(Session, handle, nonce, bound, cipher, plain, out length);
            if (!TokenException.IsSessionLost(result))
                return result;
            Reopen(result, "AES-GCM (CKM_AES_GCM)");
            handle = HandleOf(key);
            return _library.DecryptGcm(Session, handle, nonce, bound, cipher, plain, out length);
        }
    }

    /// <summary>
    /// Closes every session of the token, as a card that is pulled or a module that restarts does; for tests.
    /// </summary>
    internal void LoseSessions()
    {
        lock (_queue)
            _library.CloseAllSessions(_slot);
    }

    // A token that was away comes back with another session, and sometimes in another slot.
    private void Reopen(nuint result, string function)
    {
        if (!TokenException.IsSessionLost(result))
            throw TokenException.Of(function, result);
        _library.CloseSession(_session);
        OpenSession();
    }

    private void OpenSession()
    {
        var slots = _library.Slots().Where(slot => _library.LabelOf(slot) == TokenLabel).ToArray();
        if (slots.Length != 1)
            throw new TokenException($"{_path} knows {slots.Length} tokens with the label '{TokenLabel}', not one.");
        _slot = slots[0];
        _session = _library.OpenSession(_slot);
        SessionNumber++;
        using var pin = _pin.Lease();
        _library.Login(_session, pin.Span);
    }

    private nuint HandleOf(TokenObject key)
    {
        if (key.SessionNumber != SessionNumber)
        {
            key.Handle = Again(() => FindKept(key.Name));
            key.SessionNumber = SessionNumber;
        }

        return key.Handle;
    }

    // Runs what changes or finds objects; once more where the session was lost meanwhile.
    private T Again<T>(Func<T> work)
    {
        lock (_queue)
        {
            try
            {
                return work();
            }
            catch (TokenException error) when (TokenException.IsSessionLost((nuint)error.Code))
            {
                Reopen((nuint)error.Code, "");
                return work();
            }
        }
    }

    private nuint Session
    {
        get
        {
            ObjectDisposedException.ThrowIf(_session == 0, this);
            return _session;
        }
    }

    private TokenObject Generate(string name, nuint mechanism, nuint type, nuint[] uses)
    {
        nuint length = PaddedLength;
        var at = (nint)(&length);
        return Make(name, type, uses, (session, template) =>
        {
            template.Add(
                new CryptokiAttribute { Type = ValueLength, Value = (void*)at, Length = (nuint)sizeof(nuint) });
            return _library.GenerateKey(session, mechanism, [.. template]);
        });
    }

    private TokenObject Make(string name, nuint type, nuint[] uses, Func<nuint, List<CryptokiAttribute>, nuint> make)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        byte yes = 1, no = 0;
        nuint kind = Cryptoki.SecretKeyClass;
        var utf8 = Encoding.UTF8.GetBytes(name);
        lock (_queue)
        {
            if (Again(() => FindLocked(name, out _)) != 0)
                throw new TokenException($"The token '{TokenLabel}' has a key named '{name}' already.");
            fixed (byte* at = utf8)
            {
                var template = new List<CryptokiAttribute>
                {
                    Of(Class, &kind, sizeof(nuint)), Of(KeyType, &type, sizeof(nuint)), Of(Label, at, utf8.Length),
                        Of(Id, at, utf8.Length),
                    Of(Token, &yes, 1), Of(Private, &yes, 1), Of(Sensitive, &yes, 1), Of(Extractable, &no, 1),
                };
                foreach (var use in uses)
                    template.Add(Of(use, &yes, 1));
                var handle = make(Session, template);
                try
                {
                    RequireKept(handle, name);
                }
                catch (TokenException)
                {
                    // The token made it readable against its template: it must not stay there.
                    _library.DestroyObject(Session, handle);
                    throw;
                }

                return new TokenObject(name, handle, SessionNumber);
            }
        }
    }

    private nuint FindKept(string name)
    {
        var count = FindLocked(name, out var handle);
        if (count != 1)
            throw new TokenException(
                $"The token '{TokenLabel}' has {(count == 0 ? "no key" : "several keys")} named '{name}'.");
        RequireKept(handle, name);
        return handle;
    }

    private int FindLocked(string name, out nuint handle)
    {
        nuint kind = Cryptoki.SecretKeyClass;
        var utf8 = Encoding.UTF8.GetBytes(name);
        fixed (byte* at = utf8)
            return _library.Find(Session, [Of(Class, &kind, sizeof(nuint)), Of(Label, at, utf8.Length)], out handle);
    }

    // A token may ignore what it was asked for: look at what it made.
    private void RequireKept(nuint handle, string name)
    {
        Span<byte> flag = stackalloc byte[1];
        if (_library.GetAttribute(Session, handle, Sensitive, flag, out _) != Cryptoki.Ok || flag[0] == 0
            || _library.GetAttribute(Session, handle, Extractable, flag, out _) != Cryptoki.Ok || flag[0] != 0)
            throw new TokenException(
                $"The token '{TokenLabel}' would give away the key '{name}': it is not sensitive and non-extractable.");
    }

    private static CryptokiAttribute Of(nuint type, void* value, int length) =>
        new() { Type = type, Value = value, Length = (nuint)length };
}
