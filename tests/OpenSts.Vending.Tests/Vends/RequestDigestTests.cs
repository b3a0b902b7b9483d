using OpenSts.Vending.Vends;
using static OpenSts.Vending.Tests.Vends.Example;

namespace OpenSts.Vending.Tests.Vends;

public class RequestDigestTests
{
    [Fact]
    public void Of_EqualRequests_AreEqual() => Assert.Equal(RequestDigest.Of(Credit()), RequestDigest.Of(Credit()));

    [Fact]
    public void Of_AnyOtherField_Differs()
    {
        var requests = new VendRequest[]
        {
            Credit(), Credit(tender: 10_001), Credit(cash: 10_000), Credit(key: KeyChoice.Old),
                Credit() with { Channel = "mobile" },
            Credit() with { Vendor = "v2" }, Credit() with { Outlet = "main" }, Credit() with { Terminal = "1" },
                Credit() with { Pan = OtherPan },
            Credit() with { Payment = OpenSts.Vending.Shifts.PaymentMethod.Card },
                new KeyChangeRequest(Pan, Key(2), "reason"),
            new KeyChangeRequest(Pan, Key(3), "reason"), new ReplacementRequest("vend-0001", "lost", null),
                new ReplacementRequest("vend-0001", "lost", ""),
            new EngineeringRequest(Pan, EngineeringKind.ClearTamper, null, null, "reason", null),
            new EngineeringRequest(Pan, EngineeringKind.ClearTamper, 0, null, "reason", null),
        };

        Assert.Equal(requests.Length,
            requests.Select(request => Convert.ToHexString(RequestDigest.Of(request))).Distinct().Count());
    }

    // Computed apart from the program, from the remarks of RequestDigest. A change of the encoding would turn repeats
    // into conflicts.
    [Fact]
    public void Of_KnownRequest_IsTheStoredDigest() =>
        Assert.Equal(Stored, Convert.ToHexStringLower(RequestDigest.Of(Credit())));

    private const string Stored = "bd4cf41ea959c1fe3533c5233de41c714f94334e9099ef67e239ad2dd16ffb93";
}
