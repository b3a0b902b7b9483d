namespace OpenSts.Vending.Client;

/// <summary>A key change set on its own.</summary>
public sealed record KeyChangeOrder
{
    /// <summary>11, 13 or 18 digits.</summary>
    public required string Meter { get; init; }

    /// <summary>The key to move to.</summary>
    public required MeterKey To { get; init; }

    /// <summary>3 to 200 characters.</summary>
    public required string Reason { get; init; }
}

/// <summary>The value of an earlier sale again; another person approves it.</summary>
public sealed record ReplacementOrder
{
    /// <summary>The id of the sale.</summary>
    public required string Original { get; init; }

    /// <summary>3 to 200 characters.</summary>
    public required string Reason { get; init; }

    /// <summary>The paper behind it.</summary>
    public string? WorkOrder { get; init; }
}

/// <summary>Which management or test token.</summary>
public enum EngineeringKind
{
    /// <summary>A word that this client does not know.</summary>
    Other,

    /// <summary>Value: the register, 0 to 7, or 65535 for all.</summary>
    ClearCredit,

    /// <summary>No value.</summary>
    ClearTamper,

    /// <summary>Value: watts.</summary>
    PowerLimit,

    /// <summary>Value: watts.</summary>
    PhaseUnbalance,

    /// <summary>Value: the rate.</summary>
    TariffRate,

    /// <summary>Value: the factor.</summary>
    WaterFactor,

    /// <summary>Index: the flag, 0 to 511; value: 0 or 1.</summary>
    Flag,

    /// <summary>Index: the element, 0 to 62; value: 0 to 1023.</summary>
    Control,

    /// <summary>Value: the test, 1 to 36, or 0 for all; no meter and no second person needed.</summary>
    Test,
}

/// <summary>A management or test token.</summary>
public sealed record EngineeringOrder
{
    /// <summary>11, 13 or 18 digits; null for a test.</summary>
    public string? Meter { get; init; }

    /// <summary>What it does.</summary>
    public required EngineeringKind Kind { get; init; }

    /// <summary>See <see cref="EngineeringKind"/>.</summary>
    public long? Value { get; init; }

    /// <summary>See <see cref="EngineeringKind"/>.</summary>
    public int? Index { get; init; }

    /// <summary>3 to 200 characters.</summary>
    public required string Reason { get; init; }

    /// <summary>The paper behind it.</summary>
    public string? WorkOrder { get; init; }
}

/// <summary>Tokens that are not sold. Each has an id of the client's own and an outcome, as a sale has.</summary>
public sealed class Engineering
{
    private readonly Connection _connection;

    internal Engineering(Connection connection) => _connection = connection;

    /// <summary>Makes a key change set.</summary>
    public Task<VendOutcome> ChangeKeyAsync(VendId id, KeyChangeOrder order, CancellationToken cancellation = default) =>
        SendAsync(id, Question.Of(HttpMethod.Put, "/v1/key-changes/" + id, order, ClientJson.Default.KeyChangeOrder), cancellation);

    /// <summary>Asks for a replacement, which then waits for a second person.</summary>
    public Task<VendOutcome> ReplaceAsync(VendId id, ReplacementOrder order, CancellationToken cancellation = default) =>
        SendAsync(id, Question.Of(HttpMethod.Put, "/v1/replacements/" + id, order, ClientJson.Default.ReplacementOrder), cancellation);

    /// <summary>Asks for a management or test token; all but tests then wait for a second person.</summary>
    public Task<VendOutcome> EngineerAsync(VendId id, EngineeringOrder order, CancellationToken cancellation = default) =>
        SendAsync(id, Question.Of(HttpMethod.Put, "/v1/engineering-tokens/" + id, order, ClientJson.Default.EngineeringOrder), cancellation);

    /// <summary>Approves a replacement as the second person; its tokens are made now.</summary>
    public Task<VendOutcome> ApproveReplacementAsync(VendId id, CancellationToken cancellation = default) =>
        SendAsync(id, Question.Once($"/v1/replacements/{id}/approval"), cancellation);

    /// <summary>Approves a management token as the second person; it is made now.</summary>
    public Task<VendOutcome> ApproveAsync(VendId id, CancellationToken cancellation = default) =>
        SendAsync(id, Question.Once($"/v1/engineering-tokens/{id}/approval"), cancellation);

    private Task<VendOutcome> SendAsync(VendId id, Question question, CancellationToken cancellation) => new Settlement(_connection, id).SendAsync(question, cancellation);
}
