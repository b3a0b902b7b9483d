using System.Globalization;
using OpenSts.Explaining;
using OpenSts.SecurityModule;
using OpenSts.Vending.Issues;
using OpenSts.Vending.Meters;
using OpenSts.Vending.Operations;
using OpenSts.Vending.Storage;

namespace OpenSts.Vending.Explaining;

/// <summary>What is known of a token: what its digits show, what the module finds under the meter's key, and whether it was sold here.</summary>
/// <param name="Token">The token.</param>
/// <param name="Answer">What the meter would answer, in the standard's word; unknown where nothing can be said.</param>
/// <param name="Reasons">Whole sentences, the most telling first.</param>
/// <param name="Explanation">What can be read without a key.</param>
/// <param name="Verification">What the module found; null where it was not asked.</param>
/// <param name="Issue">The issue that holds it; null where it was not made here for this meter.</param>
public sealed record TokenFinding(Token66 Token, string Answer, IReadOnlyList<string> Reasons, TokenExplanation Explanation, TokenVerification? Verification, Issue? Issue);

/// <summary>Answers "why was my token rejected?" without ever having a key.</summary>
public sealed class TokenInquiry(IStore store, ISecurityModule module, VendingSettings settings)
{
    private const int Searched = 500;

    /// <summary>Looks into a token, for a meter where it is known.</summary>
    public async Task<TokenFinding> LookAsync(Token66 token, MeterPan? pan)
    {
        var explanation = TokenExplainer.Explain(token);
        if (pan is not { } known || explanation.Depth != ExplanationDepth.Encrypted)
            return new TokenFinding(token, explanation.Answer, explanation.Reasons, explanation, null, null);
        var (meter, issues) = store.Read(session => (PaymentMeter.Find(session, known)?.Value, IssueTable.List(session, long.MaxValue, Searched, known.ToString())));
        if (meter is null)
            return new TokenFinding(token, "unknown", [$"The meter {known} is not registered here, so its key is not known.", .. explanation.Reasons], explanation, null, null);
        var issue = issues.FirstOrDefault(issue => issue.Tokens.Any(made => made.Tokens.Contains(token)));
        var reasons = new List<string>();
        TokenVerification? opened = null;
        foreach (var key in meter.NextKey is { } next ? new[] { meter.Key, next } : [meter.Key])
        {
            var (verification, sentence) = await VerifyAsync(token, meter, key).ConfigureAwait(false);
            reasons.Add(sentence);
            opened ??= verification is { Class: not null } ? verification : null;
        }

        if (issue is not null)
            reasons.Insert(0, Sold(issue, token, meter));
        else if (opened is null)
            reasons.Add("It was not made here for this meter: a digit is wrong, or it is for another meter.");
        var answer = opened is null ? "CRCError" : opened.Result == ResponseCode.Successful ? "Accept" : opened.Result.ToString();
        if (reasons.Any(reason => reason.StartsWith("The security module", StringComparison.Ordinal)) && opened is null)
            answer = "unknown";
        return new TokenFinding(token, answer, reasons, explanation, opened, issue);
    }

    private async Task<(TokenVerification? Found, string Sentence)> VerifyAsync(Token66 token, PaymentMeter meter, MeterKey key)
    {
        var name = $"supply group {key.SupplyGroup}, revision {key.KeyRevisionNumber}, tariff index {key.TariffIndex}";
        if (!store.Read(session => LocatedKey.Find(session, key)).TryGet(out var located, out var refusal))
            return (null, refusal.Detail);
        try
        {
            var answer = await module.VerifyAsync(new VerifyRequest
            {
                Register = located.Group.Register,
                MeterPan = meter.Pan,
                TariffIndex = key.TariffIndex,
                EncryptionAlgorithm = meter.EncryptionAlgorithm,
                Token = token,
            }).AsTask().WaitAsync(settings.ModulePatience).ConfigureAwait(false);
            if (!answer.TryGet(out var found))
                return (null, $"The security module refused to look: {answer}.");
            if (found.Class is null)
                return (found, $"Under the key of {name} its check does not hold ({found.Result}).");
            var made = found.TokenIdentifier is { } tid ? $", made at {tid.ToTime(located.BaseDate).UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC" : "";
            return (found, $"Under the key of {name} it opens: class {(int)found.Class}, subclass {found.Subclass}{made}. A meter with this key takes it once; entered again it answers UsedError, and OldError where it is older than all the meter remembers.");
        }
        catch (Exception error) when (error is SecurityModuleException or TimeoutException or OperationCanceledException)
        {
            return (null, "The security module did not answer; look again later.");
        }
    }

    private string Sold(Issue issue, Token66 token, PaymentMeter meter)
    {
        var made = issue.Tokens.First(made => made.Tokens.Contains(token));
        var time = TimeZoneInfo.ConvertTime(issue.Completed ?? issue.Created, settings.TimeZone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        var text = $"It was made here at {time} for this meter (receipt {issue.Number:D8}).";
        if (made.Kind == OrderKind.KeyChange)
            return text + " It is part of a key change set: every token of the set must be entered; in which order does not matter.";
        if (made.Key is { } key && key != meter.Key)
            text += $" It is under revision {key.KeyRevisionNumber}, and the meter is known to hold revision {meter.Key.KeyRevisionNumber}: " + (key == meter.NextKey ? "enter the key change tokens first." : "it cannot be entered any more; ask for a replacement.");
        return text;
    }
}

/// <summary>The token x-ray over the API.</summary>
internal sealed class InquiryRoutes(TokenInquiry inquiry)
{
    public IEnumerable<Api.ApiRoute> Rows =>
    [
        new("POST", "/v1/token-explanations", Access.Permission.MetersRead, "Why was this token rejected?", ExplainAsync)
        {
            Body = [Api.FieldSpec.Text("token", 40, 20).Saying("20 digits; spaces and dashes between them are left out."), Api.FieldSpec.Meter().Optional],
        },
    ];

    private sealed record View(Token66 Token, string Answer, IReadOnlyList<string> Reasons, IReadOnlyList<FieldView> Fields, string? Issue);

    private sealed record FieldView(string Name, int LowestBit, int Bits, string? Value, string Meaning);

    private async Task<Api.ApiAnswer> ExplainAsync(Api.ApiCall call)
    {
        if (!Token66.TryParse(call.Body.Text("token"), out var token, out var fault))
            return Api.ApiCall.Invalid("token", call.Body.Text("token"), fault.Describe());
        var finding = await inquiry.LookAsync(token, call.Body.Has("meter") ? call.Body.Meter("meter") : null).ConfigureAwait(false);
        var issue = finding.Issue is { } found && IssueDesk.Sees(call.Caller, found) ? found.Id : null;
        return Api.ApiAnswer.Ok(new View(token, finding.Answer, finding.Reasons,
            [.. finding.Explanation.Fields.Select(field => new FieldView(field.Name, field.LowestBit, field.Bits, field.Value?.ToString(CultureInfo.InvariantCulture), field.Meaning))], issue));
    }
}
