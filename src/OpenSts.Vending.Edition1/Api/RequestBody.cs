using System.Globalization;
using System.Text.Json;

namespace OpenSts.Vending.Api;

/// <summary>A field that is not permitted: which, what it held, what it may hold.</summary>
public sealed record FieldFault(string Field, string Held, string Permitted);

/// <summary>A request's fields, checked against their specification: reading a field cannot fail any more.</summary>
public sealed class RequestBody
{
    private readonly JsonElement _object;

    private RequestBody(JsonElement body) => _object = body;

    /// <summary>Checks an object; every fault is reported, not only the first.</summary>
    public static RequestBody? TryCreate(JsonElement body, IReadOnlyList<FieldSpec> specs, List<FieldFault> faults, string path = "")
    {
        ArgumentNullException.ThrowIfNull(specs);
        ArgumentNullException.ThrowIfNull(faults);
        if (body.ValueKind != JsonValueKind.Object)
        {
            faults.Add(new FieldFault(path.Length == 0 ? "(body)" : path, Excerpt(body), "an object"));
            return null;
        }

        var before = faults.Count;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in body.EnumerateObject())
        {
            if (!seen.Add(member.Name))
                faults.Add(new FieldFault(Path(path, member.Name), "the field twice", "each field once"));
            else if (!specs.Any(spec => spec.Name == member.Name))
                faults.Add(new FieldFault(Path(path, Cut(member.Name)), Excerpt(member.Value), "nothing: there is no such field; known are " + string.Join(", ", specs.Select(spec => spec.Name))));
        }

        foreach (var spec in specs)
        {
            if (body.TryGetProperty(spec.Name, out var value) && value.ValueKind != JsonValueKind.Null)
                Check(value, spec, faults, Path(path, spec.Name));
            else if (spec.Required)
                faults.Add(new FieldFault(Path(path, spec.Name), "nothing", spec.Permitted));
        }

        return faults.Count == before ? new RequestBody(body) : null;
    }

    /// <summary>True where the field is there and not null.</summary>
    public bool Has(string name) => _object.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    public string Text(string name) => _object.GetProperty(name).GetString()!;

    public string? TextOrNull(string name) => Has(name) ? Text(name) : null;

    public string Text(string name, string usual) => TextOrNull(name) ?? usual;

    public decimal Decimal(string name) => ReadDecimal(_object.GetProperty(name))!.Value;

    public decimal? DecimalOrNull(string name) => Has(name) ? Decimal(name) : null;

    public long Whole(string name) => _object.GetProperty(name).GetInt64();

    public long Whole(string name, long usual) => Has(name) ? Whole(name) : usual;

    public bool Flag(string name, bool usual) => Has(name) ? _object.GetProperty(name).GetBoolean() : usual;

    public T Choice<T>(string name)
        where T : struct, Enum => Enum.GetValues<T>().First(value => FieldSpec.Kebab(value.ToString()) == Text(name));

    public T Choice<T>(string name, T usual)
        where T : struct, Enum => Has(name) ? Choice<T>(name) : usual;

    public MeterPan Meter(string name) => Meters.MeterNumber.TryParse(Text(name), out var pan, out _) ? pan : throw new InvalidOperationException("The field was not checked.");

    public SupplyGroupCode SupplyGroup(string name) => SupplyGroupCode.Parse(Text(name));

    public TariffIndex TariffIndex(string name) => OpenSts.TariffIndex.Parse(Text(name));

    public DateOnly Date(string name) => DateOnly.ParseExact(Text(name), "yyyy-MM-dd", CultureInfo.InvariantCulture);

    public RequestBody Object(string name) => new(_object.GetProperty(name));

    public IReadOnlyList<RequestBody> List(string name) => Has(name) ? [.. _object.GetProperty(name).EnumerateArray().Select(element => new RequestBody(element))] : [];

    /// <summary>The object as it was sent, for a digest.</summary>
    public override string ToString() => JsonSerializer.Serialize(_object);

    private static void Check(JsonElement value, FieldSpec spec, List<FieldFault> faults, string path)
    {
        if (spec.Form == FieldForm.Object)
        {
            _ = TryCreate(value, spec.Fields, faults, path);
            return;
        }

        if (spec.Form == FieldForm.List && value.ValueKind == JsonValueKind.Array && value.GetArrayLength() >= spec.Least && value.GetArrayLength() <= spec.Most)
        {
            var at = 0;
            foreach (var element in value.EnumerateArray())
                _ = TryCreate(element, spec.Fields, faults, $"{path}[{at++}]");
            return;
        }

        if (!Permits(value, spec))
            faults.Add(new FieldFault(path, spec.Name.Contains("password", StringComparison.OrdinalIgnoreCase) ? "something else" : Excerpt(value), spec.Permitted));
    }

    private static bool Permits(JsonElement value, FieldSpec spec)
    {
        var text = TextOf(value);
        return spec.Form switch
        {
            FieldForm.Text => text is not null && text.Length >= spec.Least && text.Length <= spec.Most && !text.Any(char.IsControl) && WellFormed(text),
            FieldForm.Decimal => ReadDecimal(value) is { } number && number >= spec.Least && number <= spec.Most,
            FieldForm.Whole => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var whole) && whole >= spec.Least && whole <= spec.Most,
            FieldForm.Flag => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            FieldForm.Choice => text is not null && spec.Choices.Contains(text),
            FieldForm.Meter => Meters.MeterNumber.TryParse(text, out _, out _),
            FieldForm.SupplyGroup => SupplyGroupCode.TryParse(text, out _),
            FieldForm.TariffIndex => OpenSts.TariffIndex.TryParse(text, out _),
            FieldForm.Date => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) && date.Year is >= 1993 and <= 2100,
            _ => false,
        };
    }

    private static bool WellFormed(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                return false;
            i++;
        }

        return true;
    }

    private static decimal? ReadDecimal(JsonElement value)
    {
        if (TextOf(value) is not { Length: > 0 and <= 24 } text)
            return null;
        var point = text.IndexOf('.', StringComparison.Ordinal);
        return (point < 0 || (point > 0 && point < text.Length - 1 && text.Length - point <= 7))
            && decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && text[0] != '+'
            ? number
            : null;
    }

    private static string Path(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    // A message never carries much of somebody's input back, and of a password nothing.
    private static string Excerpt(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => $"a list of {value.GetArrayLength()}",
        JsonValueKind.String => $"'{Cut(Printable(value))}'",
        _ => Cut(value.GetRawText()),
    };

    private static string Printable(JsonElement value) =>
        TextOf(value) is { } text ? string.Concat(text.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c)) : "text that is not Unicode";

    // JSON may hold halves of surrogate pairs, which are no text.
    private static string? TextOf(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
            return null;
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string Cut(string text) => text.Length <= 40 ? text : text[..40] + "...";
}
