using System.Runtime.InteropServices;
using OpenSts.Keys;

namespace OpenSts.Native;

/// <summary>The structure opensts_meter of opensts.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MeterStruct
{
    public byte* MeterPan;
    public byte* SupplyGroupCode;
    public byte* TariffIndex;
    public int KeyRevisionNumber;
    public int KeyType;
    public int KeyExpiryNumber;
    public int BaseDate;
    public int EncryptionAlgorithm;
    public int KeyGenerationAlgorithm;

    public readonly DecoderKeyAttributes ToAttributes()
    {
        var isValid = OpenSts.MeterPan.TryParse(Arguments.Text(MeterPan), out var pan, out _)
            & OpenSts.SupplyGroupCode.TryParse(Arguments.Text(SupplyGroupCode), out var sgc, out _)
            & OpenSts.TariffIndex.TryParse(Arguments.Text(TariffIndex), out var ti, out _)
            & OpenSts.BaseDate.TryFromYear(BaseDate, out var baseDate)
            & KeyRevisionNumber is >= 1 and <= 9
            & KeyExpiryNumber is >= 0 and <= 255
            & KeyType is >= 0 and <= 3;
        if (!isValid)
            throw new StatusException(Status.Argument);
        return new DecoderKeyAttributes
        {
            MeterPan = pan,
            SupplyGroupCode = sgc,
            TariffIndex = ti,
            KeyRevisionNumber = OpenSts.KeyRevisionNumber.FromNumber(KeyRevisionNumber),
            KeyType = (KeyType)KeyType,
            KeyExpiryNumber = OpenSts.KeyExpiryNumber.FromNumber(KeyExpiryNumber),
            BaseDate = baseDate,
            EncryptionAlgorithm = (EncryptionAlgorithm)EncryptionAlgorithm,
            DecoderKeyGenerationAlgorithm = (DecoderKeyGenerationAlgorithm)KeyGenerationAlgorithm,
        };
    }
}
