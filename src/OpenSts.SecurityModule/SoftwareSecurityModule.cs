using OpenSts.SecureStorage;
using OpenSts.KeyLoading;
using OpenSts.SecurityModule.Loading;
using OpenSts.Pkcs11;
using OpenSts.SecurityModule.Vault;
using OpenSts.Sts6;

namespace OpenSts.SecurityModule;

/// <summary>A security module in software: the registers, their counters and the rules. Sessions ask it; it does no input or output but the vault's.</summary>
public sealed class SoftwareSecurityModule : IDisposable
{
    /// <summary>The highest register that a request can name.</summary>
    public const int GreatestRegister = 999;
    private readonly KeyRegister?[] _registers = new KeyRegister?[GreatestRegister + 1];
    private readonly ISaleJournal _journal;
    private RepeatMemory _repeats;
    private readonly Lock _selling = new();
    private readonly ReaderWriterLockSlim _use = new();
    private readonly KeyVault? _vault;
    private readonly Pkcs11Token? _token;
    private long _tokens;

    private SoftwareSecurityModule(ModuleSettings settings, IReadOnlyCollection<KeyRegister> registers, KeyVault vault, Pkcs11Token? token)
        : this(settings, registers, new VaultJournal(vault))
    {
        (_vault, _token) = (vault, token);
        // What a centre loads are no test keys: test mode does not take them.
        Loading = settings.TestMode ? null : ModuleKeyLoader.Open(vault, settings.Time);
        TakeParents();
    }

    internal SoftwareSecurityModule(ModuleSettings settings, IReadOnlyCollection<KeyRegister> registers, ISaleJournal journal)
    {
        if (settings.TestMode && registers.FirstOrDefault(register => !register.IsTest) is { } real)
            throw new InvalidOperationException($"Register {real.Number} holds a key that is not marked as a test key: test mode does not start.");
        Settings = settings;
        _journal = journal;
        _repeats = new RepeatMemory(settings.Repeats);
        foreach (var register in registers)
        {
            _registers[register.Number] = register;
            _tokens = Saturated(_tokens, register.Counters.Tokens);
        }
    }

    public ModuleSettings Settings { get; }

    public ModuleState State { get; private set; }

    /// <summary>The numbers of the loaded registers.</summary>
    public IReadOnlyList<int> Registers => [.. _registers.OfType<KeyRegister>().Select(register => register.Number)];

    /// <summary>Opens the registers 1 to 999 of a vault for use.</summary>
    /// <param name="vault">Stays open as long as the module.</param>
    /// <param name="token">The token that keys of the vault are on; null where none is.</param>
    /// <param name="settings">How it is started.</param>
    /// <exception cref="InvalidOperationException">A register cannot be used, or is no test key in test mode; the message names it.</exception>
    public static SoftwareSecurityModule Open(KeyVault vault, Pkcs11Token? token, ModuleSettings settings)
    {
        ArgumentNullException.ThrowIfNull(vault);
        ArgumentNullException.ThrowIfNull(settings);
        var registers = OpenRegisters(vault, token);
        try
        {
            return new SoftwareSecurityModule(settings, registers, vault, token);
        }
        catch
        {
            registers.ForEach(register => register.Dispose());
            throw;
        }
    }

    /// <summary>A module with the nine registers of the public test suites, which forgets what it sold.</summary>
    public static SoftwareSecurityModule WithTestRegisters(ModuleSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new SoftwareSecurityModule(settings, TestRegisters.Create(), new MemoryJournal());
    }

    /// <summary>Completes when what was noted up to an entry is durable; only then may its answer leave.</summary>
    /// <exception cref="StorageException">It never will be; the module has failed.</exception>
    public async Task WhenDurableAsync(ulong entry)
    {
        try
        {
            await _journal.WhenDurable(entry).ConfigureAwait(false);
        }
        catch (StorageException)
        {
            Fail();
            throw;
        }
    }

    /// <summary>From now on the module answers only that it was tampered with.</summary>
    public void Tamper() => State = ModuleState.Tampered;

    /// <summary>From now on the module answers only that it failed.</summary>
    public void Fail()
    {
        if (State == ModuleState.Ready)
            State = ModuleState.Failed;
    }

    /// <summary>Clears the keys.</summary>
    public void Dispose()
    {
        foreach (var register in _registers)
            register?.Dispose();
        Loading?.Dispose();
        _use.Dispose();
    }

    /// <summary>Key loading; null where the module has no identity that a centre could know.</summary>
    internal ModuleKeyLoader? Loading { get; }

    /// <summary>Answers a request: alone, or together with others.</summary>
    internal ModuleUse Use(bool exclusively) => new(_use, exclusively);

    /// <summary>Takes the registers from the vault anew. Only for who uses the module exclusively.</summary>
    /// <remarks>A key that cannot be used leaves a module without keys that says it failed: the old ones are not in the vault any more.</remarks>
    internal void ReopenRegisters()
    {
        foreach (var register in _registers)
            register?.Dispose();
        Array.Clear(_registers);
        // A register may hold another key now, under which the same request is another token.
        _repeats = new RepeatMemory(Settings.Repeats);
        _tokens = 0;
        try
        {
            foreach (var register in OpenRegisters(_vault!, _token))
            {
                _registers[register.Number] = register;
                _tokens = Saturated(_tokens, register.Counters.Tokens);
            }
        }
        catch (Exception error) when (error is InvalidOperationException or TokenException)
        {
            Fail();
        }

        TakeParents();
    }

    /// <summary>Tokens made in the life of the registers.</summary>
    internal long TokensMade => Volatile.Read(ref _tokens);

    /// <summary>The module's clock; null where test mode lets it refuse nothing.</summary>
    internal DateTimeOffset? CheckedClock => Settings.TestMode ? null : Settings.Time.GetUtcNow();

    internal KeyRegister? Find(int register) => register is >= 1 and <= GreatestRegister ? _registers[register] : null;

    /// <summary>Whether a request was answered with a token before.</summary>
    internal bool TryFindSold(UInt128 request, out SoldToken sold)
    {
        lock (_selling)
            return _repeats.TryFind(request, out sold);
    }

    /// <summary>Limits, licence and the note of a sale, as one step.</summary>
    /// <param name="register">The register that sells.</param>
    /// <param name="sale">What is sold.</param>
    /// <param name="sold">The sale; the earlier one where the request comes again, and then nothing is counted.</param>
    /// <returns>Successful, or 31, 98 with nothing noted.</returns>
    internal ResponseCode Sell(KeyRegister register, in Sale sale, out SoldToken sold)
    {
        lock (_selling)
        {
            if (_repeats.TryFind(sale.Request, out sold))
                return ResponseCode.Successful;
            var (before, card) = (register.Counters, register.Card);
            var after = new VaultCounters
            {
                Units = Saturated(before.Units, sale.Units),
                Currency = Saturated(before.Currency, sale.Currency),
                Tokens = Saturated(before.Tokens, sale.Tokens),
            };
            // Step 15 of the order of checks, then step 16.
            if ((sale.Units > 0 && card.UnitLimit != KeyCard.NoLimit && after.Units > card.UnitLimit)
                || (sale.Currency > 0 && card.CurrencyLimit != KeyCard.NoLimit && after.Currency > card.CurrencyLimit))
                return ResponseCode.InsufficientCreditBalance;
            var licence = Settings.Licence;
            if (licence.Tokens - _tokens < sale.Tokens || (licence.StopVending is { } stop && Settings.Time.GetUtcNow() > stop))
                return ResponseCode.NotLicensed;
            sold = new SoldToken(_journal.Record(register.Number, after, sale.Text), sale.Random);
            register.Counters = after;
            _tokens = Saturated(_tokens, sale.Tokens);
            _repeats.Add(sale.Request, sold);
            return ResponseCode.Successful;
        }
    }

    internal IReadOnlyList<string> ReadLog(ulong from, int count, out ulong next) => _journal.Read(from, count, out next);

    private static List<KeyRegister> OpenRegisters(KeyVault vault, Pkcs11Token? token)
    {
        var registers = new List<KeyRegister>();
        try
        {
            foreach (var record in vault.Records.Where(record => record.Number <= GreatestRegister))
            {
                if (!KeyCard.TryParse(record.Attributes, out var card, out var problem))
                    throw new InvalidOperationException($"Register {record.Number}: {problem}.");
                var register = new KeyRegister(record.Number, card, vault.OpenHandle(record.Number, token), record.Counters, card.IsTest);
                registers.Add(register);
                register.RequireUsable();
            }

            return registers;
        }
        catch
        {
            registers.ForEach(register => register.Dispose());
            throw;
        }
    }

    // A key whose centre may not vend with it now sells nothing: step 7 of the order of checks.
    private void TakeParents()
    {
        foreach (var register in _registers.OfType<KeyRegister>())
            register.ParentIsActive = Loading?.ParentOf(register.Number)?.MayVend ?? true;
    }

    // Amounts of money reach 10^30: a total stays at the greatest number in place of starting anew.
    private static long Saturated(long total, long more) => total > long.MaxValue - more ? long.MaxValue : total + more;
}
