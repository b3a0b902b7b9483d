using System.Text;
using OpenSts.Meter.Storage;
using OpenSts.Metering;

namespace OpenSts.Meter.Tests.Storage;

public sealed class SealedMeterFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("opensts-sealed").FullName;
    private readonly string _path;

    public SealedMeterFileTests() => _path = Path.Combine(_folder, "meter");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(EncryptionAlgorithm.Ea07)]
    [InlineData(EncryptionAlgorithm.Ea11)]
    public void Create_WithAKeyFile_HasNoKeyInClearAndOpensWithThatFileOnly(EncryptionAlgorithm ea)
    {
        var attributes = TestKeys.Attributes(ea);
        var record = NewMeters.Record(new MeterSettings { MeterPan = attributes.MeterPan, EncryptionAlgorithm = ea });
        using (var key = Key("a"))
        using (var file = MeterFile.Create(_path, record, key))
            file.Save(record);
        Assert.DoesNotContain(TestKeys.Hex(record.State.Key), Content(), StringComparison.OrdinalIgnoreCase);
        Assert.True(MeterFile.IsSealed(_path));
        using (var key = Key("a"))
        using (MeterFile.Load(_path, out var read, key))
            Assert.Equal(TestKeys.Hex(record.State.Key), TestKeys.Hex(read.State.Key));
        Assert.Contains("is sealed", Refusal(null), StringComparison.Ordinal);
        Assert.Contains("with another key file", Refusal("b"), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_SealedKeyOfAnotherMeter_IsRefused()
    {
        using (var key = Key("a"))
            MeterFile.Create(_path, NewMeters.Record(), key).Dispose();
        // The thief puts the PAN of his meter beside the sealed key of another one: the digest is his to compute, the
        // seal is not.
        using var file = Key("a");
        var sealedKey = file.Seal(new byte[8], "600727000000000009");
        Assert.NotNull(file.Open(sealedKey, "600727000000000009"));
        Assert.Null(file.Open(sealedKey, "600727000000000017"));
    }

    [Fact]
    public void Reseal_FileInClear_LeavesNothingOfItAndBack()
    {
        var record = NewMeters.Record(units: 7);
        using (var file = MeterFile.Create(_path, record))
            file.Save(record);
        var hex = TestKeys.Hex(record.State.Key);
        Assert.Contains(hex, Content(), StringComparison.Ordinal);
        using var key = Key("a");
        Assert.Contains("not sealed", Refusal("a"), StringComparison.Ordinal);
        using (var file = MeterFile.Load(_path, out var read))
            file.Reseal(read, key);
        Assert.DoesNotContain(hex, Content(), StringComparison.OrdinalIgnoreCase);
        using (var file = MeterFile.Load(_path, out var read, key))
        {
            Assert.Equal(7, read.State.CreditUnits);
            file.Reseal(read, null);
        }

        using (MeterFile.Load(_path, out var read))
            Assert.Equal(hex, TestKeys.Hex(read.State.Key));
    }

    [Theory]
    [InlineData("", Label = "empty")]
    [InlineData("00112233", Label = "too short")]
    [InlineData("zz112233445566778899aabbccddeeff00112233445566778899aabbccddeeff", Label = "not hexadecimal")]
    public void Read_NoKeyFile_SaysSo(string content)
    {
        var path = Path.Combine(_folder, "bad");
        MeterFileKey.Create(path);
        File.WriteAllText(path, content);
        Assert.Contains(
            "64 hexadecimal digits", Assert.Throws<MeterFileException>(() => MeterFileKey.Read(path)).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ea07", "87F3ECBB2E46B48F", 1, 4_000_624, 250_000)]
    [InlineData("ea11", "", 123, 0, 0)]
    public void Load_FileOfVersion1_OpensWithEverythingInIt(
        string name, string key, long units, long steps, long price)
    {
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Golden", "v1", name + ".meter"), _path);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        using (var file = MeterFile.Load(_path, out var record))
        {
            var attributes = TestKeys.Attributes(record.Settings.EncryptionAlgorithm);
            using var expected = TestKeys.Derive(attributes);
            Assert.Equal(TestKeys.Hex(expected), TestKeys.Hex(record.State.Key));
            if (key.Length > 0)
                Assert.Equal(key, TestKeys.Hex(record.State.Key));
            Assert.Equal(
                (units, steps, price), (record.State.CreditUnits, record.State.CreditSteps, record.StepsPerUnit));
            Assert.Equal(
                (attributes.MeterPan, attributes.SupplyGroupCode, BaseDate.Base2014),
                (record.Settings.MeterPan, record.State.SupplyGroupCode, record.BaseDate));
            Assert.Equal(
                (LockoutReset.MeterSpecificOnly, false, 0),
                (record.Settings.LockoutReset, record.Settings.HasAccount, record.State.Memory.FillCount));
            if (name == "ea07")
                IsTheElectricityMeter(record);
            else
                IsTheWaterMeter(record);
            file.Save(record);
        }

        // Saved by this version, it reads the same.
        using (MeterFile.Load(_path, out var again))
            Assert.Equal(
                (units, steps, price), (again.State.CreditUnits, again.State.CreditSteps, again.StepsPerUnit));
    }

    private static void IsTheElectricityMeter(MeterRecord record)
    {
        Assert.Equal(
            (3, 2000, true),
            (
                record.Settings.Phases, record.State.MaximumPowerLimit,
                record.State.Flags[ExtendedFlag.DisconnectService]));
        Assert.Equal(SupplyBlock.Disconnected, Supply.Block(record));
        TokenResult[] results = [
            TokenResult.Accept, TokenResult.CrcError, TokenResult.Accept, TokenResult.Accept, TokenResult.Accept];
        Assert.Equal(results, record.TokenLog.Select(t => t.Result));
        Assert.Equal((4, 51334), (record.LastCredit!.Subclass, record.LastCredit.Amount));
        MeterEventKind[] kinds =
        [
            MeterEventKind.Manufactured,
            MeterEventKind.Token,
            MeterEventKind.SwitchClosed,
            MeterEventKind.Token,
            MeterEventKind.Token,
            MeterEventKind.Token,
            MeterEventKind.Token,
            MeterEventKind.SwitchOpened,
        ];
        Assert.Equal(kinds, record.Events.Select(e => e.Kind));
        Assert.Equal(
            (50, 85740), (record.State.Memory.Size, record.State.Memory.Identifiers.ToArray().First(tid => tid > 0)));
    }

    private static void IsTheWaterMeter(MeterRecord record)
    {
        var settings = record.Settings;
        Assert.Equal(
            (CreditService.Water, LockoutScope.MeterSpecificOnly, false),
            (settings.Service, settings.LockoutScope, settings.ChecksKeyExpiry));
        Assert.Equal((TimeSpan.FromSeconds(77), 4), (settings.KeyChangeTimeout, settings.KeyChangeTokensSupported));
        Assert.Equal([3155520, 3155520, 3155520, 3155520, 6311520], record.State.Memory.Identifiers.ToArray());
        Assert.Equal((1, 0), (record.LastToken!.Class, record.LastToken.Subclass));
    }

    private string Refusal(string? name)
    {
        using var key = name is null ? null : Key(name);
        return Assert.Throws<MeterFileException>(() => MeterFile.Load(_path, out _, key)).Message;
    }

    private string Content() => Encoding.Latin1.GetString(File.ReadAllBytes(_path));

    private MeterFileKey Key(string name)
    {
        var path = Path.Combine(_folder, name + ".key");
        if (!File.Exists(path))
            MeterFileKey.Create(path);
        return MeterFileKey.Read(path);
    }
}
