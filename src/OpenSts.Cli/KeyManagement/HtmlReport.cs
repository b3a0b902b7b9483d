using System.Globalization;
using System.Net;
using System.Text;
using OpenSts.KeyManagement;

namespace OpenSts.Cli.KeyManagement;

/// <summary>One page for people: keys by group with status and days left, modules with what they hold. No script, no link, no form.</summary>
internal static class HtmlReport
{
    private const string Head = """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <style>
        body{font:15px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem;color:#1b1b1b;background:#fff}
        table{border-collapse:collapse;width:100%;margin:0 0 1.5rem}th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #ccc;vertical-align:top}
        th{font-weight:600;border-bottom:2px solid #444}td.n{text-align:right;font-variant-numeric:tabular-nums}code{font-size:.95em}
        .soon{background:#fff1c7}.gone{background:#f3d6d6}.past{color:#595959}@media print{body{margin:0}}
        </style>
        """;

    public static string Of(KeyCentre centre, DateTimeOffset now)
    {
        var page = new StringBuilder(Head);
        _ = page.Append(CultureInfo.InvariantCulture, $"<title>Keys of centre {Safe(centre.Kmcid)}</title></head><body>\n<h1>Keys of centre {Safe(centre.Kmcid)}</h1>\n<p>{Safe(CentreCommand.Text(now))}. Days left: until the key's end or the last minute of its expiry number, whichever comes first.</p>\n");
        foreach (var group in KeyReport.Of(centre).GroupBy(line => line.Group.Code))
            Group(page, group.First().Group, [.. group]);
        Modules(page, centre);
        return page.Append("</body></html>\n").ToString();
    }

    private static void Group(StringBuilder page, SupplyGroup group, KeyReportLine[] lines)
    {
        _ = page.Append(CultureInfo.InvariantCulture, $"<h2>{Safe(group.Code)} {Safe(group.Name)}</h2>\n<p>{Safe(group.Owner)}, cluster {group.Cluster}, at home at {Safe(group.Home)}{(group.UniversalDefault ? ", universal default" : "")}</p>\n");
        Header(page, "Key", "Revision", "Type", "Algorithm", "Base date", "KEN", "Check value", "Status", "Days left", "Modules", "Next refresh");
        foreach (var line in lines)
        {
            var look = line.DaysLeft switch { null => "past", 0 => "gone", <= 60 => "soon", _ => "" };
            _ = page.Append(CultureInfo.InvariantCulture, $"<tr class=\"{look}\"><td>{Safe(line.Key.Id)}</td><td class=\"n\">{line.Key.Krn}</td><td>{VendingKeyNames.Of(line.Key.KeyType)}</td><td>{line.Key.Dkga.Name()}</td><td class=\"n\">{line.Key.BaseYear}</td><td class=\"n\">{line.Key.Ken}</td><td><code>{Safe(line.Key.CheckValue)}</code></td>")
                .Append(CultureInfo.InvariantCulture, $"<td>{Safe(line.Status)}{(line.Key.Reason.Length > 0 ? ": " + Safe(line.Key.Reason) : "")}</td><td class=\"n\">{line.DaysLeft}</td><td class=\"n\">{line.Modules}</td><td>{Safe(CentreCommand.Text(line.NextRefresh))}</td></tr>\n");
        }

        _ = page.Append("</tbody></table>\n");
    }

    private static void Modules(StringBuilder page, KeyCentre centre)
    {
        _ = page.Append("<h2>Modules</h2>\n");
        Header(page, "Module", "Kind", "Owner", "State", "Files made", "Last confirmed", "Refresh by");
        var last = centre.Files.All.Where(file => file.Confirmed is not null).GroupBy(file => file.Module).ToDictionary(files => files.Key, files => files.MaxBy(file => file.KekId)!);
        foreach (var module in centre.Modules.All)
        {
            var file = last.GetValueOrDefault(module.Id);
            _ = page.Append(CultureInfo.InvariantCulture, $"<tr{(module.Revoked ? " class=\"past\"" : "")}><td>{Safe(module.Id)}</td><td>{module.Kind}</td><td>{Safe(module.Owner)}</td><td>{(module.Revoked ? "revoked: " + Safe(module.Reason) : "active")}</td><td class=\"n\">{module.LastKekId}</td><td>{Safe(CentreCommand.Text(file?.Confirmed))}</td><td>{Safe(CentreCommand.Text(file?.IssuedUntil))}</td></tr>\n");
        }

        _ = page.Append("</tbody></table>\n");
    }

    private static void Header(StringBuilder page, params string[] columns) =>
        page.Append("<table><thead><tr>").AppendJoin("", columns.Select(column => $"<th scope=\"col\">{column}</th>")).Append("</tr></thead><tbody>\n");

    private static string Safe(string text) => WebUtility.HtmlEncode(text);
}
