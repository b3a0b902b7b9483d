using OpenSts.KeyManagement.Store;

namespace OpenSts.KeyManagement;

/// <summary>Does a change in a draft; the first rule it breaks is a <see cref="RefusalException"/>.</summary>
internal sealed class ChangeExecution(KeyCentre centre, CentreStore store, Draft draft)
{
    private readonly GroupChanges _groups = new(centre, draft);
    private readonly KeyChanges _keys = new(centre, store, draft);
    private readonly AccessChanges _access = new(centre, draft);

    /// <summary>Does it and says in one sentence what was done.</summary>
    public string Execute(ChangeRequest request) => request switch
    {
        CreateGroup r => _groups.Create(r),
        ChangeGroup r => _groups.Change(r),
        MoveGroup r => _groups.Move(r),
        GenerateKey r => _keys.Generate(r),
        ImportLaboratoryKey r => _keys.Import(r),
        ChangeKey r => _keys.Change(r),
        ReplaceKey r => _keys.Replace(r),
        RevokeKey r => _keys.Revoke(r),
        Authorise r => _access.Authorise(r),
        RevokeAuthorisation r => _access.Revoke(r),
        RevokeModule r => _access.Revoke(r),
        EnrolOfficer r => _access.Enrol(r),
        RemoveOfficer r => _access.Remove(r),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
