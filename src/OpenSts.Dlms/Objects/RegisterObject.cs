using OpenSts.Dlms.Apdu;
using OpenSts.Dlms.Server;
using OpenSts.Dlms.Values;

namespace OpenSts.Dlms.Objects;

/// <summary>A Register (class 3, version 0): a value, a power of ten and a unit.</summary>
/// <remarks>IEC 62056-6-2, Register.</remarks>
public static class RegisterObject
{
    /// <summary>Creates the object.</summary>
    /// <param name="name">The logical name.</param>
    /// <param name="value">Reads the value, an integer or a floating point number.</param>
    /// <param name="scaler">The power of ten by which the value is multiplied.</param>
    /// <param name="unit">The unit, as IEC 62056-6-2 numbers them: 27 W, 30 Wh, 13 m3, 7 s, 255 none.</param>
    public static CosemObject Create(LogicalName name, Func<ObjectCall, ValueTask<ReadResult>> value, sbyte scaler,
        byte unit) => new CosemObject(3, 0, name)
        .With("value", value)
        .With("scaler_unit", _ => CosemValue.Structure(CosemValue.Int8(scaler), CosemValue.Enum(unit)));
}
