using OpenSts.Dlms.Values;

namespace OpenSts.Dlms.Apdu;

/// <summary>An attribute or method of an object.</summary>
/// <param name="ClassId">The interface class, 0 to 65535.</param>
/// <param name="Name">The object.</param>
/// <param name="Index">The attribute or method, -128 to 127; 1 is the logical name of every object.</param>
public readonly record struct MemberReference(ushort ClassId, LogicalName Name, sbyte Index)
{
    /// <summary>Class, name and index, such as <c>115 0-0:19.40.0.255 6</c>.</summary>
    public override string ToString() => $"{ClassId} {Name} {Index}";
}

/// <summary>A part of an attribute.</summary>
/// <param name="Selector">Which way of selecting: the class says which there are.</param>
/// <param name="Parameters">What is selected.</param>
public readonly record struct Selection(byte Selector, CosemValue Parameters);

/// <summary>An attribute, or a part of it.</summary>
/// <param name="Attribute">The attribute.</param>
/// <param name="Selection">The part; null for the whole.</param>
public readonly record struct AttributeRequest(MemberReference Attribute, Selection? Selection);

/// <summary>A method and its parameter.</summary>
/// <param name="Method">The method.</param>
/// <param name="Parameter">Its parameter; null where none was sent.</param>
public readonly record struct MethodCall(MemberReference Method, CosemValue? Parameter);

/// <summary>A piece of a value that is too long for one APDU.</summary>
/// <param name="IsLast">True for the last.</param>
/// <param name="Number">1 and up.</param>
/// <param name="Octets">The piece.</param>
public readonly record struct Block(bool IsLast, uint Number, byte[] Octets);

/// <summary>A value, or why there is none.</summary>
/// <param name="Error">Success, or why not.</param>
/// <param name="Value">The value; null-data where there is none.</param>
public readonly record struct ReadResult(DataAccessResult Error, CosemValue Value)
{
    /// <summary>A value.</summary>
    public static implicit operator ReadResult(CosemValue value) => FromCosemValue(value);

    /// <summary>No value.</summary>
    public static implicit operator ReadResult(DataAccessResult error) => FromDataAccessResult(error);

    /// <summary>A value.</summary>
    public static ReadResult FromCosemValue(CosemValue value) => new(DataAccessResult.Success, value);

    /// <summary>No value.</summary>
    public static ReadResult FromDataAccessResult(DataAccessResult error) => new(error, default);
}

/// <summary>What a method did.</summary>
/// <param name="Result">Success, or why not.</param>
/// <param name="Returned">What it returns; null for nothing.</param>
public readonly record struct CallResult(ActionResult Result, CosemValue? Returned)
{
    /// <summary>Nothing returned.</summary>
    public static implicit operator CallResult(ActionResult result) => FromActionResult(result);

    /// <summary>Nothing returned.</summary>
    public static CallResult FromActionResult(ActionResult result) => new(result, null);
}
