using System.Security.Cryptography;
using OpenSts.Vending.Documents;
using OpenSts.Vending.Storage;

namespace OpenSts.Vending.Access;

/// <summary>Operators who are signed in.</summary>
public sealed class Sessions(IStore store, TimeProvider time)
{
    /// <summary>The cookie that carries a session.</summary>
    public const string Cookie = "opensts-session";

    private const int MostFailures = 5;
    private static readonly TimeSpan LockOut = TimeSpan.FromMinutes(15), Idle = TimeSpan.FromMinutes(30), Longest = TimeSpan.FromHours(12), SeenStep = TimeSpan.FromMinutes(1);

    /// <summary>Signs in; the secret of the new session, or the refusal, which does not tell a wrong name from a wrong password.</summary>
    public Verdict<string> SignIn(string name, string password)
    {
        ArgumentNullException.ThrowIfNull(name);
        var now = time.GetUtcNow();
        var found = store.Read(session => Operator.Table.Find(session, name));
        var matches = PasswordHash.Matches(password, found?.Value.Password);
        var secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var csrf = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        return store.Write<Verdict<string>>(session =>
        {
            // The count of failures is read again: many guesses at once count as many.
            if (Operator.Table.Find(session, name) is not { Value: { Active: true } stored } current)
                return Refused;
            if (stored.LockedUntil > now)
                return Refused;
            if (!matches)
            {
                var failures = stored.Failures + 1;
                var locked = failures >= MostFailures ? now + LockOut : stored.LockedUntil;
                _ = Operator.Table.TryReplace(session, name, current.Version, stored with { Failures = failures >= MostFailures ? 0 : failures, LockedUntil = locked });
                return Refused;
            }

            if (stored.Failures != 0 || stored.LockedUntil is not null)
                _ = Operator.Table.TryReplace(session, name, current.Version, stored with { Failures = 0, LockedUntil = null });
            _ = session.Execute("DELETE FROM sessions WHERE created < $1", now - Longest);
            _ = session.Execute("INSERT INTO sessions (digest, operator, csrf, created, seen) VALUES ($1, $2, $3, $4, $4)", ApiKeys.Digest(secret), name, csrf, now);
            return secret;
        });
    }

    /// <summary>The operator of a session; null where it has ended.</summary>
    public Caller? Find(string secret)
    {
        var now = time.GetUtcNow();
        var digest = ApiKeys.Digest(secret);
        var (caller, seen) = store.Read(session =>
        {
            var (name, csrf, last) = session.First("SELECT operator, csrf, seen FROM sessions WHERE digest = $1 AND created > $2 AND seen > $3",
                row => (row.Text(0), row.Text(1), row.Time(2)), digest, now - Longest, now - Idle);
            return name is not null && Operator.Table.Find(session, name) is { Value: { Active: true } person } ? (CallerOf(person, csrf), last) : (null, default);
        });
        if (caller is not null && now - seen > SeenStep)
            store.Write(session => session.Execute("UPDATE sessions SET seen = $2 WHERE digest = $1", digest, now));
        return caller;
    }

    /// <summary>Ends a session.</summary>
    public void SignOut(string secret) => store.Write(session => session.Execute("DELETE FROM sessions WHERE digest = $1", ApiKeys.Digest(secret)));

    private static Refusal Refused => new("sign-in-refused", "Name or password is wrong, or the operator is locked for a while.");

    private static Caller CallerOf(Operator person, string csrf) => new()
    {
        Id = "operator:" + person.Id,
        Name = person.Name,
        Permissions = Permissions.Of(person.Role),
        Vendor = person.Vendor,
        IsOperator = true,
        Language = person.Language,
        Csrf = csrf,
    };
}
