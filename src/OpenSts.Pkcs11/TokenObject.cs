namespace OpenSts.Pkcs11;

/// <summary>
/// An object on a token: its name lasts, its handle only as long as the session in which it was found.
/// </summary>
internal sealed class TokenObject(string name, nuint handle, int sessionNumber)
{
    public string Name { get; } = name;

    public nuint Handle { get; set; } = handle;

    public int SessionNumber { get; set; } = sessionNumber;
}
