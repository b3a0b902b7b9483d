using OpenSts.Keys;
using OpenSts.Sts6;
using OpenSts.Vending.Customers;
using OpenSts.Vending.IssueLog;
using OpenSts.Vending.Issues;
using OpenSts.Vending.Meters;
using OpenSts.Vending.Money;
using OpenSts.Vending.Operations;
using OpenSts.Vending.Storage;

namespace OpenSts.SystemTests.Vending;

public sealed class IssueDeskTests : IDisposable
{
    private readonly Shop _shop = new();

    public void Dispose() => _shop.Dispose();

    [Fact]
    public async Task Sell_Meter_GivesATokenThatTheMeterTakes()
    {
        var answer = await _shop.SellAsync("sale-0001");

        Assert.Equal(IssueOutcome.Issued, answer.Outcome);
        var token = Assert.Single(Assert.Single(answer.Issue!.Tokens).Tokens);
        Assert.Equal(50m, answer.Issue.Quote!.TokenUnits);
        var credit = Opened(token, 1);
        Assert.Equal(500, credit.Amount.Units);
        Assert.Equal(100_000 - 10_000 + 200, _shop.Wallet);
        InOrder();
    }

    [Fact]
    public async Task Sell_SameIdAgain_SameTokenAndOneSale()
    {
        var first = await _shop.SellAsync("sale-0001");
        var again = await _shop.SellAsync("sale-0001");
        _shop.Restart();
        var later = await _shop.SellAsync("sale-0001");

        Assert.Equal(IssueOutcome.Repeated, again.Outcome);
        Assert.Equal(Tokens(first), Tokens(again));
        Assert.Equal(Tokens(first), Tokens(later));
        Assert.Equal(1, _shop.Module.Asked);
        Assert.Equal(90_200, _shop.Wallet);
    }

    [Fact]
    public async Task Sell_SameIdOtherContent_Conflict()
    {
        _ = await _shop.SellAsync("sale-0001");
        var other = await _shop.SellAsync("sale-0001", tender: 101);

        Assert.Equal(IssueOutcome.Conflict, other.Outcome);
        Assert.Null(other.Issue);
        Assert.Equal(90_200, _shop.Wallet);
    }

    [Fact]
    public async Task Sell_HundredAtOnceWithOneId_OneToken()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(() => _shop.SellAsync("sale-0001"))));

        _ = Assert.Single(answers.Select(Tokens).Distinct());
        Assert.Equal(1, _shop.Module.Asked);
        InOrder();
    }

    [Fact]
    public async Task Sell_ManyInOneMinute_NoIdentifierTwiceAndNoneReserved()
    {
        _shop.Clock.Now = new DateTimeOffset(2026, 11, 21, 23, 58, 0, TimeSpan.Zero);
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(() => _shop.SellAsync($"sale-{i:D4}", tender: 10))));

        var tids = answers.Select(answer => Opened(answer.Issue!.Tokens[0].Tokens[0], 1).Tid).ToList();
        Assert.Equal(40, tids.Distinct().Count());
        Assert.DoesNotContain(tids, tid => tid.IsReserved);
        InOrder();
    }

    [Fact]
    public async Task Sell_ModuleHangsAfterMakingTheToken_UnknownThenTheSameIdentifierAndOneSale()
    {
        _shop.Module.After = asked => asked == 1 ? Task.Delay(Timeout.Infinite) : Task.CompletedTask;
        var first = await _shop.SellAsync("sale-0001");
        var pending = _shop.Desk.Look("sale-0001");
        _shop.Restart();
        var second = await _shop.SellAsync("sale-0001");

        Assert.Equal(IssueOutcome.Unknown, first.Outcome);
        Assert.Equal(IssueState.Pending, pending!.State);
        Assert.Empty(pending.Tokens);
        Assert.Equal(IssueOutcome.Issued, second.Outcome);
        Assert.Equal(pending.Orders[0].Identifier, Opened(second.Issue!.Tokens[0].Tokens[0], 1).Tid.Value);
        Assert.Equal(90_200, _shop.Wallet);
        InOrder();
    }

    [Fact]
    public async Task Sell_ModuleAnswersWithATokenOfAnotherClass_IsNotBelieved()
    {
        _shop.Module.Instead = TokenIssuer.IssueInClear(new InitiateMeterTest { FourDigitForm = false, Tests = MeterTests.Display });
        var wrong = await _shop.SellAsync("sale-0001");
        _shop.Module.Instead = null;
        var right = await _shop.SellAsync("sale-0001");

        Assert.Equal(IssueOutcome.Unknown, wrong.Outcome);
        Assert.Equal(IssueOutcome.Issued, right.Outcome);
        Assert.Equal(90_200, _shop.Wallet);
        InOrder();
    }

    [Fact]
    public async Task Sell_CurrencyAndWaterMeters_CarryMoneyAndTheirService()
    {
        _shop.Change(meter => meter with { Form = TokenForm.Currency, Service = CreditService.Water });
        var answer = await _shop.SellAsync("sale-0001");

        using var key = TestModule.KeyOf(TestModule.Attributes(Shop.Pan, 1, TariffIndex.Parse("01"), EncryptionAlgorithm.Ea07));
        Assert.True(TokenIssuer.TryOpen(answer.Issue!.Tokens[0].Tokens[0], key, out var content));
        Assert.True(TokenLayout.TryRead(content, EncryptionAlgorithm.Ea07, out var meaning, out _));
        var credit = Assert.IsType<TransferCurrency>(meaning);
        // Between two steps of the field the upper one, in the customer's favour.
        Assert.True(CurrencyAmount.TryParse("100", out var expected));
        Assert.Equal((CreditService.Water, expected), (credit.Service, credit.Amount));
    }

    [Fact]
    public async Task Sell_BlockedOrReplacedMeter_IsRefusedAndNothingIsStored()
    {
        _shop.Change(meter => meter with { State = MeterState.Blocked, StateReason = "tamper" });
        var blocked = await _shop.SellAsync("sale-0001");
        _shop.Change(meter => meter with { State = MeterState.Replaced, StateReason = "other" });
        var replaced = await _shop.SellAsync("sale-0001");

        Assert.Equal("meter-blocked", blocked.Refusal!.Code);
        Assert.Equal("meter-replaced", replaced.Refusal!.Code);
        Assert.Null(_shop.Desk.Look("sale-0001"));
        Assert.Equal(0, _shop.Module.Asked);
    }

    [Fact]
    public async Task Sell_ModuleRefuses_StoredAsRefusedAndMoneyIsBack()
    {
        _shop.Module.Refuses = ResponseCode.KeyExpired;
        var refused = await _shop.SellAsync("sale-0001");
        _shop.Module.Refuses = null;
        var again = await _shop.SellAsync("sale-0001");

        Assert.Equal(IssueOutcome.Refused, refused.Outcome);
        Assert.Equal("module-refused", again.Refusal!.Code);
        Assert.Equal(100_000, _shop.Wallet);
        InOrder();
    }

    [Fact]
    public async Task Reverse_BeforeAndAfterRelease_OnlyBefore()
    {
        _shop.Module.Before = _ => Task.FromException(new SecurityModuleException("gone"));
        _ = await _shop.SellAsync("sale-0001");
        _shop.Module.Before = null;
        _ = await _shop.Desk.ResolveAsync("sale-0001", releases: false);
        var reversed = await _shop.Desk.ReverseAsync("sale-0001", Shop.Till, "customer left");
        _ = await _shop.SellAsync("sale-0002");
        var late = await _shop.Desk.ReverseAsync("sale-0002", Shop.Till, "customer left");

        Assert.True(reversed.TryGet(out var issue, out _));
        Assert.Empty(issue.Tokens);
        Assert.False(late.TryGet(out _, out var refusal));
        Assert.Equal("token-released", refusal.Code);
        Assert.Equal(90_200, _shop.Wallet);
        InOrder();
    }

    [Fact]
    public async Task Sell_WalletRunsDryUnderManySales_NeverBelowItsFloor()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => Task.Run(() => _shop.SellAsync($"sale-{i:D4}", tender: 40))));

        Assert.Contains(answers, answer => answer.Refusal?.Code == "vendor-credit-exhausted");
        Assert.InRange(_shop.Wallet, 0, 4_000);
        InOrder();
    }

    [Fact]
    public async Task Sell_RevisionIsNotCurrent_KeyChangeSetComesFirstAndStaysUntilConfirmed()
    {
        _shop.ChangeGroup(group => group with { CurrentKeyRevision = 2 });
        var first = await _shop.SellAsync("sale-0001");
        var second = await _shop.SellAsync("sale-0002");
        var old = await _shop.SellAsync("sale-0003", key: KeyChoice.Old);

        Assert.Equal([OrderKind.KeyChange, OrderKind.Credit], first.Issue!.Tokens.Select(made => made.Kind));
        Assert.Equal(2, first.Issue.Tokens[0].Tokens.Count);
        _ = Opened(first.Issue.Tokens[1].Tokens[0], 2);
        Assert.Equal(first.Issue.Tokens[0].Tokens, Assert.Single(second.Issue!.Repeated).Tokens);
        _ = Opened(second.Issue.Tokens[0].Tokens[0], 2);
        _ = Opened(old.Issue!.Tokens[0].Tokens[0], 1);
        Assert.Equal(2, _shop.Meter.NextKey!.KeyRevisionNumber);
        InOrder();
    }

    [Fact]
    public async Task Sell_SecondBlockAndFreeAllocation_OncePerMonth()
    {
        _shop.ChangeCustomer(customer => customer with
        {
            FreeAllocation = new FreeAllocation { Units = 50, Evidence = "E1", Expires = new DateOnly(2027, 1, 1), RegisteredBy = "a", ApprovedBy = "b" },
        });
        var first = await _shop.SellAsync("sale-0001", tender: 180);
        var second = await _shop.SellAsync("sale-0002", tender: 60);

        Assert.Equal([OrderKind.Free, OrderKind.Credit], first.Issue!.Tokens.Select(made => made.Kind));
        Assert.Equal(90m, first.Issue.Quote!.Units);
        Assert.Equal([OrderKind.Credit], second.Issue!.Tokens.Select(made => made.Kind));
        // 10 units left in the first block for 20, then 40 at 4.
        Assert.Equal(20m, second.Issue.Quote!.Units);
    }

    [Fact]
    public async Task Sell_ArrearsByShare_AreTakenFromThePurchase()
    {
        _shop.ChangeCustomer(customer => customer with { Arrears = new ArrearsPlan { Rule = ArrearsRule.Share, Value = 25 } });
        _shop.Store.Write(session => Ledger.Post(session, _shop.Clock.Now, "charge", "x", new Posting(Accounts.Arrears("c1"), -3_000), new Posting(Accounts.Receivables, 3_000)));
        var first = await _shop.SellAsync("sale-0001");
        var second = await _shop.SellAsync("sale-0002");

        Assert.Equal(2_500, first.Issue!.Quote!.Sum(OpenSts.Vending.Tariffs.QuoteLineKind.Arrears));
        Assert.Equal(500, second.Issue!.Quote!.Sum(OpenSts.Vending.Tariffs.QuoteLineKind.Arrears));
        Assert.Equal(0, second.Issue.Quote.ArrearsLeft);
        InOrder();
    }

    [Fact]
    public async Task Engineer_ClearCredit_NeedsASecondPerson()
    {
        var order = new EngineeringOrder(Shop.Pan, new EngineeringRequest(EngineeringKind.ClearCredit, 0, 0), "moved out", "W1");
        var asked = await _shop.Desk.EngineerAsync("eng-00001", order, Shop.Till);
        var own = await _shop.Desk.ApproveAsync("eng-00001", Shop.Till);
        var approved = await _shop.Desk.ApproveAsync("eng-00001", Shop.Second);
        var twice = await _shop.Desk.ApproveAsync("eng-00001", Shop.Second);

        Assert.Equal(IssueOutcome.AwaitingApproval, asked.Outcome);
        Assert.Equal("second-person-needed", own.Refusal!.Code);
        Assert.Equal(IssueOutcome.Issued, approved.Outcome);
        Assert.Equal("not-awaiting-approval", twice.Refusal!.Code);
        Assert.Equal("key:second", approved.Issue!.ApprovedBy);
        Assert.Equal(1, _shop.Module.Asked);
        InOrder();
    }

    [Fact]
    public async Task Replace_Sale_SameValueUnderANewIdentifier()
    {
        var sale = await _shop.SellAsync("sale-0001");
        _ = await _shop.Desk.ReplaceAsync("repl-0001", new ReplacementOrder("sale-0001", "lost", null), Shop.Till);
        var replaced = await _shop.Desk.ApproveAsync("repl-0001", Shop.Second);

        var (first, second) = (Opened(sale.Issue!.Tokens[0].Tokens[0], 1), Opened(replaced.Issue!.Tokens[0].Tokens[0], 1));
        Assert.Equal(first.Amount, second.Amount);
        Assert.True(second.Tid > first.Tid);
        Assert.Equal(90_200, _shop.Wallet);
    }

    [Fact]
    public async Task Sell_ClockStepsBackAnHour_NothingIsIssued()
    {
        _ = await _shop.SellAsync("sale-0001");
        _shop.Clock.Now -= TimeSpan.FromHours(1);
        var back = await _shop.SellAsync("sale-0002");
        _shop.Clock.Now += TimeSpan.FromMinutes(58);
        var slightly = await _shop.SellAsync("sale-0003");

        Assert.Equal("clock-behind", back.Refusal!.Code);
        Assert.Equal(IssueOutcome.Issued, slightly.Outcome);
        Assert.Null(_shop.Desk.Look("sale-0002"));
    }

    [Fact]
    public async Task Sell_ModuleClockAYearAway_NothingIsIssued()
    {
        _shop.Module.ClockError = TimeSpan.FromDays(-365);
        var answer = await _shop.SellAsync("sale-0001");

        Assert.Equal("clock-differs", answer.Refusal!.Code);
        Assert.Equal(0, _shop.Module.Asked);
    }

    [Theory]
    [InlineData(SandboxOutcome.Ok, IssueOutcome.Issued, null)]
    [InlineData(SandboxOutcome.Blocked, IssueOutcome.NotStarted, "meter-blocked")]
    [InlineData(SandboxOutcome.NeedsKeyChange, IssueOutcome.NotStarted, "key-change-needed")]
    [InlineData(SandboxOutcome.VendorCreditExhausted, IssueOutcome.NotStarted, "vendor-credit-exhausted")]
    [InlineData(SandboxOutcome.TimesOutButIssued, IssueOutcome.Unknown, "outcome-unknown")]
    [InlineData(SandboxOutcome.TimesOutAndNotIssued, IssueOutcome.Unknown, "outcome-unknown")]
    public async Task Sell_SandboxMeter_HasItsFixedOutcome(SandboxOutcome outcome, IssueOutcome expected, string? code)
    {
        var first = await _shop.SellAsync("sale-0001", pan: SandboxMeters.Pan(outcome));
        var second = await _shop.SellAsync("sale-0001", pan: SandboxMeters.Pan(outcome));

        Assert.Equal(expected, first.Outcome);
        Assert.Equal(code, first.Refusal?.Code);
        if (outcome == SandboxOutcome.TimesOutButIssued)
            Assert.Equal(IssueOutcome.Issued, second.Outcome);
        if (outcome == SandboxOutcome.TimesOutAndNotIssued)
            Assert.Equal(IssueOutcome.Refused, second.Outcome);
        Assert.Equal(0, _shop.Module.Asked);
        Assert.Equal(100_000, _shop.Wallet);
        InOrder();
    }

    [Theory]
    [InlineData("altered", "UPDATE issue_log SET body = REPLACE(body, 'key:till', 'key:tall') WHERE sequence = 2", LogFault.Altered, 2)]
    [InlineData("hash altered", "UPDATE issue_log SET hash = 'x' WHERE sequence = 3", LogFault.Altered, 3)]
    [InlineData("removed", "DELETE FROM issue_log WHERE sequence = 2", LogFault.Removed, 2)]
    [InlineData("removed at the end", "DELETE FROM issue_log WHERE sequence = 4", LogFault.Removed, 4)]
    [InlineData("reordered", "UPDATE issue_log SET sequence = CASE sequence WHEN 2 THEN -3 ELSE -2 END WHERE sequence IN (2, 3); UPDATE issue_log SET sequence = -sequence WHERE sequence < 0", LogFault.Reordered, 2)]
    [InlineData("issue without its entry", "UPDATE issue_log SET issue = 'other' WHERE sequence = 2", LogFault.IssueNotLogged, 0)]
    [InlineData("issue made unreadable", "UPDATE issues SET body = '{' WHERE id = 'sale-0003'", LogFault.IssueDiffers, 3)]
    [InlineData("issue with another token", "UPDATE issues SET tokens = REPLACE(tokens, '\"tokens\":[\"', '\"tokens\":[\"00000000000000000000\",\"') WHERE id = 'sale-0001'", LogFault.IssueDiffers, 1)]
    public async Task Verify_TamperedLog_NamesTheFirstEntry(string description, string sql, LogFault fault, long sequence)
    {
        for (var i = 1; i <= 4; i++)
            _ = await _shop.SellAsync($"sale-{i:D4}", tender: 10);
        _shop.Store.Write(session =>
        {
            foreach (var statement in sql.Split("; "))
                _ = session.Execute(statement);
        });

        var report = _shop.Store.Read(session => IssueLogVerifier.Verify(session));

        Assert.True(fault == report.Fault && sequence == report.Sequence, $"{description}: {report}");
        Assert.False(Reconciliation.Run(_shop.Store, _shop.Clock.Now).InOrder);
    }

    private static string Tokens(IssueAnswer answer) => string.Join(' ', answer.Issue!.Tokens.SelectMany(made => made.Tokens));

    private static TransferCredit Opened(Token66 token, int register)
    {
        using var key = TestModule.KeyOf(TestModule.Attributes(Shop.Pan, register, TariffIndex.Parse("01"), EncryptionAlgorithm.Ea07));
        Assert.True(TokenIssuer.TryOpen(token, key, out var content));
        Assert.True(TokenLayout.TryRead(content, EncryptionAlgorithm.Ea07, out var meaning, out _));
        return Assert.IsType<TransferCredit>(meaning);
    }

    private void InOrder()
    {
        Assert.Null(_shop.Store.Read(Ledger.Verify)?.Detail);
        Assert.Equal(LogFault.None, _shop.Store.Read(session => IssueLogVerifier.Verify(session)).Fault);
    }
}
