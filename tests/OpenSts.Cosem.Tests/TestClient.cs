using OpenSts.Cosem.Client;
using OpenSts.Cosem.Meters;
using OpenSts.Dlms.Apdu;
using OpenSts.Dlms.Client;
using OpenSts.Dlms.Values;

namespace OpenSts.Cosem.Tests;

/// <summary>A client whose waits end with the test.</summary>
internal sealed class TestClient(DlmsClient client) : IAsyncDisposable
{
    public uint NextCounter => client.NextCounter;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask<ReadResult> GetAsync(MemberReference attribute, Selection? selection = null) =>
        client.GetAsync(attribute, selection, Cancellation);

    public ValueTask<IReadOnlyList<ReadResult>> GetAsync(IReadOnlyList<AttributeRequest> attributes) =>
        client.GetAsync(attributes, Cancellation);

    public ValueTask<DataAccessResult> SetAsync(MemberReference attribute, CosemValue value) =>
        client.SetAsync(attribute, value, Cancellation);

    public ValueTask<IReadOnlyList<DataAccessResult>> SetAsync(
        params (MemberReference Attribute, CosemValue Value)[] values) => client.SetAsync(values, Cancellation);

    public ValueTask<CallResult> CallAsync(MethodCall call) => client.CallAsync(call, Cancellation);

    public ValueTask<IReadOnlyList<CallResult>> CallAsync(IReadOnlyList<MethodCall> calls) =>
        client.CallAsync(calls, Cancellation);

    public ValueTask<IReadOnlyList<ListedObject>> ListAsync() => client.ListAsync(Cancellation);

    public IAsyncEnumerable<(MemberReference Attribute, ReadResult Result)> DumpAsync() =>
        client.DumpAsync(Cancellation);

    public ValueTask<(ActionResult Result, GatewayStatus? Status)> EnterAsync(Token66 token,
        TokenForm form = TokenForm.Ascii) => client.EnterAsync(token, form, Cancellation);

    public ValueTask<GatewayStatus> ReadStatusAsync() => client.ReadStatusAsync(Cancellation);

    public ValueTask DisposeAsync() => client.DisposeAsync();
}
