using OpenSts.Vending.Access;
using OpenSts.Vending.Documents;
using OpenSts.Vending.Operations;
using OpenSts.Vending.Shifts;
using OpenSts.Vending.Storage;

namespace OpenSts.Vending.Pages;

/// <summary>Opening a shift, cashing up, and what became of all shifts.</summary>
internal sealed class ShiftPages(IStore store, VendingSettings settings, TimeProvider time)
{
    private const int Shown = 100;

    public IEnumerable<PageRoute> Rows =>
    [
        PageRoute.Of("GET", "/shifts", Permission.ReportsRead, List),
        PageRoute.Of("POST", "/shifts", Permission.ShiftsUse, Open),
        PageRoute.Of("GET", "/shifts/closing", Permission.ShiftsUse, call => Count(call, null)),
        PageRoute.Of("POST", "/shifts/closing", Permission.ShiftsUse, Close),
    ];

    /// <summary>The form that opens a shift: the clerk's first page of the day.</summary>
    public static Html Opening(PageCall call, VendingSettings settings, Refusal? refusal) => Html.Of($"""
        <section class="narrow"><h1>{call.Words["sale.open-shift"]}</h1><p class="hint">{call.Words["shift.opening-hint"]}</p>
        <form method="post" action="/shifts" class="stack">{call.Csrf}{MoneyField(call, "float", call.Words["sale.float"], "0", settings, refusal)}
        <div><button>{call.Words["sale.open-shift"]} <kbd>{call.Words["key.enter"]}</kbd></button></div></form></section>
        """);

    private static Html MoneyField(PageCall call, string name, string label, string usual, VendingSettings settings, Refusal? refusal)
    {
        var value = call.Field(name) is { Length: > 0 } typed ? typed : usual;
        return Html.Of($"<div class=\"field\"><label for=\"{name}\">{label} ({settings.Currency.Code})</label><input class=\"big\" id=\"{name}\" name=\"{name}\" inputmode=\"decimal\" autocomplete=\"off\" autofocus required maxlength=\"20\" value=\"{value}\"{Html.When(refusal is not null, $" aria-invalid=\"true\" aria-describedby=\"fault\"")}>{Frame.FieldFault(call.Words, refusal)}</div>");
    }

    private PageAnswer List(PageCall call)
    {
        var words = call.Words;
        var shifts = store.Read(session => Shift.List(session, "~", Shown)).Where(shift => call.Caller.Vendor is null || shift.Vendor == call.Caller.Vendor).ToList();
        Html Money(long? minor) => Html.Of($"{(minor is { } amount ? words.Money(settings.Currency, amount) : "")}");
        return PageAnswer.Page(call, words["page.shifts"], Html.Of($"""
            <h1>{words["page.shifts"]}</h1>
            {Tables.Of(words, [words["receipt.operator"], words["shift.opened"], "*" + words["shift.closed"], "*>" + words["sale.float"], ">" + words["shift.sold"], "*>" + words["shift.counted"], ">" + words["shift.difference"]],
                [.. shifts.Select(shift => (Html[])
                [
                    Html.Of($"{Tables.Person(shift.Operator)}"), Tables.When(shift.Opened, settings), shift.Closed is { } closed ? Tables.When(closed, settings) : Html.Of($"<span class=\"badge pending\">{words["shift.open"]}</span>"),
                    Money(shift.Float), Money(shift.Sold), Money(shift.Counted), Html.Of($"<b class=\"{(shift.Difference is < 0 ? "missing" : "")}\">{Money(shift.Difference)}</b>"),
                ])])}
            """));
    }

    private PageAnswer Open(PageCall call)
    {
        if (!TryMoney(call, "float", "shift.not-money", out var minor, out var fault))
            return PageAnswer.Page(call, call.Words["page.sale"], Opening(call, settings, fault), fault);
        return ShiftRoutes.TryOpen(store, call.Caller, minor, time.GetUtcNow()).TryGet(out _, out var refusal)
            ? PageAnswer.See("/sale")
            : PageAnswer.Page(call, call.Words["page.sale"], Opening(call, settings, refusal), refusal);
    }

    // What was sold is not shown before the money is counted: the count is the clerk's own.
    private PageAnswer Count(PageCall call, Refusal? refusal)
    {
        var words = call.Words;
        if (store.Read(session => Shift.Open(session, call.Caller.Id)) is not { } shift)
            return PageAnswer.Page(call, words["shift.close"], Html.Of($"<section class=\"narrow\"><h1>{words["shift.close"]}</h1><p class=\"empty\">{words["shift.none"]}</p><p><a class=\"button\" href=\"/sale\" data-escape>{words["page.sale"]}</a></p></section>"), refusal);
        return PageAnswer.Page(call, words["shift.close"], Html.Of($"""
            <section class="narrow"><h1>{words["shift.close"]}</h1>
            <dl class="facts"><dt>{words["shift.opened"]}</dt><dd>{Tables.Time(shift.Opened, settings)}</dd><dt>{words["sale.float"]}</dt><dd>{settings.Currency.Code} {words.Money(settings.Currency, shift.Float)}</dd></dl>
            <form method="post" action="/shifts/closing" class="stack">{call.Csrf}{MoneyField(call, "counted", words["shift.counted"], "", settings, refusal)}
            <div class="row"><button>{words["shift.close"]}</button><a class="button quiet" data-escape href="/sale">{words["sale.back"]} <kbd>Esc</kbd></a></div></form></section>
            """), refusal);
    }

    private PageAnswer Close(PageCall call)
    {
        var words = call.Words;
        if (!TryMoney(call, "counted", "shift.not-money", out var minor, out var fault))
            return Count(call, fault);
        if (!store.Write(session => Shift.TryClose(session, call.Caller.Id, minor, time.GetUtcNow())).TryGet(out var shift, out var refusal))
            return Count(call, refusal);
        Html Line(string word, long? amount) => Html.Of($"<dt>{words[word]}</dt><dd>{words.Money(settings.Currency, amount ?? 0)}</dd>");
        return PageAnswer.Page(call, words["shift.close"], Html.Of($"""
            <section class="narrow"><h1>{words["shift.done"]}</h1><p class="total{Html.When(shift.Difference < 0, $" missing")}"><small>{words["shift.difference"]}</small> {words.Money(settings.Currency, shift.Difference ?? 0)} <small>{settings.Currency.Code}</small></p>
            <dl class="facts">{Line("sale.float", shift.Float)}{Line("shift.sold", shift.Sold)}{Line("shift.counted", shift.Counted)}</dl>
            <div class="row"><a class="button" href="/sale" autofocus>{words["sale.open-shift"]}</a><button class="quiet" type="button" data-print-page hidden>{words["sale.print"]}</button></div></section>
            """));
    }

    private bool TryMoney(PageCall call, string name, string word, out long minor, out Refusal fault)
    {
        fault = new Refusal("field-invalid", call.Words.Format(word, call.Field(name)), name);
        minor = 0;
        return call.TryDecimal(name, out var amount) && settings.Currency.TryToMinor(amount, out minor);
    }
}
