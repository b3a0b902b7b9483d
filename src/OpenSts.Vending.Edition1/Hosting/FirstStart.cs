using System.Security.Cryptography;
using OpenSts.Vending.Access;
using OpenSts.Vending.Customers;
using OpenSts.Vending.Issues;
using OpenSts.Vending.Meters;
using OpenSts.Vending.Money;
using OpenSts.Vending.Operations;
using OpenSts.Vending.Storage;
using OpenSts.Vending.SupplyGroups;
using OpenSts.Vending.Tariffs;
using OpenSts.Vending.Vendors;

namespace OpenSts.Vending.Hosting;

/// <summary>What was made on the first start; shown once to the person who started the server.</summary>
/// <param name="Password">Of the operators <c>admin</c>, and <c>clerk</c> and <c>second</c> where there is demonstration data.</param>
/// <param name="ApiKey">With every scope.</param>
public sealed record FirstStartSecrets(string Password, string ApiKey);

/// <summary>Fills an empty store: an administrator, an API key and, where wanted, demonstration data.</summary>
public static class FirstStart
{
    /// <summary>The supply group of the demonstration: that of registers 1 and 2 of the published test modules, which 'sts sm serve --test-registers' has.</summary>
    public static SupplyGroupCode DemonstrationGroup { get; } = SupplyGroupCode.FromNumber(201457);

    /// <summary>The first meter of the demonstration.</summary>
    public static MeterPan DemonstrationMeter { get; } = Pan(1);

    /// <summary>Fills the store; null where it is not empty.</summary>
    public static FirstStartSecrets? Fill(IStore store, VendingSettings settings, bool demonstration, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(settings);
        if (store.Read(session => Operator.Table.List(session, count: 1).Count) > 0)
            return null;
        // 20 letters and digits without those that look alike: more than 100 bits.
        var password = RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyz23456789", 20);
        var hash = PasswordHash.Create(password);
        return store.Write(session =>
        {
            AddOperator(session, "admin", "Administrator", Role.Administrator, null, hash);
            var key = new ApiKey { Id = ApiKeys.NewId(), Name = "first start", Permissions = Permissions.Grantable, Created = now, CreatedBy = "first start" };
            var secret = ApiKeys.Create(session, key);
            if (demonstration)
                AddDemonstration(session, settings, hash, now);
            return new FirstStartSecrets(password, secret);
        });
    }

    private static MeterPan Pan(int serial) => MeterPan.Create(DecoderReferenceNumber.Create(ManufacturerCode.Parse("00"), serial));

    private static void AddDemonstration(IStoreSession session, VendingSettings settings, string hash, DateTimeOffset now)
    {
        AddOperator(session, "clerk", "Clerk", Role.Clerk, "corner-shop", hash);
        AddOperator(session, "second", "Second person", Role.Supervisor, null, hash);
        _ = SupplyGroup.Table.TryAdd(session, DemonstrationGroup.ToString(), new SupplyGroup
        {
            Code = DemonstrationGroup,
            Name = "Demonstration town",
            CurrentKeyRevision = 1,
            KeyChangePolicy = KeyChangePolicy.WithNextSale,
            Keys = [.. Enumerable.Range(1, 2).Select(revision => new SupplyGroupKey { KeyRevisionNumber = revision, KeyType = KeyType.Unique, KeyExpiryNumber = 255, BaseDate = 2014, Register = revision })],
        });
        AddTariff(session, "household", "Household", CreditService.Electricity, [new(50, 1.85m), new(350, 2.38m), new(null, 3.36m)], [new FixedCharge("Network charge", 1.20m, ChargePeriod.Daily)]);
        AddTariff(session, "business", "Business", CreditService.Electricity, [new(null, 3.12m)], [new FixedCharge("Capacity charge", 210m, ChargePeriod.Monthly)]);
        AddTariff(session, "water", "Water", CreditService.Water, [new(6, 12.5m), new(20, 24m), new(null, 46.4m)], []);
        AddTariff(session, "gas", "Gas", CreditService.Gas, [new(null, 21.7m)], []);
        _ = Vendor.Table.TryAdd(session, "corner-shop", new Vendor { Id = "corner-shop", Name = "Corner Shop", Outlet = "12 Market Street", Floor = 0, CommissionPercent = 2, Active = true });
        var deposit = settings.Currency.Round(50_000m);
        Ledger.Post(session, now, "deposit", "corner-shop/first start", new Posting(Accounts.Wallet("corner-shop"), deposit), new Posting(Accounts.Bank, -deposit));
        string[] names = ["Thandi Mokoena", "Jean Kabore", "Amina Diallo", "Peter van Wyk", "Grace Otieno", "Luis Mendes"];
        for (var i = 0; i < names.Length; i++)
        {
            var customer = new Customer { Id = $"c{i + 1}", Name = names[i], Account = $"{100_200 + i}", Address = $"{7 + (i * 4)} Acacia Lane", Arrears = i == 3 ? new ArrearsPlan { Rule = ArrearsRule.Share, Value = 25, KeepUnits = 10 } : null };
            _ = customer.TryAdd(session);
            var (service, tariff) = i switch { 4 => (CreditService.Water, "water"), 5 => (CreditService.Gas, "gas"), 3 => (CreditService.Electricity, "business"), _ => (CreditService.Electricity, "household") };
            _ = NewMeter(Pan(i + 1), tariff, service, i == 1 ? EncryptionAlgorithm.Ea11 : EncryptionAlgorithm.Ea07, customer.Id, settings.Day(now)).TryAdd(session);
        }

        var owed = settings.Currency.Round(480m);
        Ledger.Post(session, now, "charge", "c4/first start", new Posting(Accounts.Arrears("c4"), -owed), new Posting(Accounts.Receivables, owed));
        foreach (var outcome in Enum.GetValues<SandboxOutcome>())
            _ = (NewMeter(SandboxMeters.Pan(outcome), "household", CreditService.Electricity, EncryptionAlgorithm.Ea07, null, settings.Day(now)) with { Sandbox = outcome }).TryAdd(session);
    }

    private static void AddOperator(IStoreSession session, string id, string name, Role role, string? vendor, string hash) =>
        _ = Operator.Table.TryAdd(session, id, new Operator { Id = id, Name = name, Role = role, Vendor = vendor, Active = true, Password = hash });

    private static void AddTariff(IStoreSession session, string id, string name, CreditService service, IReadOnlyList<TariffBlock> blocks, IReadOnlyList<FixedCharge> charges) =>
        _ = Tariff.Table.TryAdd(session, id, new Tariff
        {
            Id = id,
            Name = name,
            Service = service,
            State = TariffState.Active,
            Blocks = blocks,
            FixedCharges = charges,
            FixedChargesCapPercent = 50,
            TaxPercent = 15,
            Minimum = 5,
            Maximum = 10_000,
            Fees = [new ChannelFee("mobile", 1.50m, 0)],
            WrittenBy = "first start",
            ActivatedBy = "first start",
        });

    private static PaymentMeter NewMeter(MeterPan pan, string tariff, CreditService service, EncryptionAlgorithm ea, string? customer, DateOnly today) => new()
    {
        Pan = pan,
        Key = new MeterKey { SupplyGroup = DemonstrationGroup, KeyRevisionNumber = 1, KeyType = KeyType.Unique, TariffIndex = TariffIndex.FromNumber(1) },
        EncryptionAlgorithm = ea,
        TokenCarrierType = TokenCarrierType.Numeric,
        Service = service,
        Form = TokenForm.Units,
        Tariff = tariff,
        Customer = customer,
        State = MeterState.Active,
        ChargesFrom = today,
    };
}
