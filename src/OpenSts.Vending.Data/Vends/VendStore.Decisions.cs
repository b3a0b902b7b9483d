using OpenSts.Vending.Access;
using OpenSts.Vending.Data.Stores;
using OpenSts.Vending.Vends;

namespace OpenSts.Vending.Data.Vends;

/// <content>What is rare and done one at a time: approvals, reversals, releases, attempts, copies.</content>
public sealed partial class VendStore
{
    /// <summary>Approves what waits for a second person: its identifiers are taken and it becomes pending.</summary>
    /// <param name="id">The vend.</param>
    /// <param name="approver">Who approves.</param>
    /// <param name="seenVersion">The version that was looked at; null where the request names none.</param>
    /// <exception cref="StoreException">The store cannot be used, or a row is held elsewhere.</exception>
    public async Task<Result<StoredVend>> ApproveAsync(string id, Caller approver, long? seenVersion)
    {
        ArgumentNullException.ThrowIfNull(approver);
        if (await FindAsync(id).ConfigureAwait(false) is not { } vend || !approver.Sees(vend.Plan.Vendor))
            return new Refusal(ErrorCodes.VendUnknown, "id", RefusalArgument.Text("id", id));
        if (SecondPerson.RefusesVersion(seenVersion, vend.Version) is { } version)
            return version;
        var original = vend.Plan.Original is { } of ? await FindAsync(of).ConfigureAwait(false) : null;
        return await ChangeAsync<StoredVend>(vend, [], (records, changes, now, rules) =>
        {
            if (original is not null)
                records.Originals[original.Id] = original;
            var request = original is null ? (VendRequest)vend.Plan.Engineering!
                : new ReplacementRequest(original.Id, "", null);
            var state = records.Open.TryGetValue(vend.Number, out var open) ? VendTexts.State(open) : vend.State;
            if (!new VendPlanner(rules, now).Approve(vend.Plan, state, approver,
                records.SnapshotOf(request, approver.Id)).TryGet(out var plan, out var refusal))
                return refusal;
            var approved = vend with { Plan = plan, Version = vend.Version + 1 };
            changes.Order(approved);
            changes.Command("approve-open-vend", vend.Number);
            changes.Command("approve-vend", vend.Month, vend.Number, approver.Id, VendPlanJson.Write(plan));
            changes.Audit("approved", now, approver.Id, plan.RequestedBy.CallerId, id, Details(approved));
            return approved;
        }).ConfigureAwait(false);
    }

    /// <summary>Takes a vend back, which succeeds only while no token has left the server.</summary>
    /// <param name="id">The vend.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="reason">Why.</param>
    /// <exception cref="StoreException">The store cannot be used, or a row is held elsewhere.</exception>
    public async Task<Result<StoredVend>> ReverseAsync(string id, Caller caller, string reason)
    {
        ArgumentNullException.ThrowIfNull(caller);
        if (await FindAsync(id).ConfigureAwait(false) is not { } vend || !caller.Sees(vend.Plan.Vendor))
            return new Refusal(ErrorCodes.VendUnknown, "id", RefusalArgument.Text("id", id));
        if (vend.ReleasedAt is not null)
            return new Refusal(ErrorCodes.TokenReleased, null, RefusalArgument.Text("id", id));
        return await ChangeAsync<StoredVend>(vend, [vend.Id], (records, changes, now, rules) =>
        {
            var isOpen = records.Open.ContainsKey(vend.Number);
            var issued = vend.State == VendState.Issued && records.Result == (VendState.Issued.Text(), null);
            if (!isOpen && !issued)
                return new Refusal(records.Result?.ReleasedAt is null ? ErrorCodes.NotReversible
                    : ErrorCodes.TokenReleased, null, RefusalArgument.Text("id", id));
            var refusal = new Refusal(ErrorCodes.NotReversible, null, RefusalArgument.Text("reason", reason));
            // Identifiers of tokens that exist stay used, though nobody has seen them.
            var reversed = Refuse(issued ? vend with
            {
                Plan = vend.Plan with
                {
                    Orders = [.. vend.Plan.Orders.Select(
                order => order with { Identifier = null })]
                }
            } : vend,
                refusal, VendState.Reversed, caller.Id, caller.Id, records, changes, now, rules) with
            { Tokens = [] };
            reversed = reversed with { Plan = reversed.Plan with { Orders = vend.Plan.Orders } };
            if (isOpen)
            {
                changes.Close(reversed);
            }
            else
            {
                changes.Command("reverse-issued-vend", vend.Month, vend.Number, now, refusal.Code.Text,
                    VendPlanJson.WriteArguments(refusal), caller.Id);
                changes.Command("forget-tokens", vend.Month, vend.Number);
                if (vend.Plan.Meter is { } meter && records.Meter(meter.Pan.ToString())?.KeyChangeVend == vend.Id)
                    changes.SetNextKey(meter.Pan, null, null);
            }

            changes.Audit("reversed", now, caller.Id, null, id, Details(reversed));
            changes.Tell("vend.reversed", reversed, now);
            return reversed;
        }).ConfigureAwait(false);
    }

    /// <summary>Notes that tokens of an issued vend leave the server now; the vend as it is then.</summary>
    /// <exception cref="StoreException">The store cannot be used.</exception>
    public async Task<StoredVend?> ReleaseAsync(string id)
    {
        if (await FindAsync(id).ConfigureAwait(false) is not { } vend
            || vend is not { State: VendState.Issued, ReleasedAt: null })
            return await FindAsync(id).ConfigureAwait(false);
        await ExecuteAsync("release-vend", vend.Month, vend.Number, Now).ConfigureAwait(false);
        // A reversal may have come in between: what is stored now is told.
        return await FindAsync(id).ConfigureAwait(false);
    }

    /// <summary>Counts an attempt that the module did not answer.</summary>
    /// <exception cref="StoreException">The store cannot be used.</exception>
    public Task CountAttemptAsync(StoredVend vend)
    {
        ArgumentNullException.ThrowIfNull(vend);
        return ExecuteAsync("count-attempt", vend.Number);
    }

    /// <summary>Counts a printed receipt: the first is the original, then COPY 1 and so on.</summary>
    /// <exception cref="StoreException">The store cannot be used.</exception>
    public Task CountCopyAsync(StoredVend vend)
    {
        ArgumentNullException.ThrowIfNull(vend);
        return ExecuteAsync("count-copy", vend.Month, vend.Number);
    }

    /// <summary>Writes this server's heartbeat.</summary>
    /// <exception cref="StoreException">The store cannot be used.</exception>
    public Task BeatAsync(string server) => ExecuteAsync("beat", server, Now);

    private async Task ExecuteAsync(string statement, params object?[] parameters)
    {
        var transaction = await _database.BeginAsync().ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            await transaction.WriteAsync([], [new StoreCommand(statement, [parameters])]).ConfigureAwait(false);
            await transaction.CommitAsync().ConfigureAwait(false);
        }
    }

    // One vend in one transaction, under the locks of its rows.
    private async Task<Result<T>> ChangeAsync<T>(
        StoredVend vend, IReadOnlyList<string> entriesOf, Func<VendRecords, VendChanges, DateTimeOffset, VendRules,
            Result<T>> change)
        where T : class
    {
        var (now, rules, records, changes) = (Now, _rules(), new VendRecords(), new VendChanges(_seal));
        var transaction = await _database.BeginAsync().ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            if (entriesOf.Count > 0)
                await transaction.QueryAsync([records.EntriesQuery(entriesOf)]).ConfigureAwait(false);
            var keys = new VendKeys
            {
                Ids = [vend.Id],
                Pans = vend.Plan.Meter is { } meter ? [meter.Pan.ToString()] : [],
                Accounts = [.. records.Entries.Values.SelectMany(lines => lines)
                    .Select(line => line.Account.ToString()).Distinct()],
                Originals = vend.Plan.Original is { } original ? [original] : [],
                Open = [vend.Number],
                VendNumbers = 1,
                EntryNumbers = 1,
            };
            await transaction.QueryAsync([.. records.Queries(keys, _database.HasRowLocks, waits: true),
                records.ResultQuery(vend)]).ConfigureAwait(false);
            var result = change(records, changes, now, rules);
            if (result.Refusal is null)
            {
                await transaction.WriteAsync(changes.Rows(), changes.Commands).ConfigureAwait(false);
                await transaction.CommitAsync().ConfigureAwait(false);
            }

            return result;
        }
    }
}
