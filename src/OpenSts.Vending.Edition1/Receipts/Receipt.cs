using System.Globalization;
using OpenSts.Vending.Issues;
using OpenSts.Vending.Meters;
using OpenSts.Vending.Operations;
using OpenSts.Vending.Tariffs;

namespace OpenSts.Vending.Receipts;

/// <summary>How a row of a receipt is set.</summary>
public enum ReceiptRowKind
{
    /// <summary>Large and centred.</summary>
    Title,

    /// <summary>Centred.</summary>
    Centred,

    /// <summary>A word on the left, a value on the right.</summary>
    Pair,

    /// <summary>Above a token: what it is.</summary>
    TokenTitle,

    /// <summary>Twenty digits in groups of four, as large as the paper allows.</summary>
    Token,

    /// <summary>A line across.</summary>
    Rule,
}

/// <summary>One row.</summary>
public readonly record struct ReceiptRow(ReceiptRowKind Kind, string Text = "", string Value = "");

/// <summary>What stands on a receipt, whatever paper it is for.</summary>
public sealed class Receipt
{
    private readonly List<ReceiptRow> _rows = [];
    private readonly Issue _issue;
    private readonly VendingSettings _settings;
    private readonly Words _words;

    private Receipt(Issue issue, VendingSettings settings, Words words) => (_issue, _settings, _words) = (issue, settings, words);

    /// <summary>The rows from top to bottom.</summary>
    public IReadOnlyList<ReceiptRow> Rows => _rows;

    /// <summary>The language it is in.</summary>
    public string Language => _words.Language;

    /// <summary>When its tokens were made.</summary>
    public DateTimeOffset At => _issue.Completed ?? _issue.Created;

    /// <summary>What is said where a form lacks letters of a name.</summary>
    public string NotShown => _words["receipt.not-shown"];

    /// <summary>Writes the receipt of an issue.</summary>
    /// <param name="issue">With its tokens.</param>
    /// <param name="settings">Of the utility.</param>
    /// <param name="words">The language.</param>
    /// <param name="copy">0 for the original, then 1, 2 and so on.</param>
    public static Receipt Of(Issue issue, VendingSettings settings, Words words, long copy)
    {
        ArgumentNullException.ThrowIfNull(issue);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(words);
        var receipt = new Receipt(issue, settings, words);
        receipt.Head(copy);
        receipt.Parties();
        receipt.Money();
        receipt.Tokens();
        receipt.Foot();
        return receipt;
    }

    private void Head(long copy)
    {
        _rows.Add(new(ReceiptRowKind.Title, _settings.UtilityName));
        Centred(_settings.UtilityAddress);
        Pair("receipt.tax-number", _settings.TaxNumber);
        Rule();
        if (_issue.Sandbox)
            _rows.Add(new(ReceiptRowKind.Title, _words["receipt.sandbox"]));
        _rows.Add(new(ReceiptRowKind.Title, copy > 0 ? _words.Format("receipt.copy", copy) : _words["receipt." + Api.FieldSpec.Kebab(_issue.Kind.ToString())]));
        if (copy > 0)
            Centred(_words["receipt." + Api.FieldSpec.Kebab(_issue.Kind.ToString())]);
        Pair("receipt.number", _issue.Number.ToString("D8", CultureInfo.InvariantCulture));
        Pair("receipt.time", TimeZoneInfo.ConvertTime(_issue.Completed ?? _issue.Created, _settings.TimeZone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture));
    }

    private void Parties()
    {
        Pair("receipt.vendor", _issue.VendorName);
        Pair("receipt.outlet", _issue.Outlet);
        Pair("receipt.terminal", _issue.Terminal);
        Pair("receipt.operator", After(_issue.Operator));
        Pair("receipt.approved", _issue.ApprovedBy is { } second ? After(second) : null);
        Pair("receipt.reason", _issue.Reason);
        Pair("receipt.work-order", _issue.WorkOrder);
        Pair("receipt.original", _issue.Original);
        Rule();
        Pair("receipt.customer", _issue.CustomerName);
        Pair("receipt.address", _issue.CustomerAddress);
        Pair("receipt.account", _issue.CustomerAccount);
        if (_issue.Meter is not { } meter)
            return;
        var key = _issue.Orders.LastOrDefault(order => order.Key is not null)?.Key ?? meter.Key;
        Pair("receipt.meter", meter.Pan.DecoderReferenceNumber.ToString());
        Pair("SGC / KRN / TI", $"{key.SupplyGroup} / {key.KeyRevisionNumber} / {key.TariffIndex}");
        Pair("EA / TCT", $"{(int)meter.EncryptionAlgorithm:D2} / {(int)meter.TokenCarrierType:D2}");
        Pair("receipt.tariff", _issue.TariffName);
    }

    private void Money()
    {
        if (_issue.Quote is not { } quote)
            return;
        var currency = _settings.Currency;
        Rule();
        Pair("receipt.tendered", $"{currency.Code} {_words.Money(currency, quote.Tender)}");
        if (_issue.Change != 0)
        {
            Pair("receipt.cash", _words.Money(currency, quote.Tender + _issue.Change));
            Pair("receipt.change", _words.Money(currency, _issue.Change));
        }

        foreach (var line in quote.Lines)
            Pair(Label(line), _words.Money(currency, line.Minor));
        if (_issue.Meter!.Form == TokenForm.Units)
            Pair("receipt.units", $"{Number(quote.TokenUnits)} {Unit}");
        if (quote.FixedChargesLeft != 0)
            Pair("receipt.fixed-left", _words.Money(currency, quote.FixedChargesLeft));
        if (quote.ArrearsLeft != 0)
            Pair("receipt.arrears-left", _words.Money(currency, quote.ArrearsLeft));
        Pair("receipt.days", _issue.DaysSinceLast?.ToString(CultureInfo.InvariantCulture));
    }

    private void Tokens()
    {
        foreach (var (made, again) in _issue.Repeated.Select(made => (made, true)).Concat(_issue.Tokens.Select(made => (made, false))))
        {
            Rule();
            _rows.Add(new(ReceiptRowKind.TokenTitle, made.Kind switch
            {
                OrderKind.KeyChange => _words[again ? "token.key-change-again" : "token.key-change"],
                OrderKind.Free => _words.Format("token.free", Number(made.Value), Unit),
                OrderKind.Credit => _words.Format("token.credit", Number(made.Value), Unit),
                OrderKind.Management => _words["token.management"],
                _ => _words["token.test"],
            }));
            foreach (var token in made.Tokens)
                _rows.Add(new(ReceiptRowKind.Token, token.ToGroupedString()));
        }
    }

    private void Foot()
    {
        Rule();
        Pair("receipt.help", _settings.HelpLine);
        Centred(_settings.Message);
    }

    private string Unit => _issue.Meter switch
    {
        null => "",
        { Form: TokenForm.Currency } => _settings.Currency.Code,
        { } meter => _words["unit." + Api.FieldSpec.Kebab(meter.Service.ToString())],
    };

    private string Label(QuoteLine line)
    {
        var word = _words["receipt." + Api.FieldSpec.Kebab(line.Kind.ToString())];
        return line.Kind switch
        {
            QuoteLineKind.Energy when line.Units is { } units => $"{word} {Number(decimal.Round(units, 2))} x {Number(line.Rate ?? 0)}",
            QuoteLineKind.Tax => $"{word} {Number(line.Rate ?? 0)} %",
            _ => word,
        };
    }

    private string Number(decimal value) => _words.Number(value);

    private static string After(string identity) => identity[(identity.IndexOf(':', StringComparison.Ordinal) + 1)..];

    private void Pair(string word, string? value)
    {
        if (!string.IsNullOrEmpty(value))
            _rows.Add(new(ReceiptRowKind.Pair, word.StartsWith("receipt.", StringComparison.Ordinal) ? _words[word] : word, value));
    }

    private void Centred(string text)
    {
        if (text.Length > 0)
            _rows.Add(new(ReceiptRowKind.Centred, text));
    }

    private void Rule() => _rows.Add(new(ReceiptRowKind.Rule));
}
