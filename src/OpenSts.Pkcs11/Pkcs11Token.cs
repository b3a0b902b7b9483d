using System.Text;
using OpenSts.SecureStorage;
using OpenSts.Secrets;

namespace OpenSts.Pkcs11;

/// <summary>An open PKCS#11 token (a hardware security module, a smart card, SoftHSM) and the secret keys on it.</summary>
/// <remarks>
/// Any maker's library; only CKM_SHA256_HMAC and CKM_GENERIC_SECRET_KEY_GEN are asked for, and CKM_AES_KEY_GEN and CKM_AES_GCM where
/// a key shall seal others. One session behind a lock: SoftHSM does 110,000 HMAC a second on one session and fewer on two.
/// </remarks>
public sealed unsafe class Pkcs11Token : IDisposable
{
    private const nuint Class = 0, Token = 1, Private = 2, Label = 3, Value = 0x11, KeyType = 0x100, Id = 0x102, Sensitive = 0x103, EncryptUse = 0x104, DecryptUse = 0x105, SignUse = 0x108,
        ValueLength = 0x161, Extractable = 0x162;

    private const int PaddedLength = 32;
    private readonly Lock _queue = new();
    private readonly Cryptoki _library;
    private readonly nuint _slot;
    private nuint _session;

    private Pkcs11Token(Cryptoki library, nuint slot, string label)
    {
        (_library, _slot) = (library, slot);
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
            throw new TokenException("PKCS#11 libraries of Windows lay their structures out otherwise; only Linux is served.");
        var library = Cryptoki.Acquire(libraryPath);
        Pkcs11Token? token = null;
        try
        {
            var slots = library.Slots().Where(slot => library.LabelOf(slot) == tokenLabel).ToArray();
            if (slots.Length != 1)
                throw new TokenException($"{libraryPath} knows {slots.Length} tokens with the label '{tokenLabel}', not one.");
            token = new Pkcs11Token(library, slots[0], tokenLabel) { _session = library.OpenSession(slots[0]) };
            using var secret = new SecretBytes(Math.Max(1, Encoding.UTF8.GetByteCount(pin)));
            using var utf8 = secret.LeaseForWriting();
            library.Login(token._session, utf8.Span[..Encoding.UTF8.GetBytes(pin, utf8.Span)]);
            if (!library.Offers(token._slot, Cryptoki.Sha256Hmac))
                throw new TokenException($"The token '{tokenLabel}' does not offer HMAC-SHA-256 (CKM_SHA256_HMAC), which DKGA04 needs.");
            return token;
        }
        catch
        {
            if (token is { _session: not 0 })
                library.CloseSession(token._session);
            library.Release();
            throw;
        }
    }

    /// <summary>Puts a key of 1 to 32 octets on the token, where it can be used and not read.</summary>
    /// <param name="name">Its name on the token, not used there yet.</param>
    /// <param name="key">The caller clears its own copy.</param>
    /// <remarks>
    /// Shorter keys are filled with zero octets to 32: HMAC does the same up to its block, so the answers are those of the short key
    /// (RFC 2104), and SoftHSM takes no HMAC-SHA-256 key below 32 octets.
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
            }), name);
        }
    }

    /// <summary>Makes a key of 32 octets on the token that was never anywhere else.</summary>
    public TokenKey Generate(string name) => new(this, Generate(name, Cryptoki.GenericSecretKeyGeneration, Cryptoki.GenericSecret, [SignUse]), name);

    /// <summary>Makes an AES key of 256 bits on the token that was never anywhere else; it seals other keys.</summary>
    public TokenSealingKey GenerateSealingKey(string name) => new(this, Generate(name, Cryptoki.AesKeyGeneration, Cryptoki.Aes, [EncryptUse, DecryptUse]), name);

    /// <summary>Finds a sealing key by name; null where there is none.</summary>
    /// <exception cref="TokenException">There are two of that name, or the token would give its value away, or it is a key for something else.</exception>
    public TokenSealingKey? FindSealingKey(string name)
    {
        lock (_queue)
        {
            if (FindLocked(name, out _) == 0)
                return null;
            var handle = FindKept(name);
            Span<byte> type = stackalloc byte[sizeof(nuint)];
            return _library.GetAttribute(Session, handle, KeyType, type, out _) == Cryptoki.Ok && System.Runtime.InteropServices.MemoryMarshal.Read<nuint>(type) == Cryptoki.Aes
                ? new TokenSealingKey(this, handle, name)
                : throw new TokenException($"The key '{name}' of the token '{TokenLabel}' is not an AES key.");
        }
    }

    /// <summary>Finds a key by name.</summary>
    /// <exception cref="TokenException">There is none, or two of that name, or the token would give its value away.</exception>
    public TokenKey Find(string name)
    {
        lock (_queue)
            return new TokenKey(this, FindKept(name), name);
    }

    /// <summary>Takes a key off the token for good. False where there is none.</summary>
    public bool Destroy(string name)
    {
        lock (_queue)
        {
            if (FindLocked(name, out var handle) == 0)
                return false;
            _library.DestroyObject(Session, handle);
            return true;
        }
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
        }
    }

    /// <summary>True where the token says that the value can be read; asked by a test.</summary>
    internal bool TryReadValue(TokenKey key)
    {
        Span<byte> value = stackalloc byte[64];
        lock (_queue)
            return _library.GetAttribute(Session, key.Handle, Value, value, out _) == Cryptoki.Ok;
    }

    internal void Hmac(nuint handle, ReadOnlySpan<byte> message, Span<byte> mac)
    {
        lock (_queue)
            _library.Sign(Session, Cryptoki.Sha256Hmac, handle, message, mac);
    }

    internal void Seal(nuint handle, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> bound, ReadOnlySpan<byte> plain, Span<byte> cipher)
    {
        lock (_queue)
            _library.EncryptGcm(Session, handle, nonce, bound, plain, cipher);
    }

    internal nuint Open(nuint handle, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> bound, ReadOnlySpan<byte> cipher, Span<byte> plain, out int length)
    {
        lock (_queue)
            return _library.DecryptGcm(Session, handle, nonce, bound, cipher, plain, out length);
    }

    private nuint Session
    {
        get
        {
            ObjectDisposedException.ThrowIf(_session == 0, this);
            return _session;
        }
    }

    private nuint Generate(string name, nuint mechanism, nuint type, nuint[] uses)
    {
        nuint length = PaddedLength;
        var at = (nint)(&length);
        return Make(name, type, uses, (session, template) =>
        {
            template.Add(new CryptokiAttribute { Type = ValueLength, Value = (void*)at, Length = (nuint)sizeof(nuint) });
            return _library.GenerateKey(session, mechanism, [.. template]);
        });
    }

    private nuint Make(string name, nuint type, nuint[] uses, Func<nuint, List<CryptokiAttribute>, nuint> make)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        byte yes = 1, no = 0;
        nuint kind = Cryptoki.SecretKeyClass;
        var utf8 = Encoding.UTF8.GetBytes(name);
        lock (_queue)
        {
            if (FindLocked(name, out _) != 0)
                throw new TokenException($"The token '{TokenLabel}' has a key named '{name}' already.");
            fixed (byte* at = utf8)
            {
                var template = new List<CryptokiAttribute>
                {
                    Of(Class, &kind, sizeof(nuint)), Of(KeyType, &type, sizeof(nuint)), Of(Label, at, utf8.Length), Of(Id, at, utf8.Length),
                    Of(Token, &yes, 1), Of(Private, &yes, 1), Of(Sensitive, &yes, 1), Of(Extractable, &no, 1),
                };
                foreach (var use in uses)
                    template.Add(Of(use, &yes, 1));
                var handle = make(Session, template);
                RequireKept(handle, name);
                return handle;
            }
        }
    }

    private nuint FindKept(string name)
    {
        var count = FindLocked(name, out var handle);
        if (count != 1)
            throw new TokenException($"The token '{TokenLabel}' has {(count == 0 ? "no key" : "several keys")} named '{name}'.");
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
            throw new TokenException($"The token '{TokenLabel}' would give away the key '{name}': it is not sensitive and non-extractable.");
    }

    private static CryptokiAttribute Of(nuint type, void* value, int length) => new() { Type = type, Value = value, Length = (nuint)length };
}
