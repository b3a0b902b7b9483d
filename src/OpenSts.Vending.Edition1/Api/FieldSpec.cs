using System.Text.Json;

namespace OpenSts.Vending.Api;

/// <summary>What a field of a request may hold.</summary>
public enum FieldForm
{
    Text,
    Decimal,
    Whole,
    Flag,
    Choice,
    Meter,
    SupplyGroup,
    TariffIndex,
    Date,
    Object,
    List,
}

/// <summary>One field of a request: checked by it, documented by it.</summary>
public sealed record FieldSpec
{
    public required string Name { get; init; }

    public required FieldForm Form { get; init; }

    public bool Required { get; init; }

    /// <summary>Least value, or least length of a text or list.</summary>
    public decimal Least { get; init; }

    /// <summary>Greatest value, or greatest length.</summary>
    public decimal Most { get; init; } = 200;

    /// <summary>The words of a choice.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>The fields of an object, or of each object of a list.</summary>
    public IReadOnlyList<FieldSpec> Fields { get; init; } = [];

    /// <summary>One sentence for the documentation.</summary>
    public string Says { get; init; } = "";

    public static FieldSpec Text(string name, int most = 200, int least = 1) => new() { Name = name, Form = FieldForm.Text, Least = least, Most = most, Required = true };

    public static FieldSpec Decimal(string name, decimal least, decimal most) => new() { Name = name, Form = FieldForm.Decimal, Least = least, Most = most, Required = true };

    public static FieldSpec Money(string name, decimal least = 0) => Decimal(name, least, 100_000_000m);

    public static FieldSpec Whole(string name, long least, long most) => new() { Name = name, Form = FieldForm.Whole, Least = least, Most = most, Required = true };

    public static FieldSpec Flag(string name) => new() { Name = name, Form = FieldForm.Flag, Required = true };

    public static FieldSpec Date(string name) => new() { Name = name, Form = FieldForm.Date, Required = true };

    public static FieldSpec Meter(string name = "meter") => new() { Name = name, Form = FieldForm.Meter, Required = true, Says = Meters.MeterNumber.Form };

    public static FieldSpec Of(FieldForm form, string name) => new() { Name = name, Form = form, Required = true };

    public static FieldSpec Choice<T>(string name)
        where T : struct, Enum => new() { Name = name, Form = FieldForm.Choice, Choices = [.. Enum.GetNames<T>().Select(Kebab)], Required = true };

    public static FieldSpec Choice(string name, params string[] words) => new() { Name = name, Form = FieldForm.Choice, Choices = words, Required = true };

    public static FieldSpec Object(string name, params FieldSpec[] fields) => new() { Name = name, Form = FieldForm.Object, Fields = fields, Required = true };

    public static FieldSpec List(string name, int least, int most, params FieldSpec[] fields) =>
        new() { Name = name, Form = FieldForm.List, Fields = fields, Least = least, Most = most, Required = true };

    /// <summary>The same field, which may be left out.</summary>
    public FieldSpec Optional => this with { Required = false };

    /// <summary>The same field with a sentence about it.</summary>
    public FieldSpec Saying(string sentence) => this with { Says = sentence };

    /// <summary>The word of an enum member.</summary>
    public static string Kebab(string name) => JsonNamingPolicy.KebabCaseLower.ConvertName(name);

    /// <summary>What may stand here, for an error message.</summary>
    public string Permitted => Form switch
    {
        FieldForm.Text => $"a text of {Least} to {Most} characters without control characters",
        FieldForm.Decimal => $"a decimal as a string, {Plain(Least)} to {Plain(Most)}, at most 6 decimals",
        FieldForm.Whole => $"a whole number, {Plain(Least)} to {Plain(Most)}",
        FieldForm.Flag => "true or false",
        FieldForm.Choice => "one of " + string.Join(", ", Choices),
        FieldForm.Meter => Meters.MeterNumber.Form,
        FieldForm.SupplyGroup => SupplyGroupCode.Form,
        FieldForm.TariffIndex => TariffIndex.Form,
        FieldForm.Date => "a date as yyyy-MM-dd",
        FieldForm.Object => "an object",
        _ => $"a list of {Least} to {Most} objects",
    };

    private static string Plain(decimal value) => value.ToString("0.######", System.Globalization.CultureInfo.InvariantCulture);
}
