using OpenSts.Dlms.Security;

namespace OpenSts.Dlms.Apdu;

/// <summary>In which of the forms a request was protected; its answer takes the same.</summary>
internal sealed class ProtectedForm(byte tag)
{
    public bool IsDedicated { get; } = tag is (>= (byte)ApduTag.DedGetRequest and <= (byte)ApduTag.DedActionResponse)
        or (byte)ApduTag.GeneralDedCiphering;

    public bool IsGeneral { get; } = tag is (byte)ApduTag.GeneralGloCiphering or (byte)ApduTag.GeneralDedCiphering;

    /// <summary>True for general-ciphering, which says under which key it is.</summary>
    public bool NamesKey { get; } = tag == (byte)ApduTag.GeneralCiphering;

    /// <summary>What stands before the answer, where <see cref="NamesKey"/>.</summary>
    public GeneralCiphering? Answer { get; set; }

    /// <summary>How many octets protection takes of the longest APDU.</summary>
    public int Overhead => 4 + ApduCipher.Overhead(Protection.AuthenticatedEncryption)
        + (IsGeneral ? 1 + SystemTitle.Octets : 0) + (Answer?.Overhead ?? 0);
}
