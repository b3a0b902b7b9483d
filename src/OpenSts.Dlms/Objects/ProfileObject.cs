using OpenSts.Dlms.Apdu;
using OpenSts.Dlms.Server;
using OpenSts.Dlms.Values;

namespace OpenSts.Dlms.Objects;

/// <summary>
/// A Profile generic (class 7, version 1) with selection by range and by entry. The device stores the entries.
/// </summary>
/// <remarks>IEC 62056-6-2, Profile generic.</remarks>
public static class ProfileObject
{
    private const int LeastEntries = 100;
    private const int FirstInFirstOut = 1;

    /// <summary>Creates the object.</summary>
    /// <typeparam name="TEntry">An entry as the device stores it.</typeparam>
    /// <param name="name">The logical name.</param>
    /// <param name="columns">The captured attributes; the first is the time of the clock.</param>
    /// <param name="entries">Reads the entries, the oldest first.</param>
    /// <param name="time">The time of an entry.</param>
    /// <param name="row">The values of an entry, one for each column.</param>
    public static CosemObject Create<TEntry>(
        LogicalName name,
        IReadOnlyList<MemberReference> columns,
        Func<ObjectCall, ValueTask<IReadOnlyList<TEntry>>> entries,
        Func<TEntry, DateTimeOffset> time,
        Func<TEntry, CosemValue[]> row)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(entries);
        MemberReference[] captured = [.. columns];
        return new CosemObject(7, 1, name)
            .With("buffer", ReadBuffer)
            .With("capture_objects", _ => CosemValue.Array(captured.Select(Column)))
            .With("capture_period", _ => CosemValue.UInt32(0))
            .With("sort_method", _ => CosemValue.Enum(FirstInFirstOut))
            .With("sort_object", _ => Column(default))
            .With("entries_in_use",
                async call => CosemValue.UInt32((uint)(await entries(call).ConfigureAwait(false)).Count))
            .With("profile_entries", async call =>
                CosemValue.UInt32((uint)Math.Max(LeastEntries, (await entries(call).ConfigureAwait(false)).Count)));

        async ValueTask<ReadResult> ReadBuffer(ObjectCall call)
        {
            if (!ProfileSelection.TryRead(call.Selection, captured, out var selection))
                return DataAccessResult.ScopeOfAccessViolated;
            var all = await entries(call).ConfigureAwait(false);
            var rows = new List<CosemValue>();
            for (var i = 0; i < all.Count; i++)
            {
                if (selection.Takes(i, all.Count, time(all[i])))
                    rows.Add(CosemValue.Structure(selection.Choose(row(all[i]))));
            }

            return CosemValue.Array(rows);
        }
    }

    private static CosemValue Column(MemberReference column) => CosemValue.Structure(
        CosemValue.UInt16(column.ClassId), CosemValue.Name(column.Name), CosemValue.Int8(column.Index),
            CosemValue.UInt16(0));
}
