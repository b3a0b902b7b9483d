using OpenSts.KeyManagement.Groups;
using OpenSts.KeyManagement.Keys;
using OpenSts.KeyManagement.Modules;
using OpenSts.KeyManagement.Records;
using OpenSts.KeyManagement.Storage;
using OpenSts.KeyManagement.Users;


namespace OpenSts.KeyManagement.Approvals;

/// <summary>Does a change in a changes; the first rule it breaks is a <see cref="RefusalException"/>.</summary>
/// <param name="centre">The centre.</param>
/// <param name="store">Its store.</param>
/// <param name="changes">What is changed.</param>
/// <param name="actor">Who does it, for records that say so.</param>
internal sealed class ChangeHandler(CentreContext centre, CentreStore store, ChangeSet changes, string actor)
{
    private readonly UserChanges _users = new(centre, changes);
    private readonly GroupChanges _groups = new(centre, changes);
    private readonly KeyChanges _keys = new(centre, store, changes);
    private readonly AccessChanges _access = new(centre, changes);

    /// <summary>Does it and says in one sentence what was done.</summary>
    public string Execute(ChangeRequest request) => request switch
    {
        AddUser r => _users.Add(r, actor),
        ChangeUser r => _users.Change(r),
        SuspendUser r => _users.Suspend(r),
        ResumeUser r => _users.Resume(r),
        CloseUser r => _users.Close(r),
        CreateGroup r => _groups.Create(r),
        ChangeGroup r => _groups.Change(r),
        MoveGroup r => _groups.Move(r),
        GenerateKey r => _keys.Generate(r),
        ImportLaboratoryKey r => _keys.Import(r),
        ChangeKey r => _keys.Change(r),
        ReplaceKey r => _keys.Replace(r),
        MakeKeyDefault r => _keys.MakeDefault(r),
        LimitKeyToSets r => _keys.LimitToSets(r),
        RevokeKey r => _keys.Revoke(r),
        ProvideProductionKeys r => new ProductionKeys(centre, store, changes).Provide(r),
        Authorise r => _access.Authorise(r),
        RevokeAuthorisation r => _access.Revoke(r),
        RevokeModule r => _access.Revoke(r),
        EnrolOfficer r => _access.Enrol(r),
        RemoveOfficer r => _access.Remove(r),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
