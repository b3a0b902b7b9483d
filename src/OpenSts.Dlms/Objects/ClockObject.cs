using OpenSts.Dlms.Apdu;
using OpenSts.Dlms.Server;
using OpenSts.Dlms.Values;

namespace OpenSts.Dlms.Objects;

/// <summary>A Clock (class 8, version 0) without daylight saving, which everybody may read.</summary>
/// <remarks>IEC 62056-6-2, Clock.</remarks>
public static class ClockObject
{
    private const byte InternalCrystal = 1;

    /// <summary>Creates the object 0-0:1.0.0.255.</summary>
    /// <param name="read">Reads the time, with its offset from UTC.</param>
    /// <param name="write">Sets the time; false where the device refuses. Null where no client may set it.</param>
    public static CosemObject Create(
        Func<ObjectCall, ValueTask<DateTimeOffset>> read, Func<ObjectCall, DateTimeOffset, ValueTask<bool>>? write =
        null)
    {
        ArgumentNullException.ThrowIfNull(read);
        return new CosemObject(8, 0, Obis.Clock)
            .With("time", async call => CosemValue.OctetString(
                CosemDateTime.From(await read(call).ConfigureAwait(false))), write is null ? null : WriteTime)
            .With("time_zone",
                async call => CosemValue.Int16((short)-(await read(call).ConfigureAwait(false)).TotalOffsetMinutes))
            .With("status", _ => CosemValue.UInt8(0))
            .With("daylight_savings_begin", _ => CosemValue.OctetString(CosemDateTime.Open))
            .With("daylight_savings_end", _ => CosemValue.OctetString(CosemDateTime.Open))
            .With("daylight_savings_deviation", _ => CosemValue.Int8(0))
            .With("daylight_savings_enabled", _ => CosemValue.Boolean(false))
            .With("clock_base", _ => CosemValue.Enum(InternalCrystal))
            .AsPublic();

        async ValueTask<DataAccessResult> WriteTime(ObjectCall call, CosemValue value)
        {
            if (value.Type is not (CosemType.OctetString or CosemType.DateTime))
                return DataAccessResult.TypeUnmatched;
            if (!CosemDateTime.TryRead(value.Octets, out var time) || time.Moment is not { } moment)
                return DataAccessResult.ScopeOfAccessViolated;
            return await write(call, moment).ConfigureAwait(false) ? DataAccessResult.Success
                : DataAccessResult.TemporaryFailure;
        }
    }
}
