using OpenSts.KeyLoading;
using OpenSts.KeyManagement.Records;
using OpenSts.KeyManagement.Storage;
using OpenSts.Sts6;

namespace OpenSts.KeyManagement.Keys;

/// <summary>
/// The centre's own keys for agreements: each with its time, certified by the root, the older ones kept until they
/// expire.
/// </summary>
public sealed class AgreementKeys
{
    private readonly CentreContext _centre;
    private readonly CentreStore _store;

    internal AgreementKeys(CentreContext centre) => (_centre, _store) = (centre, centre.Store);

    /// <summary>All certificates, signed or not, the first first.</summary>
    public IEnumerable<CentreCertificate> All => _store.All(RecordKinds.CentreKeys)
        .Select(key => CentreCertificate.TryParse(key.Certificate, out var certificate, out _) ? certificate
        : throw new System.Diagnostics.UnreachableException());

    /// <summary>The newest key that is certified and in its time; null where there is none.</summary>
    public CentreCertificate? Current => All.LastOrDefault(certificate => certificate.IsSignedBy(_centre.Root)
        && certificate.Activation <= _centre.Now && _centre.Now < certificate.Expiry);

    /// <summary>Makes a key; the answer is its certificate for the root to sign.</summary>
    public CentreAnswer<CentreCertificate> Create(OfficerKey officer, DateTimeOffset activation, DateTimeOffset expiry)
    {
        var name = RefusalException.Catch(() => _centre.Require(officer));
        return name.TryGet(out var actor) ? Create(actor, activation, expiry)
            : new CentreAnswer<CentreCertificate> { Verdict = name.Verdict, Text = name.Text };
    }

    /// <summary>Makes a key in a ceremony, where the whole centre is made; otherwise an officer does.</summary>
    public CentreAnswer<CentreCertificate> Create(string actor, DateTimeOffset activation, DateTimeOffset expiry) =>
        RefusalException.Catch(() =>
    {
        activation = ModuleDescription.ToSeconds(activation);
        expiry = ModuleDescription.ToSeconds(expiry);
        if (expiry <= activation || expiry <= _centre.Now)
            throw new RefusalException(CentreVerdict.Time,
                $"the key would be in use from {ConcatLine.Time(activation)} to {ConcatLine.Time(expiry)}; permitted: "
                    + "an end after the beginning and after now");
        return _store.Change(actor, made => $"centre key {made.Sequence} made, to be certified", changes =>
        {
            using var key = AgreementKey.Create();
            using var scalar = key.LeaseScalar();
            var certificate = new CentreCertificate
            {
                Kmcid = _centre.Kmcid,
                Sequence = All.Count() + 1,
                Key = key.Public,
                Activation = activation,
                Expiry = expiry,
            };
            changes.Put(RecordKinds.CentreKeys, new CentreKey
            {
                Sequence = certificate.Sequence,
                Certificate = certificate.Line,
                Wrapped = _store.Wrap(scalar.Span, Binding(certificate)),
            });
            return certificate;
        });
    });

    /// <summary>Takes the root's signature; from its activation on the key is in use.</summary>
    public CentreAnswer<CentreCertificate> Certify(string line) => RefusalException.Catch(() =>
    {
        if (!CentreCertificate.TryParse(line, out var certificate, out var problem))
            throw new RefusalException(CentreVerdict.Format, problem);
        var own =
            All.FirstOrDefault(known => known.Sequence == certificate.Sequence && certificate.Kmcid == _centre.Kmcid)
            ?? throw new RefusalException(CentreVerdict.Unknown,
                $"the certificate is of key {certificate.Sequence} of centre {certificate.Kmcid}; this is centre "
                    + $"{_centre.Kmcid} with {All.Count()} keys");
        if (!certificate.Key.Equals(own.Key) || !certificate.IsSignedBy(_centre.Root))
            throw new RefusalException(CentreVerdict.Certificate,
                $"the certificate is not that of centre key {own.Sequence}, signed by root {_centre.Root.Name}");
        return _store.Change("root", _ => $"centre key {own.Sequence} certified", changes =>
        {
            changes.Put(RecordKinds.CentreKeys, changes.Find(RecordKinds.CentreKeys,
                FormattableString.Invariant($"{own.Sequence:D4}"))! with
            { Certificate = certificate.Line });
            return certificate;
        });
    });

    /// <summary>The private key of a sequence, in its time and certified.</summary>
    internal AgreementKey Open(int sequence)
    {
        var certificate = All.FirstOrDefault(known => known.Sequence == sequence)
            ?? throw new RefusalException(CentreVerdict.Unknown,
                $"the request names key {sequence} of centre {_centre.Kmcid}; there is none");
        if (!certificate.IsSignedBy(_centre.Root))
            throw new RefusalException(CentreVerdict.Certificate, $"centre key {sequence} is not certified yet");
        if (_centre.Now < certificate.Activation || _centre.Now >= certificate.Expiry)
            throw new RefusalException(CentreVerdict.Time,
                $"centre key {sequence} is in use from {ConcatLine.Time(certificate.Activation)} to "
                    + $"{ConcatLine.Time(certificate.Expiry)}");
        using var scalar = _store.Unwrap(_store.Find(RecordKinds.CentreKeys,
            FormattableString.Invariant($"{sequence:D4}"))!.Wrapped, Binding(certificate));
        return AgreementKey.Import(scalar);
    }

    /// <summary>What the sealed private key of a record belongs to.</summary>
    internal static string BindingOf(CentreKey key) =>
        CentreCertificate.TryParse(key.Certificate, out var certificate, out _) ? Binding(certificate)
        : throw new System.Diagnostics.UnreachableException();

    private static string Binding(CentreCertificate certificate) =>
        FormattableString.Invariant($"centre key {certificate.Kmcid} {certificate.Sequence} {certificate.Key}");
}
