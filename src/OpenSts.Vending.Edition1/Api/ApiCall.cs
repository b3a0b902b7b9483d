using System.Globalization;
using System.Text;
using OpenSts.Vending.Access;
using OpenSts.Vending.Documents;

namespace OpenSts.Vending.Api;

/// <summary>A request that passed the gate: the caller may, and its body is well formed.</summary>
public sealed class ApiCall(HttpContext context, Caller caller, RequestBody? body)
{
    /// <summary>Who calls.</summary>
    public Caller Caller { get; } = caller;

    /// <summary>The checked body.</summary>
    /// <exception cref="InvalidOperationException">The route takes none.</exception>
    public RequestBody Body => body ?? throw new InvalidOperationException("The route takes no body.");

    /// <summary>The exchange itself.</summary>
    public HttpContext Context { get; } = context;

    /// <summary>A part of the path.</summary>
    public string Path(string name) => Context.Request.RouteValues[name]?.ToString() ?? "";

    /// <summary>A parameter behind the question mark, or null.</summary>
    public string? Query(string name) => Context.Request.Query.TryGetValue(name, out var values) && values.Count > 0 && !string.IsNullOrEmpty(values[0]) ? values[0] : null;

    /// <summary>The client's id of an issue: 8 to 64 letters, digits, dots, dashes and underlines.</summary>
    public string? IssueId(out ApiAnswer problem)
    {
        var id = Path("id");
        problem = Invalid("id", id, "8 to 64 letters, digits, dots, dashes and underlines");
        return IsId(id, 8, 64) ? id : null;
    }

    /// <summary>A resource's id: 1 to 40 lower-case letters, digits, dots, dashes and underlines.</summary>
    public string? ResourceId(out ApiAnswer problem)
    {
        var id = Path("id");
        problem = Invalid("id", id, "1 to 40 lower-case letters, digits, dots, dashes and underlines");
        return IsId(id, 1, 40) && !id.Any(char.IsUpper) ? id : null;
    }

    /// <summary>The meter of the path.</summary>
    public MeterPan? Meter(out ApiAnswer problem)
    {
        var text = Path("pan");
        problem = Invalid("pan", text, Meters.MeterNumber.Form);
        return Meters.MeterNumber.TryParse(text, out var pan, out _) ? pan : null;
    }

    /// <summary>The number of rows asked for: 1 to 200, usually 50; false otherwise.</summary>
    public bool TryLimit(out int limit, out ApiAnswer problem)
    {
        limit = 50;
        var text = Query("limit");
        problem = Invalid("limit", text ?? "", "1 to 200");
        return text is null || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit is >= 1 and <= 200);
    }

    /// <summary>The place a page starts behind, empty for the first; false where the cursor is not one of ours.</summary>
    public bool TryCursor(out string after, out ApiAnswer problem)
    {
        after = "";
        var text = Query("cursor");
        problem = Invalid("cursor", text ?? "", "next of the page before");
        if (text is null)
            return true;
        var octets = new byte[text.Length];
        if (text.Length > 200 || !Convert.TryFromBase64String(text.Replace('-', '+').Replace('_', '/').PadRight((text.Length + 3) / 4 * 4, '='), octets, out var length))
            return false;
        after = Encoding.UTF8.GetString(octets, 0, length);
        return !after.Any(char.IsControl);
    }

    /// <summary>The cursor behind a place.</summary>
    public static string Cursor(string place) => Convert.ToBase64String(Encoding.UTF8.GetBytes(place)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    /// <summary>A page of a list that was read with one row more than asked for.</summary>
    public static ApiAnswer Page<TRow, TItem>(IReadOnlyList<TRow> rows, int limit, Func<TRow, string> place, Func<TRow, TItem> item)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var next = rows.Count > limit ? Cursor(place(rows[limit - 1])) : null;
        return ApiAnswer.Ok(new ListPage<TItem>([.. rows.Take(limit).Select(item)], next));
    }

    /// <summary>The version that a change is based on; null where the header is missing or is no version of ours.</summary>
    public long? IfMatch()
    {
        var text = Context.Request.Headers.IfMatch.ToString().Trim('"', ' ');
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : null;
    }

    /// <summary>Adds or replaces a resource by the rules of versions.</summary>
    /// <param name="found">What is stored; null for nothing.</param>
    /// <param name="add">Adds; false where a unique number is taken.</param>
    /// <param name="replace">Replaces that version; false where it is not that any more.</param>
    /// <param name="value">The resource.</param>
    /// <param name="view">How it is shown.</param>
    public ApiAnswer Put<T, TView>(Versioned<T>? found, Func<bool> add, Func<long, bool> replace, T value, Func<T, TView> view)
    {
        ArgumentNullException.ThrowIfNull(add);
        ArgumentNullException.ThrowIfNull(replace);
        ArgumentNullException.ThrowIfNull(view);
        if (found is null)
        {
            return add()
                ? ApiAnswer.Created(Context.Request.Path, view(value), 1)
                : ApiAnswer.Problem("exists", "The identity or a number that must be unique is taken.");
        }

        if (IfMatch() is not { } version)
            return ApiAnswer.Problem("version-needed", $"The resource exists as version {found.Version}; send If-Match with it.");
        return version == found.Version && replace(version)
            ? ApiAnswer.Ok(view(value), version + 1)
            : ApiAnswer.Problem("version-mismatch", $"The stored version is {found.Version}; If-Match held {version}.");
    }

    /// <summary>A problem about one field of path or query.</summary>
    public static ApiAnswer Invalid(string field, string held, string permitted)
    {
        ArgumentNullException.ThrowIfNull(held);
        var shown = held.Length <= 40 ? held : held[..40] + "...";
        return ApiAnswer.Problem(new Refusal("field-invalid", $"{field} held '{shown}'; permitted is {permitted}.", field), [new FieldFault(field, $"'{shown}'", permitted)]);
    }

    private static bool IsId(string id, int least, int most) => id.Length >= least && id.Length <= most && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');
}
