using OpenSts.Vending.Access;
using OpenSts.Vending.Explaining;
using OpenSts.Vending.Issues;
using OpenSts.Vending.Meters;
using OpenSts.Vending.Readings;
using OpenSts.Vending.Receipts;

namespace OpenSts.SystemTests.Vending;

/// <summary>"Why was my token rejected?": what customers come with, and what the clerk can tell them.</summary>
public sealed class TokenInquiryTests : IDisposable
{
    private static readonly Caller Clerk = new() { Id = "operator:clerk", Name = "Clerk", Permissions = Permissions.Of(Role.Clerk), Vendor = "shop" };
    private static readonly Caller Stranger = Clerk with { Id = "operator:other", Vendor = "other-shop" };
    private static readonly MeterPan Neighbour = MeterPan.Create(DecoderReferenceNumber.Create(ManufacturerCode.Parse("04"), 2));

    private readonly Shop _shop = new();
    private readonly MeterReadings _readings = new();

    public void Dispose() => _shop.Dispose();

    [Fact]
    public async Task Look_TokenAsItWasSold_IsGoodAndSaysWhenAndToWhom()
    {
        var token = await SoldAsync("sale-0001");
        var finding = await LookAsync(token, Shop.Pan);

        Assert.Equal((TokenCause.Good, "Accept", "sale-0001"), (finding.Cause, finding.Answer, finding.Issue?.Id));
        Says(finding, "2026-11-21 10:00", "receipt 00000001", "sold to Thandi by Shop", "KRN 1", "its check holds");
        Assert.Equal(finding.Cause, (await LookAsync(token, null)).Cause);
        Assert.Equal(finding.Cause, (await LookAsync(Grouped(token), null)).Cause);
    }

    [Theory]
    [InlineData("a wrong digit", SlipKind.WrongDigit, 7)]
    [InlineData("a wrong first digit", SlipKind.WrongDigit, 1)]
    [InlineData("neighbours that changed places", SlipKind.Swapped, 0)]
    [InlineData("a digit left out", SlipKind.Missing, 0)]
    [InlineData("a digit too many", SlipKind.Extra, 0)]
    public async Task Look_OneSlip_ShowsTheTokenThatWasMeant(string description, SlipKind kind, int place)
    {
        var token = await SoldAsync("sale-0001");
        // Two neighbours that differ, so that the slip is one.
        var at = place > 0 ? place - 1 : Enumerable.Range(8, 11).First(i => token[i] != token[i + 1]);
        var typed = kind switch
        {
            SlipKind.WrongDigit => token[..at] + (char)('0' + ((token[at] - '0' + (at == 0 ? 9 : 1)) % 10)) + token[(at + 1)..],
            SlipKind.Swapped => token[..at] + token[at + 1] + token[at] + token[(at + 2)..],
            SlipKind.Missing => token.Remove(at, 1),
            _ => token.Insert(at, token[at] == '5' ? "6" : "5"),
        };
        foreach (var pan in new MeterPan?[] { Shop.Pan, null })
        {
            var finding = await LookAsync(typed, pan);
            Assert.True(finding.Cause == TokenCause.Mistyped && finding.Slip?.Kind == kind, $"{description}, meter {pan}, {typed} for {token}: {finding.Cause} {finding.Slip}");
            Assert.Equal(token, finding.Meant.ToString());
            Assert.Equal("sale-0001", finding.Issue?.Id);
        }

        // Who may not see the sale is not told its digits.
        var hidden = await LookAsync(typed, Shop.Pan, Stranger);
        Assert.NotEqual(TokenCause.Mistyped, hidden.Cause);
        Assert.Null(hidden.Meant);
        Assert.DoesNotContain(token, Told(hidden), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Look_TokenThatNobodyHasSeen_ItsDigitsAreNotToldForASlip()
    {
        var token = await SoldAsync("sale-0001");
        _shop.Store.Write(session => session.Execute("UPDATE issues SET released = 0 WHERE id = $1", "sale-0001"));
        var typed = token[..^1] + (token[^1] == '1' ? '2' : '1');

        Assert.Equal(TokenCause.NotFound, (await LookAsync(typed, Shop.Pan)).Cause);
    }

    [Fact]
    public async Task Look_TokenOfTheNeighbour_SaysWhoseItIsToWhoMaySeeIt()
    {
        Assert.True(_shop.Store.Write(Shop.NewMeter(Neighbour).TryAdd));
        var token = await SoldAsync("sale-0001", Neighbour);
        var finding = await LookAsync(token, Shop.Pan);

        Assert.Equal((TokenCause.OtherMeter, "CRCError", "sale-0001"), (finding.Cause, finding.Answer, finding.Issue?.Id));
        Says(finding, Neighbour.DecoderReferenceNumber.ToGroupedString(), "sold to Thandi by Shop", "Enter the token at the meter it was bought for");

        var hidden = await LookAsync(token, Shop.Pan, Stranger);
        Assert.Equal(TokenCause.OtherMeter, hidden.Cause);
        Assert.Null(hidden.Issue);
        Says(hidden, "sold by another vendor");
        Assert.DoesNotContain("Thandi", Told(hidden), StringComparison.Ordinal);
        Assert.DoesNotContain(Neighbour.DecoderReferenceNumber.ToGroupedString(), Told(hidden), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Look_DuringAKeyChange_SaysWhatIsTypedFirstAndWhatNoMore()
    {
        var old = await SoldAsync("sale-0001");
        _shop.ChangeGroup(group => group with { CurrentKeyRevision = 2 });
        var sold = await _shop.SellAsync("sale-0002");
        var (set, credit) = (sold.Issue!.Tokens[0].Tokens, sold.Issue.Tokens[1].Tokens[0].ToString());

        var early = await LookAsync(credit, Shop.Pan);
        Assert.Equal((TokenCause.KeyNotYet, "CRCError"), (early.Cause, early.Answer));
        Says(early, "key change tokens of receipt 00000002");
        var second = await LookAsync(set[1].ToString(), Shop.Pan);
        Assert.Equal(TokenCause.KeyChangePart, second.Cause);
        Says(second, "key change token 2 of 2", "in any order");
        Assert.Equal(TokenCause.Good, (await LookAsync(old, Shop.Pan)).Cause);

        // The meter says that it has the new key: then the credit token is good, whatever the books say.
        _ = _readings.TryTake(Reading() with { KeyRevisionNumber = 2 });
        var ahead = await LookAsync(credit, Shop.Pan);
        Assert.Equal(TokenCause.Good, ahead.Cause);
        Says(ahead, "holds key revision 2; the books say 1");

        _shop.Change(meter => meter with { Key = meter.NextKey!, NextKey = null, KeyChangeIssue = null });
        Assert.Equal(TokenCause.Good, (await LookAsync(credit, Shop.Pan)).Cause);
        Assert.Equal(TokenCause.KeyChangeDone, (await LookAsync(set[0].ToString(), Shop.Pan)).Cause);
        var late = await LookAsync(old, Shop.Pan);
        Assert.Equal((TokenCause.KeyGone, "CRCError"), (late.Cause, late.Answer));
        Says(late, "replacement");
    }

    [Fact]
    public async Task Look_TokenThatIsInNoBook_IsTriedUnderEveryKeyOfTheMeter()
    {
        using var elsewhere = new Shop();
        var fits = (await elsewhere.SellAsync("sale-0001")).Issue!.Tokens[0].Tokens[0].ToString();
        elsewhere.Change(meter => meter with { Key = meter.Key with { KeyRevisionNumber = 2 } });
        elsewhere.ChangeGroup(group => group with { CurrentKeyRevision = 2 });
        var other = (await elsewhere.SellAsync("sale-0002")).Issue!.Tokens[0].Tokens[0].ToString();

        Assert.Equal((TokenCause.MadeElsewhere, "Accept"), Of(await LookAsync(fits, Shop.Pan)));
        var gone = await LookAsync(other, Shop.Pan);
        Assert.Equal((TokenCause.KeyGone, "CRCError"), Of(gone));
        Says(gone, "Under the key SGC 123457, KRN 1, TI 01 its check does not hold.", "Under the key SGC 123457, KRN 2, TI 01 its check holds; it says it was made on 2026-11-21 10:0");
        Assert.Equal((TokenCause.NotFound, "CRCError"), Of(await LookAsync("00000000000000000007", Shop.Pan)));
        Assert.Equal((TokenCause.MeterNeeded, "unknown"), Of(await LookAsync("00000000000000000007", null)));
        Assert.Equal((TokenCause.MeterUnknown, "unknown"), Of(await LookAsync("00000000000000000007", Neighbour)));
    }

    [Fact]
    public async Task Look_MeterThatSpokeSince_IsBelieved()
    {
        var token = await SoldAsync("sale-0001");
        var sold = _shop.Clock.Now;
        _shop.Clock.Now += TimeSpan.FromMinutes(5);

        _ = _readings.TryTake(Reading() with { LastResult = "Accept", LastAmount = 50, LastAt = sold.AddMinutes(-9) });
        Assert.Equal(TokenCause.Good, (await LookAsync(token, Shop.Pan)).Cause);
        _ = _readings.TryTake(Reading() with { LastResult = "CRCError", LastAt = sold.AddMinutes(2), LockedSeconds = 120 });
        var locked = await LookAsync(token, Shop.Pan);
        Assert.Equal(TokenCause.Locked, locked.Cause);
        Says(locked, "another 120 s", "answered \"does not fit\"");
        _ = _readings.TryTake(Reading() with { LastResult = "Accept", LastAmount = 50, LastAt = sold.AddMinutes(3) });
        var used = await LookAsync(token, Shop.Pan);
        Assert.Equal((TokenCause.Used, "UsedError"), Of(used));
        Says(used, "2026-11-21 10:03", "a token of 50");
    }

    [Fact]
    public async Task Look_FiftyTokensLater_TheMeterMayHaveForgottenIt()
    {
        var token = await SoldAsync("sale-0001", tender: 10);
        for (var i = 2; i <= TokenInquiry.SurelyRemembered; i++)
            _ = await SoldAsync($"sale-{i:D4}", tender: 10);
        Assert.Equal(TokenCause.Good, (await LookAsync(token, Shop.Pan)).Cause);
        _ = await SoldAsync("sale-9999", tender: 10);

        var finding = await LookAsync(token, Shop.Pan);
        Assert.Equal((TokenCause.Old, "OldError"), Of(finding));
        Says(finding, "50 newer tokens");
    }

    [Fact]
    public async Task Look_MeterThatWasReplacedOrIsOfTheSandbox_SaysSo()
    {
        var sandbox = SandboxMeters.Pan(SandboxOutcome.Ok);
        Assert.Equal(TokenCause.Trial, (await LookAsync(await SoldAsync("sale-0001", sandbox), sandbox)).Cause);

        var token = await SoldAsync("sale-0002");
        _shop.Change(meter => meter with { State = MeterState.Replaced, StateReason = "by another" });
        Assert.Equal((TokenCause.MeterReplaced, "CRCError"), Of(await LookAsync(token, Shop.Pan)));
    }

    [Theory]
    [InlineData("19 digits", "1234 5678 9012 3456 789", TokenCause.WrongLength, "19 were typed")]
    [InlineData("21 digits", "123456789012345678901", TokenCause.WrongLength, "21 were typed")]
    [InlineData("no digit", "", TokenCause.WrongLength, "0 were typed")]
    [InlineData("a letter O for a nought", "1234567890123456789O", TokenCause.NotDigits, "digits only")]
    [InlineData("a LIKE pattern", "%_%_%_%_%_%_%_%_%_%_", TokenCause.NotDigits, "digits only")]
    [InlineData("above 66 bits", "99999999999999999999", TokenCause.NoToken, "never made|ever made")]
    [InlineData("the test of everything", "56493153725450313471", TokenCause.TestToken, "test token")]
    public async Task Look_NoTokenOfAnyMeter_SaysWhatIsWrong(string description, string typed, TokenCause cause, string says)
    {
        var finding = await LookAsync(typed, Shop.Pan);

        Assert.True(cause == finding.Cause, $"{description}: {finding.Cause}");
        Assert.Contains(says.Split('|'), part => Told(finding).Contains(part, StringComparison.Ordinal));
    }

    private static (TokenCause, string) Of(TokenFinding finding) => (finding.Cause, finding.Answer);

    private static string Grouped(string token) => string.Join(' ', token.Chunk(4).Select(group => new string(group)));

    private static string Told(TokenFinding finding) => string.Join('\n', finding.Reasons.Prepend(finding.Next).Prepend(finding.Says).Select(Words.English.Say));

    private static void Says(TokenFinding finding, params string[] parts) => Assert.All(parts, part => Assert.Contains(part, Told(finding), StringComparison.Ordinal));

    private MeterReading Reading() => new() { Meter = Shop.Pan, At = _shop.Clock.Now, Credit = 7, KeyRevisionNumber = 1 };

    private Task<TokenFinding> LookAsync(string typed, MeterPan? pan, Caller? caller = null) =>
        new TokenInquiry(_shop.Store, _shop.Module, _readings, _shop.Settings, _shop.Clock).LookAsync(typed, pan, caller ?? Clerk);

    private async Task<string> SoldAsync(string id, MeterPan? pan = null, decimal tender = 100)
    {
        var answer = await _shop.SellAsync(id, tender, pan);
        Assert.True(answer.Issue is { State: IssueState.Issued }, answer.ToString());
        return answer.Issue.Tokens[^1].Tokens[0].ToString();
    }
}
