namespace OpenSts.Dlms.Apdu;

/// <summary>A GET, SET or ACTION response. The family is closed.</summary>
/// <remarks>IEC 62056-5-3.</remarks>
/// <param name="Invoke">That of the request.</param>
public abstract record ServiceResponse(byte Invoke);

/// <summary>The attribute.</summary>
public sealed record GetResponse(byte Invoke, ReadResult Result) : ServiceResponse(Invoke);

/// <summary>A block of the attribute, or of the list of attributes; or why there is none.</summary>
public sealed record GetBlockResponse(byte Invoke, Block Block, DataAccessResult Error) : ServiceResponse(Invoke);

/// <summary>The attributes in the order of the request.</summary>
public sealed record GetListResponse(byte Invoke, IReadOnlyList<ReadResult> Results) : ServiceResponse(Invoke);

/// <summary>What became of the attribute.</summary>
public sealed record SetResponse(byte Invoke, DataAccessResult Result) : ServiceResponse(Invoke);

/// <summary>The block has come; the next may.</summary>
public sealed record SetBlockResponse(byte Invoke, uint Number) : ServiceResponse(Invoke);

/// <summary>The last block has come, or the transfer is given up.</summary>
/// <param name="Invoke">See <see cref="ServiceResponse"/>.</param>
/// <param name="Results">What became of each attribute.</param>
/// <param name="IsList">True for the form with a list.</param>
/// <param name="Number">The block's number.</param>
public sealed record SetLastBlockResponse(byte Invoke, IReadOnlyList<DataAccessResult> Results, bool IsList,
    uint Number) : ServiceResponse(Invoke);

/// <summary>What became of the attributes.</summary>
public sealed record SetListResponse(byte Invoke, IReadOnlyList<DataAccessResult> Results) : ServiceResponse(Invoke);

/// <summary>What the method did.</summary>
public sealed record ActionResponse(byte Invoke, CallResult Result) : ServiceResponse(Invoke);

/// <summary>A block of what the methods return.</summary>
public sealed record ActionBlockResponse(byte Invoke, Block Block) : ServiceResponse(Invoke);

/// <summary>What the methods did.</summary>
public sealed record ActionListResponse(byte Invoke, IReadOnlyList<CallResult> Results) : ServiceResponse(Invoke);

/// <summary>The block of parameters has come; the next may.</summary>
public sealed record ActionNextResponse(byte Invoke, uint Number) : ServiceResponse(Invoke);
