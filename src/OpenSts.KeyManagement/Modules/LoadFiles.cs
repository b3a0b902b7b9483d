using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using OpenSts.KeyLoading;
using OpenSts.KeyManagement.Keys;
using OpenSts.KeyManagement.Records;
using OpenSts.KeyManagement.Storage;
using OpenSts.Secrets;
using OpenSts.Sts6;

namespace OpenSts.KeyManagement.Modules;

/// <summary>Makes key load files and takes the modules' confirmations.</summary>
public sealed class LoadFiles
{
    /// <summary>A module's clock may be so far from the centre's: its dates of issue are read by that clock.</summary>
    public static readonly TimeSpan ClockTolerance = TimeSpan.FromDays(1);
    private readonly CentreContext _centre;
    private readonly CentreStore _store;
    private readonly AgreementKeys _agreementKeys;

    internal LoadFiles(CentreContext centre, AgreementKeys agreementKeys) =>
        (_centre, _store, _agreementKeys) = (centre, centre.Store, agreementKeys);

    /// <summary>All files ever made, by module and number.</summary>
    public IEnumerable<LoadFile> All => _store.All(RecordKinds.Files);

    /// <summary>
    /// Makes the file that answers a module's request; a request that was answered and not confirmed gets the same
    /// file again.
    /// </summary>
    /// <param name="officer">Who makes it.</param>
    /// <param name="requestLine">The module's VKLR line.</param>
    public CentreAnswer<LoadFile> Make(OfficerKey officer, string requestLine) => RefusalException.Catch(() =>
    {
        var name = _centre.Require(officer);
        return MakeBatch(name, [requestLine])[0];
    });

    /// <summary>Makes many files, stored in one step: all of them, or the first refusal and none.</summary>
    public CentreAnswer<IReadOnlyList<LoadFile>> Make(OfficerKey officer, IReadOnlyList<string> requestLines) =>
        RefusalException.Catch<IReadOnlyList<LoadFile>>(() =>
    {
        ArgumentNullException.ThrowIfNull(requestLines);
        return MakeBatch(_centre.Require(officer), requestLines);
    });

    /// <summary>Takes the confirmation that a module holds what its file held.</summary>
    public CentreAnswer<LoadFile> Confirm(string line) => RefusalException.Catch(() =>
    {
        if (!LoadConfirmation.TryParse(line, out var confirmation, out var problem))
            throw new RefusalException(CentreVerdict.Format, problem);
        if (confirmation.Kmcid != _centre.Kmcid)
            throw new RefusalException(CentreVerdict.Unknown,
                $"the confirmation is for centre {confirmation.Kmcid}, this is {_centre.Kmcid}");
        var file = _store.Find(RecordKinds.Files,
            string.Create(CultureInfo.InvariantCulture, $"{confirmation.ModuleId}/{confirmation.KekId:D8}"))
            ?? throw new RefusalException(CentreVerdict.Unknown,
                $"no file {confirmation.KekId} was made for module {confirmation.ModuleId}");
        if (confirmation.Count != file.Keys.Count || Hash(confirmation.Mac) != file.ConfirmationHash)
            throw new RefusalException(CentreVerdict.WrongConfirmation,
                $"the confirmation was not made with the keys of file {file.KekId} of module {file.Module}");
        if (file.Confirmed is not null)
            return file;
        return _store.Change($"module {file.Module}",
            _ => $"file {file.KekId} of module {file.Module} confirmed, {file.Keys.Count} keys", changes =>
        {
            var confirmed = file with { Confirmed = _centre.Now, Text = "" };
            changes.Put(RecordKinds.Files, confirmed);
            return confirmed;
        });
    });

    private static string Hash(string text) => Convert.ToHexString(SHA256.HashData(Encoding.ASCII.GetBytes(text)));

    private List<LoadFile> MakeBatch(string name, IReadOnlyList<string> requestLines) => _store.Change(
        name,
        files => files.Count == 1
            ? $"file {files[0].KekId} made for module {files[0].Module}, {files[0].Keys.Count} keys"
            : $"{files.Count} files made, {files.Sum(file => file.Keys.Count)} keys",
        changes =>
        {
            using var working = new WorkingKeys(_agreementKeys, _store);
            var byModule = changes.All(RecordKinds.Authorisations).Where(a => !a.Revoked && a.Until > _centre.Now)
                .ToLookup(a => a.Module);
            return requestLines.Select(line => MakeOne(changes, working, byModule, line)).ToList();
        });

    private LoadFile MakeOne(ChangeSet changes, WorkingKeys working, ILookup<string, Authorisation> authorisations,
        string requestLine)
    {
        if (!LoadRequest.TryParse(requestLine, out var request, out var problem))
            throw new RefusalException(CentreVerdict.Format, problem);
        var (module, certificate) = RequireModule(changes, request);
        var hash = LoadHeader.HashOf(request.Line);
        var last = module.LastKekId == 0 ? null : changes.Find(RecordKinds.Files,
            string.Create(CultureInfo.InvariantCulture, $"{module.Id}/{module.LastKekId:D8}"));
        if (last?.RequestHash == hash)
        {
            return last.Confirmed is null
                ? last
                : throw new RefusalException(CentreVerdict.AnsweredAlready,
                    $"the request was answered by file {last.KekId}, which module {module.Id} has confirmed; it makes "
                        + "a new request");
        }

        var own = working.Agreement(request.Sequence);
        var entries = LoadFileContent.Of(_centre, changes, module, authorisations[module.Id], last);
        using var ephemeral = AgreementKey.Create();
        var header = new LoadHeader
        {
            Kmcid = _centre.Kmcid,
            Sequence = request.Sequence,
            ModuleId = module.Id,
            KeyIdentifier = request.KeyIdentifier,
            KekId = module.LastKekId + 1,
            RequestHash = hash,
            Ephemeral = ephemeral.Public,
            Created = _centre.Now,
            Count = entries.Count,
        };
        using var writer = new KeyLoadWriter(own, ephemeral, certificate.Key, request, header);
        foreach (var (key, card) in entries)
        {
            using var octets = working.Octets(key).Lease();
            writer.Add(card, octets.Span);
        }

        var text = writer.Finish();
        var ends = entries.ConvertAll(entry => entry.Card.IssuedUntil);
        var file = new LoadFile
        {
            Module = module.Id,
            KekId = header.KekId,
            RequestHash = hash,
            Text = text,
            Hash = Hash(text),
            ConfirmationHash = Hash(writer.ConfirmationMac),
            Keys = [.. entries.Select(entry => entry.Key.Id)],
            IssuedUntil = ends.Count == 0 ? null : ends.Min(),
            Ends = ends.Distinct().Count() > 1 ? ends : [],
            Made = _centre.Now,
        };
        changes.Put(RecordKinds.Files, file);
        changes.Put(RecordKinds.Modules, module with { LastKekId = header.KekId });
        return file;
    }

    private (RegisteredModule Module, ModuleCertificate Certificate) RequireModule(ChangeSet changes,
        LoadRequest request)
    {
        if (request.Kmcid != _centre.Kmcid)
            throw new RefusalException(CentreVerdict.Unknown,
                $"the request is for centre {request.Kmcid}, this is {_centre.Kmcid}");
        var module = changes.Find(RecordKinds.Modules, request.ModuleId)
            ?? throw new RefusalException(CentreVerdict.Unknown, $"module {request.ModuleId} is not registered");
        if (module.Revoked)
            throw new RefusalException(CentreVerdict.ModuleRule, $"module {module.Id} is revoked: {module.Reason}");
        if (!ModuleCertificate.TryParse(module.Certificate, out var certificate, out _)
            || certificate.Key.Identifier != request.KeyIdentifier)
            throw new RefusalException(CentreVerdict.Certificate,
                $"the request names key {request.KeyIdentifier}, which is not that of module {module.Id}");
        if (certificate.NotAfter <= _centre.Now)
            throw new RefusalException(CentreVerdict.Time,
                $"the certificate of module {module.Id} ended at {ConcatLine.Time(certificate.NotAfter)}");
        return (request.Clock - _centre.Now).Duration() <= ClockTolerance
            ? (module, certificate)
            : throw new RefusalException(CentreVerdict.Time,
                $"the clock of module {module.Id} says {ConcatLine.Time(request.Clock)}, the centre's "
                    + $"{ConcatLine.Time(_centre.Now)}; set it first");
    }

    // Keys unwrapped for one batch: a fleet's files hold the same keys many times.
    private sealed class WorkingKeys(AgreementKeys agreementKeys, CentreStore store) : IDisposable
    {
        private readonly Dictionary<int, AgreementKey> _agreement = [];
        private readonly Dictionary<string, SecretBytes> _octets = new(StringComparer.Ordinal);

        public AgreementKey Agreement(int sequence) =>
            _agreement.TryGetValue(sequence, out var key) ? key : _agreement[sequence] = agreementKeys.Open(sequence);

        public SecretBytes Octets(CentreVendingKey key) =>
            _octets.TryGetValue(key.Id, out var octets) ? octets
                : _octets[key.Id] = store.Unwrap(key.Wrapped, key.Binding);

        public void Dispose()
        {
            foreach (var key in _agreement.Values)
                key.Dispose();
            foreach (var octets in _octets.Values)
                octets.Dispose();
        }
    }
}
