using System.Globalization;

namespace OpenSts.SecureStorage;

/// <summary>Users of the machine, as files and sockets know them.</summary>
public static class UnixUsers
{
    private const string PasswordFile = "/etc/passwd";

    /// <summary>The number of the user this process acts as; 0 where the system has no such numbers.</summary>
    public static uint Current => Posix.EffectiveUser;

    /// <summary>
    /// The number of a user given by number or by name (as in <c>/etc/passwd</c>); false where there is none.
    /// </summary>
    public static bool TryFind(string text, out uint user)
    {
        if (uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out user))
            return true;
        if (string.IsNullOrEmpty(text) || !File.Exists(PasswordFile))
            return false;
        foreach (var line in File.ReadLines(PasswordFile))
        {
            var fields = line.Split(':');
            if (fields.Length > 2 && fields[0] == text)
                return uint.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out user);
        }

        return false;
    }
}
