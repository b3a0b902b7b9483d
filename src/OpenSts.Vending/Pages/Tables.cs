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
    /// <summary>A list of issues without their tokens.</summary>
    public static Html Issues(IReadOnlyList<Issue> issues, Words words, VendingSettings settings)
    {
        if (issues.Count == 0)
            return Html.Of($"<p class=\"hint\">{words["common.none"]}</p>");
        var rows = Html.Join(issues.Select(issue => Html.Of($"""
            <tr><td><a href="/sales/{issue.Id}">{issue.Number:D8}</a></td><td>{TimeZoneInfo.ConvertTime(issue.Created, settings.TimeZone):yyyy-MM-dd HH:mm}</td>
            <td class="wide">{words["receipt." + FieldSpec.Kebab(issue.Kind.ToString())]}</td><td class="right">{Money(issue, settings)}</td><td>{State(issue, words)}</td></tr>
            """)));
        return Html.Of($"<div class=\"scroll\" tabindex=\"0\"><table><thead><tr><th>{words["common.number"]}</th><th>{words["common.time"]}</th><th class=\"wide\"></th><th class=\"right\">{words["common.amount"]}</th><th>{words["common.state"]}</th></tr></thead><tbody>{rows}</tbody></table></div>");
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
        : Html.Of($"<span class=\"badge refused\">{words["meter.state"]}: {FieldSpec.Kebab(meter.State.ToString())}, {meter.StateReason}</span>");

    /// <summary>The tokens, large, in fours.</summary>
    public static Html Tokens(Issue issue, Words words) => Html.Join(issue.Repeated.Concat(issue.Tokens).Select(made => Html.Of($"""
        <div class="tokens"><h2>{Title(made, issue, words)}</h2>{Html.Join(made.Tokens.Select(token => Html.Of($"<p class=\"token\">{Html.Join(Groups(token).Select(group => Html.Of($"<span>{group}</span>")))}</p>")))}</div>
        """)));

    /// <summary>A price line by line.</summary>
    public static Html Price(Quote? quote, PaymentMeter meter, Words words, VendingSettings settings)
    {
        if (quote is null)
            return Html.None;
        var currency = settings.Currency;
        var lines = Html.Join(quote.Lines.Select(line => Html.Of($"<dt>{Label(line, words)}</dt><dd>{currency.Format(line.Minor)}</dd>")));
        var unit = meter.Form == TokenForm.Currency ? currency.Code : words["unit." + FieldSpec.Kebab(meter.Service.ToString())];
        return Html.Of($"""
            <p class="total">{quote.TokenUnits.ToString("0.######", CultureInfo.InvariantCulture)} <small>{unit}</small></p>
            <dl class="facts">{lines}<dt><strong>{words["receipt.tendered"]}</strong></dt><dd><strong>{currency.Code} {currency.Format(quote.Tender)}</strong></dd></dl>
            """);
    }

    private static string Label(QuoteLine line, Words words) => line.Kind switch
    {
        QuoteLineKind.Energy => $"{words["receipt.energy"]} {decimal.Round(line.Units ?? 0, 2).ToString("0.##", CultureInfo.InvariantCulture)} x {line.Rate?.ToString("0.####", CultureInfo.InvariantCulture)}",
        QuoteLineKind.Tax => $"{words["receipt.tax"]} {line.Rate?.ToString("0.##", CultureInfo.InvariantCulture)} %",
        _ => words["receipt." + FieldSpec.Kebab(line.Kind.ToString())],
    };

    private static string Title(MadeTokens made, Issue issue, Words words)
    {
        var unit = issue.Meter is { } meter ? words["unit." + FieldSpec.Kebab(meter.Service.ToString())] : "";
        var value = made.Value.ToString("0.######", CultureInfo.InvariantCulture);
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

    private static string Money(Issue issue, VendingSettings settings) => issue.Quote is { } quote ? settings.Currency.Format(quote.Tender) : "";
}
