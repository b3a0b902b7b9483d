using OpenSts.Vending.Documents;
using OpenSts.Vending.Meters;
using OpenSts.Vending.Money;
using OpenSts.Vending.Tariffs;

namespace OpenSts.Vending.Issues;

/// <summary>Tokens as the API shows them.</summary>
public sealed record TokensView(OrderKind Kind, decimal Value, IReadOnlyList<Token66> Tokens, int? TokenIdentifier, MeterKey? Key, MeterKey? ToKey, bool Repeated);

/// <summary>A price line as the API shows it.</summary>
public sealed record LineView(QuoteLineKind Kind, string Name, string Amount, decimal? Units, decimal? Rate);

/// <summary>A price as the API shows it: money as decimal strings, units exact and as the token gives them.</summary>
public sealed record QuoteView(string Currency, string Tender, IReadOnlyList<LineView> Lines, decimal Units, decimal TokenUnits, string FixedChargesLeft, string ArrearsLeft)
{
    public static QuoteView? Of(Quote? quote, Currency currency) => quote is null ? null : new(
        currency.Code,
        currency.Format(quote.Tender),
        [.. quote.Lines.Select(line => new LineView(line.Kind, line.Name, currency.Format(line.Minor), line.Units, line.Rate))],
        quote.Units,
        quote.TokenUnits,
        currency.Format(quote.FixedChargesLeft),
        currency.Format(quote.ArrearsLeft));
}

/// <summary>An issue as the API shows it.</summary>
public sealed record IssueView
{
    public required string Id { get; init; }

    public required long Number { get; init; }

    public required IssueKind Kind { get; init; }

    public required IssueState State { get; init; }

    public MeterPan? Meter { get; init; }

    public string? Vendor { get; init; }

    public required string Operator { get; init; }

    public string? ApprovedBy { get; init; }

    public string? Reason { get; init; }

    public string? WorkOrder { get; init; }

    public string? Original { get; init; }

    public QuoteView? Price { get; init; }

    public string? Change { get; init; }

    /// <summary>In the order in which they are typed; left out of lists.</summary>
    public IReadOnlyList<TokensView>? Tokens { get; init; }

    public Refusal? Refusal { get; init; }

    public bool Sandbox { get; init; }

    public required DateTimeOffset Created { get; init; }

    public DateTimeOffset? Completed { get; init; }

    /// <summary>Shows an issue.</summary>
    /// <param name="issue">The issue.</param>
    /// <param name="currency">The utility's money.</param>
    /// <param name="tokens">False leaves the tokens out: then nothing is released.</param>
    public static IssueView Of(Issue issue, Currency currency, bool tokens = true)
    {
        ArgumentNullException.ThrowIfNull(issue);
        ArgumentNullException.ThrowIfNull(currency);
        return new IssueView
        {
            Id = issue.Id,
            Number = issue.Number,
            Kind = issue.Kind,
            State = issue.State,
            Meter = issue.Meter?.Pan,
            Vendor = issue.Vendor,
            Operator = issue.Operator,
            ApprovedBy = issue.ApprovedBy,
            Reason = issue.Reason,
            WorkOrder = issue.WorkOrder,
            Original = issue.Original,
            Price = QuoteView.Of(issue.Quote, currency),
            Change = issue.Change == 0 ? null : currency.Format(issue.Change),
            Tokens = tokens && issue.State == IssueState.Issued ? [.. issue.Repeated.Select(made => View(made, true)), .. issue.Tokens.Select(made => View(made, false))] : null,
            Refusal = issue.Refusal,
            Sandbox = issue.Sandbox,
            Created = issue.Created,
            Completed = issue.Completed,
        };
    }

    private static TokensView View(MadeTokens made, bool repeated) => new(made.Kind, made.Value, made.Tokens, made.Identifier, made.Key, made.ToKey, repeated);
}
