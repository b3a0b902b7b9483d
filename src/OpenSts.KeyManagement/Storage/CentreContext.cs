using OpenSts.KeyLoading;
using OpenSts.KeyManagement.Records;

namespace OpenSts.KeyManagement.Storage;

/// <summary>What every part of a centre works with: its store, its name, its clock and its officers.</summary>
internal sealed class CentreContext
{
    private const string Self = "self";
    private readonly TimeProvider _time;

    public CentreContext(CentreStore store, TimeProvider time)
    {
        (Store, _time) = (store, time);
        if (store.Find(RecordKinds.Identity, Self) is not { } identity)
            throw new CentreException(CentreFault.Format,
                "The centre has no identity; it is not one of this edition.");
        Root = RootCertificate.TryParse(identity.Root, out var root, out _)
            ? root
            : throw new CentreException(CentreFault.Format, "The centre's root is of another edition.");
    }

    /// <summary>The records.</summary>
    public CentreStore Store { get; }

    /// <summary>The root whose certificates are believed.</summary>
    public RootCertificate Root { get; }

    /// <summary>The centre's record about itself.</summary>
    public CentreIdentity Identity => Store.Find(RecordKinds.Identity, Self)!;

    /// <summary>The centre's name.</summary>
    public string Kmcid => Identity.Kmcid;

    /// <summary>Now, to the second, by the centre's clock.</summary>
    public DateTimeOffset Now => ModuleDescription.ToSeconds(_time.GetUtcNow());

    /// <summary>What the centre's key as a receiver of groups is sealed for.</summary>
    public static string ReceiverBinding(string kmcid) => $"receiver {kmcid}";

    /// <summary>The centre's private key as a receiver of groups; the caller disposes it.</summary>
    public AgreementKey OpenReceiverKey()
    {
        using var scalar = Store.Unwrap(Identity.Wrapped, ReceiverBinding(Kmcid));
        return AgreementKey.Import(scalar);
    }

    /// <summary>The officer's name, where the key is that of an officer.</summary>
    public string Require(OfficerKey officer)
    {
        ArgumentNullException.ThrowIfNull(officer);
        return Store.Find(RecordKinds.Officers, officer.Name) is { Removed: false } known
            && known.PublicKey == officer.PublicKey
            ? known.Name
            : throw new RefusalException(CentreVerdict.UnknownOfficer,
                $"{officer.Name} is not an officer of centre {Kmcid} with this key");
    }

    /// <summary>Both names, where they are two officers.</summary>
    public string RequireTwo(OfficerKey first, OfficerKey second)
    {
        var (one, other) = (Require(first), Require(second));
        return one != other
            ? $"{one} and {other}"
            : throw new RefusalException(CentreVerdict.SamePerson, "two officers must be present");
    }

    /// <summary>The user a group belongs to.</summary>
    public SgcUser UserOf(SupplyGroup group) => Store.Find(RecordKinds.Users, group.Owner)!;
}
