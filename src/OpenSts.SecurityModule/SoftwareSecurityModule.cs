using OpenSts.KeyLoading;
using OpenSts.Pkcs11;
using OpenSts.SecureStorage;
using OpenSts.SecurityModule.Loading;
using OpenSts.SecurityModule.Vault;
using OpenSts.Sts6;

namespace OpenSts.SecurityModule;

/// <summary>
/// A security module in software: the registers, their counters and the rules. Sessions ask it; its only input and
/// output is the vault.
/// </summary>
/// <remarks>Safe for several threads.</remarks>
public sealed class SoftwareSecurityModule : IDisposable
{
    /// <summary>The highest register that a request can name.</summary>
    public const int GreatestRegister = 999;

    private readonly KeyRegister?[] _registers = new KeyRegister?[GreatestRegister + 1];
    private readonly ITokenIssueLog _log;
    private readonly Lock _issuing = new();
    private readonly Lock _loadingOneAtATime = new();

    // Requests share it; keys are exchanged under it alone, which waits for no disk.
    private readonly ReaderWriterLockSlim _use = new();
    private readonly KeyVault? _vault;
    private readonly Pkcs11Token? _token;
    private RequestReplayCache _replays;
    private long _tokens;

    private SoftwareSecurityModule(ModuleSettings settings, IReadOnlyCollection<KeyRegister> registers, KeyVault vault,
        Pkcs11Token? token)
        : this(settings, registers, new VaultIssueLog(vault))
    {
        (_vault, _token) = (vault, token);
        // What a centre loads are no test keys: test mode does not take them.
        Loading = settings.TestMode ? null : ModuleKeyLoader.Open(vault, settings.Time);
        if (Loading is not null)
            Loading.ExchangeKeys = ExchangeKeys;
        ReadParents();
    }

    internal SoftwareSecurityModule(ModuleSettings settings, IReadOnlyCollection<KeyRegister> registers,
        ITokenIssueLog log)
    {
        if (settings.TestMode && registers.FirstOrDefault(register => !register.IsTest) is { } real)
            throw new InvalidOperationException(
                $"Register {real.Number} holds a key that is not marked as a test key: test mode does not start.");
        Settings = settings;
        _log = log;
        _replays = new RequestReplayCache(settings.Repeats);
        foreach (var register in registers)
        {
            _registers[register.Number] = register;
            _tokens = Saturated(_tokens, register.Counters.Tokens);
        }
    }

    /// <summary>How it was started.</summary>
    public ModuleSettings Settings { get; }

    /// <summary>What the module is for: as its certificate says; without a certificate, as its settings say.</summary>
    public ModuleRole Role => Settings.Role ?? ModuleRole.Vending;

    /// <summary>Whether it answers requests at all.</summary>
    public ModuleState State { get; private set; }

    /// <summary>The numbers of the loaded registers.</summary>
    public IReadOnlyList<int> Registers => [.. _registers.OfType<KeyRegister>().Select(register => register.Number)];

    /// <summary>Opens the registers 1 to 999 of a vault for use.</summary>
    /// <param name="vault">Stays open as long as the module.</param>
    /// <param name="token">The token that keys of the vault are on; null where none is.</param>
    /// <param name="settings">How it is started.</param>
    /// <exception cref="InvalidOperationException">
    /// A register cannot be used or is no test key in test mode, or the settings give another role than the vault's
    /// certificate; the message says which.
    /// </exception>
    public static SoftwareSecurityModule Open(KeyVault vault, Pkcs11Token? token, ModuleSettings settings)
    {
        ArgumentNullException.ThrowIfNull(vault);
        ArgumentNullException.ThrowIfNull(settings);
        settings = settings with { Role = RoleOf(vault, settings) };
        var registers = new List<KeyRegister>();
        try
        {
            foreach (var record in vault.Records.Where(record => record.Number <= GreatestRegister))
                registers.Add(KeyRegister.Open(record.Number, record.Attributes, record.Counters,
                    vault.OpenHandle(record.Number, token)));
            return new SoftwareSecurityModule(settings, registers, vault, token);
        }
        catch
        {
            registers.ForEach(register => register.Dispose());
            throw;
        }
    }

    /// <summary>
    /// A module with the nine registers of the public test suites, which keeps no counters when it ends.
    /// </summary>
    public static SoftwareSecurityModule WithTestRegisters(ModuleSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new SoftwareSecurityModule(settings, TestRegisters.Create(), new MemoryIssueLog());
    }

    /// <summary>Completes when what was noted up to an entry is durable; only then may its answer leave.</summary>
    /// <exception cref="StorageException">It never will be; the module has failed.</exception>
    public async Task WhenDurableAsync(ulong entry)
    {
        try
        {
            await _log.WhenDurable(entry).ConfigureAwait(false);
        }
        catch (StorageException)
        {
            Fail();
            throw;
        }
    }

    /// <summary>Tamper detected: from now on every request is refused with code 57.</summary>
    public void Tamper() => State = ModuleState.Tampered;

    /// <summary>From now on every request is refused with code 58.</summary>
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

    /// <summary>Tokens made in the life of the registers.</summary>
    internal long TokensMade => Volatile.Read(ref _tokens);

    /// <summary>The module's clock; null where test mode lets it refuse nothing.</summary>
    internal DateTimeOffset? CheckedClock => Settings.TestMode ? null : Settings.Time.GetUtcNow();

    /// <summary>Takes the registers for a request; they are not exchanged before it is disposed.</summary>
    internal RegisterUse UseRegisters() => new(_use);

    /// <summary>Runs one command of key loading; others wait for it, token issues do not.</summary>
    internal T RunLoading<T>(Func<ModuleKeyLoader, T> command)
    {
        lock (_loadingOneAtATime)
            return command(Loading!);
    }

    internal KeyRegister? Find(int register) => register is >= 1 and <= GreatestRegister ? _registers[register] : null;

    /// <summary>Whether a request was answered with a token before.</summary>
    internal bool TryFindIssued(UInt128 request, out IssuedToken issued)
    {
        lock (_issuing)
            return _replays.TryFind(request, out issued);
    }

    /// <summary>Limits, licence and the note of a token issue, as one step.</summary>
    /// <param name="register">The register whose key made the tokens.</param>
    /// <param name="issue">What is issued.</param>
    /// <param name="issued">The issue; the earlier one where the request comes again, and then nothing is
    /// counted.</param>
    /// <returns>Successful, or 31, 98 with nothing noted.</returns>
    internal ResponseCode Issue(KeyRegister register, in TokenIssue issue, out IssuedToken issued)
    {
        lock (_issuing)
        {
            if (_replays.TryFind(issue.Request, out issued))
                return ResponseCode.Successful;
            var (before, card) = (register.Counters, register.Card);
            var after = new VaultCounters
            {
                Units = Saturated(before.Units, issue.Units),
                Currency = Saturated(before.Currency, issue.Currency),
                Tokens = Saturated(before.Tokens, issue.Tokens),
            };
            // Step 15 of the order of checks, then step 16.
            if ((issue.Units > 0 && card.UnitLimit != KeyCard.NoLimit && after.Units > card.UnitLimit)
                || (issue.Currency > 0 && card.CurrencyLimit != KeyCard.NoLimit
                    && after.Currency > card.CurrencyLimit))
                return ResponseCode.InsufficientCreditBalance;
            var licence = Settings.Licence;
            if (licence.Tokens - _tokens < issue.Tokens
                || (licence.StopVending is { } stop && Settings.Time.GetUtcNow() > stop))
                return ResponseCode.NotLicensed;
            issued = new IssuedToken(_log.Record(register.Number, after, issue.Text), issue.Random);
            register.Counters = after;
            _tokens = Saturated(_tokens, issue.Tokens);
            _replays.Add(issue.Request, issued);
            return ResponseCode.Successful;
        }
    }

    /// <summary>Lines of the log; does not hold up anybody else.</summary>
    internal IReadOnlyList<string> ReadLog(ulong from, int count, out ulong next) => _log.Read(from, count, out next);

    // M6: a module for meters' production must not issue credit, and the reverse.
    private static ModuleRole RoleOf(KeyVault vault, ModuleSettings settings)
    {
        using var identity = ModuleIdentity.Open(vault);
        if (identity is null)
            return settings.Role ?? ModuleRole.Vending;
        var certified = identity.Certificate.Kind == ModuleKind.Manufacturing ? ModuleRole.Manufacturing
            : ModuleRole.Vending;
        return settings.Role is { } asked && asked != certified
            ? throw new InvalidOperationException(
                $"The vault's certificate is that of a {Name(certified)} module: it cannot be started as a "
                    + $"{Name(asked)} module.")
            : certified;
    }

    private static string Name(ModuleRole role) => role == ModuleRole.Vending ? "vending" : "manufacturing";

    /// <summary>Puts prepared keys into use; returns what hinders it, and then nothing changed.</summary>
    // What takes time (opening keys, the disk) is done before the registers are held, or after.
    internal string ExchangeKeys(PreparedChange change)
    {
        var fresh = new List<KeyRegister>();
        try
        {
            foreach (var record in change.Fresh.Where(record => record.Number <= GreatestRegister))
                fresh.Add(KeyRegister.Open(record.Number, record.Attributes, default,
                    VendingKeyHandles.Of(change, record, _token)));
        }
        catch (Exception error) when (error is InvalidOperationException or TokenException)
        {
            fresh.ForEach(register => register.Dispose());
            return error.Message;
        }

        var replaced = new List<KeyRegister>();
        _use.EnterWriteLock();
        try
        {
            change.Apply();
            foreach (var number in change.Touched.Where(number => number <= GreatestRegister))
            {
                if (_registers[number] is { } old)
                    replaced.Add(old);
                _registers[number] = null;
            }

            fresh.ForEach(register => _registers[register.Number] = register);
            // A register may hold another key now, under which the same request is another token.
            _replays = new RequestReplayCache(Settings.Repeats);
            _tokens = _registers.OfType<KeyRegister>()
                .Aggregate(0L, (sum, register) => Saturated(sum, register.Counters.Tokens));
        }
        finally
        {
            _use.ExitWriteLock();
        }

        replaced.ForEach(register => register.Dispose());
        return "";
    }

    // A key whose centre may not vend with it now issues no credit: step 5 of the order of checks.
    private void ReadParents()
    {
        foreach (var register in _registers.OfType<KeyRegister>())
            register.ParentIsActive = Loading?.ParentOf(register.Number)?.MayVend ?? true;
    }

    // Amounts of money reach 10^30: a total stays at the greatest number in place of starting anew.
    private static long Saturated(long total, long more) =>
        total > long.MaxValue - more ? long.MaxValue : total + more;
}
