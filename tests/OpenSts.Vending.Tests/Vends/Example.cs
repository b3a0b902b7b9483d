using OpenSts.Vending.Access;
using OpenSts.Vending.Customers;
using OpenSts.Vending.Meters;
using OpenSts.Vending.Shifts;
using OpenSts.Vending.SupplyGroups;
using OpenSts.Vending.Tariffs;
using OpenSts.Vending.Vendors;
using OpenSts.Vending.Vends;

namespace OpenSts.Vending.Tests.Vends;

/// <summary>A meter, its customer, a vendor and a tariff: 2.00 a unit up to 100 units of the month, then 4.00; 2 %
/// commission.</summary>
internal static class Example
{
    public static readonly DateTimeOffset Now = new(2026, 11, 28, 9, 0, 30, TimeSpan.Zero);
    public static readonly DateOnly Today = new(2026, 11, 28);
    public static readonly MeterPan Pan =
        MeterPan.Create(DecoderReferenceNumber.Create(ManufacturerCode.Parse("01"), 12_345_678));
    public static readonly MeterPan OtherPan =
        MeterPan.Create(DecoderReferenceNumber.Create(ManufacturerCode.Parse("01"), 87_654_321));
    public static readonly Currency Rand = new("ZAR", 2);
    public static readonly VendRules Rules = new() { Currency = Rand, Calendar = new LocalCalendar(TimeZoneInfo.Utc) };

    public static MeterKey Key(int revision = 1, string group = "123456") => new()
    {
        SupplyGroup = SupplyGroupCode.Parse(group),
        KeyRevisionNumber = KeyRevisionNumber.FromNumber(revision),
        KeyType = KeyType.Unique,
        TariffIndex = TariffIndex.FromNumber(1),
    };

    public static PaymentMeter Meter => new()
    {
        Pan = Pan,
        Key = Key(),
        EncryptionAlgorithm = EncryptionAlgorithm.Ea07,
        TokenCarrierType = TokenCarrierType.Numeric,
        Service = CreditService.Electricity,
        Form = TokenForm.Units,
        Tariff = "home",
        Customer = "c1",
        State = MeterState.Active,
        ChargesFrom = Today,
    };

    public static Customer Customer => new() { Id = "c1", Name = "Ann Customer", Account = "A1" };

    public static Vendor Vendor =>
        new() { Id = "v1", Name = "Shop", FloorMinor = 0, CommissionPercent = 2, Active = true };

    public static Outlet Outlet => new() { Vendor = "v1", Id = "main", Name = "Main street", Active = true };

    public static TariffVersion Tariff => new()
    {
        TariffId = "home",
        Version = 1,
        Name = "Home",
        Service = CreditService.Electricity,
        State = TariffState.Active,
        EffectiveFrom = new DateOnly(2020, 1, 1),
        Blocks = [new TariffBlock(100, 2), new TariffBlock(null, 4)],
        Minimum = 5,
        Maximum = 10_000,
        WrittenBy = "operator:ann",
        ActivatedBy = "operator:ben",
    };

    public static SupplyGroup Group(
        int current = 1, KeyChangePolicy policy = KeyChangePolicy.WithNextVend, string code = "123456") => new()
        {
            Code = SupplyGroupCode.Parse(code),
            Name = "Town",
            CurrentKeyRevision = KeyRevisionNumber.FromNumber(current),
            KeyChangePolicy = policy,
            Keys = [GroupKey(1, 998), GroupKey(2, 999)],
        };

    public static SupplyGroupKey GroupKey(int revision, int register) => new()
    {
        KeyRevisionNumber = KeyRevisionNumber.FromNumber(revision),
        KeyType = KeyType.Unique,
        KeyExpiryNumber = KeyExpiryNumber.Never,
        BaseDate = BaseDate.Base2014,
        Register = register,
    };

    public static Caller Till => new()
    {
        Id = "key:till",
        Name = "Till",
        Person = "ann",
        IsApiKey = true,
        Permissions = Enum.GetValues<Permission>().ToHashSet(),
    };

    public static Caller Clerk => Person("cay", Role.Clerk) with { Vendor = "v1" };

    public static Caller Supervisor => Person("ben", Role.Supervisor);

    public static VendSnapshot Snapshot => new()
    {
        Meter = Meter,
        Customer = Customer,
        Vendor = Vendor,
        Outlet = Outlet,
        Tariff = new TariffHistory([Tariff]),
        SupplyGroups = Groups(Group()),
        WalletMinor = 100_000,
    };

    public static Shift OpenShift =>
        new() { Id = "s1", Operator = "operator:cay", Vendor = "v1", Opened = Now, FloatMinor = 0 };

    public static Dictionary<SupplyGroupCode, SupplyGroup> Groups(params SupplyGroup[] groups) =>
        groups.ToDictionary(group => group.Code);

    public static CreditRequest Credit(long tender = 10_000, KeyChoice? key = null, long? cash = null) =>
        new(Pan, tender, cash, "counter", "v1", null, null, key);

    public static Caller Person(string name, Role role) => new()
    {
        Id = "operator:" + name,
        Name = name,
        Person = name,
        Permissions = Caller.PermissionsOf(role, Tenant.Utility),
    };

    public static VendPlan Planned(VendRequest request, VendSnapshot snapshot, Caller? caller = null)
    {
        Assert.True(new VendPlanner(Rules, Now).Plan(request, caller ?? Till, snapshot)
            .TryGet(out var plan, out var refusal), refusal?.Code.Text);
        return plan;
    }

    public static Refusal Refused(VendRequest request, VendSnapshot snapshot, Caller? caller = null)
    {
        Assert.False(
            new VendPlanner(Rules, Now).Plan(request, caller ?? Till, snapshot).TryGet(out _, out var refusal));
        return refusal;
    }
}
