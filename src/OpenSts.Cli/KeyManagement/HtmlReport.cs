using System.Globalization;
using System.Net;
using System.Text;
using OpenSts.KeyManagement;
using OpenSts.KeyManagement.Records;
using OpenSts.KeyManagement.Reports;

namespace OpenSts.Cli.KeyManagement;

/// <summary>
/// One page for people: keys by group with status and days left, modules with what they hold. No script, no link, no
/// form.
/// </summary>
internal static class HtmlReport
{
    // On a narrow screen each row becomes a block in which every cell says what it is.
    private const string Head = """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <style>
        :root{color-scheme:light dark;--ink:#1b1b1b;--paper:#fff;--line:#c8c8c8;--strong:#444;--faint:#595959;--soon:#fff1c7;--gone:#f6d8d8}
        @media (prefers-color-scheme:dark){:root{--ink:#e6e6e6;--paper:#16181b;--line:#3c4046;--strong:#9aa0a8;--faint:#a2a8b0;--soon:#4a3d10;--gone:#552326}}
        body{font:15px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:76rem;padding:0 1rem;color:var(--ink);background:var(--paper)}
        h1{font-size:1.6rem}h2{font-size:1.2rem;margin-bottom:.2rem}h2+p{margin-top:0;color:var(--faint)}
        table{border-collapse:collapse;width:100%;margin:0 0 1.5rem}th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid var(--line);vertical-align:top}
        th{font-weight:600;border-bottom:2px solid var(--strong)}.n{text-align:right}td.n{font-variant-numeric:tabular-nums}td:first-child{white-space:nowrap}
        .sum{display:flex;flex-wrap:wrap;gap:.4rem;list-style:none;padding:0;margin:0 0 1.5rem}.sum li{border:1px solid var(--line);border-radius:.4rem;padding:.15rem .6rem}
        .soon{background:var(--soon)}.gone{background:var(--gone)}.past{color:var(--faint)}
        @media (max-width:56rem){body{margin:1rem auto}thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
        table,tbody,tr,td{display:block}tr{border:1px solid var(--line);border-radius:.4rem;margin:0 0 .7rem;padding:.3rem .6rem}
        td{display:flex;justify-content:space-between;gap:1rem;border:0;padding:.1rem 0;text-align:right;overflow-wrap:anywhere}td:empty{display:none}
        td::before{content:attr(data-label);color:var(--faint);text-align:left;flex:none}}
        @media print{:root{color-scheme:light}body{margin:0}tr{break-inside:avoid}}
        </style>
        """;

    private const int Soon = 60;
    private static readonly string[] KeyColumns = ["Key", "Revision", "Type", "Algorithm", "Base date", "KEN",
        "Check value", "Status", "Days left", "Modules", "Next refresh"];
    private static readonly string[] UserColumns =
        ["User", "Name", "Contact", "State", "Groups", "Keys", "Modules", "Registered", "By"];
    private static readonly string[] ModuleColumns =
        ["Module", "Kind", "Owner", "State", "Files made", "Last confirmed", "Refresh by"];

    public static string Of(KeyCentre centre, DateTimeOffset now)
    {
        var page = new StringBuilder(Head);
        var title = $"Keys of centre {Safe(centre.Kmcid)}";
        _ = page.Append($"<title>{title}</title></head><body><main>\n<h1>{title}</h1>\n")
            .Append($"<p>{Safe(CentreCommand.Text(now))}. Days left: until the key's end or the last minute of its ")
            .Append("expiry number, whichever comes first.</p>\n");
        var all = KeyReport.Of(centre);
        Summary(page, all);
        var lines = all.ToLookup(line => line.Group.Code);
        foreach (var group in centre.Groups)
            Group(page, group, centre.UserOf(group), [.. lines[group.Code]]);
        Users(page, centre);
        Modules(page, centre);
        return page.Append("</main></body></html>\n").ToString();
    }

    // What somebody looks for first: how many keys stand how, and which of them end soon.
    private static void Summary(StringBuilder page, IReadOnlyList<KeyReportLine> lines)
    {
        if (lines.Count == 0)
            return;
        _ = page.Append("<ul class=\"sum\">")
            .AppendJoin("", lines.GroupBy(line => line.Status).OrderByDescending(group => group.Count())
            .Select(group => $"<li><b>{group.Count()}</b> {Safe(group.Key)}</li>"))
            .Append(CultureInfo.InvariantCulture,
                $"<li><b>{lines.Count(line => line.DaysLeft is <= Soon)}</b> with {Soon} days or less</li></ul>\n");
    }

    private static void Group(StringBuilder page, SupplyGroup group, SgcUser user, KeyReportLine[] lines)
    {
        _ = page.Append(CultureInfo.InvariantCulture,
            $"<h2>{Safe(group.Code)} {Safe(group.Name)}</h2>\n<p>{Safe(user.Name)}, "
                + $"{Safe(user.Id)}{(user.State == UserState.Active ? "" : $", {Safe(UserCommands.Said(user))}")}; "
                + $"cluster {group.Cluster}, at home at "
                + $"{Safe(group.Home)}{(group.UniversalDefault ? ", universal default" : "")}</p>\n");
        if (lines.Length == 0)
        {
            _ = page.Append("<p>No key yet.</p>\n");
            return;
        }

        Table(page, KeyColumns, lines.Select(
            line => (line.DaysLeft switch { null => "past", 0 => "gone", <= Soon => "soon", _ => "" }, (object?[])
        [
            line.Key.Id, line.Key.Krn, VendingKeyNames.Of(line.Key.KeyType), line.Key.Dkga.Name(), line.Key.BaseYear,
                line.Key.Ken, line.Key.CheckValue,
            (line.Key.Laboratory ? line.Status + ", laboratory" : line.Status)
                + (line.Key.Reason.Length > 0 ? ": " + line.Key.Reason : ""), line.DaysLeft, line.Modules,
                CentreCommand.Text(line.NextRefresh),
        ])));
    }

    private static void Users(StringBuilder page, KeyCentre centre)
    {
        _ = page.Append("<h2>Users</h2>\n");
        var users = UserHoldings.All(centre);
        if (users.Count == 0)
        {
            _ = page.Append("<p>None yet.</p>\n");
            return;
        }

        Table(page, UserColumns,
            users.Select(holdings => (holdings.User.State switch
            {
                UserState.Suspended => "soon",
                UserState.Closed => "past",
                _ => "",
            }, (object?[])
        [
            holdings.User.Id, holdings.User.Name, holdings.User.Contact, UserCommands.Said(holdings.User),
                string.Join(' ', holdings.Groups.Select(group => group.Code)), holdings.Keys.Count,
            holdings.Modules.Count(module => !module.Revoked), CentreCommand.Text(holdings.User.Created),
                holdings.User.AddedBy,
        ])));
    }

    private static void Modules(StringBuilder page, KeyCentre centre)
    {
        _ = page.Append("<h2>Modules</h2>\n");
        var last = centre.Files.All.Where(file => file.Confirmed is not null).GroupBy(file => file.Module)
            .ToDictionary(files => files.Key, files => files.MaxBy(file => file.KekId)!);
        if (!centre.Modules.All.Any())
            _ = page.Append("<p>None yet.</p>\n");
        else
        {
            Table(page, ModuleColumns, centre.Modules.All.Select(module => (module.Revoked ? "past" : "", (object?[])
            [
                module.Id, module.Kind, CentreCommand.OwnerOf(centre, module), module.Revoked ? "revoked: "
                    + module.Reason : "active", module.LastKekId,
                CentreCommand.Text(last.GetValueOrDefault(module.Id)?.Confirmed),
                    CentreCommand.Text(last.GetValueOrDefault(module.Id)?.IssuedUntil),
            ])));
        }
    }

    private static void Table(StringBuilder page, string[] columns, IEnumerable<(string Look, object?[] Cells)> rows)
    {
        var body = rows.ToList();
        // A column of numbers stands to the right under a heading that does too.
        bool IsNumber(int column) => body.Exists(row => row.Cells[column] is int);
        _ = page.Append("<table><thead><tr>")
            .AppendJoin("", columns.Select((column, i) =>
            $"<th scope=\"col\"{(IsNumber(i) ? " class=\"n\"" : "")}>{column}</th>")).Append("</tr></thead><tbody>\n");
        foreach (var (look, cells) in body)
        {
            _ = page.Append(look.Length > 0 ? $"<tr class=\"{look}\">" : "<tr>");
            for (var i = 0; i < cells.Length; i++)
                _ = page.Append(CultureInfo.InvariantCulture,
                    $"<td{(cells[i] is int ? " class=\"n\"" : "")} "
                        + $"data-label=\"{columns[i]}\">{Safe(cells[i]?.ToString() ?? "")}</td>");
            _ = page.Append("</tr>\n");
        }

        _ = page.Append("</tbody></table>\n");
    }

    private static string Safe(string text) => WebUtility.HtmlEncode(text);
}
