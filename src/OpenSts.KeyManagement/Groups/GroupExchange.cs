using System.Security.Cryptography;
using System.Text;
using OpenSts.KeyLoading;
using OpenSts.KeyManagement.Records;
using OpenSts.KeyManagement.Storage;
using OpenSts.Sts6;

namespace OpenSts.KeyManagement.Groups;

/// <summary>
/// Groups that come from other centres, by the same file that modules get; here this centre is the receiver.
/// </summary>
public sealed class GroupExchange
{
    private readonly CentreContext _centre;
    private readonly CentreStore _store;

    internal GroupExchange(CentreContext centre) => (_centre, _store) = (centre, centre.Store);

    /// <summary>This centre's certificate as a receiver, signed or not.</summary>
    public ModuleCertificate Certificate => ModuleCertificate.TryParse(_centre.Identity.Certificate,
        out var certificate, out _) ? certificate : throw new System.Diagnostics.UnreachableException();

    /// <summary>Centres from which groups come.</summary>
    public IEnumerable<SourceCentre> Sources => _store.All(RecordKinds.Sources);

    /// <summary>Takes another centre's certificate, or a later one of the same centre.</summary>
    public CentreAnswer<CentreCertificate> TakeCentre(OfficerKey officer, string line) => RefusalException.Catch(() =>
    {
        var name = _centre.Require(officer);
        if (!CentreCertificate.TryParse(line, out var certificate, out var problem))
            throw new RefusalException(CentreVerdict.Format, problem);
        if (!certificate.IsSignedBy(_centre.Root) || certificate.Kmcid == _centre.Kmcid)
            throw new RefusalException(CentreVerdict.Certificate,
                $"the certificate of centre {certificate.Kmcid} is not that of another centre, signed by root "
                    + $"{_centre.Root.Name}");
        if (certificate.Expiry <= _centre.Now || certificate.Activation > _centre.Now)
            throw new RefusalException(CentreVerdict.Time,
                $"the centre's key is in use from {ConcatLine.Time(certificate.Activation)} to "
                    + $"{ConcatLine.Time(certificate.Expiry)}");
        return _store.Change(name, _ => $"key {certificate.Sequence} of centre {certificate.Kmcid} taken", changes =>
        {
            var sender = changes.Find(RecordKinds.Sources, certificate.Kmcid)
                ?? new SourceCentre { Kmcid = certificate.Kmcid, Certificate = "" };
            changes.Put(RecordKinds.Sources,
                sender with { Certificate = certificate.Line, Request = "", Wrapped = "" });
            return certificate;
        });
    });

    /// <summary>
    /// Makes a request to another centre; an earlier one is void from then on. The answer is its line.
    /// </summary>
    public CentreAnswer<string> Request(OfficerKey officer, string kmcid) => RefusalException.Catch(() =>
    {
        var name = _centre.Require(officer);
        var (sender, certificate) = RequireSender(kmcid);
        if (!Certificate.IsSignedBy(_centre.Root))
            throw new RefusalException(CentreVerdict.Certificate,
                $"centre {_centre.Kmcid} is not certified as a receiver yet");
        return _store.Change(name, _ => $"request to centre {kmcid}", changes =>
        {
            using var ephemeral = AgreementKey.Create();
            var request = new LoadRequest
            {
                Kmcid = kmcid,
                Sequence = certificate.Sequence,
                ModuleId = Certificate.ModuleId,
                KeyIdentifier = Certificate.Key.Identifier,
                Ephemeral = ephemeral.Public,
                Clock = _centre.Now,
                Nonce = Convert.ToHexString(RandomNumberGenerator.GetBytes(16)),
            };
            using var scalar = ephemeral.LeaseScalar();
            changes.Put(RecordKinds.Sources, sender with
            {
                Request = request.Line,
                Wrapped = _store.Wrap(scalar.Span, RequestBinding(request.Line)),
            });
            return request.Line;
        });
    });

    /// <summary>
    /// Takes a file from another centre, whole or not at all; the answer is the confirmation for that centre.
    /// </summary>
    /// <remarks>A group that both hold as their own is a conflict: nothing is taken, and both are named.</remarks>
    public CentreAnswer<string> Take(OfficerKey officer, string file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var answer = RefusalException.Catch(() => TakeFile(_centre.Require(officer), file));
        // A conflict is for people to settle, so it is kept where they look.
        if (answer.Verdict == CentreVerdict.Conflict)
            _store.Note(officer?.Name ?? "", $"file refused, {answer.Text}");
        return answer;
    }

    /// <summary>
    /// SHA-256 over what two centres must agree on about a group: every public item of it and of its keys but the
    /// revoked.
    /// </summary>
    /// <returns>64 hexadecimal capitals; the same for every group that is not known.</returns>
    public string Digest(string code) => GroupDigest.Of(_store, code);

    internal static string RequestBinding(string request) => $"request {request}";

    private string TakeFile(string name, string file)
    {
        var lines = file.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length < 2 || !LoadHeader.TryParse(lines[0], out var header, out _))
            throw new RefusalException(CentreVerdict.FileRefused,
                $"{ResponseCode.DfFormatError}: line 1 is not the header of a key load file");
        var (sender, certificate) = RequireSender(header.Kmcid);
        var hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(file)));
        if (sender.LastHash == hash)
            return sender.LastConfirmation;
        if (!LoadRequest.TryParse(sender.Request, out var request, out _))
        {
            throw header.KekId <= sender.LastKekId
                ? new RefusalException(CentreVerdict.FileRefused,
                    $"{ResponseCode.InvalidInstruction}: the file has number {header.KekId}, number "
                        + $"{sender.LastKekId} was taken already")
                : new RefusalException(CentreVerdict.FileRefused,
                    $"{ResponseCode.KmcKeyStateError}: no file was requested");
        }

        using var own = _centre.OpenReceiverKey();
        using var scalar = _store.Unwrap(sender.Wrapped, RequestBinding(request.Line));
        using var ephemeral = AgreementKey.Import(scalar);
        using var reader = new KeyLoadReader(own, ephemeral, certificate, request, sender.LastKekId);
        Read(reader, lines);
        return _store.Change(name, _ => $"file {header.KekId} of centre {header.Kmcid} taken, {header.Count} keys",
            changes =>
        {
            Merge(changes, reader, header.Kmcid);
            var confirmation = new LoadConfirmation
            {
                Kmcid = header.Kmcid,
                ModuleId = header.ModuleId,
                KekId = header.KekId,
                Count = header.Count,
                Mac = reader.ConfirmationMac,
            }.Line;
            changes.Put(RecordKinds.Sources, sender with
            {
                LastKekId = header.KekId,
                Request = "",
                Wrapped = "",
                LastHash = hash,
                LastConfirmation = confirmation,
            });
            return confirmation;
        });
    }

    private void Read(KeyLoadReader reader, string[] lines)
    {
        for (var i = 0; i < lines.Length; i++)
        {
            var code = i == 0 ? reader.ReadHeader(lines[i], _centre.Now) : i == lines.Length - 1
                ? reader.ReadEnd(lines[i]) : reader.ReadKey(lines[i]);
            if (code == ResponseCode.Successful && i > 0 && lines[i] == lines[i - 1])
                throw new RefusalException(CentreVerdict.FileRefused,
                    $"{ResponseCode.InvalidInstruction}: line {i + 1} is there twice");
            if (code != ResponseCode.Successful)
                throw new RefusalException(CentreVerdict.FileRefused, $"{code}: line {i + 1}: {reader.Problem}");
        }
    }

    private void Merge(ChangeSet changes, KeyLoadReader reader, string from)
    {
        var present = new HashSet<string>(StringComparer.Ordinal);
        // Which groups were this sender's before: what it leaves out of them is revoked.
        var theirs = changes.All(RecordKinds.Groups).Where(group => group.Home == from).Select(group => group.Code)
            .ToHashSet(StringComparer.Ordinal);
        foreach (var staged in reader.Staged)
        {
            if (!GroupAttributes.TryRead(staged.Card, out var card, out var problem))
                throw new RefusalException(CentreVerdict.FileRefused, $"{ResponseCode.AttributeError}: {problem}");
            var mine = changes.Find(RecordKinds.Groups, card.Group.Code);
            // The former home goes on telling what it knew; here it is known better.
            if (mine?.Home == _centre.Kmcid && card.Group.Home == _centre.Kmcid)
                continue;
            RequireNoConflict(mine, theirs, card.Group, from);
            MergeUser(changes, card, from);
            changes.Put(RecordKinds.Groups, card.Group);
            var known = changes.Find(RecordKinds.Keys, card.Key.Id);
            if (known is not null && (known.Krn, known.KeyType, known.Dkga, known.BaseYear, known.CheckValue) != (
                card.Key.Krn, card.Key.KeyType, card.Key.Dkga, card.Key.BaseYear, card.Key.CheckValue))
                throw new RefusalException(CentreVerdict.Conflict,
                    $"key {known.Id} is revision {known.Krn} with check value {known.CheckValue} at centre "
                        + $"{_centre.Kmcid} and revision {card.Key.Krn} with {card.Key.CheckValue} at centre {from}");
            if (known?.State == KeyState.Revoked && known.Wrapped.Length == 0)
                known = null;
            using var octets = staged.LeaseKey();
            changes.Put(RecordKinds.Keys,
                card.Key with { Wrapped = known?.Wrapped ?? _store.Wrap(octets.Span, card.Key.Binding) });
            _ = present.Add(card.Key.Id);
        }

        foreach (var key in changes.All(RecordKinds.Keys)
            .Where(key => theirs.Contains(key.Sgc) && !present.Contains(key.Id) && key.State != KeyState.Revoked)
            .ToList())
            changes.Put(RecordKinds.Keys, key with
            {
                State = KeyState.Revoked,
                Reason = $"absent from the file of centre {from}",
                Wrapped = "",
            });
    }

    // A user has one home too; elsewhere the later version counts, wherever it came from.
    private void MergeUser(ChangeSet changes, GroupAttributes card, string from)
    {
        var (known, coming) = (changes.Find(RecordKinds.Users, card.User.Id), card.User);
        if (coming.Home == _centre.Kmcid && (known is null || known.Version < coming.Version))
            throw new RefusalException(CentreVerdict.Conflict,
                $"user {coming.Id} of group {card.Group.Code} is version {known?.Version ?? 0} at its home, centre "
                    + $"{_centre.Kmcid}, and version {coming.Version} at centre {from}: {_centre.Kmcid} went back");
        if (known is not null && known.Version == coming.Version && known.Shared != coming.Shared)
            throw new RefusalException(CentreVerdict.Conflict,
                $"user {coming.Id} of group {card.Group.Code}, version {coming.Version}, is '{known.Name}', "
                    + $"{StoredNames.Of(known.State)}, at centre {_centre.Kmcid} and '{coming.Name}', "
                    + $"{StoredNames.Of(coming.State)}, at centre {from}");
        if (known is null || known.Version < coming.Version)
            changes.Put(RecordKinds.Users, coming with { AddedBy = $"centre {from}" });
    }

    private void RequireNoConflict(SupplyGroup? mine, HashSet<string> theirs, SupplyGroup coming, string from)
    {
        if (coming.Home != from && coming.Home != _centre.Kmcid)
            throw new RefusalException(CentreVerdict.Conflict,
                $"group {coming.Code} comes from centre {from}, which says it is at home at centre {coming.Home}");
        if (mine is null || mine.Version == coming.Version && mine == coming)
            return;
        if (!theirs.Contains(coming.Code))
            throw new RefusalException(CentreVerdict.Conflict,
                $"group {coming.Code} is at home at centre {mine.Home}, version {mine.Version}, and comes from centre "
                    + $"{from} as at home at {coming.Home}, version {coming.Version}");
        if (coming.Version < mine.Version)
            throw new RefusalException(CentreVerdict.Conflict,
                $"group {coming.Code} is version {mine.Version} at centre {_centre.Kmcid} and version "
                    + $"{coming.Version} at its home, centre {from}, which went back");
    }

    private (SourceCentre SourceCentre, CentreCertificate Certificate) RequireSender(string kmcid)
    {
        var sender = _store.Find(RecordKinds.Sources, kmcid)
            ?? throw new RefusalException(CentreVerdict.Unknown,
            $"centre {kmcid} is not known; its certificate comes first");
        return CentreCertificate.TryParse(sender.Certificate, out var certificate, out _) ? (sender, certificate)
            : throw new System.Diagnostics.UnreachableException();
    }
}
