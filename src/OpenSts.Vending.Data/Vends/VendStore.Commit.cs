using System.Globalization;
using System.Text.Json;
using OpenSts.Vending.Data.Stores;
using OpenSts.Vending.Meters;
using OpenSts.Vending.Money;
using OpenSts.Vending.Vends;

namespace OpenSts.Vending.Data.Vends;

/// <content>A batch: one transaction for all that wait.</content>
public sealed partial class VendStore
{
    private async Task CommitAsync(IReadOnlyList<VendItem> items, bool waits)
    {
        try
        {
            var held = await WriteAsync(items, waits).ConfigureAwait(false);
            foreach (var item in items)
            {
                if (held.Contains(item))
                    _second.Add(item);
                else
                    item.Complete();
            }
        }
        catch (StoreException error) when (items.Count > 1 && error.Fault is StoreFault.RuleBroken or StoreFault.Busy)
        {
            // One of them is the cause: each is done by itself. Doing a vend twice is harmless, since its id is
            // stored once.
            await Task.WhenAll(items.Select(item => CommitAsync([item], waits))).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            foreach (var item in items)
                item.Fail(error);
        }
    }

    private async Task<HashSet<VendItem>> WriteAsync(IReadOnlyList<VendItem> items, bool waits)
    {
        var (now, rules) = (Now, _rules());
        var (begins, finishes) = (items.OfType<BeginItem>().ToList(), items.OfType<FinishItem>().ToList());
        var records = new VendRecords();
        foreach (var original in begins.Select(begin => begin.Original).OfType<StoredVend>())
            records.Originals[original.Id] = original;
        var held = new HashSet<VendItem>();
        var changes = new VendChanges(_seal);
        await EnsurePartitionAsync(MonthOf(now, rules)).ConfigureAwait(false);
        var transaction = await _database.BeginAsync().ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            await ReadEntriesAsync(transaction, records, finishes).ConfigureAwait(false);
            await transaction.QueryAsync(records.Queries(
                KeysOf(begins, finishes, records), _database.HasRowLocks, waits)).ConfigureAwait(false);
            foreach (var finish in finishes)
                Finish(finish, records, changes, held, now, rules);
            foreach (var begin in begins)
                Begin(begin, records, changes, held, now, rules);
            if (changes.Count > 0)
            {
                await transaction.WriteAsync(changes.Rows(), changes.Commands).ConfigureAwait(false);
                await transaction.CommitAsync().ConfigureAwait(false);
            }
        }

        return held;
    }

    // The entry of a vend never changes, so it is read before the locks: which accounts it moves is known then.
    private static Task ReadEntriesAsync(IStoreTransaction transaction, VendRecords records, List<FinishItem> finishes)
    {
        var refused = finishes.Where(finish => finish.Refusal is not null && !finish.Vend.Plan.IsSandbox)
            .Select(finish => finish.Vend.Id).ToList();
        return refused.Count == 0
            ? Task.CompletedTask
            : transaction.QueryAsync([records.EntriesQuery(refused)]);
    }

    private static DateOnly MonthOf(DateTimeOffset now, VendRules rules) => rules.Calendar.Month(now);

    // A job makes partitions ahead of time; a server that runs alone must not depend on it.
    private async Task EnsurePartitionAsync(DateOnly month)
    {
        if (_partitions.ContainsKey(month))
            return;
        await _database.EnsurePartitionsAsync(month).ConfigureAwait(false);
        _partitions[month] = true;
    }

    private static VendKeys KeysOf(List<BeginItem> begins, List<FinishItem> finishes, VendRecords records) => new()
    {
        Ids = [.. begins.Select(begin => begin.Id)],
        Pans = [.. begins.Select(begin => begin.Meter).Concat(finishes.Select(finish => finish.ChangedMeter))
            .OfType<MeterPan>()
            .Select(pan => pan.ToString()).Distinct()],
        Vendors = [.. begins.Select(begin => (begin.Request as CreditRequest)?.Vendor).OfType<string>().Distinct()],
        Operators = [.. begins.Where(begin => begin.Caller.NeedsShift).Select(begin => begin.Caller.Id).Distinct()],
        SupplyGroups = [.. begins.Select(begin => (begin.Request as KeyChangeRequest)?.To.SupplyGroup.ToString())
            .OfType<string>().Distinct()],
        Originals = [.. begins.Select(begin => begin.Original?.Id).OfType<string>().Distinct()],
        ReceiptVendors =
            [.. finishes.Where(finish => finish.TakesReceipt).Select(finish => finish.Vend.Plan.Vendor!).Distinct()],
        Accounts = [.. records.Entries.Values.SelectMany(lines => lines).Select(line => line.Account.ToString())
            .Distinct()],
        Open = [.. finishes.Select(finish => finish.Vend.Number)],
        VendNumbers = begins.Count,
        EntryNumbers = begins.Count + records.Entries.Count,
    };

    private void Begin(BeginItem begin, VendRecords records, VendChanges changes, HashSet<VendItem> held,
        DateTimeOffset now, VendRules rules)
    {
        begin.Answer = null;
        if (records.Seen.Contains(begin.Id))
            return;
        var vendor = (begin.Request as CreditRequest)?.Vendor;
        if (records.IsHeldElsewhere(begin.Meter?.ToString(), vendor, begin.Caller.NeedsShift ? begin.Caller.Id : null))
        {
            _ = held.Add(begin);
            return;
        }

        try
        {
            if (_options.Clock?.AgainstHeartbeat(
                now, records.Heartbeat.Last, records.Heartbeat.Confirmed) is { } clock)
            {
                begin.Answer = new BeginOutcome(null, clock, false);
                return;
            }

            var used = records.BarredUntil is { } barred
                ? rules with { Identifiers = rules.Identifiers.BarredUntil(barred) } : rules;
            var planner = new VendPlanner(used, now);
            if (!planner.Plan(begin.Request, begin.Caller, records.SnapshotOf(begin.Request, begin.Caller.Id))
                .TryGet(out var plan, out var refusal))
            {
                begin.Answer = new BeginOutcome(null, refusal, false);
                return;
            }

            var vend = new StoredVend
            {
                Id = begin.Id,
                Number = records.VendNumbers.Dequeue(),
                Month = MonthOf(now, rules),
                Digest = begin.Digest,
                Plan = plan,
            };
            var entry = plan.Kind == VendKind.Credit
                ? VendEntries.Of(begin.Id, plan, records.Vendor(plan.Vendor!), rules.Currency, begin.Source)
                : null;
            changes.Add(vend, entry, records);
            records.Add(vend, entry);
            changes.Audit("intent", now, begin.Caller.Id, plan.ApprovedBy, begin.Id, Details(vend));
            begin.Answer = new BeginOutcome(vend, null, true);
        }
        catch (Exception error) when (error is not StoreException)
        {
            // One that cannot be planned fails alone.
            begin.Error = error;
        }
    }

    private static void Finish(
        FinishItem finish, VendRecords records, VendChanges changes, HashSet<VendItem> held, DateTimeOffset now,
            VendRules rules)
    {
        finish.Answer = null;
        var plan = finish.Vend.Plan;
        if (records.IsOpenHeldElsewhere(finish.Vend.Number)
            || (finish.ChangedMeter is { } pan
                && records.IsHeldElsewhere(pan.ToString(), plan.Quote is null ? null : plan.Vendor, null))
            || (finish.TakesReceipt && records.IsReceiptHeldElsewhere(plan.Vendor!, plan.Outlet!)))
        {
            _ = held.Add(finish);
            return;
        }

        // Another attempt was first, or it was taken back: what is stored counts, these tokens are forgotten.
        if (!records.Open.Remove(finish.Vend.Number, out var state) || state != VendState.Pending.Text())
            return;
        var result = finish.Refusal is null
            ? Issue(finish, records, changes, now)
            : Refuse(finish.Vend, finish.Refusal, VendState.Refused, plan.RequestedBy.CallerId, null, records,
                changes, now, rules);
        changes.Close(result);
        if (!plan.IsSandbox)
        {
            changes.Audit(
                result.State.Text(), now, plan.RequestedBy.CallerId, plan.ApprovedBy, result.Id, Details(result));
            changes.Tell("vend." + result.State.Text(), result, now);
        }

        finish.Answer = result;
    }

    private static StoredVend Issue(FinishItem finish, VendRecords records, VendChanges changes, DateTimeOffset now)
    {
        var plan = finish.Vend.Plan;
        long? receipt = null;
        if (finish.TakesReceipt)
        {
            var outlet = (plan.Vendor!, plan.Outlet!);
            receipt = records.ReceiptNumbers[outlet] = records.ReceiptNumbers.GetValueOrDefault(outlet) + 1;
            changes.Receipts[outlet] = receipt.Value;
        }

        if (finish.NextKey is { } next)
            changes.SetNextKey(plan.Meter!.Pan, next, finish.Vend.Id);
        return finish.Vend with
        {
            Plan = plan with { State = VendState.Issued },
            Tokens = finish.Tokens!,
            ReceiptNumber = receipt,
            CompletedAt = now,
            ReleasedAt = finish.Releases ? now : null,
        };
    }

    // Gives the money back, frees the identifiers whose tokens were never made, and takes the vend out of the meter's
    // totals.
    private static StoredVend Refuse(
        StoredVend vend, Refusal refusal, VendState state, string actor, string? decidedBy, VendRecords records,
            VendChanges changes,
        DateTimeOffset now, VendRules rules)
    {
        var plan = vend.Plan;
        if (!plan.IsSandbox && plan.Meter is { } meter)
        {
            if (records.Entries.TryGetValue(vend.Id, out var lines))
            {
                var header = new JournalHeader(JournalKind.VendReversed, vend.Id, decidedBy ?? actor, "job", now,
                    AccountingPeriod.BookingDay(rules.Calendar.Day(now), rules.ClosedThrough),
                        rules.Currency)
                { Reason = refusal.Code.Text };
                var reversed = lines.Select(line => (line.Account, -line.Minor)).ToArray();
                if (JournalEntry.Create(header, reversed) is { } entry)
                {
                    changes.Post(entry, records);
                    foreach (var posting in entry.Postings)
                        records.Change(posting.Account, posting.Signed);
                }
            }

            foreach (var order in plan.Orders.Where(order => order.Identifier is not null))
                changes.ReleaseIdentifier(meter.Pan, order, vend.Number);
            if (plan.Kind == VendKind.Credit)
                changes.SetTotals(meter.Pan, Without(vend, records.Totals(meter.Pan.ToString()), rules), records);
        }

        return vend with
        {
            Plan = plan with { State = state },
            Refusal = refusal,
            CompletedAt = now,
            DecidedBy = decidedBy
        };
    }

    private static MeterTotals Without(StoredVend vend, MeterTotals totals, VendRules rules)
    {
        var (plan, day) = (vend.Plan, rules.Calendar.Day(vend.Plan.CreatedAt));
        return totals.Without(new DateOnly(day.Year, day.Month, 1), day, plan.MilliUnits, plan.Quote?.Tender ?? 0,
            plan.Quote?.Sum(Tariffs.QuoteLineKind.FixedCharge) ?? 0, plan.FreeMilliUnits > 0);
    }

    // Fixed order of names; no token and no name of a person.
    private static string Details(StoredVend vend) => JsonSerializer.Serialize(new
    {
        number = vend.Number,
        kind = vend.Plan.Kind.Text(),
        state = vend.State.Text(),
        meter = vend.Plan.Meter?.Pan.ToString(),
        vendor = vend.Plan.Vendor,
        tender = vend.Plan.Quote?.Tender.ToString(CultureInfo.InvariantCulture),
        currency = vend.Plan.Currency,
        milliUnits = vend.Plan.MilliUnits,
        freeMilliUnits = vend.Plan.FreeMilliUnits,
        orders = vend.Plan.Orders.Select(order => new
        {
            purpose = order.Purpose.Text(),
            register = order.Register,
            subclass = order.Subclass,
            field = order.Field,
            identifier = order.Identifier?.Value,
        }),
        refusal = vend.Refusal?.Code.Text,
    });
}
