namespace OpenSts.SecurityModule.Server;

/// <summary>Puts all that a request asks for into one number of 128 bits, so that two requests have the same only where they ask the same.</summary>
/// <remarks>A token request takes 127.5 bits: kind 4, MeterPAN 2^60, register 100, tariff 100, algorithm 2, carrier 9, subclass 16, value 2^20, TID 2^24.</remarks>
internal readonly struct RequestNumber
{
    private RequestNumber(UInt128 value) => Value = value;

    public UInt128 Value { get; }

    /// <summary>Begins with the kind: 0 credit, 1 management, 2 key change.</summary>
    public static RequestNumber Of(int kind, MeterPan pan) => new(((UInt128)(uint)kind << 60) | pan.Value);

    /// <summary>Adds a number from 0 to one below the radix.</summary>
    public RequestNumber With(int number, int radix) => new(checked((Value * (uint)radix) + (uint)number));
}
