namespace OpenSts.Vending.Client;

/// <summary>The forms in which a receipt is given out.</summary>
public enum ReceiptForm
{
    /// <summary>Plain text of 48 columns, for 80 mm paper.</summary>
    Text48,

    /// <summary>Plain text of 32 columns, for 58 mm paper.</summary>
    Text32,

    /// <summary>A page.</summary>
    HtmlA4,

    /// <summary>A page for 80 mm paper.</summary>
    Html80,

    /// <summary>A page for 58 mm paper.</summary>
    Html58,

    /// <summary>The commands of thermal printers, 80 mm.</summary>
    EscPos80,

    /// <summary>The commands of thermal printers, 58 mm.</summary>
    EscPos58,

    /// <summary>PDF.</summary>
    PdfA4,

    /// <summary>PDF for 80 mm paper.</summary>
    Pdf80,

    /// <summary>PDF for 58 mm paper.</summary>
    Pdf58,
}

/// <summary>A receipt as it goes to paper.</summary>
/// <param name="Octets">The document.</param>
/// <param name="ContentType">What it is.</param>
public sealed record ReceiptDocument(ReadOnlyMemory<byte> Octets, string ContentType);

/// <summary>Sales, and what came of everything that makes tokens. The API key needs the scopes <c>vends:write</c> and <c>vends:read</c>.</summary>
public sealed class Vends
{
    private readonly Connection _connection;

    internal Vends(Connection connection) => _connection = connection;

    /// <summary>Sells, and sends again with the same id until the outcome is known or patience ends.</summary>
    /// <param name="id">Chosen and kept by the caller before; see <see cref="Till"/> for one that keeps it.</param>
    /// <param name="sale">What is to be sold.</param>
    /// <param name="cancellation">Gives up at once; the outcome is then to be found out with <see cref="FindOutcomeAsync"/>.</param>
    /// <returns>Never later than patience, settling time and one answer's time-out together.</returns>
    /// <remarks>A refusal with <c>unauthenticated</c> or <c>forbidden</c> is about this call: what an earlier call with the same id did, it does not say.</remarks>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public Task<VendOutcome> SellAsync(VendId id, Sale sale, CancellationToken cancellation = default) =>
        new Settlement(_connection, id).SendAsync(Question.Of(HttpMethod.Put, Path(id), sale, ClientJson.Default.Sale), cancellation);

    /// <summary>What came of an id, without sending anything that could make a token.</summary>
    /// <remarks><see cref="VendOutcome.NeverSeen"/> is about what has arrived: for what was sent in the last seconds, sell again with the same id or wait.</remarks>
    public Task<VendOutcome> FindOutcomeAsync(VendId id, CancellationToken cancellation = default) => new Settlement(_connection, id).ResolveAsync(cancellation);

    /// <summary>Everything a sale would be; nothing is issued or booked.</summary>
    /// <exception cref="VendingServerException">It would be refused, for the problem of the exception; or the server did not answer.</exception>
    public Task<Trial> TryAsync(Sale sale, CancellationToken cancellation = default) =>
        _connection.ReadAsync(Question.Once("/v1/vend-trials", sale, ClientJson.Default.Sale), ClientJson.Default.Trial, cancellation);

    /// <summary>One issue of tokens with its tokens, whatever kind it is; null where the id was never seen.</summary>
    public async Task<Vend?> FindAsync(VendId id, CancellationToken cancellation = default) =>
        (await _connection.FindAsync(Path(id), ClientJson.Default.Vend, cancellation).ConfigureAwait(false))?.Value;

    /// <summary>Issues of every kind, the newest first, without tokens; of one meter where it is given.</summary>
    public IAsyncEnumerable<Vend> ListAsync(string? meter = null, CancellationToken cancellation = default) =>
        _connection.ListAsync(meter is null ? "/v1/vends" : "/v1/vends?meter=" + Uri.EscapeDataString(meter), ClientJson.Default.ListPageVend, cancellation);

    /// <summary>Takes back what no token has left the server for.</summary>
    /// <param name="id">The issue.</param>
    /// <param name="reason">3 to 200 characters.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<Vend> ReverseAsync(VendId id, string reason, CancellationToken cancellation = default) =>
        _connection.ReadAsync(Question.Once(Path(id) + "/reversal", new ReasonBody(reason), ClientJson.Default.ReasonBody), ClientJson.Default.Vend, cancellation);

    /// <summary>Prints: the first time the original, then COPY n. A receipt whose answer was lost counts as printed.</summary>
    /// <param name="id">The issue; its tokens are stored.</param>
    /// <param name="form">The paper.</param>
    /// <param name="language">Two letters; null for the caller's own.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<ReceiptDocument> PrintAsync(VendId id, ReceiptForm form, string? language = null, CancellationToken cancellation = default)
    {
        var question = Question.Of(HttpMethod.Post, Path(id) + "/receipts", new ReceiptOrder(form, language), ClientJson.Default.ReceiptOrder);
        var heard = await _connection.AskAsync(question, cancellation).ConfigureAwait(false);
        return heard is { Status: 200, Body: { } octets } ? new ReceiptDocument(octets, heard.ContentType ?? "") : throw Connection.Refusal(heard);
    }

    internal static string Path(VendId id) => "/v1/vends/" + id;
}

/// <summary>How a receipt is wanted.</summary>
internal sealed record ReceiptOrder(ReceiptForm Form, string? Language);
