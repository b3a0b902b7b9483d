using OpenSts.Dlms.Values;

namespace OpenSts.Dlms.Apdu;

/// <summary>A GET, SET or ACTION request. The family is closed.</summary>
/// <remarks>IEC 62056-5-3.</remarks>
/// <param name="Invoke">Invoke identifier in bits 0 to 3, confirmed in bit 6, high priority in bit 7. The response
/// repeats it.</param>
public abstract record ServiceRequest(byte Invoke);

/// <summary>Reads an attribute.</summary>
public sealed record GetRequest(byte Invoke, AttributeRequest Attribute) : ServiceRequest(Invoke);

/// <summary>Asks for the block after this one.</summary>
public sealed record GetNextRequest(byte Invoke, uint Number) : ServiceRequest(Invoke);

/// <summary>Reads several attributes.</summary>
public sealed record GetListRequest(byte Invoke, IReadOnlyList<AttributeRequest> Attributes) : ServiceRequest(Invoke);

/// <summary>Writes an attribute.</summary>
public sealed record SetRequest(byte Invoke, AttributeRequest Attribute, CosemValue Value) : ServiceRequest(Invoke);

/// <summary>Begins to write one or several attributes in blocks.</summary>
/// <param name="Invoke">See <see cref="ServiceRequest"/>.</param>
/// <param name="Attributes">The attributes.</param>
/// <param name="IsList">True for the form with a list.</param>
/// <param name="Block">The first block of the value, or of the list of values.</param>
public sealed record SetFirstBlockRequest(byte Invoke, IReadOnlyList<AttributeRequest> Attributes, bool IsList,
    Block Block) : ServiceRequest(Invoke);

/// <summary>A further block of what is written.</summary>
public sealed record SetBlockRequest(byte Invoke, Block Block) : ServiceRequest(Invoke);

/// <summary>Writes several attributes.</summary>
public sealed record SetListRequest(byte Invoke,
    IReadOnlyList<AttributeRequest> Attributes, IReadOnlyList<CosemValue> Values) : ServiceRequest(Invoke);

/// <summary>Calls a method.</summary>
public sealed record ActionRequest(byte Invoke, MethodCall Call) : ServiceRequest(Invoke);

/// <summary>Asks for the block after this one.</summary>
public sealed record ActionNextRequest(byte Invoke, uint Number) : ServiceRequest(Invoke);

/// <summary>Calls several methods, each with a parameter.</summary>
public sealed record ActionListRequest(byte Invoke, IReadOnlyList<MethodCall> Calls) : ServiceRequest(Invoke);

/// <summary>Begins to call one or several methods whose parameters come in blocks.</summary>
/// <param name="Invoke">See <see cref="ServiceRequest"/>.</param>
/// <param name="Methods">The methods.</param>
/// <param name="IsList">True for the form with a list.</param>
/// <param name="Block">The first block of the parameter, or of the list of parameters.</param>
public sealed record ActionFirstBlockRequest(byte Invoke, IReadOnlyList<MemberReference> Methods, bool IsList,
    Block Block) : ServiceRequest(Invoke);

/// <summary>A further block of parameters.</summary>
public sealed record ActionBlockRequest(byte Invoke, Block Block) : ServiceRequest(Invoke);
