using OpenSts.Vending.Access;
using OpenSts.Vending.Customers;
using OpenSts.Vending.Issues;
using OpenSts.Vending.Meters;
using OpenSts.Vending.Money;
using OpenSts.Vending.Operations;
using OpenSts.Vending.Storage;
using OpenSts.Vending.Storage.Sqlite;
using OpenSts.Vending.SupplyGroups;
using OpenSts.Vending.Tariffs;
using OpenSts.Vending.Vendors;

namespace OpenSts.SystemTests.Vending;

/// <summary>A clock that a test sets.</summary>
internal sealed class TestClock : TimeProvider
{
    public DateTimeOffset Now { get; set; } = new(2026, 11, 21, 10, 0, 30, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Now;
}

/// <summary>A store with a group, a tariff, a vendor with money, customers and meters; and the desk.</summary>
internal sealed class Shop : IDisposable
{
    private readonly string? _folder;

    public Shop(IStore? store = null, bool fill = true, int patienceMilliseconds = 300)
    {
        Settings = new VendingSettings { ModulePatience = TimeSpan.FromMilliseconds(patienceMilliseconds) };
        if (store is null)
        {
            _folder = Directory.CreateTempSubdirectory("opensts-vending-").FullName;
            store = new SqliteStore(Path.Combine(_folder, "vending.db"));
        }

        Store = store;
        Module = new TestModule { Time = Clock };
        Guard = new ClockGuard(Module, Settings, Clock);
        Desk = new IssueDesk(Store, Module, Settings, Clock, Guard);
        if (fill)
            Store.Write(Fill);
    }

    public IStore Store { get; }

    public TestModule Module { get; }

    public TestClock Clock { get; } = new();

    public ClockGuard Guard { get; }

    public IssueDesk Desk { get; private set; }

    public VendingSettings Settings { get; }

    public static MeterPan Pan { get; } = MeterPan.Create(DecoderReferenceNumber.Create(ManufacturerCode.Parse("04"), 1));

    public static Caller Till { get; } = new() { Id = "key:till", Name = "Till", Permissions = Permissions.Of(Role.Administrator) };

    public static Caller Second { get; } = new() { Id = "key:second", Name = "Second", Permissions = Permissions.Of(Role.Administrator) };

    /// <summary>A server started anew on the same store.</summary>
    public void Restart() => Desk = NewDesk();

    /// <summary>One more server on the same store.</summary>
    public IssueDesk NewDesk() => new(Store, Module, Settings, Clock, new ClockGuard(Module, Settings, Clock));

    public Task<IssueAnswer> SellAsync(string id, decimal tender = 100, MeterPan? pan = null, KeyChoice? key = null) =>
        Desk.SellAsync(id, Sale(tender, pan, key), Till);

    public static SaleRequest Sale(decimal tender = 100, MeterPan? pan = null, KeyChoice? key = null) => new(pan ?? Pan, tender, null, "counter", "shop", "T1", key);

    public long Wallet => Store.Read(session => Ledger.Balance(session, Accounts.Wallet("shop")));

    public PaymentMeter Meter => Store.Read(session => PaymentMeter.Find(session, Pan)!.Value);

    public void Change(Func<PaymentMeter, PaymentMeter> change) => Store.Write(session =>
    {
        var stored = PaymentMeter.Find(session, Pan)!;
        Assert.True(change(stored.Value).TryReplace(session, stored.Version));
    });

    public void ChangeGroup(Func<SupplyGroup, SupplyGroup> change) => Store.Write(session =>
    {
        var stored = SupplyGroup.Table.Find(session, "123457")!;
        Assert.True(SupplyGroup.Table.TryReplace(session, "123457", stored.Version, change(stored.Value)));
    });

    public void ChangeCustomer(Func<Customer, Customer> change) => Store.Write(session =>
    {
        var stored = Customer.Find(session, "c1")!;
        Assert.True(change(stored.Value).TryReplace(session, stored.Version));
    });

    public void Dispose()
    {
        Store.Dispose();
        if (_folder is not null)
            Directory.Delete(_folder, recursive: true);
    }

    private void Fill(IStoreSession session)
    {
        var code = SupplyGroupCode.Parse("123457");
        Assert.True(SupplyGroup.Table.TryAdd(session, "123457", new SupplyGroup
        {
            Code = code,
            Name = "Town",
            CurrentKeyRevision = 1,
            KeyChangePolicy = KeyChangePolicy.WithNextSale,
            Keys = [.. new[] { 1, 2 }.Select(revision => new SupplyGroupKey { KeyRevisionNumber = revision, KeyType = KeyType.Unique, KeyExpiryNumber = 255, BaseDate = 2014, Register = revision })],
        }));
        Assert.True(Tariff.Table.TryAdd(session, "home", new Tariff
        {
            Id = "home",
            Name = "Home",
            Service = CreditService.Electricity,
            State = TariffState.Active,
            Blocks = [new TariffBlock(100, 2m), new TariffBlock(null, 4m)],
            TaxPercent = 0,
            Minimum = 1,
            Maximum = 5000,
            WrittenBy = "a",
            ActivatedBy = "b",
        }));
        Assert.True(Vendor.Table.TryAdd(session, "shop", new Vendor { Id = "shop", Name = "Shop", Floor = 0, CommissionPercent = 2, Active = true }));
        Ledger.Post(session, Clock.Now, "deposit", "d1", new Posting(Accounts.Wallet("shop"), 100_000), new Posting(Accounts.Bank, -100_000));
        Assert.True(new Customer { Id = "c1", Name = "Thandi", Account = "A1" }.TryAdd(session));
        Assert.True(NewMeter(Pan).TryAdd(session));
        foreach (var outcome in Enum.GetValues<SandboxOutcome>())
            Assert.True((NewMeter(SandboxMeters.Pan(outcome)) with { Sandbox = outcome, Customer = null }).TryAdd(session));
    }

    public static PaymentMeter NewMeter(MeterPan pan) => new()
    {
        Pan = pan,
        Key = new MeterKey { SupplyGroup = SupplyGroupCode.Parse("123457"), KeyRevisionNumber = 1, KeyType = KeyType.Unique, TariffIndex = TariffIndex.Parse("01") },
        EncryptionAlgorithm = EncryptionAlgorithm.Ea07,
        TokenCarrierType = TokenCarrierType.Numeric,
        Service = CreditService.Electricity,
        Form = TokenForm.Units,
        Tariff = "home",
        Customer = "c1",
        State = MeterState.Active,
        ChargesFrom = new DateOnly(2026, 11, 1),
    };
}
