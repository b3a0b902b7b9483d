using OpenSts.Dlms.Apdu;
using OpenSts.Dlms.Values;

namespace OpenSts.Dlms.Server;

/// <summary>An object of a server: interface class, version, logical name, attributes and methods.</summary>
public sealed class CosemObject
{
    private readonly List<CosemAttribute> _attributes = [];
    private readonly List<CosemMethod> _methods = [];

    /// <summary>Creates an object whose only attribute is attribute 1, its logical name.</summary>
    public CosemObject(ushort classId, byte version, LogicalName name)
    {
        ClassId = classId;
        Version = version;
        Name = name;
        _ = With("logical_name", _ => CosemValue.Name(name));
    }

    /// <summary>The interface class.</summary>
    public ushort ClassId { get; }

    /// <summary>The version of the interface class.</summary>
    public byte Version { get; }

    /// <summary>The logical name.</summary>
    public LogicalName Name { get; }

    /// <summary>True where a client without authentication may read the object.</summary>
    public bool IsPublic { get; private set; }

    /// <summary>The attributes in the order of their index.</summary>
    public IReadOnlyList<CosemAttribute> Attributes => _attributes;

    /// <summary>The methods in the order they were added.</summary>
    public IReadOnlyList<CosemMethod> Methods => _methods;

    /// <summary>Adds the attribute with the next index. Its value is known without waiting.</summary>
    public CosemObject With(string name,
        Func<ObjectCall, ReadResult> read, Func<ObjectCall, CosemValue, ValueTask<DataAccessResult>>? write = null) =>
        With(name, call => ValueTask.FromResult(read(call)), write);

    /// <summary>Adds the attribute with the next index.</summary>
    public CosemObject With(string name,
        Func<ObjectCall, ValueTask<ReadResult>> read, Func<ObjectCall, CosemValue, ValueTask<DataAccessResult>>? write = null)
    {
        _attributes.Add(new CosemAttribute((sbyte)(_attributes.Count + 1), name, read, write));
        return this;
    }

    /// <summary>Adds a method.</summary>
    public CosemObject WithMethod(sbyte index, string name, Func<ObjectCall, CosemValue?, ValueTask<CallResult>> call)
    {
        _methods.Add(new CosemMethod(index, name, call));
        return this;
    }

    /// <summary>Lets clients without authentication read the object.</summary>
    public CosemObject AsPublic()
    {
        IsPublic = true;
        return this;
    }

    /// <summary>The attribute of an index; null where there is none.</summary>
    public CosemAttribute? Attribute(sbyte index) =>
        index >= 1 && index <= _attributes.Count ? _attributes[index - 1] : null;

    /// <summary>The method of an index; null where there is none.</summary>
    public CosemMethod? Method(sbyte index) => _methods.Find(method => method.Index == index);
}

/// <summary>An attribute of an object.</summary>
/// <param name="Index">1 and up.</param>
/// <param name="Name">The name in the standard.</param>
/// <param name="Read">Reads the value.</param>
/// <param name="Write">Writes a value; null where no client may write it.</param>
public sealed record CosemAttribute(
    sbyte Index, string Name,
        Func<ObjectCall, ValueTask<ReadResult>> Read, Func<ObjectCall, CosemValue, ValueTask<DataAccessResult>>? Write);

/// <summary>A method of an object.</summary>
/// <param name="Index">1 and up.</param>
/// <param name="Name">The name in the standard.</param>
/// <param name="Call">Carries it out.</param>
public sealed record CosemMethod(sbyte Index, string Name, Func<ObjectCall, CosemValue?, ValueTask<CallResult>> Call);
