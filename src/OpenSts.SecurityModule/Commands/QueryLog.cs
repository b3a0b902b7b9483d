using OpenSts.Sts6;

namespace OpenSts.SecurityModule.Commands;

/// <summary>SM?QL: lines of the log from an entry on, and the number of the entry behind them.</summary>
internal sealed class QueryLog() : FieldCommand("SM?QL", "NN")
{
    // 50 lines of the longest text still fit into one frame.
    private const int MostLines = 50;

    // The log is read beside everything else: a long look back holds up nobody.
    public override bool UsesRegisters => false;

    protected override ResponseCode Answer(RequestScope scope, PtvdFields fields, AnswerWriter answer)
    {
        var (from, count) = (fields.Number(0), fields.Number(1));
        if (from < 1 || count is < 1 or > MostLines)
            return ResponseCode.PtvdRange;
        var lines = scope.Module.ReadLog((ulong)from, count, out var next);
        if (lines.Count == 0)
            return ResponseCode.LogRangeError;
        answer.Number((long)next);
        foreach (var line in lines)
            answer.Print(line);
        return ResponseCode.Successful;
    }
}
