using OpenSts.KeyManagement.Approvals;
using OpenSts.KeyManagement.Audit;
using OpenSts.KeyManagement.Groups;
using OpenSts.KeyManagement.Keys;
using OpenSts.KeyManagement.Modules;
using OpenSts.KeyManagement.Records;
using OpenSts.KeyManagement.Reports;
using OpenSts.KeyManagement.Storage;
using OpenSts.KeyManagement.Users;

namespace OpenSts.KeyManagement.Tests;

/// <summary>A clock that stands until a test moves it.</summary>
internal sealed class ManualTime(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;
}
