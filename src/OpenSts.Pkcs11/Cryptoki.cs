using System.Runtime.InteropServices;

namespace OpenSts.Pkcs11;

/// <summary>One attribute of an object, as the C interface lays it out: type, pointer, length.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct CryptokiAttribute
{
    public nuint Type;
    public void* Value;
    public nuint Length;
}

/// <summary>A mechanism and its parameters, as the C interface lays it out.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct CryptokiMechanism
{
    public nuint Mechanism;
    public void* Parameter;
    public nuint ParameterLength;
}

/// <summary>The parameters of AES-GCM (CK_GCM_PARAMS), as the C interface lays them out.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct CryptokiGcm
{
    public void* Nonce;
    public nuint NonceLength;
    public nuint NonceBits;
    public void* Bound;
    public nuint BoundLength;
    public nuint TagBits;
}

/// <summary>
/// The C interface of a PKCS#11 library (PKCS #11 2.40), only the functions used, called through its function list.
/// </summary>
/// <remarks>
/// For systems whose compilers lay structures out naturally, as on Linux; on Windows the standard packs them
/// otherwise.
/// </remarks>
internal sealed unsafe class Cryptoki
{
    public const nuint Ok = 0, AlreadyInitialized = 0x191, AlreadyLoggedIn = 0x100;
    public const nuint GenericSecretKeyGeneration = 0x350, Sha256Hmac = 0x251, AesKeyGeneration = 0x1080,
        AesGcm = 0x1087;
    public const nuint SecretKeyClass = 4, GenericSecret = 0x10, Aes = 0x1F;
    private const int ListHead = 1; // the version, padded to the width of a pointer

    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, Cryptoki> Loaded = [];
    private readonly nint* _functions;
    private readonly string _path;
    private int _users;

    private Cryptoki(string path)
    {
        _path = path;
        if (!NativeLibrary.TryLoad(path, out var library))
            throw new TokenException($"The PKCS#11 library {path} cannot be loaded.");
        if (!NativeLibrary.TryGetExport(library, "C_GetFunctionList", out var entry))
            throw new TokenException($"{path} is not a PKCS#11 library: C_GetFunctionList is missing.");
        nint* list;
        Check("C_GetFunctionList", ((delegate* unmanaged[Cdecl]<nint**, nuint>)entry)(&list));
        _functions = list + ListHead;
        // Flags: the library may use the system's locks (CKF_OS_LOCKING_OK).
        var arguments = stackalloc nuint[6];
        new Span<nuint>(arguments, 6).Clear();
        arguments[4] = 2;
        var result = ((delegate* unmanaged[Cdecl]<void*, nuint>)_functions[0])(arguments);
        if (result != AlreadyInitialized)
            Check("C_Initialize", result);
    }

    /// <summary>Loads a library once for all tokens of this process.</summary>
    public static Cryptoki Acquire(string path)
    {
        lock (Gate)
        {
            if (!Loaded.TryGetValue(path, out var library))
                Loaded[path] = library = new Cryptoki(path);
            library._users++;
            return library;
        }
    }

    /// <summary>Gives it back; the last user finalizes it, so that it forgets what it had decrypted.</summary>
    public void Release()
    {
        lock (Gate)
        {
            if (--_users > 0)
                return;
            _ = Loaded.Remove(_path);
            _ = ((delegate* unmanaged[Cdecl]<void*, nuint>)_functions[1])(null);
        }
    }

    public static void Check(string function, nuint result)
    {
        if (result != Ok)
            throw TokenException.Of(function, result);
    }

    public nuint[] Slots()
    {
        nuint count;
        var function = (delegate* unmanaged[Cdecl]<byte, nuint*, nuint*, nuint>)_functions[4];
        Check("C_GetSlotList", function(1, null, &count));
        var slots = new nuint[count];
        fixed (nuint* at = slots)
            Check("C_GetSlotList", function(1, at, &count));
        return slots[..(int)count];
    }

    /// <summary>The token's label without the blanks that fill its 32 octets.</summary>
    public string LabelOf(nuint slot)
    {
        var info = stackalloc byte[256];
        Check("C_GetTokenInfo", ((delegate* unmanaged[Cdecl]<nuint, byte*, nuint>)_functions[6])(slot, info));
        return System.Text.Encoding.UTF8.GetString(info, 32).TrimEnd(' ', '\0');
    }

    public bool Offers(nuint slot, nuint mechanism)
    {
        var info = stackalloc nuint[3];
        return ((delegate* unmanaged[Cdecl]<nuint, nuint, nuint*, nuint>)_functions[8])(slot, mechanism, info) == Ok;
    }

    public nuint OpenSession(nuint slot)
    {
        const nuint serialReadWrite = 6;
        nuint session;
        Check("C_OpenSession", ((delegate* unmanaged[Cdecl]<nuint, nuint, void*, void*, nuint*, nuint>)_functions[12])(
            slot, serialReadWrite, null, null, &session));
        return session;
    }

    public void CloseSession(nuint session) => _ = ((delegate* unmanaged[Cdecl]<nuint, nuint>)_functions[13])(session);

    public void Login(nuint session, ReadOnlySpan<byte> pin)
    {
        const nuint user = 1;
        fixed (byte* at = pin)
        {
            var result = ((delegate* unmanaged[Cdecl]<nuint, nuint, byte*, nuint, nuint>)_functions[18])(session, user,
                at, (nuint)pin.Length);
            if (result != AlreadyLoggedIn)
                Check("C_Login", result);
        }
    }

    public nuint CreateObject(nuint session, ReadOnlySpan<CryptokiAttribute> template)
    {
        nuint handle;
        fixed (CryptokiAttribute* at = template)
            Check("C_CreateObject",
                ((delegate* unmanaged[Cdecl]<nuint, CryptokiAttribute*, nuint, nuint*, nuint>)_functions[20])(session,
                at, (nuint)template.Length, &handle));
        return handle;
    }

    public nuint GenerateKey(nuint session, nuint mechanism, ReadOnlySpan<CryptokiAttribute> template)
    {
        nuint handle;
        var how = new CryptokiMechanism { Mechanism = mechanism };
        fixed (CryptokiAttribute* at = template)
            Check("C_GenerateKey",
                ((delegate* unmanaged[Cdecl]<nuint, CryptokiMechanism*, CryptokiAttribute*, nuint, nuint*,
                nuint>)_functions[58])(session, &how, at, (nuint)template.Length, &handle));
        return handle;
    }

    public void DestroyObject(nuint session, nuint handle) =>
        Check("C_DestroyObject", ((delegate* unmanaged[Cdecl]<nuint, nuint, nuint>)_functions[22])(session, handle));

    /// <summary>Reads one attribute; the code tells where it may not be read.</summary>
    public nuint GetAttribute(nuint session, nuint handle, nuint type, Span<byte> value, out int length)
    {
        fixed (byte* at = value)
        {
            var attribute = new CryptokiAttribute { Type = type, Value = at, Length = (nuint)value.Length };
            var result = ((delegate* unmanaged[Cdecl]<nuint, nuint, CryptokiAttribute*, nuint, nuint>)_functions[24])(
                session, handle, &attribute, 1);
            length = result == Ok ? (int)attribute.Length : 0;
            return result;
        }
    }

    /// <summary>Finds objects with these attributes: up to two, so that a double name is noticed.</summary>
    public int Find(nuint session, ReadOnlySpan<CryptokiAttribute> template, out nuint handle)
    {
        var found = stackalloc nuint[2];
        nuint count;
        fixed (CryptokiAttribute* at = template)
            Check("C_FindObjectsInit",
                ((delegate* unmanaged[Cdecl]<nuint, CryptokiAttribute*, nuint, nuint>)_functions[26])(session, at,
                (nuint)template.Length));
        var result = ((delegate* unmanaged[Cdecl]<nuint, nuint*, nuint, nuint*, nuint>)_functions[27])(session, found,
            2, &count);
        _ = ((delegate* unmanaged[Cdecl]<nuint, nuint>)_functions[28])(session);
        Check("C_FindObjects", result);
        handle = count > 0 ? found[0] : 0;
        return (int)count;
    }

    /// <summary>Computes a MAC; false with the token's code where it refused.</summary>
    public bool TrySign(nuint session, nuint mechanism, nuint handle, ReadOnlySpan<byte> message, Span<byte> mac,
        out nuint result)
    {
        var how = new CryptokiMechanism { Mechanism = mechanism };
        var length = (nuint)mac.Length;
        result = ((delegate* unmanaged[Cdecl]<nuint, CryptokiMechanism*, nuint, nuint>)_functions[42])(session, &how,
            handle);
        if (result != Ok)
            return false;
        fixed (byte* at = message, to = mac)
            result = ((delegate* unmanaged[Cdecl]<nuint, byte*, nuint, byte*, nuint*, nuint>)_functions[43])(session,
                at, (nuint)message.Length, to, &length);
        if (result == Ok && length != (nuint)mac.Length)
            throw new TokenException($"C_Sign gave {length} octets, not {mac.Length}.");
        return result == Ok;
    }

    public void CloseAllSessions(nuint slot) => _ = ((delegate* unmanaged[Cdecl]<nuint, nuint>)_functions[14])(slot);

    /// <summary>AES-GCM with a nonce of the caller; the tag of 128 bits stands behind what was encrypted.</summary>
    public nuint EncryptGcm(nuint session, nuint handle,
        ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> bound, ReadOnlySpan<byte> plain, Span<byte> cipher)
    {
        var result = Gcm(session, handle, nonce, bound, plain, cipher, 29, out var length);
        return result == Ok && length != cipher.Length
            ? throw new TokenException($"C_Encrypt gave {length} octets, not {cipher.Length}.") : result;
    }

    /// <summary>The reverse; the code tells where the tag is not the one.</summary>
    /// <param name="session">Logged in.</param>
    /// <param name="handle">The key.</param>
    /// <param name="nonce">As it was.</param>
    /// <param name="bound">As it was.</param>
    /// <param name="cipher">With the tag.</param>
    /// <param name="plain">As long as <paramref name="cipher"/>: some libraries count the tag as room that is
    /// needed.</param>
    /// <param name="length">Octets of <paramref name="plain"/>.</param>
    public nuint DecryptGcm(nuint session, nuint handle,
        ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> bound, ReadOnlySpan<byte> cipher, Span<byte> plain,
        out int length) =>
        Gcm(session, handle, nonce, bound, cipher, plain, 33, out length);

    // C_EncryptInit and C_DecryptInit have one form, and so have the calls behind them in the list.
    private nuint Gcm(nuint session, nuint handle,
        ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> bound, ReadOnlySpan<byte> input, Span<byte> output, int begin,
        out int length)
    {
        var written = (nuint)output.Length;
        fixed (byte* nonceAt = nonce, boundAt = bound, from = input, to = output)
        {
            var parameters = new CryptokiGcm
            {
                Nonce = nonceAt,
                NonceLength = (nuint)nonce.Length,
                NonceBits = (nuint)nonce.Length * 8,
                Bound = boundAt,
                BoundLength = (nuint)bound.Length,
                TagBits = 128,
            };
            var how = new CryptokiMechanism
            {
                Mechanism = AesGcm,
                Parameter = &parameters,
                ParameterLength = (nuint)sizeof(CryptokiGcm),
            };
            length = 0;
            var result = ((delegate* unmanaged[Cdecl]<nuint, CryptokiMechanism*, nuint, nuint>)_functions[begin])(
                session, &how, handle);
            if (result != Ok)
                return result;
            result = ((delegate* unmanaged[Cdecl]<nuint, byte*, nuint, byte*, nuint*, nuint>)_functions[begin + 1])(
                session, from, (nuint)input.Length, to, &written);
            length = result == Ok ? (int)written : 0;
            return result;
        }
    }
}
