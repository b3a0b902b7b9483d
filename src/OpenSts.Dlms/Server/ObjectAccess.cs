using OpenSts.Dlms.Apdu;
using OpenSts.Dlms.Values;

namespace OpenSts.Dlms.Server;

/// <summary>Finds the object a request means and asks whether this client may.</summary>
internal sealed class ObjectAccess(ServerAssociation association)
{
    /// <summary>What the objects see of one request.</summary>
    public ObjectCall Call(Selection? selection, CancellationToken cancellation) =>
        new(association.Server, association, selection, cancellation);

    /// <summary>True where a client of that level may read the object.</summary>
    public static bool MayRead(AccessLevel access, CosemObject target) =>
        access != AccessLevel.Public || target.IsPublic;

    /// <summary>True where a client of that level may write the attribute.</summary>
    public static bool MayWrite(AccessLevel access, CosemAttribute attribute) =>
        access == AccessLevel.Management && attribute.Write is not null;

    public async ValueTask<ReadResult> ReadAsync(ObjectCall call, AttributeRequest request)
    {
        try
        {
            return await ReadMemberAsync(call, request).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            return Failed(request.Attribute, error);
        }
    }

    public async ValueTask<DataAccessResult> WriteAsync(ObjectCall call, AttributeRequest request, CosemValue value)
    {
        try
        {
            return await WriteMemberAsync(call, request, value).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            return Failed(request.Attribute, error);
        }
    }

    public async ValueTask<CallResult> CallAsync(ObjectCall call, MethodCall request)
    {
        try
        {
            return await CallMemberAsync(call, request).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            return (ActionResult)Failed(request.Method, error);
        }
    }

    // The device is not there, or its disk is full: the client may try again. Anything else is a fault of the program.
    private DataAccessResult Failed(MemberReference member, Exception error)
    {
        if (error is IOException or UnauthorizedAccessException)
        {
            ServerEvents.DeviceFailed(association.Server.Logger, member, error);
            return DataAccessResult.TemporaryFailure;
        }

        ServerEvents.MemberFailed(association.Server.Logger, member, error);
        return DataAccessResult.OtherReason;
    }

    private ValueTask<ReadResult> ReadMemberAsync(ObjectCall call, AttributeRequest request)
    {
        var fault = Find(request.Attribute, out var target);
        if (fault != DataAccessResult.Success)
            return Refused(fault);
        if (!MayRead(association.Profile.Access, target!) || target!.Attribute(request.Attribute.Index)
            is not { } attribute)
            return Refused(DataAccessResult.ReadWriteDenied);
        // Only the buffer of a profile has parts that can be selected.
        if (request.Selection is not null && (target.ClassId != 7 || attribute.Index != 2))
            return Refused(DataAccessResult.ScopeOfAccessViolated);
        return attribute.Read(request.Selection is null ? call : call with { Selection = request.Selection });
    }

    private static ValueTask<ReadResult> Refused(DataAccessResult error) => ValueTask.FromResult<ReadResult>(error);

    private async ValueTask<DataAccessResult> WriteMemberAsync(ObjectCall call, AttributeRequest request,
        CosemValue value)
    {
        var fault = Find(request.Attribute, out var target);
        if (fault != DataAccessResult.Success)
            return fault;
        if (request.Selection is not null)
            return DataAccessResult.ScopeOfAccessViolated;
        return target!.Attribute(request.Attribute.Index) is { } attribute
            && MayWrite(association.Profile.Access, attribute)
            ? await attribute.Write!(call, value).ConfigureAwait(false)
            : DataAccessResult.ReadWriteDenied;
    }

    private async ValueTask<CallResult> CallMemberAsync(ObjectCall call, MethodCall request)
    {
        var fault = Find(request.Method, out var target);
        if (fault != DataAccessResult.Success)
            return (ActionResult)fault;
        return target!.Method(request.Method.Index) is { } method
            && association.Profile.Access == AccessLevel.Management
            ? await method.Call(call, request.Parameter).ConfigureAwait(false)
            : ActionResult.ReadWriteDenied;
    }

    private DataAccessResult Find(MemberReference member, out CosemObject? target)
    {
        target = association.Server.Find(member.Name);
        return target is null ? DataAccessResult.ObjectUndefined
            : target.ClassId != member.ClassId ? DataAccessResult.ObjectClassInconsistent
            : DataAccessResult.Success;
    }
}
