using System.Net;
using OpenSts.Vending.Access;
using OpenSts.Vending.Hosting;
using OpenSts.Vending.Pages;

namespace OpenSts.SystemTests.Vending;

/// <summary>Who may see and send which page: one row for each route, and every route has one.</summary>
public sealed class PageRoleTests : IAsyncLifetime
{
    // c clerk, s supervisor, e engineer, u auditor, a administrator; * anybody, + anybody who is signed in.
    private const string Table = """
        GET  /                                              *
        GET  /problems/{code}                               *
        GET  /sign-in                                       *
        POST /sign-in                                       *
        POST /sign-out                                      +
        GET  /sale                                          cs..a
        GET  /sale/amount                                   cs..a
        GET  /sale/confirm                                  cs..a
        POST /sale                                          cs..a
        GET  /sales/{id}                                    cseua
        POST /sales/{id}/again                              cs..a
        POST /sales/{id}/print                              cseua
        POST /sales/{id}/reversal                           cs..a
        POST /sales/{id}/replacement                        cs..a
        GET  /shifts                                        .s.ua
        POST /shifts                                        cs..a
        GET  /shifts/closing                                cs..a
        POST /shifts/closing                                cs..a
        GET  /meters                                        cseua
        GET  /meters/new                                    .se.a
        POST /meters/new                                    .se.a
        GET  /meters/{pan}                                  cseua
        POST /meters/{pan}                                  .se.a
        POST /meters/{pan}/blocking                         .se.a
        POST /meters/{pan}/unblocking                       .se.a
        POST /meters/{pan}/key-confirmation                 cs..a
        POST /meters/{pan}/exchange                         .se.a
        POST /meters/{pan}/key-change                       ..e.a
        GET  /customers                                     cseua
        GET  /customers/new                                 .se.a
        POST /customers/new                                 .se.a
        GET  /customers/{id}                                cseua
        POST /customers/{id}                                .se.a
        POST /customers/{id}/charges                        .se.a
        POST /customers/{id}/free-allocation                .se.a
        POST /customers/{id}/free-allocation/approval       .s..a
        GET  /explain                                       cseua
        POST /explain                                       cseua
        GET  /wall                                          cseua
        GET  /wall/now                                      cseua
        GET  /approvals                                     cseua
        POST /approvals/replacements/{id}                   .s..a
        POST /approvals/engineering-tokens/{id}             .s..a
        POST /approvals/access-changes/{id}                 ....a
        GET  /engineering                                   ..e.a
        POST /engineering                                   ..e.a
        GET  /vendors                                       .s.ua
        GET  /vendors/new                                   ....a
        POST /vendors/new                                   ....a
        GET  /vendors/{id}                                  .s.ua
        POST /vendors/{id}                                  ....a
        POST /vendors/{id}/deposits                         ....a
        GET  /tariffs                                       cseua
        GET  /tariffs/new                                   ....a
        POST /tariffs/new                                   ....a
        GET  /tariffs/{id}                                  cseua
        POST /tariffs/{id}/draft                            ....a
        POST /tariffs/{id}/activation                       ....a
        GET  /report                                        .s.ua
        GET  /report.csv                                    .s.ua
        GET  /digest                                        ...ua
        GET  /board                                         .s.ua
        POST /board/reconciliation                          ...ua
        GET  /supply-groups                                 cseua
        GET  /operators                                     ....a
        GET  /operators/new                                 ....a
        POST /operators/new                                 ....a
        GET  /operators/{id}                                ....a
        POST /operators/{id}                                ....a
        POST /operators/{id}/password                       ....a
        GET  /api-keys                                      ....a
        POST /api-keys                                      ....a
        POST /api-keys/{id}/revocation                      ....a
        """;

    private static readonly Role[] Roles = [Role.Clerk, Role.Supervisor, Role.Engineer, Role.Auditor, Role.Administrator];

    private LiveServer _server = null!;

    private static IReadOnlyList<(string Method, string Path, string May)> Lines { get; } =
        [.. Table.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Select(parts => (parts[0], parts[1], parts[2]))];

    public async ValueTask InitializeAsync()
    {
        _server = await LiveServer.StartAsync();
        var hash = _server.Store.Read(session => Operator.Table.Find(session, "admin"))!.Value.Password;
        Assert.True(_server.Store.Write(session => Roles.All(role => Operator.Table.TryAdd(session, "a-" + role, new Operator { Id = "a-" + role, Name = $"{role}", Role = role, Active = true, Password = hash }))));
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public void Routes_EveryOne_HasARowInTheTable() =>
        Assert.Equal(
            PageRoutes.Rows(_server.Services).Select(row => $"{row.Method} {row.Path}").Order(StringComparer.Ordinal),
            Lines.Select(line => $"{line.Method} {line.Path}").Order(StringComparer.Ordinal));

    [Fact]
    public async Task Routes_EveryRole_MayWhatTheTableSaysAndNothingElse()
    {
        foreach (var (at, role) in Roles.Index())
        {
            using var person = new PageUser(_server.Address);
            await person.SignInAsync("a-" + role, _server.Secrets.Password);
            await person.GetAsync("/meters");
            var csrf = person.Csrf;
            foreach (var (method, row, may) in Lines.Where(line => line.Path is not ("/sign-in" or "/sign-out")))
            {
                var permitted = may is "*" or "+" || may[at] != '.';
                var path = Path(row);
                if (method == "GET")
                    await person.GetAsync(path);
                else
                    await person.PostAsync(path, ("_csrf", csrf));
                Assert.True((person.Status != HttpStatusCode.Forbidden) == permitted, $"{role}: {method} {path} answered {person.Status}");
                Assert.True(person.Status < HttpStatusCode.InternalServerError, $"{role}: {method} {path} answered {person.Status}");
            }
        }
    }

    [Fact]
    public async Task Forms_WithoutTheSessionsToken_AllRefused()
    {
        using var person = new PageUser(_server.Address);
        await person.SignInAsync("a-Administrator", _server.Secrets.Password);
        foreach (var (method, row, _) in Lines.Where(line => line.Method == "POST" && line.Path != "/sign-in"))
        {
            await person.PostAsync(Path(row), ("reason", "no token"), ("id", "someone"));
            Assert.True(person.Status == HttpStatusCode.Forbidden, $"{method} {row} answered {person.Status}");
        }
    }

    [Fact]
    public async Task Pages_Stranger_IsSentToSignIn()
    {
        using var stranger = new PageUser(_server.Address);
        foreach (var (_, row, may) in Lines.Where(line => line.Method == "GET" && line.May != "*"))
        {
            await stranger.GetAsync(Path(row));
            Assert.True(stranger.Path == "/sign-in", $"{row}, open to {may}, answered {stranger.Path}");
        }
    }

    private static string Path(string row) => row.Replace("{id}", "nothing-like-it", StringComparison.Ordinal).Replace("{pan}", FirstStart.DemonstrationMeter.ToString(), StringComparison.Ordinal).Replace("{code}", "csrf", StringComparison.Ordinal);
}
