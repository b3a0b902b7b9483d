namespace OpenSts.SecurityModule.Host;

/// <summary>The settings of <c>sts-module</c>: from a JSON file, the environment (<c>OPENSTS_MODULE_NAME</c>) and <c>--name value</c>.</summary>
/// <remarks>Paths of secrets, never secrets. Checked all at once by <see cref="ModuleOptionsValidator"/>.</remarks>
public sealed class ModuleOptions
{
    /// <summary>Folder of the vault.</summary>
    public string Vault { get; set; } = "";

    /// <summary>The key file that opens it, mode 0600; or <see cref="PassphraseFile"/>, or the token.</summary>
    public string KeyFile { get; set; } = "";

    /// <summary>File with the passphrase that opens it, mode 0600.</summary>
    public string PassphraseFile { get; set; } = "";

    /// <summary>PKCS#11 library of a token.</summary>
    public string TokenLibrary { get; set; } = "";

    /// <summary>Label of the token.</summary>
    public string Token { get; set; } = "";

    /// <summary>File with the token's PIN, mode 0600.</summary>
    public string PinFile { get; set; } = "";

    /// <summary>Name of the storage key on the token.</summary>
    public string TokenKey { get; set; } = "opensts-storage";

    /// <summary>Checkpoint file on another volume; empty for none.</summary>
    public string Checkpoint { get; set; } = "";

    /// <summary>Addresses for frames over TCP, with commas, such as 127.0.0.1:5100.</summary>
    public string Tcp { get; set; } = "";

    /// <summary>Addresses for bare lines over TCP, with commas.</summary>
    public string TcpLines { get; set; } = "";

    /// <summary>Unix sockets, with commas.</summary>
    public string Unix { get; set; } = "";

    /// <summary>Users, by name or number, with commas, who may use the Unix sockets beside the module's own user.</summary>
    public string UnixUser { get; set; } = "";

    /// <summary>Serial lines, with commas; settings are joined by a semicolon in place of a comma: /dev/ttyUSB0:9600;8N1.</summary>
    public string Serial { get; set; } = "";

    /// <summary>Own certificate for TLS, PEM.</summary>
    public string Certificate { get; set; } = "";

    /// <summary>Its key, PEM, mode 0600.</summary>
    public string CertificateKey { get; set; } = "";

    /// <summary>Certificate of the authority that made both sides' certificates, PEM.</summary>
    public string Authority { get; set; } = "";

    /// <summary>Days that a TID may lie away from the clock: 0 to 36500.</summary>
    public int TidWindow { get; set; } = 7;
}
