using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpenSts.Vending.Access;
using OpenSts.Vending.Api;

namespace OpenSts.Vending.Pages;

/// <summary>What a form looks like on its page.</summary>
internal sealed record FormLook
{
    /// <summary>Where it is sent.</summary>
    public required string Action { get; init; }

    /// <summary>The word on its button.</summary>
    public required string Button { get; init; }

    /// <summary>What the fields hold at first, by name; none for empty.</summary>
    public IReadOnlyDictionary<string, string> Values { get; init; } = new Dictionary<string, string>();

    /// <summary>The version that is changed; null for a new resource and for a deed.</summary>
    public long? Version { get; init; }

    /// <summary>True asks for the id of a new resource first.</summary>
    public bool AsksId { get; init; }

    /// <summary>Fields that the page gives by itself.</summary>
    public IReadOnlyList<string> Given { get; init; } = [];

    /// <summary>What a field of text may be chosen from.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<(string Value, string Label)>> Choices { get; init; } = new Dictionary<string, IReadOnlyList<(string, string)>>();

    /// <summary>The field that has the focus when the page opens.</summary>
    public string Focus { get; init; } = "";

    /// <summary>The id of the form, where a field outside belongs to it.</summary>
    public string Name { get; init; } = "";

    /// <summary>Shown above the button.</summary>
    public Html Note { get; init; }
}

/// <summary>A form that was sent and not taken; the page shows it again with what was typed.</summary>
internal sealed record FormFailure(ApiForm Form, ApiAnswer Answer);

/// <summary>
/// A form whose fields, checks, permission and work are those of a row of the API: what a client may do, a person may do, under the same
/// rules and with the same refusals.
/// </summary>
internal sealed class ApiForm(ApiRows rows, string method, string path)
{
    // A list shows its rows and two empty ones, and no fewer than three.
    private const int EmptyRows = 2, LeastRows = 3;
    private readonly ApiRoute _route = rows.Find(method, path);
    private readonly string _name = path.Split('/').Last(part => !part.StartsWith('{'));

    /// <summary>What the row needs; the page that takes the form needs the same.</summary>
    public Permission Needs => _route.Needs;

    /// <summary>The form; nothing for a caller who may not send it.</summary>
    public Html Write(PageCall call, FormLook look, FormFailure? failure = null)
    {
        if (!call.Caller.May(Needs))
            return Html.None;
        var failed = failure?.Form == this ? failure.Answer : null;
        var id = look.AsksId ? Input(call, look, failed, FieldSpec.Text("id", 40).Saying(call.Words["form.id-hint"]), "id") : Html.None;
        var fields = Html.Join(_route.Body.Where(spec => !look.Given.Contains(spec.Name)).Select(spec => Field(call, look, failed, spec, spec.Name)));
        var named = failed?.Errors.Any(error => Shown(look, Key(error.Field))) == true;
        return Html.Of($"""
            <form method="post" action="{look.Action}" class="stack"{Html.When(look.Name.Length > 0, $" id=\"{look.Name}\"")}>{call.Csrf}{Html.When(look.Version is not null, $"<input type=\"hidden\" name=\"_version\" value=\"{look.Version}\">")}
            {(failed is null || named ? Html.None : Frame.Fault(call.Words, failed.Refusal))}{id}{fields}{look.Note}
            <div><button>{call.Words[look.Button]}</button></div></form>
            """);
    }

    /// <summary>The form under a heading that opens; open at once where it was sent and not taken.</summary>
    public Html Fold(PageCall call, string word, FormLook look, FormFailure? failure)
    {
        var written = Write(call, look, failure);
        return Html.When(written.Text.Length > 0, $"<details{Html.When(failure?.Form == this, $" open")}><summary>{call.Words[word]}</summary><div class=\"fold\">{written}</div></details>");
    }

    /// <summary>Sends the form on to the row.</summary>
    /// <param name="call">With the form.</param>
    /// <param name="id">The id of the row's path, where the page's path has another or none.</param>
    /// <param name="given">Fields that the page gives by itself.</param>
    public async Task<ApiAnswer> SendAsync(PageCall call, string? id = null, params (string Name, string Value)[] given)
    {
        var values = given.ToDictionary(field => field.Name, field => field.Value, StringComparer.Ordinal);
        var members = Members(_route.Body, "", key => values.TryGetValue(key, out var value) ? value : call.Field(key));
        using var document = JsonDocument.Parse(members.ToJsonString());
        var faults = new List<FieldFault>();
        if (RequestBody.TryCreate(document.RootElement.Clone(), _route.Body, faults) is not { } body)
            return ApiAnswer.Problem(faults);
        if (id is not null)
            call.Context.Request.RouteValues["id"] = id;
        if (call.Field("_version") is { Length: > 0 } version)
            call.Context.Request.Headers.IfMatch = version;
        return await _route.Handle(new ApiCall(call.Context, call.Caller, body)).ConfigureAwait(false);
    }

    /// <summary>The answer of a form that goes on where it was taken, and is shown again where it was not.</summary>
    public async Task<PageAnswer> SendAsync(PageCall call, string taken, Func<FormFailure, PageAnswer> refused, string? id = null, params (string Name, string Value)[] given)
    {
        var answer = await SendAsync(call, id, given).ConfigureAwait(false);
        return answer.Status < 300 ? PageAnswer.See(taken) : refused(new FormFailure(this, answer)) with { Status = answer.Status };
    }

    private static bool Shown(FormLook look, string key) => !look.Given.Contains(key.Split('.')[0]) && (key != "id" || look.AsksId);

    private static string Key(string field) => field.Replace("[", ".", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal);

    private static JsonObject Members(IReadOnlyList<FieldSpec> specs, string prefix, Func<string, string> value)
    {
        var members = new JsonObject();
        foreach (var spec in specs)
        {
            if (Node(spec, prefix + spec.Name, value) is { } node)
                members[spec.Name] = node;
        }

        return members;
    }

    // What is empty is left out; what is no number goes on as text, so that the row's own check says what is permitted.
    private static JsonNode? Node(FieldSpec spec, string key, Func<string, string> value)
    {
        if (spec.Form == FieldForm.Object)
            return Members(spec.Fields, key + ".", value) is { Count: > 0 } members ? members : null;
        if (spec.Form == FieldForm.List)
        {
            var filled = Enumerable.Range(0, (int)spec.Most).Select(at => Members(spec.Fields, $"{key}.{at}.", value)).Where(row => row.Count > 0).ToArray<JsonNode>();
            return filled.Length > 0 ? new JsonArray(filled) : null;
        }

        var text = value(key);
        if (spec.Form == FieldForm.Flag)
            return text == "true";
        if (text.Length == 0)
            return null;
        return spec.Form switch
        {
            FieldForm.Whole when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => whole,
            // A clerk may type a comma.
            FieldForm.Decimal => text.Replace(',', '.'),
            _ => text,
        };
    }

    private static int RowsShown(FieldSpec list, FormLook look, PageCall call, ApiAnswer? failed)
    {
        bool Filled(int at) => list.Fields.Any(field => (failed is null ? look.Values.GetValueOrDefault($"{list.Name}.{at}.{field.Name}", "") : call.Field($"{list.Name}.{at}.{field.Name}")).Length > 0);
        return Math.Min((int)list.Most, Math.Max(LeastRows, Enumerable.Range(0, (int)list.Most).Count(Filled) + EmptyRows));
    }

    private Html Field(PageCall call, FormLook look, ApiAnswer? failed, FieldSpec spec, string key)
    {
        var words = call.Words;
        return spec.Form switch
        {
            FieldForm.Object => Html.Of($"<fieldset><legend>{words["field." + spec.Name]}</legend>{Html.Join(spec.Fields.Select(field => Field(call, look, failed, spec.Required ? field : field.Optional, $"{key}.{field.Name}")))}</fieldset>"),
            FieldForm.List when spec.Fields is [{ Form: FieldForm.Choice } only] => Html.Of($"<fieldset><legend>{words["field." + spec.Name]}</legend><div class=\"ticks\">{Html.Join(only.Choices.Select((choice, at) => Tick(call, failed, $"{key}.{at}.{only.Name}", choice, choice, false)))}</div>{Fault(call, failed, key, spec)}</fieldset>"),
            FieldForm.List => Html.Of($"<fieldset><legend>{words["field." + spec.Name]}</legend>{Html.Join(Enumerable.Range(0, RowsShown(spec, look, call, failed)).Select(at => Html.Of($"<div class=\"list-row\">{Html.Join(spec.Fields.Select(field => Input(call, look, failed, field.Optional, $"{key}.{at}.{field.Name}")))}</div>")))}{Fault(call, failed, key, spec)}</fieldset>"),
            FieldForm.Flag => Tick(call, failed, key, "true", words["field." + spec.Name], look.Values.GetValueOrDefault(key) == "true"),
            _ => Input(call, look, failed, spec, key),
        };
    }

    private static Html Tick(PageCall call, ApiAnswer? failed, string key, string value, string label, bool usual)
    {
        var ticked = failed is null ? usual : call.Field(key) == value;
        return Html.Of($"<label class=\"tick\"><input type=\"checkbox\" name=\"{key}\" value=\"{value}\"{Html.When(ticked, $" checked")}>{label}</label>");
    }

    private Html Input(PageCall call, FormLook look, ApiAnswer? failed, FieldSpec spec, string key)
    {
        var (words, id) = (call.Words, $"{_name}-{key.Replace('.', '-')}");
        var value = failed is null ? look.Values.GetValueOrDefault(key, "") : call.Field(key);
        var fault = Fault(call, failed, key, spec);
        var (wrong, hint) = (fault.Text.Length > 0, Hint(spec, words));
        var described = string.Join(' ', new[] { wrong ? id + "-fault" : "", hint.Length > 0 ? id + "-hint" : "" }.Where(part => part.Length > 0));
        var shared = Html.Of($" id=\"{id}\" name=\"{key}\"{Html.When(spec.Required, $" required")}{Html.When(look.Focus == key, $" autofocus")}{Html.When(described.Length > 0, $" aria-describedby=\"{described}\"")}{Html.When(wrong, $" aria-invalid=\"true\"")}");
        var input = Options(spec, look, key, words) is { } options
            ? Html.Of($"<select{shared}>{Html.When(!spec.Required, $"<option value=\"\"></option>")}{Html.Join(options.Select(option => Html.Of($"<option value=\"{option.Value}\"{Html.When(option.Value == value, $" selected")}>{option.Label}</option>")))}</select>")
            : Html.Of($"<input{shared} {Kind(spec)} autocomplete=\"off\" value=\"{value}\">");
        return Html.Of($"<div class=\"field\"><label for=\"{id}\">{words["field." + spec.Name]}{Html.When(!spec.Required, $" <span class=\"hint\">{words["form.optional"]}</span>")}</label>{input}{Html.When(hint.Length > 0, $"<p class=\"hint\" id=\"{id}-hint\">{hint}</p>")}{fault}</div>");
    }

    private static IReadOnlyList<(string Value, string Label)>? Options(FieldSpec spec, FormLook look, string key, Receipts.Words words) =>
        look.Choices.TryGetValue(key, out var given) ? given
        : spec.Form == FieldForm.Choice ? [.. spec.Choices.Select(choice => (choice, words.Choice(choice)))]
        : null;

    private static Html Kind(FieldSpec spec) => spec.Form switch
    {
        FieldForm.Date => new Html("type=\"date\""),
        FieldForm.Decimal => new Html(spec.Least < 0 ? "maxlength=\"24\"" : "inputmode=\"decimal\" maxlength=\"24\""),
        FieldForm.Whole or FieldForm.Meter or FieldForm.SupplyGroup or FieldForm.TariffIndex => new Html("inputmode=\"numeric\" maxlength=\"40\""),
        _ => Html.Of($"maxlength=\"{spec.Most}\""),
    };

    private static string Hint(FieldSpec spec, Receipts.Words words)
    {
        var word = "field-hint." + spec.Name;
        return words[word] is var hint && hint != word ? hint : spec.Name == "id" ? spec.Says : "";
    }

    private Html Fault(PageCall call, ApiAnswer? failed, string key, FieldSpec spec)
    {
        if (failed?.Errors.FirstOrDefault(error => Key(error.Field) == key) is not { } fault)
            return Html.None;
        var permitted = fault.Permitted == spec.Permitted ? call.Words.Permitted(spec) : call.Words.Told(fault.Permitted);
        var text = fault.Held == "nothing" ? call.Words.Format("fault.nothing", permitted) : call.Words.Format("fault.held", call.Words.Told(fault.Held), permitted);
        return Html.Of($"<p class=\"field-fault\" id=\"{_name}-{key.Replace('.', '-')}-fault\">{text}</p>");
    }
}
