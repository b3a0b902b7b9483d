using OpenSts.Vending.Data.Stores;
using OpenSts.Vending.Data.Tokens;
using OpenSts.Vending.Vends;

namespace OpenSts.Vending.Data.Vends;

/// <summary>Reads stored vends with their tokens.</summary>
internal sealed class VendReader(ITokenSeal seal)
{
    private readonly Dictionary<long, StoredVend> _vends = [];
    private readonly Dictionary<long, List<VendToken>> _tokens = [];

    /// <summary>The queries for vends by their ids.</summary>
    public IReadOnlyList<StoreQuery> Queries(IReadOnlyList<string> ids) =>
    [
        new StoreQuery("vends", ReadVend, ids),
        new StoreQuery("vend-tokens", ReadToken, ids),
    ];

    /// <summary>What the queries found.</summary>
    public IEnumerable<StoredVend> Found =>
        _vends.Values.Select(vend =>
            _tokens.TryGetValue(vend.Number, out var tokens) ? vend with { Tokens = tokens } : vend);

    private void ReadVend(StoreRow row)
    {
        var (id, number, month, digest) = (row.Text(), row.Number(), row.Day(), row.Octets());
        _ = row.Time();
        var (picture, state) = (row.Text(), VendTexts.State(row.Text()));
        var vend = new StoredVend
        {
            Id = id,
            Number = number,
            Month = month,
            Digest = digest,
            Plan = VendPlanJson.Read(picture, state),
            Version = row.Number(),
            Attempts = row.Int(),
            CompletedAt = row.TimeOrNull(),
            ReceiptNumber = row.NumberOrNull(),
        };
        var (code, arguments) = (row.TextOrNull(), row.TextOrNull());
        _vends[number] = vend with
        {
            Refusal = code is null ? null : VendPlanJson.ReadRefusal(code, arguments),
            DecidedBy = row.TextOrNull(),
            ReleasedAt = row.TimeOrNull(),
            Copies = row.Int(),
        };
    }

    private void ReadToken(StoreRow row)
    {
        var (number, order, part) = (row.Number(), row.Int(), row.Int());
        if (!_tokens.TryGetValue(number, out var tokens))
            _tokens[number] = tokens = [];
        tokens.Add(new VendToken(order, part, seal.Open(row.Octets(), number, order, part)));
    }
}
