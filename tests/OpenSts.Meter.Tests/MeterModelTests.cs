using OpenSts.Keys;
using OpenSts.Metering;

namespace OpenSts.Meter.Tests;

/// <summary>Random lives of a meter against a second, naive one that keeps lists and knows nothing of registers,
/// layouts or ciphers.</summary>
public class MeterModelTests
{
    private static readonly int Lives = int.TryParse(
        Environment.GetEnvironmentVariable("OPENSTS_MODEL_LIVES"), out var lives)
        ? lives
        : 60;

    [Fact]
    public void Enter_RandomLives_AgreeWithTheNaiveMeter()
    {
        var counts = new Dictionary<TokenResult, int>();
        for (var seed = 0; seed < Lives; seed++)
            new Life(seed, counts).Run(2_000);
        var byResult = string.Join(", ", counts.OrderByDescending(c => c.Value).Select(c => $"{c.Key} {c.Value:N0}"));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{Lives} lives, {counts.Values.Sum():N0} entries: {byResult}");
        TokenResult[] expected =
        [
            TokenResult.Accept, TokenResult.FirstKeyChangeToken, TokenResult.SecondKeyChangeToken, TokenResult
                .OldError,
            TokenResult.UsedError, TokenResult.CrcError, TokenResult.Lockout, TokenResult.NotReady, TokenResult
                .OverflowError,
        ];
        Assert.Empty(expected.Except(counts.Keys));
    }

    /// <summary>A token that was sold, and under which key.</summary>
    private sealed record Sold(string Digits, int KeyNumber, int Tid, int Units);

    private sealed class Life
    {
        private const int MemorySize = 10;
        private const int Largest = 1_000;
        private readonly Random _random;
        private readonly Dictionary<TokenResult, int> _counts;
        private readonly SimulatedClock _clock = NewMeters.Clock();
        private readonly PaymentMeter _meter;
        private readonly List<Sold> _sold = [];
        private readonly List<(string Digits, int Section, int From, int To)> _sections = [];
        private readonly List<DecoderKey> _keys = [];

        // The naive meter.
        private readonly List<int> _accepted = [.. Enumerable.Repeat(0, MemorySize)];
        private int _key;
        private int _issuedUpTo;
        private long _credit;
        private int _failures;
        private TimeSpan _lockedUntil;
        private TimeSpan _time;
        private (int Section, int To, TimeSpan At)? _half;
        private bool _dark;
        private int _nextTid = 50;

        public Life(int seed, Dictionary<TokenResult, int> counts)
        {
            _random = new Random(seed);
            _counts = counts;
            _keys.Add(TestKeys.Derive(Attributes(0)));
            var record = NewMeters.Record(
                new MeterSettings
                {
                    MeterPan = Attributes(0).MeterPan,
                    EncryptionAlgorithm = EncryptionAlgorithm.Ea07,
                    LargestUnits = Largest
                });
            _meter = new PaymentMeter(
                record with
                {
                    State = record.State with
                    {
                        Key = _keys[0],
                        Memory = CancellationMemory.AtManufacture(default, MemorySize)
                    }
                },
                _clock);
        }

        public void Run(int steps)
        {
            for (var i = 0; i < steps; i++)
            {
                // Most lives are spent in the light and open; now and then something is tried in the dark or under
                // lock-out.
                if (_dark && _random.Next(3) > 0)
                    Power();
                if (_time < _lockedUntil && _random.Next(3) > 0)
                    Pass(_lockedUntil - _time);
                switch (_random.Next(20))
                {
                    case < 6:
                        Sell();
                        break;
                    case < 12:
                        EnterSold();
                        break;
                    case < 14:
                        Check(Wrong(), expectedIfOpen: TokenResult.CrcError, apply: null);
                        break;
                    case < 15:
                        ChangeKey();
                        break;
                    case < 17:
                        EnterSection();
                        break;
                    case 17:
                        Power();
                        break;
                    case 18:
                        Consume();
                        break;
                    default:
                        Wait();
                        break;
                }

                Assert.Equal(_credit, _meter.Record.State.CreditUnits);
                Assert.Equal(TestKeys.Hex(_keys[_key]), TestKeys.Hex(_meter.Record.State.Key));
            }
        }

        private static DecoderKeyAttributes Attributes(int number) =>
            TestKeys.Attributes(krn: 1 + (number % 9), ti: $"{number / 9 % 100:D2}");

        private void Sell()
        {
            var keyNumber = _random.Next(4) == 0 ? _issuedUpTo : _key;
            var tid = Math.Max(1, _nextTid + _random.Next(-20, 3));
            _nextTid = Math.Max(_nextTid, tid);
            var units = _random.Next(1, 400);
            _ = TransferAmount.TryFromUnits(units, out var amount);
            var token = new TransferCredit
            {
                Service = CreditService.Electricity,
                Amount = amount,
                Tid = TokenIdentifier.FromNumber(tid),
                Random = (byte)_random.Next(16)
            };
            _sold.Add(new Sold(TokenIssuer.Issue(token, _keys[keyNumber]).ToString(), keyNumber, tid, units));
        }

        private void EnterSold()
        {
            if (_sold.Count == 0)
                return;
            // Mostly recent ones, in any order, often more than once.
            var token = _sold[Math.Max(0, _sold.Count - 1 - _random.Next(15))];
            if (token.KeyNumber != _key)
            {
                Check(token.Digits, TokenResult.CrcError, apply: null);
                return;
            }

            var result = token.Tid < _accepted.Min() ? TokenResult.OldError
                : _accepted.Contains(token.Tid) ? TokenResult.UsedError
                : _credit + token.Units > Largest ? TokenResult.OverflowError
                : TokenResult.Accept;
            Check(token.Digits, result, () =>
            {
                _accepted.Remove(_accepted.Min());
                _accepted.Add(token.Tid);
                _credit += token.Units;
            });
        }

        private void ChangeKey()
        {
            // One set under one key: another is only issued when the one before is done. That is the rule of the point
            // of sale.
            if (_issuedUpTo != _key)
                return;
            var next = _key + 1;
            _keys.Add(TestKeys.Derive(Attributes(next)));
            _ = KeyChangeSet.TryIssue(
                new KeyChange
                {
                    From = Attributes(_key),
                    FromKey = _keys[_key],
                    To = Attributes(next),
                    ToKey = _keys[next],
                    Count = 2
                }, out var set);
            _issuedUpTo = next;
            for (var section = 0; section < 2; section++)
                _sections.Add((set[section].ToString(), section, _key, next));
        }

        private void EnterSection()
        {
            if (_sections.Count == 0)
                return;
            var (digits, section, from, to) = _sections[Math.Max(0, _sections.Count - 1 - _random.Next(3))];
            if (from != _key)
            {
                Check(digits, TokenResult.CrcError, apply: null);
                return;
            }

            var waiting = _half is { } half && _time - half.At <= TimeSpan.FromMinutes(10) ? _half : null;
            var completes = waiting is { } other && other.Section != section;
            var result = completes
                ? TokenResult.Accept
                : section == 0 ? TokenResult.FirstKeyChangeToken : TokenResult.SecondKeyChangeToken;
            Check(digits, result, () =>
            {
                _key = completes ? to : _key;
                _half = completes ? null : (section, to, waiting?.At ?? _time);
            });
        }

        private string Wrong()
        {
            while (true)
            {
                var digits = string.Concat(
                    Enumerable.Range(0, 20).Select(i => (char)('0' + _random.Next(i == 0 ? 7 : 10))));
                if (Token66.TryParse(digits, out var token)
                        && token.Class is TokenClass.Credit or TokenClass.MeterSpecificManagement)
                    return digits;
            }
        }

        private void Check(string digits, TokenResult expectedIfOpen, Action? apply)
        {
            // One wrong token in 65536 has a check that holds by accident; then it is no longer the token the naive
            // meter expects.
            if (expectedIfOpen == TokenResult.CrcError
                    && TokenIssuer.TryOpen(Token66.Parse(digits), _keys[_key], out _))
                return;
            var locked = _time < _lockedUntil;
            var expected = _dark ? TokenResult.NotReady : locked ? TokenResult.Lockout : expectedIfOpen;
            var answer = _meter.Enter(digits, (TokenCarrierType)(_random.Next(2) == 0 ? 2 : 7));
            Assert.Equal(expected, answer.Result);
            _counts[expected] = _counts.GetValueOrDefault(expected) + 1;
            if (_dark || locked)
                return;
            if (expected == TokenResult.CrcError)
            {
                _failures++;
                int[] ladder = [0, 0, 2, 4, 8, 16, 32, 64, 90];
                _lockedUntil = _time + TimeSpan.FromSeconds(ladder[Math.Min(_failures, 8)]);
            }
            else if (expected == TokenResult.Accept)
            {
                _failures = 0;
                _lockedUntil = TimeSpan.Zero;
                apply!();
            }
            else if (expected is TokenResult.FirstKeyChangeToken or TokenResult.SecondKeyChangeToken)
            {
                apply!();
            }
        }

        private void Power()
        {
            _dark = !_dark;
            _meter.SetPower(!_dark);
            if (_dark)
                return;
            _half = null;
            int[] ladder = [0, 0, 2, 4, 8, 16, 32, 64, 90];
            _lockedUntil = _time + TimeSpan.FromSeconds(ladder[Math.Min(_failures, 8)]);
        }

        private void Consume()
        {
            var units = _random.Next(0, 800);
            _ = _meter.Consume(units * 100_000L);
            if (!_dark)
                _credit -= Math.Min(units, _credit);
        }

        private void Pass(TimeSpan time)
        {
            _clock.Advance(time);
            _time += time;
        }

        private void Wait()
        {
            var time = TimeSpan.FromSeconds(_random.Next(2) == 0 ? _random.Next(100) : _random.Next(900));
            Pass(time);
            // Now and then the clock on the wall is wrong and put right; no time passes.
            if (_random.Next(4) == 0)
                _clock.MoveTo(_clock.GetUtcNow() - TimeSpan.FromDays(_random.Next(400)));
        }
    }
}
