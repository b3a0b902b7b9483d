using OpenSts.SecurityModule.Loading;
using OpenSts.Sts6;

namespace OpenSts.KeyManagement.Tests;

/// <summary>
/// Files that somebody had their hands on: refused with the right code, and the module is as it was.
/// </summary>
public sealed class HostileFileTests : IDisposable
{
    private readonly KeyWorld _world = new();
    private readonly KeyCentre _centre;
    private readonly TestModule _module;
    private readonly string _first;
    private readonly string _text;

    public HostileFileTests()
    {
        _centre = _world.NewCentre("NORTH1");
        _module = _world.NewModule(10_000_001);
        _module.Register(_centre);
        _world.Authorise(_centre, _module.Id, _world.NewKey(_centre, "111111"));
        _first = KeyWorld.Value(_centre.Files.Make(_world.Alice, _module.Request(_centre))).Text;
        Assert.Equal(ResponseCode.Successful, _module.Loading.LoadFile(_first).Code);
        _world.Authorise(_centre, _module.Id,
            _world.NewKey(_centre, "222222", dkga: DecoderKeyGenerationAlgorithm.Dkga02));
        _text = KeyWorld.Value(_centre.Files.Make(_world.Alice, _module.Request(_centre))).Text;
    }

    private string[] Lines => _text.Split('\n')[..^1];

    public void Dispose() => _world.Dispose();

    [Fact]
    public void LoadFile_OneBitChangedAtEveryPosition_IsRefused()
    {
        var before = _module.State();
        for (var position = 0; position < _text.Length; position++)
        {
            var changed = _text.ToCharArray();
            changed[position] = (char)(changed[position] ^ (1 << (position % 7)));
            var answer = _module.Loading.LoadFile(new string(changed));
            Assert.Equal((position, ResponseCode.DfFormatError), (position, answer.Code));
        }

        Assert.Equal(before, _module.State());
        Assert.Equal(ResponseCode.Successful, _module.Loading.LoadFile(_text).Code);
    }

    [Fact]
    public void LoadFile_OneCharacterChangedAndTheCheckMadeGood_IsRefused()
    {
        var before = _module.State();
        ResponseCode[] permitted = [ResponseCode.AuthenticationError, ResponseCode.InvalidSecurityModuleId,
            ResponseCode.InvalidInstruction, ResponseCode.KekSlotNotFound, ResponseCode.DfFormatError];
        var seen = new HashSet<ResponseCode>();
        for (var line = 0; line < Lines.Length; line++)
        {
            for (var position = 0; position < Lines[line].Length - 5; position++)
            {
                var changed = Lines[line][..^4].ToCharArray();
                changed[position] = changed[position] switch
                {
                    '0' => '1',
                    '9' => '8',
                    'F' => 'E',
                    >= 'A' and <= 'E' or >= '1' and <= '8' => (char)(changed[position] + 1),
                    _ => 'X',
                };
                string[] lines = [.. Lines[..line], ConcatLine.Close(new string(changed)), .. Lines[(line + 1)..]];
                var code = _module.Loading.LoadFile(string.Join('\n', lines) + "\n").Code;
                Assert.True(permitted.Contains(code), $"line {line + 1}, position {position}: {code}");
                if (line > 0
                    && Lines[line].LastIndexOf(':', position) > Lines[line].IndexOf(':', StringComparison.Ordinal))
                    Assert.True(code is ResponseCode.AuthenticationError or ResponseCode.DfFormatError
                        or ResponseCode.InvalidInstruction, $"line {line + 1}, position {position}: {code}");
                _ = seen.Add(code);
            }
        }

        Assert.Equal(permitted.Length, seen.Count);
        Assert.Equal(before, _module.State());
    }

    [Fact]
    public void LoadFile_ReplayedReorderedCutOrMixed_IsRefused()
    {
        var before = _module.State();
        string Join(params string[] lines) => string.Join('\n', lines) + "\n";
        var (header, one, two, end) = (Lines[0], Lines[1], Lines[2], Lines[3]);
        var old = _first.Split('\n')[..^1];
        Assert.Equal(ResponseCode.InvalidInstruction, _module.Loading.LoadFile(_first).Code);
        Assert.Equal(ResponseCode.InvalidInstruction, _module.Loading.LoadFile(Join(header, two, one, end)).Code);
        Assert.Equal(ResponseCode.InvalidInstruction, _module.Loading.LoadFile(Join(header, one, one, two, end)).Code);
        Assert.Equal(ResponseCode.AuthenticationError, _module.Loading.LoadFile(Join(header, one, end)).Code);
        Assert.Equal(ResponseCode.AuthenticationError, _module.Loading.LoadFile(Join(header, end)).Code);
        Assert.Equal(ResponseCode.DfFormatError, _module.Loading.LoadFile(Join(header, one, two)).Code);
        Assert.Equal(ResponseCode.DfFormatError, _module.Loading.LoadFile(Join(one, two, end)).Code);
        Assert.Equal(ResponseCode.AuthenticationError, _module.Loading.LoadFile(Join(header, old[1], two, end)).Code);
        Assert.Equal(ResponseCode.DfFormatError, _module.Loading.LoadFile("").Code);
        Assert.Equal(ResponseCode.DfFormatError,
            _module.Loading.LoadFile(_text.Replace("\n", "\r\n", StringComparison.Ordinal)).Code);
        Assert.Equal(before, _module.State());
        // A second end for the file that is loaded is the retry of a lost answer: the same answer, and nothing else
        // happens.
        Assert.Equal(ResponseCode.Successful, _module.Loading.Finish(old[^1]).Code);
        Assert.Equal(before, _module.State());
        Assert.Equal(ResponseCode.Successful, _module.Loading.LoadFile(_text).Code);
    }

    [Fact]
    public void LoadFile_Stolen_LoadsInNoOtherModule()
    {
        var other = _world.NewModule(10_000_002);
        other.Register(_centre);
        _ = other.Request(_centre);
        var before = other.State();
        Assert.Equal(ResponseCode.InvalidSecurityModuleId, other.Loading.LoadFile(_text).Code);
        // Even a twin that claims the number of the module: it has another key.
        var twin = _world.NewModule(10_000_001 + 9_000_000);
        Assert.Equal(ResponseCode.InvalidSecurityModuleId, twin.Loading.LoadFile(_text).Code);
        Assert.Empty(twin.Vault.Records);
        Assert.Equal(before, other.State());
    }

    [Fact]
    public void Lines_OnTheWire_RetriedAreAnsweredAlikeAndNothingIsInUseBeforeTheEnd()
    {
        var before = _module.Vault.Generation;
        Assert.Equal(ResponseCode.KmcKeyStateError, _module.Loading.Load(Lines[1]).Code);
        Assert.Equal(2, _module.Loading.Load(Lines[0]).Value!.Count);
        var first = _module.Loading.Load(Lines[1]);
        Assert.Equal(first.Value, _module.Loading.Load(Lines[1]).Value);
        Assert.Equal(1, first.Value!.Register);
        Assert.Equal(2, _module.Loading.Load(Lines[2]).Value!.Register);
        Assert.Equal(ResponseCode.DfFormatError, _module.Loading.Finish(Lines[3][..^1] + "x").Code);
        Assert.Equal(before, _module.Vault.Generation);
        Assert.Single(_module.Vault.Records);
        // Power is lost: the staged keys are gone, the request is not; the file is read again.
        _module.Restart();
        Assert.Equal(CentreSlotState.Loading, Assert.Single(_module.Loading.Slots).State);
        Assert.Equal(ResponseCode.KmcKeyStateError, _module.Loading.Finish(Lines[3]).Code);
        Assert.Equal(ResponseCode.Successful, _module.Loading.Load(Lines[0]).Code);
        Assert.Equal(ResponseCode.Successful, _module.Loading.Load(Lines[1]).Code);
        Assert.Equal(ResponseCode.Successful, _module.Loading.Load(Lines[2]).Code);
        var outcome = _module.Loading.Finish(Lines[3]).Value!;
        // Power is lost before the answer leaves: asked again, the module says the same.
        _module.Restart();
        Assert.Equal(outcome, _module.Loading.Finish(Lines[3]).Value);
        Assert.Equal(2, KeyWorld.Value(_centre.Files.Confirm(outcome.Confirmation.Line)).Keys.Count);
        Assert.NotNull(KeyWorld.Value(_centre.Files.Confirm(outcome.Confirmation.Line)).Confirmed);
    }

    [Fact]
    public void Request_Later_MakesTheFileOfAnEarlierOneVoid()
    {
        _ = _module.Loading.Request("NORTH1");
        Assert.Equal(ResponseCode.InvalidInstruction, _module.Loading.LoadFile(_text).Code);
        Assert.Single(_module.Vault.Records);
    }

    [Fact]
    public void TakeCentre_OtherRootOtherTimeOtherOrder_IsRefused()
    {
        using var other = new KeyWorld();
        var stranger = other.NewCentre("STRANG");
        Assert.Equal(ResponseCode.ExtendedError, _module.Loading.TakeCentre(stranger.AgreementKeys.Current!.Line)
            .Code);
        var line = _centre.AgreementKeys.Current!.Line;
        Assert.Equal(ResponseCode.DfFormatError, _module.Loading.TakeCentre(line[..^1]).Code);
        _world.Time.Now = KeyWorld.Start.AddYears(3);
        Assert.Equal(ResponseCode.KeyExpired, _module.Loading.TakeCentre(line).Code);
        Assert.Equal(ResponseCode.KeyExpired, _module.Loading.LoadFile(_text).Code);
        _world.Time.Now = KeyWorld.Start.AddSeconds(-1);
        Assert.Equal(ResponseCode.KeyNotYetActive, _module.Loading.TakeCentre(line).Code);
        Assert.Equal(ResponseCode.KeyNotYetActive, _module.Loading.LoadFile(_text).Code);
        Assert.Single(_module.Vault.Records);
    }

    [Fact]
    public void TakeCentre_NextKeyOfTheSameCentre_KeepsTheOldKeysUntilTheFileIsIn()
    {
        var next = KeyWorld.Value(_centre.AgreementKeys.Create("test", _world.Time.Now, _world.Time.Now.AddYears(6)));
        _ = KeyWorld.Value(_centre.AgreementKeys.Certify(KeyWorld.Value(_world.Root.SignCentre(next.Line)).Line));
        var old = _centre.AgreementKeys.All.First().Line;
        var outcome = _module.Refresh(_centre);
        Assert.Equal((2, 0), (outcome.Loaded, outcome.Removed));
        Assert.Equal(2, Assert.Single(_module.Loading.Slots).Active!.Sequence);
        Assert.Equal(ResponseCode.KmcKeyStateError, _module.Loading.TakeCentre(old).Code);
    }
}
