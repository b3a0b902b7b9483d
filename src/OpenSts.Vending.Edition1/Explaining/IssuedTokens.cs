using OpenSts.Vending.Access;
using OpenSts.Vending.Issues;
using OpenSts.Vending.Storage;

namespace OpenSts.Vending.Explaining;

/// <summary>Finds among the tokens that were made here the one that was typed, or one that was meant.</summary>
internal static class IssuedTokens
{
    /// <summary>How many issues of a meter are looked through, and how many of all meters; the newest.</summary>
    public const int OfMeter = 500, OfAll = 200_000;

    // Of three parts of 20 digits one slip leaves one whole, and at its place unless a digit is missing or too many before it.
    private const int First = 7, Middle = 6, Last = 7;
    private const int MostCandidates = 50;
    // Tokens stand beside the body; in rows of before that they stand in it.
    private const string Held = "COALESCE(tokens, body)";
    private const string Newest = "number > (SELECT COALESCE(MAX(number), 0) FROM issues) - $1";

    /// <summary>The tokens that the issues hold, with where.</summary>
    public static IEnumerable<(Issue Issue, MadeTokens Made, Token66 Token)> In(IEnumerable<Issue> issues) =>
        issues.SelectMany(issue => issue.Tokens.SelectMany(made => made.Tokens.Select(token => (issue, made, token))));

    /// <summary>The newest issue of any meter that holds the token; null where none of the newest <see cref="OfAll"/> does.</summary>
    public static Issue? Find(IStoreSession session, Token66 token) => In(List(session, $"{Held} LIKE $2", $"%\"{token}\"%")).FirstOrDefault(row => row.Token == token).Issue;

    /// <summary>A token one slip away from what was typed, in issues that the caller sees and whose tokens left the server: digits nobody had yet are not told.</summary>
    public static (Issue Issue, Token66 Token, DigitSlip Slip)? Near(IEnumerable<Issue> issues, string digits, Caller caller)
    {
        foreach (var (issue, _, token) in In(issues.Where(issue => issue.Released && IssueDesk.Sees(caller, issue))))
        {
            if (DigitSlip.Between(digits, token.ToString()) is { } slip)
                return (issue, token, slip);
        }

        return null;
    }

    /// <summary>The same among the newest issues of all meters.</summary>
    public static (Issue Issue, Token66 Token, DigitSlip Slip)? Near(IStoreSession session, string digits, Caller caller)
    {
        if (digits.Length is < Token66.Digits - 1 or > Token66.Digits + 1 || !digits.All(char.IsAsciiDigit))
            return null;
        var like = (string[])[$"%\"{digits[..First]}_____________\"%", $"%\"_____________{digits[^Last..]}\"%", $"%\"_______{digits.Substring(First, Middle)}_______\"%"];
        return Near(List(session, $"({Held} LIKE $2 OR {Held} LIKE $3 OR {Held} LIKE $4)", like), digits, caller);
    }

    private static List<Issue> List(IStoreSession session, string condition, params string[] patterns) =>
        session.Query($"{IssueTable.Columns}WHERE {Newest} AND {condition} ORDER BY number DESC LIMIT {MostCandidates}", IssueTable.Read, [OfAll, .. patterns.Select(pattern => (SqlValue)pattern)]);
}
