using System.Globalization;
using OpenSts.Vending.Api;
using OpenSts.Vending.Issues;
using OpenSts.Vending.Meters;
using OpenSts.Vending.Operations;
using OpenSts.Vending.Receipts;
using OpenSts.Vending.Tariffs;

namespace OpenSts.Vending.Pages;

/// <summary>Pieces that several pages show.</summary>
internal static class Tables
{
    /// <summary>A table that scrolls by itself where it is wider than the page; a word where it has no rows.</summary>
    /// <param name="words">The language.</param>
    /// <param name="columns">A heading each; one that begins with &gt; stands on the right, with * is left out on narrow screens.</param>
    /// <param name="rows">Each with its cells.</param>
    public static Html Of(Words words, IReadOnlyList<string> columns, IReadOnlyCollection<IReadOnlyList<Html>> rows)
    {
        if (rows.Count == 0)
            return Html.Of($"<p class=\"empty\">{words["common.none"]}</p>");
        Html Class(int at) => (columns[at].StartsWith('*'), columns[at].TrimStart('*').StartsWith('>')) switch
        {
            (true, true) => new Html(" class=\"right wide\""),
            (true, false) => new Html(" class=\"wide\""),
            (false, true) => new Html(" class=\"right\""),
            _ => Html.None,
        };
        var head = Html.Join(columns.Select((column, at) => Html.Of($"<th scope=\"col\"{Class(at)}>{column.TrimStart('>', '*')}</th>")));
        var body = Html.Join(rows.Select(row => Html.Of($"<tr>{Html.Join(row.Select((cell, at) => Html.Of($"<td{Class(at)}>{cell}</td>")))}</tr>")));
        return Html.Of($"<div class=\"scroll\" tabindex=\"0\"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>");
    }

    /// <summary>A time in the utility's zone.</summary>
    public static string Time(DateTimeOffset at, VendingSettings settings) => TimeZoneInfo.ConvertTime(at, settings.TimeZone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary>The same in a table, where it may take two lines and the day stays whole.</summary>
    public static Html When(DateTimeOffset at, VendingSettings settings)
    {
        var parts = Time(at, settings).Split(' ');
        return Html.Of($"<span class=\"day\">{parts[0]}</span> {parts[1]}");
    }

    /// <summary>Who did something: the name behind the kind.</summary>
    public static string Person(string identity) => identity[(identity.IndexOf(':', StringComparison.Ordinal) + 1)..];

    /// <summary>A list of issues without their tokens.</summary>
    public static Html Issues(IReadOnlyList<Issue> issues, Words words, VendingSettings settings)
    {
        return Of(words, [words["common.number"], words["common.time"], "*" + words["common.kind"], ">" + words["common.amount"], words["common.state"]], [.. issues.Select(issue => (Html[])
        [
            Html.Of($"<a href=\"/sales/{issue.Id}\">{issue.Number:D8}</a>"), When(issue.Created, settings), Html.Of($"{words["kind." + FieldSpec.Kebab(issue.Kind.ToString())]}"),
            Html.Of($"{Money(issue, words, settings)}"), State(issue, words),
        ])]);
    }

    /// <summary>An issue's state as a badge.</summary>
    public static Html State(Issue issue, Words words)
    {
        var name = FieldSpec.Kebab(issue.State.ToString());
        return Html.Of($"<span class=\"badge {name}\">{words["state." + name]}</span>");
    }

    /// <summary>A meter's state, where it is not active.</summary>
    public static Html State(PaymentMeter meter, Words words) => meter.State == MeterState.Active
        ? Html.None
        : Html.Of($"<span class=\"badge refused\">{words["state." + FieldSpec.Kebab(meter.State.ToString())]}{words["sign.colon"]}{meter.StateReason}</span>");

    /// <summary>The tokens, large, in fours.</summary>
    public static Html Tokens(Issue issue, Words words) => Html.Join(issue.Repeated.Select(made => (Made: made, Again: true)).Concat(issue.Tokens.Select(made => (Made: made, Again: false))).Select(row => Html.Of($"""
        <div class="tokens"><h2>{(row.Again ? words["token.key-change-again"] : Title(row.Made, issue, words))}</h2>{Html.Join(row.Made.Tokens.Select(token => Html.Of($"<p class=\"token\">{Html.Join(Groups(token).Select(group => Html.Of($"<span>{group}</span>")))}</p>")))}</div>
        """)));

    /// <summary>A price line by line.</summary>
    public static Html Price(Quote? quote, PaymentMeter meter, Words words, VendingSettings settings)
    {
        if (quote is null)
            return Html.None;
        var currency = settings.Currency;
        var lines = Html.Join(quote.Lines.Select(line => Html.Of($"<dt>{Label(line, words)}</dt><dd>{words.Money(currency, line.Minor)}</dd>")));
        var unit = meter.Form == TokenForm.Currency ? currency.Code : words["unit." + FieldSpec.Kebab(meter.Service.ToString())];
        return Html.Of($"""
            <p class="total">{words.Number(quote.TokenUnits)} <small>{unit}</small></p>
            <dl class="facts">{lines}<dt><strong>{words["receipt.tendered"]}</strong></dt><dd><strong>{currency.Code} {words.Money(currency, quote.Tender)}</strong></dd></dl>
            """);
    }

    private static string Label(QuoteLine line, Words words) => line.Kind switch
    {
        QuoteLineKind.Energy => $"{words["receipt.energy"]} {words.Number(decimal.Round(line.Units ?? 0, 2))} x {words.Number(line.Rate ?? 0)}",
        QuoteLineKind.Tax => $"{words["receipt.tax"]} {words.Number(line.Rate ?? 0)} %",
        _ => words["receipt." + FieldSpec.Kebab(line.Kind.ToString())],
    };

    private static string Title(MadeTokens made, Issue issue, Words words)
    {
        var unit = issue.Meter is { } meter ? words["unit." + FieldSpec.Kebab(meter.Service.ToString())] : "";
        var value = words.Number(made.Value);
        return made.Kind switch
        {
            OrderKind.KeyChange => words["token.key-change"],
            OrderKind.Free => words.Format("token.free", value, unit),
            OrderKind.Credit => words.Format("token.credit", value, issue.Meter?.Form == TokenForm.Currency ? "" : unit),
            OrderKind.Management => words["token.management"],
            _ => words["token.test"],
        };
    }

    private static string[] Groups(Token66 token) => token.ToGroupedString().Split(' ');

    private static string Money(Issue issue, Words words, VendingSettings settings) => issue.Quote is { } quote ? words.Money(settings.Currency, quote.Tender) : "";
}
