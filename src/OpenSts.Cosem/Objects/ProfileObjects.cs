using OpenSts.Cosem.Apdu;
using OpenSts.Cosem.Meters;
using OpenSts.Cosem.Values;

namespace OpenSts.Cosem.Objects;

/// <summary>Logs of tokens, credit and charge.</summary>
/// <remarks>IEC 62056-6-2, Profile generic version 1, with selection by range and by entry. The meter keeps the entries.</remarks>
internal static class ProfileObjects
{
    private static readonly MemberReference Time = new(8, Obis.Clock, 2);

    public static CosemObject TokenLog() => Profile(
        Obis.TokenLog,
        [Time, new(115, Obis.TokenGateway, 2), new(115, Obis.TokenGateway, 4), new(115, Obis.TokenGateway, 5), new(115, Obis.TokenGateway, 6)],
        (_, reading) => reading.TokenLog,
        entry => entry.Time,
        (_, entry) =>
        [
            CosemValue.OctetString(CosemDateTime.From(entry.Time)), CosemValue.OctetString(entry.Entry.Received), TokenObjects.Description(entry),
            CosemValue.Enum((byte)entry.Entry.Way), TokenObjects.Status(entry),
        ]);

    public static CosemObject CreditHistory() => Profile(
        Obis.CreditHistory, [Time, new(112, Obis.Credit, 2)], (_, reading) => reading.CreditHistory, entry => entry.Time, Registers);

    public static CosemObject ChargeHistory() => Profile(
        Obis.ChargeHistory, [Time, new(113, Obis.Charge, 2)], (_, reading) => reading.ChargeHistory, entry => entry.Time, Registers);

    private static CosemValue[] Registers(MeterNameplate plate, RegisterEntry entry) =>
        [CosemValue.OctetString(CosemDateTime.From(entry.Time)), Amounts.Show(plate, entry.Value)];

    private static CosemObject Profile<T>(
        LogicalName name,
        MemberReference[] columns,
        Func<MeterNameplate, MeterReading, IReadOnlyList<T>> entries,
        Func<T, DateTimeOffset> time,
        Func<MeterNameplate, T, CosemValue[]> row)
    {
        return new CosemObject(7, 1, name)
            .With("buffer", Buffer)
            .With("capture_objects", _ => CosemValue.Array(columns.Select(Column)))
            .With("capture_period", _ => CosemValue.UInt32(0))
            .With("sort_method", _ => CosemValue.Enum(1))
            .With("sort_object", _ => Column(default))
            .With("entries_in_use", call => CosemValue.UInt32((uint)entries(call.Meter.Nameplate, call.Reading).Count))
            .With("profile_entries", call => CosemValue.UInt32((uint)Math.Max(100, entries(call.Meter.Nameplate, call.Reading).Count)));

        ReadResult Buffer(ObjectCall call)
        {
            var all = entries(call.Meter.Nameplate, call.Reading);
            if (!ProfileSelection.TryRead(call.Selection, columns, out var selection))
                return DataAccessResult.ScopeOfAccessViolated;
            var rows = new List<CosemValue>();
            for (var i = 0; i < all.Count; i++)
            {
                if (selection.Takes(i, all.Count, time(all[i])))
                    rows.Add(CosemValue.Structure(selection.Choose(row(call.Meter.Nameplate, all[i]))));
            }

            return CosemValue.Array(rows);
        }
    }

    private static CosemValue Column(MemberReference column) => CosemValue.Structure(
        CosemValue.UInt16(column.ClassId), CosemValue.Name(column.Name), CosemValue.Int8(column.Index), CosemValue.UInt16(0));
}
