using OpenSts.Dlms.Apdu;
using OpenSts.Dlms.Values;

namespace OpenSts.Dlms.Objects;

/// <summary>The part of a profile a client wants: rows by time or by number, and columns.</summary>
/// <remarks>IEC 62056-6-2, Profile generic: range_descriptor (1) and entry_descriptor (2).</remarks>
internal sealed class ProfileSelection
{
    private DateTimeOffset _from = DateTimeOffset.MinValue;
    private DateTimeOffset _to = DateTimeOffset.MaxValue;
    private ulong _firstRow = 1;
    private ulong _lastRow;
    private int[] _columns = [];

    public static bool TryRead(Selection? wanted, MemberReference[] columns, out ProfileSelection selection)
    {
        selection = new ProfileSelection { _columns = [.. Enumerable.Range(0, columns.Length)] };
        return wanted switch
        {
            null => true,
            { Selector: 1, Parameters: var range } => selection.TryRange(range, columns),
            { Selector: 2, Parameters: var entry } => selection.TryEntries(entry, columns.Length),
            _ => false,
        };
    }

    /// <summary>True where the row of that index (0 and up) is wanted.</summary>
    public bool Takes(int index, int count, DateTimeOffset time)
    {
        var number = (ulong)index + 1;
        // An end of 0 is the last row.
        return number >= _firstRow && number <= (_lastRow == 0 ? (ulong)count : _lastRow) && time >= _from
            && time <= _to;
    }

    public CosemValue[] Choose(CosemValue[] row) => [.. _columns.Select(column => row[column])];

    // restricting_object, from_value, to_value, selected_values.
    private bool TryRange(CosemValue range, MemberReference[] columns)
    {
        if (range is not { Type: CosemType.Structure } || range.Elements
            is not [var restricting, var from, var to, { Type: CosemType.Array } selected])
            return false;
        // Only time restricts: the first column of every profile.
        if (!TryColumn(restricting, out var column) || column != columns[0] || !TryTime(from, _from, out _from)
            || !TryTime(to, _to, out _to))
            return false;
        if (selected.Elements.IsEmpty)
            return true;
        var chosen = new List<int>();
        foreach (var each in selected.Elements)
        {
            if (!TryColumn(each, out var wanted) || Array.IndexOf(columns, wanted) is not (>= 0 and var at)
                || chosen.Contains(at))
                return false;
            chosen.Add(at);
        }

        _columns = [.. chosen];
        return true;
    }

    // from_entry, to_entry, from_selected_value, to_selected_value; all count from 1 and an end of 0 is the last.
    private bool TryEntries(CosemValue entries, int columns)
    {
        if (entries is not { Type: CosemType.Structure } || entries.Elements
            is not [var first, var last, var firstColumn, var lastColumn])
            return false;
        if (!first.TryGetUnsigned(out _firstRow) || !last.TryGetUnsigned(out _lastRow)
            || !firstColumn.TryGetUnsigned(out var left) || !lastColumn.TryGetUnsigned(out var right))
            return false;
        right = right == 0 ? (ulong)columns : right;
        if (_firstRow == 0 || left == 0 || right > (ulong)columns || left > right)
            return false;
        _columns = [.. Enumerable.Range((int)left - 1, (int)(right - left) + 1)];
        return true;
    }

    private static bool TryColumn(CosemValue value, out MemberReference column)
    {
        column = default;
        if (value.Elements is not [var classId, { Type: CosemType.OctetString } name, var index, _]
            || name.Octets.Length != LogicalName.Octets
            || !classId.TryGetUnsigned(out var id) || id > ushort.MaxValue || !index.TryGetInteger(out var attribute)
                || attribute is < sbyte.MinValue or > sbyte.MaxValue)
            return false;
        column = new MemberReference((ushort)id, LogicalName.FromOctets(name.Octets), (sbyte)attribute);
        return true;
    }

    private static bool TryTime(CosemValue value, DateTimeOffset open, out DateTimeOffset time)
    {
        time = open;
        if (value.Type == CosemType.Null)
            return true;
        if (value.Type is not (CosemType.OctetString or CosemType.DateTime)
            || !CosemDateTime.TryRead(value.Octets, out var read))
            return false;
        time = read.Moment ?? open;
        return true;
    }
}
