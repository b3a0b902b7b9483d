using OpenSts.Explaining;
using OpenSts.Sts6;
using OpenSts.Vending.Access;
using OpenSts.Vending.Issues;
using OpenSts.Vending.Meters;
using OpenSts.Vending.Operations;
using OpenSts.Vending.Readings;
using OpenSts.Vending.Receipts;
using OpenSts.Vending.Storage;
using OpenSts.Vending.SupplyGroups;

namespace OpenSts.Vending.Explaining;

/// <summary>Answers "why was my token rejected?" from the books, what the meter said last and the security module, without ever having a key.</summary>
public sealed class TokenInquiry(IStore store, ISecurityModule module, MeterReadings readings, VendingSettings settings, TimeProvider time)
{
    /// <summary>Every meter remembers at least so many identifiers; a token that is older than all of them is an old one.</summary>
    public const int SurelyRemembered = 50;

    // A group has few revisions; a meter with more keys behind it than this is looked at under its newest.
    private const int MostKeys = 8;

    /// <summary>Looks into what was typed.</summary>
    /// <param name="typed">Digits, with spaces and dashes as they please.</param>
    /// <param name="pan">The meter that refused it; null where it is not known.</param>
    /// <param name="caller">Who asks: is told of the sales that it sees, and of others only that they are.</param>
    public async Task<TokenFinding> LookAsync(string typed, MeterPan? pan, Caller caller)
    {
        var digits = DigitSlip.DigitsOf(typed);
        var issues = pan is { } given ? IssuesOf(given) : null;
        if (!Token66.TryParse(typed, out var token, out var fault))
            return Mistyped(digits, issues, caller, null) ?? NoToken(digits, fault);
        var explanation = TokenExplainer.Explain(token);
        if (explanation.Depth != ExplanationDepth.Encrypted)
        {
            var test = explanation.Depth == ExplanationDepth.Open;
            return (test ? null : Mistyped(digits, issues, caller, explanation)) ?? Of(test ? TokenCause.TestToken : TokenCause.NoToken, explanation.Answer, explanation);
        }

        // The meter's own issues first: they are here already.
        var holder = IssuedTokens.In(issues ?? []).FirstOrDefault(row => row.Token == token).Issue ?? store.Read(session => IssuedTokens.Find(session, token));
        if (pan is null && holder?.Meter is { } its)
            (pan, issues) = (its.Pan, IssuesOf(its.Pan));
        if (holder is not null && holder.Meter?.Pan != pan)
            return OfAnother(holder, explanation, caller);
        if (pan is not { } known)
            return Mistyped(digits, null, caller, explanation) ?? Of(TokenCause.MeterNeeded, "unknown", explanation, Searched);
        if (store.Read(session => PaymentMeter.Find(session, known)?.Value) is not { } meter)
            return Of(TokenCause.MeterUnknown, "unknown", explanation) with { Says = Says(TokenCause.MeterUnknown, known.DecoderReferenceNumber) };
        if (holder is { Sandbox: true })
            return Of(TokenCause.Trial, "CRCError", explanation, Sold(holder, caller)) with { Issue = Seen(holder, caller) };
        var finding = await OfMeterAsync(token, meter, issues!, holder, explanation, caller).ConfigureAwait(false);
        return (finding.Cause is TokenCause.NotFound or TokenCause.ModuleSilent ? Mistyped(digits, issues, caller, explanation) : null) ?? finding;
    }

    private static Sentence Searched => new("xray.why.searched", (decimal)IssuedTokens.OfAll);

    private List<Issue> IssuesOf(MeterPan pan) => store.Read(session => IssueTable.List(session, long.MaxValue, IssuedTokens.OfMeter, pan.ToString()));

    private static TokenFinding NoToken(string digits, TokenDigitsFault fault) => fault switch
    {
        TokenDigitsFault.Above66Bits => Of(TokenCause.NoToken, "unknown", null),
        _ when digits.All(char.IsAsciiDigit) => Of(TokenCause.WrongLength, "unknown", null) with { Says = Says(TokenCause.WrongLength, digits.Length) },
        _ => Of(TokenCause.NotDigits, "unknown", null),
    };

    // Among the issues of the meter, or of all where none is named.
    private TokenFinding? Mistyped(string digits, IReadOnlyList<Issue>? issues, Caller caller, TokenExplanation? explanation)
    {
        var near = issues is not null ? IssuedTokens.Near(issues, digits, caller) : store.Read(session => IssuedTokens.Near(session, digits, caller));
        if (near is not var (issue, token, slip))
            return null;
        var (made, at) = (token.ToString(), slip.Place - 1);
        var how = slip.Kind switch
        {
            SlipKind.WrongDigit => new Sentence("xray.slip.wrong-digit", slip.Place, digits[at], made[at]),
            SlipKind.Swapped => new Sentence("xray.slip.swapped", slip.Place, slip.Place + 1, made[at..(at + 2)]),
            SlipKind.Missing => new Sentence("xray.slip.missing", slip.Place, made[at]),
            _ => new Sentence("xray.slip.extra", slip.Place, digits[at]),
        };
        return Of(TokenCause.Mistyped, digits.Length == Token66.Digits ? "CRCError" : "unknown", explanation, how, Sold(issue, caller)) with { Issue = issue, Meant = token, Slip = slip };
    }

    private TokenFinding OfAnother(Issue holder, TokenExplanation explanation, Caller caller) =>
        Of(TokenCause.OtherMeter, "CRCError", explanation, [Sold(holder, caller), .. To(holder, caller)]) with { Issue = Seen(holder, caller) };

    private async Task<TokenFinding> OfMeterAsync(Token66 token, PaymentMeter meter, IReadOnlyList<Issue> issues, Issue? holder, TokenExplanation explanation, Caller caller)
    {
        var made = holder?.Tokens.First(made => made.Tokens.Contains(token));
        var why = new List<Sentence>();
        if (holder is not null)
            why.AddRange([Sold(holder, caller), .. To(holder, caller), .. issues.Where(issue => issue.Original == holder.Id && issue.State == IssueState.Issued).Select(issue => new Sentence("xray.why.replaced-by", issue.Number.ToString("D8", null)))]);
        TokenVerification? opened = null;
        MeterKey? under = made?.Key;
        foreach (var key in Keys(meter, issues, under))
        {
            var (found, sentence) = await VerifyAsync(token, meter, key).ConfigureAwait(false);
            why.Add(sentence);
            // A key that has expired says nothing of what it opened.
            if (found is { Class: not null } or { Result: ResponseCode.KeyExpired })
            {
                (opened, under) = (found, under ?? key);
                break;
            }
        }

        var newer = Newer(issues, made, opened);
        if (newer >= SurelyRemembered)
            why.Add(new Sentence("xray.why.newer", newer, SurelyRemembered));
        var reading = readings.Find(meter.Pan);
        why.AddRange(Said(reading, meter, made, holder));
        var took = Took(reading, made, holder);
        var cause = meter.State == MeterState.Replaced ? TokenCause.MeterReplaced
            : made is null && opened is null ? (why.Any(said => said.Key is "xray.why.module-silent" or "xray.why.module-refused") ? TokenCause.ModuleSilent : TokenCause.NotFound)
            : made?.Kind == OrderKind.KeyChange ? (Same(meter.Key, made.ToKey) ? TokenCause.KeyChangeDone : TokenCause.KeyChangePart)
            : Same(under, meter.NextKey) && !(reading?.KeyRevisionNumber == meter.NextKey?.KeyRevisionNumber) ? TokenCause.KeyNotYet
            : !Same(under, meter.Key) && !Same(under, meter.NextKey) ? TokenCause.KeyGone
            : opened?.Result == ResponseCode.KeyExpired ? TokenCause.KeyExpired
            : opened?.Result == ResponseCode.DdtkCreditError ? TokenCause.DefaultKey
            : took ? TokenCause.Used
            : newer >= SurelyRemembered ? TokenCause.Old
            : LockedFor(reading) > TimeSpan.Zero ? TokenCause.Locked
            : made is null ? TokenCause.MadeElsewhere
            : TokenCause.Good;
        return Of(cause, AnswerOf(cause, opened), explanation, [.. why]) with
        {
            Says = cause switch
            {
                TokenCause.KeyChangePart => Says(cause, made!.Tokens.ToList().IndexOf(token) + 1, made.Tokens.Count),
                TokenCause.Locked => Says(cause, (int)Math.Ceiling(LockedFor(reading).TotalSeconds)),
                _ => Says(cause),
            },
            Next = cause == TokenCause.KeyNotYet && issues.FirstOrDefault(issue => issue.Id == meter.KeyChangeIssue) is { } set
                ? new Sentence("xray.next.key-not-yet-of", set.Number.ToString("D8", null))
                : NextOf(cause),
            Verification = opened,
            Issue = holder is null ? null : Seen(holder, caller),
        };
    }

    private static bool Same(MeterKey? one, MeterKey? other) => one is not null && one == other;

    private static string AnswerOf(TokenCause cause, TokenVerification? opened) => cause switch
    {
        TokenCause.ModuleSilent => "unknown",
        TokenCause.MeterReplaced or TokenCause.NotFound or TokenCause.KeyNotYet or TokenCause.KeyGone or TokenCause.KeyChangeDone => "CRCError",
        TokenCause.KeyExpired => "KeyExpiredError",
        TokenCause.DefaultKey => "DDTKError",
        TokenCause.Used => "UsedError",
        TokenCause.Old => "OldError",
        // The last of the set answers Accept, whichever it is.
        TokenCause.KeyChangePart when opened?.Subclass is { } part => part switch { 3 => "1stKCT", 4 => "2ndKCT", 8 => "3rdKCT", 9 => "4thKCT", _ => "Accept" },
        _ => "Accept",
    };

    // The key it was made under where that is known; else what the meter holds, is to hold, has held, and what others of its group hold.
    private IEnumerable<MeterKey> Keys(PaymentMeter meter, IReadOnlyList<Issue> issues, MeterKey? known)
    {
        if (known is not null)
            return [known];
        var group = store.Read(session => SupplyGroup.Table.Find(session, meter.Key.SupplyGroup.ToString()))?.Value;
        var held = issues.SelectMany(issue => issue.Tokens.SelectMany(made => new[] { made.ToKey, made.Key }).Append(issue.Meter?.Key)).OfType<MeterKey>();
        var others = group?.Keys.Select(key => meter.Key with { KeyRevisionNumber = key.KeyRevisionNumber, KeyType = key.KeyType }) ?? [];
        return new[] { meter.Key, meter.NextKey }.OfType<MeterKey>().Concat(held).Concat(others).Distinct().Take(MostKeys);
    }

    private async Task<(TokenVerification? Found, Sentence Says)> VerifyAsync(Token66 token, PaymentMeter meter, MeterKey key)
    {
        var name = $"SGC {key.SupplyGroup}, KRN {key.KeyRevisionNumber}, TI {key.TariffIndex}";
        if (!store.Read(session => LocatedKey.Find(session, key)).TryGet(out var located, out _))
            return (null, new Sentence("xray.why.key-missing", name));
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
                return (null, new Sentence("xray.why.module-refused", answer.ToString()));
            if (found.Result == ResponseCode.KeyExpired)
                return (found, new Sentence("xray.why.expired", name));
            if (found.Class is null)
                return (found, new Sentence("xray.why.fails", name));
            // A key change token carries no identifier; the module answers 0 for it.
            return (found, found.TokenIdentifier is { Value: > 0 } tid
                ? new Sentence("xray.why.opens-made", name, Time(tid.ToTime(located.BaseDate)))
                : new Sentence("xray.why.opens", name));
        }
        catch (Exception error) when (error is SecurityModuleException or TimeoutException or OperationCanceledException)
        {
            return (null, new Sentence("xray.why.module-silent"));
        }
    }

    // Tokens made since under the same base date; those that a meter was surely given and may have forgotten this one for.
    private static int Newer(IReadOnlyList<Issue> issues, MadeTokens? made, TokenVerification? opened)
    {
        if ((made?.Identifier ?? (opened?.TokenIdentifier is { } tid ? tid.Value : null)) is not { } minute)
            return 0;
        var since = IssuedTokens.In(issues).Where(row => row.Made.Identifier > minute);
        return (made is null ? since : since.Where(row => row.Made.BaseDate == made.BaseDate)).Count();
    }

    private IEnumerable<Sentence> Said(MeterReading? reading, PaymentMeter meter, MadeTokens? made, Issue? holder)
    {
        if (reading is null)
            yield break;
        if (reading.KeyRevisionNumber > 0 && reading.KeyRevisionNumber != meter.Key.KeyRevisionNumber)
            yield return new Sentence("xray.why.meter-key", reading.KeyRevisionNumber, meter.Key.KeyRevisionNumber);
        if (reading.LastResult is not { } result || reading.LastAt is not { } at)
            yield break;
        yield return Took(reading, made, holder) && result.StartsWith("Accept", StringComparison.Ordinal)
            ? new Sentence("xray.why.meter-took", Time(at), reading.LastAmount!.Value)
            : new Sentence("xray.why.meter-said", Time(at), Words.English.Keys.Contains("verdict." + result) ? new Sentence("verdict." + result) : result);
    }

    // The meter took this value after it was sold, or says itself that the last token was a used one.
    private static bool Took(MeterReading? reading, MadeTokens? made, Issue? holder) =>
        reading?.LastAt is { } at && (holder is null || at >= (holder.Completed ?? holder.Created))
        && (reading.LastResult == "UsedError" || (made is { Kind: OrderKind.Credit or OrderKind.Free } && reading.LastResult == "Accept" && reading.LastAmount == made.Value));

    private TimeSpan LockedFor(MeterReading? reading) => reading is null ? TimeSpan.Zero : reading.At.AddSeconds(reading.LockedSeconds) - time.GetUtcNow();

    private DateTimeOffset Time(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, settings.TimeZone);

    private static Issue? Seen(Issue issue, Caller caller) => IssueDesk.Sees(caller, issue) ? issue : null;

    private Sentence Sold(Issue issue, Caller caller)
    {
        if (!IssueDesk.Sees(caller, issue))
            return new Sentence("xray.why.hidden");
        var (at, number) = (Time(issue.Completed ?? issue.Created), issue.Number.ToString("D8", null));
        return issue.Meter is { } meter
            ? new Sentence("xray.why.made", at, number, meter.Pan.DecoderReferenceNumber.ToGroupedString())
            : new Sentence("xray.why.made-meterless", at, number);
    }

    private static IEnumerable<Sentence> To(Issue issue, Caller caller) => IssueDesk.Sees(caller, issue) && issue.CustomerName is { Length: > 0 } customer
        ? [issue.VendorName is { Length: > 0 } vendor ? new Sentence("xray.why.sold-to", customer, vendor) : new Sentence("xray.why.made-for", customer)]
        : [];

    private static TokenFinding Of(TokenCause cause, string answer, TokenExplanation? explanation, params Sentence[] why) => new()
    {
        Cause = cause,
        Answer = answer,
        Says = Says(cause),
        Next = NextOf(cause),
        Reasons = why,
        Explanation = explanation,
    };

    private static Sentence Says(TokenCause cause, params IReadOnlyList<object> values) => new("xray.cause." + Name(cause), values);

    private static Sentence NextOf(TokenCause cause) => new("xray.next." + Name(cause));

    private static string Name(TokenCause cause) => Api.FieldSpec.Kebab(cause.ToString());
}
