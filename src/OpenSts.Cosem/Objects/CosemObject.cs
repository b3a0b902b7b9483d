using OpenSts.Cosem.Apdu;
using OpenSts.Cosem.Values;

namespace OpenSts.Cosem.Objects;

/// <summary>An object of the server: a class, a name, and what its attributes and methods do.</summary>
public sealed class CosemObject
{
    private readonly List<CosemAttribute> _attributes = [];
    private readonly List<CosemMethod> _methods = [];

    /// <summary>An object whose only attribute is its name.</summary>
    public CosemObject(ushort classId, byte version, LogicalName name)
    {
        ClassId = classId;
        Version = version;
        Name = name;
        _attributes.Add(new CosemAttribute(1, "logical_name", _ => CosemValue.Name(name), null));
    }

    /// <summary>The interface class.</summary>
    public ushort ClassId { get; }

    /// <summary>The version of the class.</summary>
    public byte Version { get; }

    /// <summary>The name.</summary>
    public LogicalName Name { get; }

    /// <summary>True where a client without authentication may read it.</summary>
    public bool IsPublic { get; private set; }

    /// <summary>The attributes in the order of their index.</summary>
    public IReadOnlyList<CosemAttribute> Attributes => _attributes;

    /// <summary>The methods in the order of their index.</summary>
    public IReadOnlyList<CosemMethod> Methods => _methods;

    /// <summary>Adds the attribute with the next index.</summary>
    public CosemObject With(string name, Func<ObjectCall, ReadResult> read, Func<ObjectCall, CosemValue, ValueTask<DataAccessResult>>? write = null)
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

    /// <summary>Lets clients without authentication read it.</summary>
    public CosemObject ForEverybody()
    {
        IsPublic = true;
        return this;
    }

    /// <summary>The attribute of an index; null where there is none.</summary>
    public CosemAttribute? Attribute(sbyte index) => index >= 1 && index <= _attributes.Count ? _attributes[index - 1] : null;

    /// <summary>The method of an index; null where there is none.</summary>
    public CosemMethod? Method(sbyte index) => _methods.Find(method => method.Index == index);
}

/// <summary>An attribute of an object.</summary>
/// <param name="Index">1 and up.</param>
/// <param name="Name">The name of the standard.</param>
/// <param name="Read">Gives its value.</param>
/// <param name="Write">Takes a value; null where nobody may write it.</param>
public sealed record CosemAttribute(sbyte Index, string Name, Func<ObjectCall, ReadResult> Read, Func<ObjectCall, CosemValue, ValueTask<DataAccessResult>>? Write);

/// <summary>A method of an object.</summary>
/// <param name="Index">1 and up.</param>
/// <param name="Name">The name of the standard.</param>
/// <param name="Call">Does it.</param>
public sealed record CosemMethod(sbyte Index, string Name, Func<ObjectCall, CosemValue?, ValueTask<CallResult>> Call);
