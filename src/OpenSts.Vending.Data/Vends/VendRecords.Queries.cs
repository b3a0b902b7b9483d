using OpenSts.Vending.Customers;
using OpenSts.Vending.Data.Stores;
using OpenSts.Vending.Meters;
using OpenSts.Vending.Money;
using OpenSts.Vending.Shifts;
using OpenSts.Vending.SupplyGroups;
using OpenSts.Vending.Tariffs;
using OpenSts.Vending.TokenIdentifiers;
using OpenSts.Vending.Vendors;
using OpenSts.Vending.Vends;

namespace OpenSts.Vending.Data.Vends;

/// <summary>What a batch needs.</summary>
internal sealed record VendKeys
{
    public IReadOnlyList<string> Ids { get; init; } = [];

    public IReadOnlyList<string> Pans { get; init; } = [];

    public IReadOnlyList<string> Vendors { get; init; } = [];

    public IReadOnlyList<string> Operators { get; init; } = [];

    public IReadOnlyList<string> SupplyGroups { get; init; } = [];

    public IReadOnlyList<string> Originals { get; init; } = [];

    /// <summary>Vendors whose outlets' receipt numbers are taken.</summary>
    public IReadOnlyList<string> ReceiptVendors { get; init; } = [];

    /// <summary>Accounts that entries of refused vends move.</summary>
    public IReadOnlyList<string> Accounts { get; init; } = [];

    public IReadOnlyList<long> Open { get; init; } = [];

    public int VendNumbers { get; init; }

    public int EntryNumbers { get; init; }
}

/// <content>The queries.</content>
internal sealed partial class VendRecords
{
    /// <summary>The queries of a batch, locks first, in the one order.</summary>
    /// <param name="keys">What it needs.</param>
    /// <param name="hasLocks">True where other sessions may hold rows.</param>
    /// <param name="waits">True to wait for them as long as the lock time-out, false to skip their rows.</param>
    public IReadOnlyList<StoreQuery> Queries(VendKeys keys, bool hasLocks, bool waits)
    {
        var queries = new List<StoreQuery>();
        IReadOnlyList<string> accounts =
            [.. keys.Vendors.Select(vendor => AccountCode.Wallet(vendor).ToString()), .. keys.Accounts];
        Lock(queries, "lock-meters", keys.Pans.Count > 0, ReadMeter, keys.Pans);
        Lock(queries, "lock-shifts", keys.Operators.Count > 0, ReadShift, keys.Operators);
        Lock(queries, "lock-accounts", accounts.Count + keys.Pans.Count > 0, row =>
            _balances[row.Text()] = row.Number(), accounts, keys.Pans);
        Lock(queries, "lock-receipt-numbers", keys.ReceiptVendors.Count > 0,
            row => ReceiptNumbers[(row.Text(), row.Text())] = row.Number(), keys.ReceiptVendors);
        Lock(queries, "lock-open-vends", keys.Open.Count > 0, row => Open[row.Number()] = row.Text(), keys.Open);
        if (hasLocks && !waits)
        {
            Present(queries, "meters-present", "meter", keys.Pans.Count > 0, keys.Pans);
            Present(queries, "shifts-present", "shift", keys.Operators.Count > 0, keys.Operators);
            Present(queries, "accounts-present", "account", accounts.Count + keys.Pans.Count > 0, accounts, keys.Pans);
            Present(queries, "receipt-numbers-present", "receipt", keys.ReceiptVendors.Count > 0, keys.ReceiptVendors);
            Present(queries, "open-vends-present", "open", keys.Open.Count > 0, keys.Open);
        }

        if (keys.Pans.Count > 0)
            queries.Add(new StoreQuery("meter-totals", ReadTotals, keys.Pans));
        if (keys.VendNumbers > 0)
            AddPlanning(queries, keys);
        if (keys.EntryNumbers > 0)
            queries.Add(new StoreQuery("entry-numbers", row =>
                EntryNumbers.Enqueue(row.Number()), (long)keys.EntryNumbers));
        return queries;

        void Lock(List<StoreQuery> list, string name, bool any, Action<StoreRow> read, params object?[] parameters)
        {
            if (any)
                list.Add(new StoreQuery(hasLocks && waits ? name + "-waiting" : name, read, parameters));
        }
    }

    /// <summary>The lines of the entries of vends.</summary>
    public StoreQuery EntriesQuery(IReadOnlyList<string> ids) => new("entries-of-vends", row =>
    {
        var id = row.Text();
        _ = row.Text();
        if (!Entries.TryGetValue(id, out var lines))
            Entries[id] = lines = [];
        _ = AccountCode.TryParse(row.Text(), out var account);
        lines.Add((account, row.Number()));
    }, ids);

    /// <summary>The result of a vend, held.</summary>
    public StoreQuery ResultQuery(StoredVend vend) => new("lock-vend-results", row =>
    {
        _ = row.Number();
        Result = (row.Text(), row.TimeOrNull());
    }, vend.Month, vend.Number);

    // Behind the locks: what is read now stays true until the commit.
    private void AddPlanning(List<StoreQuery> queries, VendKeys keys)
    {
        queries.Add(new StoreQuery("seen-ids", row => Seen.Add(row.Text()), keys.Ids));
        queries.Add(new StoreQuery("vend-numbers", row => VendNumbers.Enqueue(row.Number()), (long)keys.VendNumbers));
        queries.Add(new StoreQuery("identifier-floor", row => BarredUntil = row.Time()));
        queries.Add(new StoreQuery("last-heartbeat", row => Heartbeat = (row.TimeOrNull(), row.TimeOrNull())));
        if (keys.Pans.Count > 0)
        {
            queries.Add(new StoreQuery("customers", ReadCustomer, keys.Pans));
            queries.Add(new StoreQuery("supply-groups", ReadGroup, keys.Pans, keys.SupplyGroups));
            queries.Add(new StoreQuery("supply-group-keys", ReadGroupKey, keys.Pans, keys.SupplyGroups));
            queries.Add(new StoreQuery("tariff-versions", ReadTariff, keys.Pans));
            queries.Add(new StoreQuery("tariff-blocks", ReadBlock, keys.Pans));
            queries.Add(new StoreQuery("tariff-fixed-charges", ReadCharge, keys.Pans));
            queries.Add(new StoreQuery("tariff-channel-fees", ReadFee, keys.Pans));
            queries.Add(new StoreQuery("highest-identifiers", ReadMark, keys.Pans));
            queries.Add(new StoreQuery("open-key-changes", row =>
                _openKeyChanges[row.Text()] = row.Text(), keys.Pans));
        }

        if (keys.Vendors.Count > 0)
        {
            queries.Add(new StoreQuery("vendors", ReadVendor, keys.Vendors));
            queries.Add(new StoreQuery("outlets", ReadOutlet, keys.Vendors));
        }

        if (keys.Originals.Count > 0)
            queries.Add(new StoreQuery("replacements", ReadReplacement, keys.Originals));
    }

    private void Present(List<StoreQuery> queries, string name, string kind, bool any, params object?[] parameters)
    {
        if (!any)
            return;
        queries.Add(new StoreQuery(name, row => _present.Add(kind switch
        {
            "receipt" => $"receipt {row.Text()}/{row.Text()}",
            "open" => $"open {row.Number()}",
            _ => $"{kind} {row.Text()}",
        }), parameters));
    }

    private void ReadMeter(StoreRow row)
    {
        var pan = MeterPan.Parse(row.Text());
        var key = ReadKey(row)!;
        _meters[pan.ToString()] = new PaymentMeter
        {
            Pan = pan,
            Key = key,
            NextKey = ReadKey(row),
            KeyChangeVend = row.TextOrNull(),
            EncryptionAlgorithm = StoredTexts.EncryptionAlgorithm.Parse(row.Text()),
            TokenCarrierType = (TokenCarrierType)row.Int(),
            Service = StoredTexts.Service.Parse(row.Text()),
            Form = StoredTexts.TokenForm.Parse(row.Text()),
            Tariff = row.Text(),
            Customer = row.TextOrNull(),
            State = StoredTexts.MeterState.Parse(row.Text()),
            StateReason = row.Text(),
            ChargesFrom = row.Day(),
            KeyChangeTokens = row.Int(),
            Sandbox = row.TextOrNull() is { } outcome ? StoredTexts.Sandbox.Parse(outcome) : null,
        };
    }

    private static MeterKey? ReadKey(StoreRow row)
    {
        var (group, revision, type, index) =
            (row.TextOrNull(), row.NumberOrNull(), row.TextOrNull(), row.TextOrNull());
        return group is null ? null : new MeterKey
        {
            SupplyGroup = SupplyGroupCode.Parse(group),
            KeyRevisionNumber = KeyRevisionNumber.FromNumber((int)revision!.Value),
            KeyType = StoredTexts.KeyType.Parse(type!),
            TariffIndex = TariffIndex.Parse(index!),
        };
    }

    private void ReadShift(StoreRow row)
    {
        var shift = new Shift
        {
            Id = row.Text(),
            Operator = row.Text(),
            Vendor = row.TextOrNull(),
            Outlet = row.TextOrNull(),
            Opened = row.Time(),
            FloatMinor = row.Number(),
        };
        _shifts[shift.Operator] = shift;
    }

    private void ReadCustomer(StoreRow row)
    {
        var customer = new Customer
        {
            Id = row.Text(),
            Name = row.Text(),
            Account = row.Text(),
            Address = row.Text(),
            Phone = row.Text()
        };
        var (rule, value, keep) = (row.TextOrNull(), row.DecimalOrNull(), row.DecimalOrNull());
        var (units, evidence, expires, by, second) =
            (row.DecimalOrNull(), row.TextOrNull(), row.DayOrNull(), row.TextOrNull(), row.TextOrNull());
        _customers[customer.Id] = customer with
        {
            Arrears = rule is null ? null : new ArrearsPlan
            {
                Rule = StoredTexts.ArrearsRule.Parse(rule),
                Value = value ?? 0,
                KeepUnits = keep ?? 0
            },
            FreeAllocation = units is null || expires is null ? null : new FreeAllocation
            {
                Units = units.Value,
                Evidence = evidence ?? "",
                Expires = expires.Value,
                RegisteredBy = by ?? "",
                ApprovedBy = second,
            },
        };
    }

    private void ReadVendor(StoreRow row)
    {
        var vendor = new Vendor
        {
            Id = row.Text(),
            Name = row.Text(),
            FloorMinor = row.Number(),
            CommissionPercent = row.Decimal(),
            Active = row.Flag()
        };
        _vendors[vendor.Id] = vendor;
    }

    private void ReadOutlet(StoreRow row) =>
        _outlets.Add(new Outlet { Vendor = row.Text(), Id = row.Text(), Name = row.Text(), Active = row.Flag() });

    private void ReadGroup(StoreRow row)
    {
        var group = new SupplyGroup
        {
            Code = SupplyGroupCode.Parse(row.Text()),
            Name = row.Text(),
            CurrentKeyRevision = KeyRevisionNumber.FromNumber(row.Int()),
            KeyChangePolicy = StoredTexts.KeyChangePolicy.Parse(row.Text()),
            Keys = new List<SupplyGroupKey>(),
        };
        _groups[group.Code] = group;
    }

    private void ReadGroupKey(StoreRow row)
    {
        var keys = (List<SupplyGroupKey>)_groups[SupplyGroupCode.Parse(row.Text())].Keys;
        keys.Add(new SupplyGroupKey
        {
            KeyRevisionNumber = KeyRevisionNumber.FromNumber(row.Int()),
            KeyType = StoredTexts.KeyType.Parse(row.Text()),
            KeyExpiryNumber = KeyExpiryNumber.FromNumber(row.Int()),
            BaseDate = BaseDate.FromYear(row.Int()),
            Register = row.Int(),
            IssuedUntil = row.TimeOrNull(),
        });
    }

    private void ReadTariff(StoreRow row)
    {
        var (id, version, name) = (row.Text(), row.Int(), row.Text());
        if (!_tariffs.TryGetValue(id, out var versions))
            _tariffs[id] = versions = [];
        versions.Add(new TariffVersion
        {
            TariffId = id,
            Version = version,
            Name = name,
            State = TariffState.Active,
            Service = StoredTexts.Service.Parse(row.Text()),
            EffectiveFrom = row.Day(),
            FixedChargesCapPercent = row.Decimal(),
            TaxPercent = row.Decimal(),
            Minimum = row.Decimal(),
            Maximum = row.Decimal(),
            DailyMaximum = row.DecimalOrNull(),
            WrittenBy = row.Text(),
            ActivatedBy = row.TextOrNull(),
            Blocks = new List<TariffBlock>(),
            FixedCharges = new List<FixedCharge>(),
            Fees = new List<ChannelFee>(),
        });
    }

    private TariffVersion? TariffOf(StoreRow row)
    {
        var (id, version) = (row.Text(), row.Int());
        return _tariffs.GetValueOrDefault(id)?.Find(tariff => tariff.Version == version);
    }

    private void ReadBlock(StoreRow row) =>
        (TariffOf(row)?.Blocks as List<TariffBlock>)?.Add(new TariffBlock(row.DecimalOrNull(), row.Decimal()));

    private void ReadCharge(StoreRow row) => (TariffOf(row)?.FixedCharges as List<FixedCharge>)?.Add(
        new FixedCharge(row.Text(), row.Decimal(), StoredTexts.ChargePeriod.Parse(row.Text())));

    private void ReadFee(StoreRow row) =>
        (TariffOf(row)?.Fees as List<ChannelFee>)?.Add(new ChannelFee(row.Text(), row.Decimal(), row.Decimal()));

    private void ReadTotals(StoreRow row) => _totals[row.Text()] = new MeterTotals
    {
        LastVendAt = row.TimeOrNull(),
        ChargedThrough = row.DayOrNull(),
        FixedChargesLeft = row.Number(),
        Month = row.Day(),
        MonthMilliUnits = row.Number(),
        HadFreeUnits = row.Flag(),
        Day = row.Day(),
        TenderedToday = row.Number(),
        Hour = row.Time(),
        TokensInHour = row.Int(),
    };

    private void ReadMark(StoreRow row)
    {
        var (pan, year, highest) = (row.Text(), row.Int(), row.NumberOrNull());
        if (highest is { } value)
        {
            _marks[(pan, year)] = new IdentifierMark(
                MeterPan.Parse(pan), BaseDate.FromYear(year), TokenIdentifier.FromNumber((int)value));
        }
    }

    private void ReadReplacement(StoreRow row) => ReplacementsOf(row.Text()).Add(
        new EarlierReplacement(row.Text(), VendTexts.State(row.Text()), row.Time()));
}
