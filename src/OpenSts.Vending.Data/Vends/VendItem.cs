using OpenSts.Vending.Access;
using OpenSts.Vending.Vends;

namespace OpenSts.Vending.Data.Vends;

/// <summary>A request that waits for its commit.</summary>
internal abstract class VendItem
{
    /// <summary>Tells whoever waits what came of it; called once it is durable.</summary>
    public abstract void Complete();

    /// <summary>Tells whoever waits that it failed.</summary>
    public abstract void Fail(Exception error);
}

/// <summary>A request with an answer.</summary>
internal abstract class VendItem<T> : VendItem
    where T : class
{
    private readonly TaskCompletionSource<T?> _source = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T?> Answered => _source.Task;

    /// <summary>What is told once it is durable.</summary>
    public T? Answer { get; set; }

    /// <summary>Why this one alone could not be done.</summary>
    public Exception? Error { get; set; }

    public override void Complete()
    {
        if (Error is null)
            _source.SetResult(Answer);
        else
            _source.SetException(Error);
    }

    public override void Fail(Exception error) => _source.SetException(error);
}

/// <summary>A vend that begins.</summary>
internal sealed class BeginItem(string id, VendRequest request, Caller caller, string source, byte[] digest)
    : VendItem<BeginOutcome>
{
    private static readonly BeginOutcome Nothing = new(null, null, false);

    public string Id { get; } = id;

    public VendRequest Request { get; } = request;

    public Caller Caller { get; } = caller;

    public string Source { get; } = source;

    public byte[] Digest { get; } = digest;

    /// <summary>The vend that a replacement is of.</summary>
    public StoredVend? Original { get; set; }

    public MeterPan? Meter => Request.Meter ?? Original?.Plan.Meter?.Pan;

    /// <summary>Completes with what is stored, or with nothing where the id was seen.</summary>
    public new Task<BeginOutcome> Answered => AnsweredAsync();

    private async Task<BeginOutcome> AnsweredAsync() => await base.Answered.ConfigureAwait(false) ?? Nothing;
}

/// <summary>A vend whose outcome is known; null is answered where another attempt was first.</summary>
internal sealed class FinishItem(StoredVend vend, IReadOnlyList<VendToken>? tokens, Refusal? refusal, bool releases)
    : VendItem<StoredVend>
{
    public StoredVend Vend { get; } = vend;

    public IReadOnlyList<VendToken>? Tokens { get; } = tokens;

    public Refusal? Refusal { get; } = refusal;

    public bool Releases { get; } = releases;

    /// <summary>True where a receipt is numbered.</summary>
    public bool TakesReceipt =>
        Tokens is not null && !Vend.Plan.IsSandbox && Vend.Plan is { Vendor: not null, Outlet: not null };

    /// <summary>The key that the meter is moving to.</summary>
    public Meters.MeterKey? NextKey => Tokens is null || Vend.Plan.IsSandbox
        ? null
        : Vend.Plan.Orders.FirstOrDefault(order => order.Purpose == TokenPurpose.KeyChange)?.ToKey;

    /// <summary>The meter whose row is changed: by a refusal or a key change.</summary>
    public MeterPan? ChangedMeter => Refusal is not null || NextKey is not null ? Vend.Plan.Meter?.Pan : null;
}
