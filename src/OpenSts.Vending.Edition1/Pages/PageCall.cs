using OpenSts.Vending.Access;
using OpenSts.Vending.Receipts;

namespace OpenSts.Vending.Pages;

/// <summary>What a page answers: HTML, a way to another page, or octets.</summary>
public sealed record PageAnswer
{
    public int Status { get; init; } = 200;

    public Html Body { get; init; }

    /// <summary>Where to go on.</summary>
    public string? Location { get; init; }

    /// <summary>Something that is no page, such as a receipt.</summary>
    public byte[]? Octets { get; init; }

    public string ContentType { get; init; } = "text/html; charset=utf-8";

    /// <summary>The page with its frame.</summary>
    public static PageAnswer Page(PageCall call, string title, Html content, int status = 200, Html head = default) => new() { Status = status, Body = Frame.Around(call, title, content, head) };

    /// <summary>The page with its frame, and the status of what was refused.</summary>
    public static PageAnswer Page(PageCall call, string title, Html content, Documents.Refusal? refusal) => Page(call, title, content, refusal is null ? 200 : Api.ProblemCatalogue.Of(refusal.Code).Status);

    /// <summary>There is nothing here.</summary>
    public static PageAnswer Nothing(PageCall call, string title) => Page(call, title, Html.Of($"<h1>{call.Words["common.not-found"]}</h1>"), 404);

    /// <summary>Goes on to another page, so that reloading it repeats nothing.</summary>
    public static PageAnswer See(string location) => new() { Status = 303, Location = location };
}

/// <summary>A request for a page by somebody who may see it.</summary>
public sealed class PageCall(HttpContext context, Caller caller, IFormCollection? form)
{
    public Caller Caller { get; } = caller;

    public HttpContext Context { get; } = context;

    /// <summary>The language of the caller, or of the browser.</summary>
    public Words Words { get; } = caller.IsOperator ? Words.Of(caller.Language) : Words.Preferred(context.Request.Headers.AcceptLanguage.ToString());

    /// <summary>A field of the form, or else behind the question mark; empty where there is none. At most 200 characters are looked at.</summary>
    public string Field(string name)
    {
        var text = form?[name].FirstOrDefault() ?? Context.Request.Query[name].FirstOrDefault() ?? "";
        return text.Length <= 200 ? text.Trim() : "";
    }

    /// <summary>A field that holds a decimal from 0 to 100,000,000, with a point or, as a clerk may type it, a comma.</summary>
    public bool TryDecimal(string name, out decimal number) => TryDecimalOf(Field(name), out number);

    /// <summary>The same of a text.</summary>
    public static bool TryDecimalOf(string text, out decimal number) =>
        decimal.TryParse(text.Replace(',', '.'), System.Globalization.NumberStyles.AllowDecimalPoint, System.Globalization.CultureInfo.InvariantCulture, out number) && number <= 100_000_000m;

    /// <summary>A part of the path.</summary>
    public string Path(string name) => Context.Request.RouteValues[name]?.ToString() ?? "";

    /// <summary>The hidden field that every form sends back.</summary>
    public Html Csrf => Html.Of($"<input type=\"hidden\" name=\"_csrf\" value=\"{Caller.Csrf}\">");
}
