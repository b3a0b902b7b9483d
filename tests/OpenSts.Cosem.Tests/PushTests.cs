using Microsoft.Extensions.Time.Testing;
using OpenSts.Cosem.Meters;
using OpenSts.Cosem.Server;
using OpenSts.Dlms.Apdu;
using OpenSts.Dlms.Framing;
using OpenSts.Dlms.Security;
using OpenSts.Dlms.Server;
using OpenSts.Dlms.Wire;

namespace OpenSts.Cosem.Tests;

public class PushTests
{
    [Fact]
    public async Task WrongTokens_ByTheKeypad_AreToldOnceUntilTheyComeAgain()
    {
        using var fixture =
            new MeterFixture(settings => settings with { Push = new PushOptions { Destination = "192.0.2.1:4059" } });
        var push = new AlarmPush(fixture.Server, fixture.Meter);
        var frame = new WireWriter();
        Assert.False(await push.TryNotifyAsync(frame, TestContext.Current.CancellationToken));
        await WrongAsync(fixture);
        Assert.False(await push.TryNotifyAsync(frame, TestContext.Current.CancellationToken));
        await WrongAsync(fixture);
        Assert.True(await push.TryNotifyAsync(frame, TestContext.Current.CancellationToken));
        Assert.Equal("4", Open(fixture, frame, out var first).Body.Elements[2].ToString());
        Assert.False(await push.TryNotifyAsync(frame, TestContext.Current.CancellationToken));
        fixture.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.False(await push.TryNotifyAsync(frame, TestContext.Current.CancellationToken));
        await WrongAsync(fixture);
        frame.Clear();
        Assert.True(await push.TryNotifyAsync(frame, TestContext.Current.CancellationToken));
        _ = Open(fixture, frame, out var second);
        Assert.True(second > first);
    }

    [Fact]
    public async Task Destination_ThatIsNotThereAtFirst_IsReachedLater()
    {
        using var fixture = new MeterFixture(settings =>
            settings with { Push = new PushOptions { Destination = "192.0.2.1:4059", RepetitionDelay = 0 } });
        await WrongAsync(fixture);
        await WrongAsync(fixture);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var received = new MemoryStream();
        var tries = 0;
        var running = new AlarmPush(fixture.Server, fixture.Meter).RunAsync(
            _ => ++tries < 3 ? throw new IOException() : ValueTask.FromResult<Stream>(received),
            TimeProvider.System,
            ending.Token);
        for (var i = 0; i < 1000 && tries < 3; i++)
            await Task.Delay(10, TestContext.Current.CancellationToken);
        await ending.CancelAsync();
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        var frame = new WireWriter();
        frame.Bytes(received.ToArray());
        Assert.Equal("4", Open(fixture, frame, out _).Body.Elements[2].ToString());
    }

    [Fact]
    public async Task Alarm_WhoseCounterCouldNotBeStored_IsNotifiedLater()
    {
        var store = new FullStore { IsFull = true };
        using var fixture = new MeterFixture(
            settings => settings with { Push = new PushOptions { Destination = "192.0.2.1:4059" } }, counters: store);
        await WrongAsync(fixture);
        await WrongAsync(fixture);
        var log = new CollectingLogger();
        // A clock of its own: the lock-out of the meter runs on.
        var clock = new FakeTimeProvider();
        var received = new MemoryStream();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var running = new AlarmPush(fixture.Server, fixture.Meter, log)
            .RunAsync(_ => ValueTask.FromResult<Stream>(received), clock, ending.Token);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Contains("No space left on device", log.Errors.Select(each => each.Message));
        Assert.False(running.IsCompleted);
        store.IsFull = false;
        for (var i = 0; i < 100 && received.ToArray().Length == 0; i++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        await ending.CancelAsync();
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        var frame = new WireWriter();
        frame.Bytes(received.ToArray());
        Assert.Equal("4", Open(fixture, frame, out _).Body.Elements[2].ToString());
    }

    private sealed class FullStore : IInvocationCounterStore
    {
        private readonly Dictionary<string, uint> _values = [];

        public bool IsFull { get; set; }

        public IReadOnlyDictionary<string, uint> ReadAll() => _values;

        public void Write(string name, uint value)
        {
            if (IsFull)
                throw new IOException("No space left on device");
            _values[name] = value;
        }
    }

    [Theory]
    [InlineData("cut short", "0F00000001")]
    [InlineData("impossible time", "0F000000010C07EA0D04030506070000000000")]
    [InlineData("more behind it", "0F00000001000000")]
    public void Notification_Malformed_IsRefused(string description, string hex) =>
        Assert.True(DataNotification.TryRead(Convert.FromHexString(hex)) is null, description);

    private static async Task WrongAsync(MeterFixture fixture) =>
        _ = await fixture.Meter.EnterAsync(new TokenEntry("11111111111111111111", [], DeliveryMethod.Manual),
            TestContext.Current.CancellationToken);

    private static DataNotification Open(MeterFixture fixture, WireWriter frame, out uint counter)
    {
        Assert.True(WrapperHeader.TryRead(frame.Written, out var header));
        Assert.Equal(new WrapperHeader(1, 103, (ushort)(frame.Length - WrapperHeader.Octets)), header);
        var reader = new WireReader(frame.Written[WrapperHeader.Octets..]);
        Assert.Equal(0xDB, reader.U8());
        Assert.True(SystemTitle.TryRead(reader.Counted(), out var title));
        using var cipher = new ApduCipher(SecuritySuite.Suite0, fixture.Encryption, fixture.Authentication);
        Assert.True(cipher.TryOpen(title, reader.Counted(), out var plain, out var protection, out counter));
        Assert.Equal(Protection.AuthenticatedEncryption, protection);
        return DataNotification.TryRead(plain)!;
    }
}
