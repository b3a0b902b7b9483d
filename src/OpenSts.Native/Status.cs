namespace OpenSts.Native;

/// <summary>The status of a call; the numbers are those of opensts.h and never change.</summary>
internal enum Status
{
    Ok = 0,
    Argument = 1,
    Handle = 2,
    Buffer = 3,
    Key = 4,
    Algorithm = 5,
    KeyExpired = 6,
    DefaultKey = 7,
    KeyType = 8,
    DifferentMeter = 9,
    Crc = 10,
    Function = 11,
    Internal = 100,
}

/// <summary>Ends a call with a status other than success.</summary>
internal sealed class StatusException(Status status) : Exception
{
    public Status Status { get; } = status;
}
