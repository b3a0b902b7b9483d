using OpenSts.Vending.Api;
using OpenSts.Vending.Receipts;

namespace OpenSts.Vending.Pages;

/// <summary>What forms say, in a person's language.</summary>
internal static class FormWords
{
    /// <summary>A word of a choice: in the language where it has one, and else as the API writes it, such as EA07.</summary>
    public static string Choice(this Words words, string choice)
    {
        var key = "choice." + choice;
        return words[key] is var word && word != key ? word : choice;
    }

    /// <summary>What may stand in a field.</summary>
    public static string Permitted(this Words words, FieldSpec spec) => spec.Form switch
    {
        FieldForm.Text => words.Format("permitted.text", spec.Least, spec.Most),
        FieldForm.Decimal => words.Format("permitted.decimal", spec.Least.ToString("0.######", null), spec.Most.ToString("0.######", null)),
        FieldForm.Whole => words.Format("permitted.whole", spec.Least, spec.Most),
        FieldForm.Choice => words.Format("permitted.choice", string.Join(", ", spec.Choices.Select(words.Choice))),
        FieldForm.Meter => words["permitted.meter"],
        FieldForm.SupplyGroup => words["permitted.supply-group"],
        FieldForm.TariffIndex => words["permitted.tariff-index"],
        FieldForm.Date => words["permitted.date"],
        FieldForm.List => words.Format("permitted.list", spec.Least, spec.Most),
        _ => spec.Permitted,
    };
}
