using System.Text;
using OpenSts.Metering;

namespace OpenSts.Meter.Carriers.Keypad;

/// <summary>A keypad and its display: keys in, texts out. It waits for nothing; the time comes with each
/// key.</summary>
/// <remarks>
/// Twelve keys: digits, <c>*</c> deletes (twice in a row: everything), <c>#nnn#</c> shows a value. The 20th digit
/// enters by itself. After 20 s without a
/// key what was typed is forgotten. A result stands for 3 s, what it shows for 5 s an item. None of it is of the
/// standard: manufacturers differ.
/// </remarks>
public sealed class KeypadSession(PaymentMeter meter)
{
    /// <summary>How long a half-typed token waits.</summary>
    public static readonly TimeSpan KeyTimeout = TimeSpan.FromSeconds(20);

    /// <summary>How long a result stands.</summary>
    public static readonly TimeSpan ResultTime = TimeSpan.FromSeconds(3);

    /// <summary>How long an item stands.</summary>
    public static readonly TimeSpan ItemTime = TimeSpan.FromSeconds(5);

    private const int CodeLength = 3;
    private readonly StringBuilder _typed = new(Token66.Digits);
    private readonly Queue<(string Text, TimeSpan For)> _toShow = new();
    private bool _isCode;
    private bool _deletedBefore;
    private TimeSpan _lastKey;
    private TimeSpan _shownSince;

    /// <summary>What the last token was answered; null before the first.</summary>
    public MeterAnswer? LastAnswer { get; private set; }

    /// <summary>How many digits have been typed of the token.</summary>
    public int Typed => _isCode ? 0 : _typed.Length;

    /// <summary>True while a result or a value stands.</summary>
    public bool IsShowing => _toShow.Count > 0;

    /// <summary>True for 0 to 9, <c>*</c> and <c>#</c>.</summary>
    public static bool IsKey(char key) => char.IsAsciiDigit(key) || key is '*' or '#';

    /// <summary>Takes a key.</summary>
    /// <param name="key">0 to 9, <c>*</c> or <c>#</c>.</param>
    /// <param name="now">Monotonic time.</param>
    /// <exception cref="ArgumentException">There is no such key.</exception>
    /// <exception cref="IOException">The token could not be made durable; it was not accepted.</exception>
    public void Press(char key, TimeSpan now)
    {
        if (!IsKey(key))
            throw new ArgumentException("The keypad has the keys 0 to 9, * and #.", nameof(key));
        if (now - _lastKey > KeyTimeout)
            Forget();
        _lastKey = now;
        _toShow.Clear();
        switch (key)
        {
            case '*':
                Delete();
                break;
            case '#':
                Code(now);
                break;
            default:
                _typed.Append(key);
                if (!_isCode && _typed.Length == Token66.Digits)
                    EnterToken(now);
                else if (_isCode && _typed.Length > CodeLength)
                    Forget();
                break;
        }

        _deletedBefore = key == '*';
    }

    /// <summary>What the display shows at a time.</summary>
    public string Text(TimeSpan now)
    {
        while (_toShow.TryPeek(out var item))
        {
            if (now - _shownSince < item.For)
                return item.Text;
            _shownSince += item.For;
            _ = _toShow.Dequeue();
        }

        if (_typed.Length > 0 && now - _lastKey > KeyTimeout)
            Forget();
        if (_isCode)
            return $"#{_typed}";
        return _typed.Length > 0 ? $"{Grouped(_typed.ToString())} ({_typed.Length})" : Idle(meter.Record);
    }

    /// <summary>The idle display: the credit, and why the load switch is open.</summary>
    public static string Idle(MeterRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        var block = Supply.Block(record);
        if (block == SupplyBlock.NoPower)
            return "";
        var text = Display.Credit(record);
        return block == SupplyBlock.None ? text : $"{text} {block}";
    }

    private void Delete()
    {
        if (_deletedBefore || _isCode)
            Forget();
        else if (_typed.Length > 0)
            _typed.Length--;
    }

    private void Forget()
    {
        _typed.Clear();
        _isCode = false;
        _deletedBefore = false;
    }

    private void Code(TimeSpan now)
    {
        if (!_isCode)
        {
            Forget();
            _isCode = true;
            return;
        }

        var shown = ShortCodes.Show(_typed.ToString(), meter.Record);
        Forget();
        Show(now, (shown?.ToString() ?? "no code", ItemTime));
    }

    private void EnterToken(TimeSpan now)
    {
        var digits = _typed.ToString();
        Forget();
        var answer = meter.Enter(digits, TokenCarrierType.Numeric);
        LastAnswer = answer;
        var text = Display.Text(answer.Result);
        if (answer.Result == TokenResult.Lockout)
            text += $" {Math.Ceiling(answer.LockedFor.TotalSeconds)} s";
        Show(now, (text, ResultTime));
        for (var i = 0; i < answer.Display.Count; i++)
        {
            // Test 4 stands as one text, such as "2 2": key revision number and key type.
            var hasKeyType = i + 1 < answer.Display.Count && answer.Display[i + 1].Name == Display.KeyTypeItem;
            _toShow.Enqueue(
                (hasKeyType ? $"{answer.Display[i]} {answer.Display[++i]}" : answer.Display[i].ToString(), ItemTime));
        }

        if (answer is { Result: TokenResult.Accept, Token.Class: TokenClass.Credit })
            _toShow.Enqueue((Idle(meter.Record), ItemTime));
    }

    private void Show(TimeSpan now, (string Text, TimeSpan For) item)
    {
        _shownSince = now;
        _toShow.Enqueue(item);
    }

    private static string Grouped(string digits) => string.Join('-', digits.Chunk(4).Select(g => new string(g)));
}
