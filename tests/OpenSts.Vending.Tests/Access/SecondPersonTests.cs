using OpenSts.Vending.Access;

namespace OpenSts.Vending.Tests.Access;

/// <summary>Faults A1 to A3: people are compared, keys never approve, an approval names what it saw.</summary>
public class SecondPersonTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 28, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Refuses_AnotherPersonOfTheUtility_Nobody() => Assert.Null(Check(Person("ann"), Person("ben")));

    [Fact]
    public void Refuses_AskedByKeyApprovedAsItsOwner_SamePerson() =>
        Assert.Equal("same-person", Reason(Key("till", "ann"), Person("ann")));

    [Fact]
    public void Refuses_AskedByOneKeyApprovedByAnother_KeysNeverApprove() =>
        Assert.Equal("approver-is-a-key", Reason(Key("till", "ann"), Key("other", "ben")));

    [Fact]
    public void Refuses_TwoAccountsOfOnePerson_SamePerson() =>
        Assert.Equal("same-person", Reason(Person("ann"), Person("ann") with { Id = "operator:ann-2" }));

    [Fact]
    public void Refuses_ApproverWhosePasswordTheRequesterChose_Refused()
    {
        var puppet = Person("ben") with { LastAccountChange = new AccountChange("ann", Now.AddDays(-1)) };

        Assert.Equal("requester-controls-approver", Reason(Person("ann"), puppet));
        Assert.Null(Check(
            Person("ann"), puppet with { LastAccountChange = new AccountChange("ann", Now.AddDays(-7)) }));
        Assert.Null(Check(Person("cay"), puppet));
    }

    [Fact]
    public void Refuses_PuppetAsksAndItsMakerApproves_Refused()
    {
        var puppet = Person("ben") with { LastAccountChange = new AccountChange("ann", Now.AddDays(-1)) };

        Assert.Equal("approver-controls-requester", Reason(puppet, Person("ann")));
    }

    [Fact]
    public void Refuses_ApproverOfAVendor_ForbiddenWhateverItsPermissions()
    {
        var refusal = Check(Person("ann") with { Vendor = "v" }, Person("ben") with { Vendor = "v" });

        Assert.Equal(ErrorCodes.Forbidden, refusal!.Code);
    }

    [Fact]
    public void Refuses_ApproverWithoutThePermission_NamesTheScope()
    {
        var refusal = Check(Person("ann"), Person("ben") with { Permissions = new HashSet<Permission>() });

        Assert.Equal((ErrorCodes.Forbidden, "vends:approve"), (refusal!.Code, refusal["scope"]));
    }

    [Fact]
    public void Refuses_JobOfTheServer_CannotApprove() =>
        Assert.Equal("approver-is-a-key", Reason(Person("ann"), Person("job") with { Person = null }));

    [Fact]
    public void RefusesVersion_OnlyTheVersionThatWasSeen()
    {
        Assert.Null(SecondPerson.RefusesVersion(3, 3));
        Assert.Equal(ErrorCodes.VersionNeeded, SecondPerson.RefusesVersion(null, 3)!.Code);
        Assert.Equal(ErrorCodes.VersionMismatch, SecondPerson.RefusesVersion(2, 3)!.Code);
    }

    private static Refusal? Check(Caller first, Caller second) =>
        SecondPerson.Refuses(Requester.Of(first), second, Permission.VendsApprove, Now);

    private static string? Reason(Caller first, Caller second) => Check(first, second)?["reason"] as string;

    private static Caller Person(string name) => new()
    {
        Id = "operator:" + name,
        Name = name,
        Person = name,
        Permissions = Caller.PermissionsOf(Role.Supervisor, Tenant.Utility),
    };

    private static Caller Key(string name, string owner) => Person(owner) with { Id = "key:" + name, IsApiKey = true };
}
