using OpenSts.Meter.Storage;
using OpenSts.Metering;

namespace OpenSts.Meter.Tests.Storage;

public sealed class MeterFileTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"opensts-meter-{Guid.NewGuid():N}");

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Save_EverythingAMeterRemembers_ComesBack()
    {
        var clock = NewMeters.Clock();
        var settings = new MeterSettings
        {
            MeterPan = TestKeys.Attributes().MeterPan,
            EncryptionAlgorithm = EncryptionAlgorithm.Ea07,
            KeyChangeTimeout = TimeSpan.FromSeconds(77),
            LockoutScope = LockoutScope.MeterSpecificOnly,
            HasTariffRate = true,
            LargestUnits = 12345,
            LockoutReset = LockoutReset.AllTokens,
            HasAccount = true,
        };
        using (var file = MeterFile.Create(_path, NewMeters.Record(settings, units: 9)))
        {
            var meter = new PaymentMeter(NewMeters.Record(settings, units: 9), clock, file);
            _ = meter.Enter(NewMeters.Published, TokenCarrierType.Numeric);
            _ = meter.Enter("70630503470028726115", TokenCarrierType.VirtualLocal);
            _ = meter.SignalTamper(TamperFlags.Magnetic | TamperFlags.Cover);
            meter.SetPower(false);
            meter.SetPower(true);
            Assert.Equal(
                TokenResult.FirstKeyChangeToken, meter.Enter("06510894141453018386", TokenCarrierType.Numeric).Result);
            using var other = Open(out var read, out var expected, meter.Record, file);
            Assert.Equal(expected.Settings, read.Settings);
            Assert.Equal(TestKeys.Hex(expected.State.Key), TestKeys.Hex(read.State.Key));
            Assert.Equal(expected.State.Memory.Identifiers.ToArray(), read.State.Memory.Identifiers.ToArray());
            Assert.Equal(expected.State.Memory.FillCount, read.State.Memory.FillCount);
            Assert.Equal(expected.PendingKeyChange, read.PendingKeyChange);
            Assert.Single(read.PendingKeyChange);
            Assert.Equal(expected.Events, read.Events);
            Assert.Equal(expected.TokenLog, read.TokenLog);
            Assert.Equal(expected.CreditHistory, read.CreditHistory);
            Assert.Equal(expected.ChargeHistory, read.ChargeHistory);
            // What is left compares as a whole once the parts that compare by reference are the same objects.
            var same = read with
            {
                PendingKeyChange = expected.PendingKeyChange,
                Events = expected.Events,
                TokenLog = expected.TokenLog,
                CreditHistory = expected.CreditHistory,
                ChargeHistory = expected.ChargeHistory,
                State = read.State with
                {
                    Key = expected.State.Key,
                    Memory = expected.State.Memory,
                    Lockout = expected.State.Lockout,
                    KeyChange = expected.State.KeyChange
                },
            };
            Assert.Equal(expected, same);
            Assert.Equal(1, read.State.Lockout.Failures);
        }
    }

    [Fact]
    public void Load_WriteCutAtEveryOctet_GivesTheOldRecordOrTheNew()
    {
        var old = NewMeters.Record(units: 100);
        using (MeterFile.Create(_path, old))
        {
        }

        var before = File.ReadAllBytes(_path);
        using (var file = MeterFile.Load(_path, out var record))
            file.Save(record with { State = record.State with { CreditUnits = 200 } });
        var after = File.ReadAllBytes(_path);
        Assert.NotEqual(before, after);
        var length = Math.Max(before.Length, after.Length);
        var (first, last) = (0, length);
        while (At(before, first) == At(after, first))
            first++;
        while (At(before, last - 1) == At(after, last - 1))
            last--;
        var seen = new HashSet<long>();
        for (var cut = first; cut <= last; cut += cut - first < 100 || last - cut < 100 ? 1 : 37)
        {
            // A disk may write the end first too.
            foreach (var fromTheEnd in (bool[])[false, true])
            {
                var torn = new byte[length];
                for (var i = 0; i < length; i++)
                    torn[i] = fromTheEnd == i >= first + last - cut
                        || (!fromTheEnd && i < cut) ? At(after, i) : At(before, i);
                File.WriteAllBytes(_path, torn);
                using var file = MeterFile.Load(_path, out var record);
                Assert.Contains(record.State.CreditUnits, (long[])[100, 200]);
                seen.Add(record.State.CreditUnits);
            }
        }

        Assert.Equal([100, 200], seen.Order());
    }

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public void Load_NoMeterFile_SaysWhatIsWrongAndNothingOfTheContent()
    {
        Assert.Contains(
            "there is no meter file", Assert.Throws<MeterFileException>(() => MeterFile.Load(_path, out _)).Message,
            StringComparison.Ordinal);
        File.WriteAllBytes(_path, new byte[200_000]);
        File.SetUnixFileMode(_path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.Contains(
            "no whole record", Assert.Throws<MeterFileException>(() => MeterFile.Load(_path, out _)).Message,
            StringComparison.Ordinal);
        File.SetUnixFileMode(_path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Assert.Contains(
            "chmod 600", Assert.Throws<MeterFileException>(() => MeterFile.Load(_path, out _)).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "exists already",
            Assert.Throws<MeterFileException>(() => MeterFile.Create(_path, NewMeters.Record())).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Enter_StoreThatFails_AcceptsNothing()
    {
        var meter = new PaymentMeter(NewMeters.Record(), NewMeters.Clock(), new BrokenStore());
        Assert.Throws<IOException>(() => meter.Enter(NewMeters.Published, TokenCarrierType.Numeric));
        Assert.Equal(0, meter.Record.State.CreditUnits);
        Assert.Null(meter.Record.LastToken);
    }

    private MeterFile Open(out MeterRecord read, out MeterRecord expected, MeterRecord now, MeterFile writer)
    {
        expected = now;
        writer.Dispose();
        return MeterFile.Load(_path, out read);
    }

    private static byte At(byte[] octets, int index) => index < octets.Length ? octets[index] : (byte)0;

    private sealed class BrokenStore : IMeterStore
    {
        public void Save(MeterRecord record) => throw new IOException("no space");
    }
}
