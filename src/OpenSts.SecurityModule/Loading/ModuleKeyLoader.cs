using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using OpenSts.KeyLoading;
using OpenSts.SecureStorage;
using OpenSts.SecurityModule.Vault;
using OpenSts.Sts6;

namespace OpenSts.SecurityModule.Loading;

/// <summary>
/// How vending keys come into a module's vault from a key management centre: what the commands KC, KR, KL, KF and KX
/// do.
/// </summary>
/// <remarks>
/// A file is staged line by line in memory and put into the vault in one step with everything that goes with it: a
/// loss of power leaves the old keys or the new ones. A request survives a restart, a staged file does not: it is read
/// again from its header. Calls come one at a time. After <see cref="Finish"/> and <see cref="RemoveCentre"/> whoever
/// holds handles of registers opens them anew: the vault's generation has risen.
/// </remarks>
public sealed class ModuleKeyLoader : IDisposable
{
    /// <summary>Centres that a module can serve.</summary>
    public const int SlotCount = 8;

    /// <summary>The greatest register that a file may fill.</summary>
    public const int GreatestRegister = 999;
    private const int FirstSlotRecord = 60_010;
    private const string ParentTag = "PAR";
    private readonly KeyVault _vault;
    private readonly TimeProvider _time;
    private readonly ModuleIdentity _identity;
    private readonly Dictionary<int, CentreSlot> _slots = [];
    private readonly List<int> _registers = [];
    private readonly Dictionary<(SupplyGroupCode Sgc, KeyRevisionNumber Krn, KeyType Type), int> _known = [];
    private readonly HashSet<int> _taken = [];
    private KeyLoadReader? _reader;
    private AgreementKey? _ephemeral;
    private int _readingSlot;

    private ModuleKeyLoader(KeyVault vault, TimeProvider time, ModuleIdentity identity)
    {
        (_vault, _time, _identity) = (vault, time, identity);
        for (var number = 1; number <= SlotCount; number++)
        {
            if (_vault.OpenOwn(FirstSlotRecord + number) is not { } record)
                continue;
            using (record.Secret)
            {
                _slots[number] = CentreSlot.TryParse(number, record.Attributes, out var slot)
                    ? slot
                    : throw new StorageException(StorageFault.Format,
                        $"Slot {number} of the vault is of another edition.");
            }
        }
    }

    /// <summary>
    /// Exchanges keys in a module that is in use; returns what hinders it, or nothing. Null where no module is in use.
    /// </summary>
    internal Func<PreparedChange, string>? ExchangeKeys { get; set; }

    /// <summary>Who the module is.</summary>
    public ModuleCertificate Certificate => _identity.Certificate;

    /// <summary>The root whose certificates it believes.</summary>
    public RootCertificate Root => _identity.Root;

    /// <summary>The centres the module knows, by slot.</summary>
    public IReadOnlyList<CentreSlot> Slots => [.. _slots.Values.OrderBy(slot => slot.Number)];

    /// <summary>Opens what a vault holds for loading; null where the module has no identity yet.</summary>
    /// <param name="vault">Stays the caller's and outlives this.</param>
    /// <param name="time">The module's clock.</param>
    public static ModuleKeyLoader? Open(KeyVault vault, TimeProvider time) =>
        ModuleIdentity.Open(vault) is { } identity ? new ModuleKeyLoader(vault, time, identity) : null;

    /// <summary>The centre from which a register's key came; null for a laboratory key or an empty register.</summary>
    public CentreSlot? ParentOf(int register) =>
        _vault.Find(register) is { } record && Parent(record) is { } kmcid
            ? _slots.Values.FirstOrDefault(slot => slot.Kmcid == kmcid) : null;

    /// <summary>KC: takes a centre's certificate into a slot; the answer is the slot's number.</summary>
    /// <returns>49 for a damaged line, an extended error for a certificate of another root, 41 and 43 for its times,
    /// 26 for an older one, 27 without a free slot.</returns>
    public ModuleAnswer<int> TakeCentre(string certificateLine)
    {
        if (!CentreCertificate.TryParse(certificateLine, out var certificate, out var problem))
            return Refuse<int>(ResponseCode.DfFormatError, problem);
        if (!certificate.IsSignedBy(_identity.Root))
            return Refuse<int>(ResponseCode.ExtendedError,
                $"certificate of centre {certificate.Kmcid} is not signed by root {_identity.Root.Name}");
        var now = _time.GetUtcNow();
        if (now >= certificate.Expiry)
            return Refuse<int>(ResponseCode.KeyExpired,
                $"the centre's key expired at {ConcatLine.Time(certificate.Expiry)}");
        if (now < certificate.Activation)
            return Refuse<int>(ResponseCode.KeyNotYetActive,
                $"the centre's key is in use from {ConcatLine.Time(certificate.Activation)}");
        var slot = _slots.Values.FirstOrDefault(slot => slot.Kmcid == certificate.Kmcid);
        if (slot is not null && slot.Using == certificate)
            return Answer(slot.Number);
        if (slot is not null && slot.Using.Sequence >= certificate.Sequence)
            return Refuse<int>(ResponseCode.KmcKeyStateError,
                $"key {slot.Using.Sequence} of centre {slot.Kmcid} is known, {certificate.Sequence} is no later one");
        var number = slot?.Number ?? Enumerable.Range(1, SlotCount).FirstOrDefault(free => !_slots.ContainsKey(free));
        if (number == 0)
            return Refuse<int>(ResponseCode.KekSlotNotFound, $"all {SlotCount} slots are taken");
        StopReading(number);
        slot = (slot ?? new CentreSlot { Number = number, State = CentreSlotState.Pending }) with
        {
            State = CentreSlotState.Pending,
            Next = certificate,
            Request = null,
        };
        WriteSlot(slot, [0], $"KC slot {number}: key {certificate.Sequence:D4} of centre {certificate.Kmcid}");
        return Answer(number);
    }

    /// <summary>
    /// KR: makes a request; an earlier one is void from then on. The answer is the line for the centre.
    /// </summary>
    /// <returns>27 for an unknown centre, 26 for a module without certificate, 41 where the centre's key has
    /// expired.</returns>
    public ModuleAnswer<string> Request(string kmcid)
    {
        if (Find(kmcid) is not { } slot)
            return Refuse<string>(ResponseCode.KekSlotNotFound,
                "the centre is not known; its certificate comes first");
        if (!_identity.Certificate.IsSignedBy(_identity.Root))
            return Refuse<string>(ResponseCode.KmcKeyStateError, "the module's own certificate is not signed yet");
        if (_time.GetUtcNow() >= slot.Using.Expiry)
            return Refuse<string>(ResponseCode.KeyExpired,
                $"the centre's key expired at {ConcatLine.Time(slot.Using.Expiry)}");
        StopReading(slot.Number);
        using var ephemeral = AgreementKey.Create();
        var request = new LoadRequest
        {
            Kmcid = slot.Kmcid,
            Sequence = slot.Using.Sequence,
            ModuleId = _identity.Certificate.ModuleId,
            KeyIdentifier = _identity.Certificate.Key.Identifier,
            Ephemeral = ephemeral.Public,
            Clock = ModuleDescription.ToSeconds(_time.GetUtcNow()),
            Nonce = Convert.ToHexString(RandomNumberGenerator.GetBytes(16)),
        };
        using var scalar = ephemeral.LeaseScalar();
        WriteSlot(slot with { State = CentreSlotState.Loading, Request = request }, scalar.Span,
            $"KR request to centre {slot.Kmcid}");
        return Answer(request.Line);
    }

    /// <summary>KL: reads the header or a key of a file; staged only.</summary>
    /// <returns>49 damaged line, 33 file for another module, 27 unknown centre, 26 no request, 87 wrong file or order,
    /// 77 wrong MAC, 94 wrong card, 28 no free register.</returns>
    public ModuleAnswer<LoadedLine> Load(string line) =>
        ConcatLine.TypeOf(line) == LoadHeader.Type ? LoadHeaderLine(line) : LoadKeyLine(line);

    /// <summary>
    /// KF: puts the staged file into the vault and clears the centre's registers that it no longer holds.
    /// </summary>
    /// <returns>49, 77, 87 as for a key; 26 without a file. The end of the file that was loaded last is answered as
    /// the first time.</returns>
    public ModuleAnswer<LoadOutcome> Finish(string endLine)
    {
        var hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(endLine ?? "")));
        if (_slots.Values.FirstOrDefault(slot => slot.LastOutcome?.EndHash == hash) is { LastOutcome: { } known })
            return Answer(known);
        if (_reader is not { Header: { } header })
            return Refuse<LoadOutcome>(ResponseCode.KmcKeyStateError, "no file is being read");
        var code = _reader.ReadEnd(endLine!);
        if (code != ResponseCode.Successful)
            return Refuse<LoadOutcome>(code, _reader.Problem);
        var slot = _slots[_readingSlot];
        var records = _vault.Records;
        var absent = records.Where(record => Parent(record) == slot.Kmcid && !_registers.Contains(record.Number))
            .Select(record => record.Number).ToList();
        if (records.Any(record => _registers.Contains(record.Number) && Parent(record) != slot.Kmcid))
            return Refuse<LoadOutcome>(ResponseCode.KmcKeyStateError,
                "a register was taken meanwhile; read the file again from its header");
        var outcome = new LoadOutcome
        {
            Loaded = _registers.Count,
            Removed = absent.Count,
            EndHash = hash,
            Confirmation = new LoadConfirmation
            {
                Kmcid = slot.Kmcid,
                ModuleId = header.ModuleId,
                KekId = header.KekId,
                Count = header.Count,
                Mac = _reader.ConfirmationMac,
            },
        };
        var problem = Commit(slot with
        {
            State = CentreSlotState.Active,
            Active = slot.Using,
            Next = null,
            Request = null,
            LastKekId = header.KekId,
            LastOutcome = outcome,
        }, absent);
        return problem.Length == 0 ? Answer(outcome) : Refuse<LoadOutcome>(ResponseCode.AttributeError, problem);
    }

    /// <summary>
    /// A whole file: its lines in their order, as by <see cref="Load"/> and <see cref="Finish"/>. After a refusal
    /// nothing of it stays.
    /// </summary>
    public ModuleAnswer<LoadOutcome> LoadFile(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var lines = text.Split('\n');
        if (lines[^1].Length == 0)
            lines = lines[..^1];
        if (lines.Length == 0)
            return Refuse<LoadOutcome>(ResponseCode.DfFormatError, "the file is empty");
        for (var i = 0; i < lines.Length - 1; i++)
        {
            var answer = i == 0 ? LoadHeaderLine(lines[0]) : LoadKeyLine(lines[i]);
            if (answer.Code == ResponseCode.Successful && (i == 0 || lines[i] != lines[i - 1]))
                continue;
            Abandon();
            return Refuse<LoadOutcome>(answer.Code == ResponseCode.Successful ? ResponseCode.InvalidInstruction
                : answer.Code,
                $"line {i + 1}: {(answer.Code == ResponseCode.Successful ? "is there twice" : answer.Text)}");
        }

        var end = Finish(lines[^1]);
        if (end.Code == ResponseCode.Successful)
            return end;
        Abandon();
        return end with { Text = $"line {lines.Length}: {end.Text}" };
    }

    /// <summary>Lets a file that was begun go; the request stays.</summary>
    public void Abandon() => StopReading(_readingSlot);

    /// <summary>
    /// KX: forgets a centre and clears every key that came from it, in one step. The answer is the number of keys.
    /// </summary>
    /// <returns>27 for an unknown centre.</returns>
    public ModuleAnswer<int> RemoveCentre(string kmcid)
    {
        if (Find(kmcid) is not { } slot)
            return Refuse<int>(ResponseCode.KekSlotNotFound, "the centre is not known");
        StopReading(slot.Number);
        var registers = _vault.Records.Where(record => Parent(record) == slot.Kmcid).Select(record => record.Number)
            .ToList();
        _ = Exchange([VaultChange.Remove(FirstSlotRecord + slot.Number), .. registers.Select(VaultChange.Remove)],
            $"KX centre {slot.Kmcid}: {registers.Count} keys removed");
        _ = _slots.Remove(slot.Number);
        return Answer(registers.Count);
    }

    /// <summary>Clears what was staged; the vault stays open.</summary>
    public void Dispose()
    {
        Abandon();
        _identity.Dispose();
    }

    private static string? Parent(VaultRecord record) =>
        record.Attributes.Split(';')
            .FirstOrDefault(item => item.StartsWith(ParentTag, StringComparison.Ordinal))?[ParentTag.Length..];

    private static ModuleAnswer<T> Answer<T>(T value)
        where T : notnull => new() { Code = ResponseCode.Successful, Value = value };

    private static ModuleAnswer<T> Refuse<T>(ResponseCode code, string text)
        where T : notnull => new() { Code = code, Text = text };

    private CentreSlot? Find(string kmcid) => _slots.Values.FirstOrDefault(slot => slot.Kmcid == kmcid);

    private ModuleAnswer<LoadedLine> LoadHeaderLine(string line)
    {
        if (!LoadHeader.TryParse(line, out var header, out var problem))
            return Refuse<LoadedLine>(ResponseCode.DfFormatError, problem);
        if (header.ModuleId != _identity.Certificate.ModuleId)
            return Refuse<LoadedLine>(ResponseCode.InvalidSecurityModuleId,
                $"the file is for module {header.ModuleId}, this is {_identity.Certificate.ModuleId}");
        if (Find(header.Kmcid) is not { } slot)
            return Refuse<LoadedLine>(ResponseCode.KekSlotNotFound, $"centre {header.Kmcid} is not known");
        if (header.KekId <= slot.LastKekId)
            return Refuse<LoadedLine>(ResponseCode.InvalidInstruction,
                $"the file has number {header.KekId}, number {slot.LastKekId} was loaded already");
        if (slot.Request is not { } request || _vault.OpenOwn(FirstSlotRecord + slot.Number) is not { } record)
            return Refuse<LoadedLine>(ResponseCode.KmcKeyStateError, "no file was requested");
        using var secret = record.Secret;
        var ephemeral = AgreementKey.Import(secret.Span);
        var reader = new KeyLoadReader(_identity.Key, ephemeral, slot.Using, request, slot.LastKekId,
            _identity.Certificate.Kind == ModuleKind.Manufacturing);
        var code = reader.ReadHeader(line, _time.GetUtcNow());
        if (code != ResponseCode.Successful)
        {
            reader.Dispose();
            ephemeral.Dispose();
            return Refuse<LoadedLine>(code, reader.Problem);
        }

        // A file that was broken off is begun again from its header.
        Abandon();
        (_reader, _ephemeral, _readingSlot) = (reader, ephemeral, slot.Number);
        ReadRegisters(slot.Kmcid);
        return Answer(new LoadedLine(header.Count, 0, ""));
    }

    private ModuleAnswer<LoadedLine> LoadKeyLine(string line)
    {
        if (_reader is null)
            return Refuse<LoadedLine>(ResponseCode.KmcKeyStateError, "no file is being read");
        var code = _reader.ReadKey(line);
        if (code != ResponseCode.Successful)
            return Refuse<LoadedLine>(code, _reader.Problem);
        var card = _reader.Staged[^1].Card;
        if (_registers.Count < _reader.Staged.Count)
            _registers.Add(RegisterFor(card));
        if (_registers[^1] != 0)
            return Answer(new LoadedLine(0, _registers[^1], card.CheckValue));
        Abandon();
        return Refuse<LoadedLine>(ResponseCode.VkRegNotFound, $"all {GreatestRegister} registers are taken");
    }

    // Read once for each file; what changes meanwhile is found again at its end.
    private void ReadRegisters(string kmcid)
    {
        foreach (var record in _vault.Records)
        {
            _ = _taken.Add(record.Number);
            if (Parent(record) == kmcid && KeyCard.TryParse(record.Attributes, out var card, out _))
                _known[(card.SupplyGroupCode, card.KeyRevisionNumber, card.KeyType)] = record.Number;
        }
    }

    private int RegisterFor(KeyCard card)
    {
        if (_known.TryGetValue((card.SupplyGroupCode, card.KeyRevisionNumber, card.KeyType), out var known))
            return known;
        var free = Enumerable.Range(1, GreatestRegister).FirstOrDefault(register => !_taken.Contains(register));
        _ = _taken.Add(free);
        return free;
    }

    // The new keys take the place of the old ones in one step; what a module in use has to do for it does not wait for
    // the disk.
    private string Exchange(IReadOnlyList<VaultChange> changes, string note)
    {
        using var prepared = _vault.Prepare(changes, note);
        var problem = "";
        if (ExchangeKeys is { } exchange)
            problem = exchange(prepared);
        else
            prepared.Apply();
        if (problem.Length == 0)
            prepared.WaitUntilDurable();
        return problem;
    }

    private string Commit(CentreSlot slot, List<int> absent)
    {
        var changes = new List<VaultChange>(absent.Select(VaultChange.Remove));
        try
        {
            for (var i = 0; i < _registers.Count; i++)
            {
                var staged = _reader!.Staged[i];
                var card = staged.Card with { More = staged.Card.More.SetItem(ParentTag, slot.Kmcid) };
                using var key = staged.LeaseKey();
                changes.Add(VaultChange.Set(_registers[i], card.ToString(), key.Span));
            }

            // The request's private key goes in the same step: a second file for it can never be read.
            changes.Add(VaultChange.Set(FirstSlotRecord + slot.Number, slot.ToText(), [0]));
            var problem = Exchange(changes,
                string.Create(CultureInfo.InvariantCulture,
                $"KF file {slot.LastKekId} of centre {slot.Kmcid}: {_registers.Count} keys set, {absent.Count} removed"));
            if (problem.Length == 0)
                _slots[slot.Number] = slot;
            return problem;
        }
        finally
        {
            changes.ForEach(change => change.Dispose());
            StopReading(slot.Number);
        }
    }

    private void WriteSlot(CentreSlot slot, ReadOnlySpan<byte> secret, string note)
    {
        using var change = VaultChange.Set(FirstSlotRecord + slot.Number, slot.ToText(), secret);
        _vault.Commit([change], note);
        _slots[slot.Number] = slot;
    }

    private void StopReading(int slot)
    {
        if (slot != _readingSlot)
            return;
        _reader?.Dispose();
        _ephemeral?.Dispose();
        (_reader, _ephemeral, _readingSlot) = (null, null, 0);
        _registers.Clear();
        _known.Clear();
        _taken.Clear();
    }
}
