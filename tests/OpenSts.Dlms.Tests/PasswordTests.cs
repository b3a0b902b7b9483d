using OpenSts.Cosem.Tests;
using OpenSts.Dlms.Acse;
using OpenSts.Dlms.Apdu;
using OpenSts.Dlms.Framing;
using OpenSts.Dlms.Server;
using OpenSts.Dlms.Wire;

namespace OpenSts.Dlms.Tests;

/// <summary>Low level security: wrong passwords are delayed, end the connection and are logged.</summary>
public sealed class PasswordTests : IDisposable
{
    private readonly MeterFixture _fixture =
        new(options => options with { WrongPasswordDelay = TimeSpan.FromSeconds(1) });

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task WrongPassword_IsAnsweredAfterADelayAndEndsTheConnection()
    {
        using var session = new WrapperServerSession(_fixture.Server);
        var (asking, answer) = Ask(session, "87654321");
        Assert.False(asking.IsCompleted);
        _fixture.Clock.Advance(TimeSpan.FromSeconds(0.9));
        Assert.False(asking.IsCompleted);
        _fixture.Clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.False(await asking);
        var response = AssociationResponse.TryRead(answer.Written[WrapperHeader.Octets..])!;
        Assert.Equal((AssociationResult.RejectedPermanent, AssociationDiagnostic.AuthenticationFailure),
            (response.Result, response.Diagnostic));
        var entry = Assert.Single(_fixture.Log.Entries);
        Assert.Contains("client 2 refused: wrong password, 1 in a row", entry.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("87654321", entry.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WrongPasswords_OnManyConnections_AreCheckedOneAfterTheOther()
    {
        using var first = new WrapperServerSession(_fixture.Server);
        using var second = new WrapperServerSession(_fixture.Server);
        var (one, _) = Ask(first, "00000001");
        var (two, _) = Ask(second, "00000002");
        _fixture.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False(await one);
        await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.False(two.IsCompleted);
        // The second in a row waits two seconds.
        _fixture.Clock.Advance(TimeSpan.FromSeconds(1.9));
        Assert.False(two.IsCompleted);
        _fixture.Clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.False(await two);
    }

    [Fact]
    public async Task RightPassword_AfterAWrongOne_IsAcceptedAndEndsTheRow()
    {
        using (var wrong = new WrapperServerSession(_fixture.Server))
        {
            var (asking, _) = Ask(wrong, "00000001");
            _fixture.Clock.Advance(TimeSpan.FromSeconds(1));
            Assert.False(await asking);
        }

        using (var right = new WrapperServerSession(_fixture.Server))
        {
            var (asking, answer) = Ask(right, "12345678");
            Assert.True(await asking);
            Assert.Equal(AssociationResult.Accepted,
                AssociationResponse.TryRead(answer.Written[WrapperHeader.Octets..])!.Result);
        }

        using var again = new WrapperServerSession(_fixture.Server);
        var (last, _) = Ask(again, "00000001");
        _fixture.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False(await last);
    }

    [Fact]
    public async Task WrongPasswords_MoreThanCanWait_AreRefusedWithoutACheck()
    {
        var sessions = Enumerable.Range(0, 9).Select(_ => new WrapperServerSession(_fixture.Server)).ToArray();
        var asked = sessions.Select(session => Ask(session, "00000001")).ToArray();
        Assert.False(await asked[^1].Asking);
        var response = AssociationResponse.TryRead(asked[^1].Answer.Written[WrapperHeader.Octets..])!;
        Assert.Equal(AssociationResult.RejectedTransient, response.Result);
        Assert.All(asked[..^1], each => Assert.False(each.Asking.IsCompleted));
        foreach (var session in sessions)
            session.Dispose();
    }

    [Fact]
    public async Task OtherClients_WhileAPasswordWaits_AreServed()
    {
        using var guessing = new WrapperServerSession(_fixture.Server);
        var (asking, _) = Ask(guessing, "00000001");
        await using (var client = await _fixture.ManageAsync())
            Assert.Equal(_fixture.Server.Objects.Count, (await client.ListAsync()).Count);
        Assert.False(asking.IsCompleted);
    }

    private static (Task<bool> Asking, WireWriter Answer) Ask(WrapperServerSession session, string password)
    {
        var initiate = new WireWriter();
        new InitiateRequest(Conformance.Get, 1024, []).Write(initiate);
        var request = new WireWriter();
        new AssociationRequest
        {
            Context = ApplicationContext.LogicalNames,
            Mechanism = AuthenticationMechanism.Password,
            AuthenticationValue = System.Text.Encoding.ASCII.GetBytes(password),
            UserInformation = initiate.Written.ToArray(),
        }.Write(request);
        var frame = new WireWriter();
        new WrapperHeader(2, 1, (ushort)request.Length).Write(frame);
        frame.Bytes(request.Written);
        var answer = new WireWriter();
        return (session.ReceiveAsync(frame.Written.ToArray(), answer, TestContext.Current.CancellationToken).AsTask(),
            answer);
    }
}
