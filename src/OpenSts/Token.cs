using OpenSts.Keys;

namespace OpenSts;

/// <summary>What a token means. The family is closed: these are all the tokens of STS Edition 2.</summary>
/// <remarks>
/// IEC 62055-41 and STS 202-5. A meaning becomes 66 bits by <see cref="TokenLayout.Write"/>, a check, a cipher and
/// <see cref="Token66"/>, and comes back the same way.
/// </remarks>
public abstract record Token
{
    private protected Token()
    {
    }

    /// <summary>The class the token travels in.</summary>
    public abstract TokenClass Class { get; }

    /// <summary>The subclass, 0 to 15.</summary>
    public abstract int Subclass { get; }

    /// <summary>The name of the standard, with the service or section where there are several.</summary>
    public abstract string Name { get; }

    /// <summary>
    /// When the token was made; null for class 1 and for key change tokens, which carry no identifier.
    /// </summary>
    public virtual TokenIdentifier? Identifier => null;
}

/// <summary>Credit in units of a service: class 0 subclass 0 to 3.</summary>
public sealed record TransferCredit : Token
{
    private readonly byte _random;

    /// <summary>What the credit is for.</summary>
    public required CreditService Service { get; init; }

    /// <summary>How much, in 0.1 kWh, 0.1 m3 or 0.1 min.</summary>
    public required TransferAmount Amount { get; init; }

    /// <summary>When the token was made.</summary>
    public required TokenIdentifier Tid { get; init; }

    /// <summary>Four random bits, 0 to 15.</summary>
    public required byte Random { get => _random; init => _random = TokenRandom.Checked(value); }

    /// <inheritdoc/>
    public override TokenClass Class => TokenClass.Credit;

    /// <inheritdoc/>
    public override int Subclass => (int)Service;

    /// <inheritdoc/>
    public override string Name => $"TransferCredit.{Service}";

    /// <inheritdoc/>
    public override TokenIdentifier? Identifier => Tid;
}

/// <summary>
/// Credit in currency for a service: class 0 subclass 4 to 7. It has no random bits: the amount takes their place.
/// </summary>
public sealed record TransferCurrency : Token
{
    /// <summary>What the money is for.</summary>
    public required CreditService Service { get; init; }

    /// <summary>How much, in 10^-5 of a base unit; may be negative.</summary>
    public required CurrencyAmount Amount { get; init; }

    /// <summary>When the token was made.</summary>
    public required TokenIdentifier Tid { get; init; }

    /// <inheritdoc/>
    public override TokenClass Class => TokenClass.Credit;

    /// <inheritdoc/>
    public override int Subclass => (int)Service + 4;

    /// <inheritdoc/>
    public override string Name => $"TransferCredit.{Service}Currency";

    /// <inheritdoc/>
    public override TokenIdentifier? Identifier => Tid;
}

/// <summary>
/// Runs tests or shows values on any meter: class 1 subclass 0 (two-digit makers) or 1 (four-digit makers).
/// </summary>
public sealed record InitiateMeterTest : Token
{
    /// <summary>True for subclass 1, whose control field has 28 bits and whose manufacturer code 16.</summary>
    public required bool FourDigitForm { get; init; }

    /// <summary>Which tests: 36 bits, or 28 in the four-digit form.</summary>
    public required MeterTests Tests { get; init; }

    /// <summary>The maker the token is for; 0 for every maker, which all standard tests use.</summary>
    public int ManufacturerCode { get; init; }

    /// <inheritdoc/>
    public override TokenClass Class => TokenClass.NonMeterSpecificManagement;

    /// <inheritdoc/>
    public override int Subclass => FourDigitForm ? 1 : 0;

    /// <inheritdoc/>
    public override string Name => "InitiateMeterTestDisplay";
}

/// <summary>Shows an extended flag or control element: class 1 subclass 2 (STS 202-5).</summary>
public sealed record ReadExtension : Token
{
    private const int FlagSelector = 63;

    /// <summary>
    /// 36 bits: control index in the upper six; 63 there means a flag, whose index is the nine bits below.
    /// </summary>
    public required long Control { get; init; }

    /// <summary>The maker the token is for; 0 for every maker.</summary>
    public int ManufacturerCode { get; init; }

    /// <summary>The control element asked for, 0 to 62; null when a flag is.</summary>
    public int? ControlIndex => (int)(Control >> 30) is var index && index == FlagSelector ? null : index;

    /// <summary>The flag asked for, 0 to 511; null when a control element is.</summary>
    public int? FlagIndex => ControlIndex is null ? (int)((Control >> 21) & 511) : null;

    /// <inheritdoc/>
    public override TokenClass Class => TokenClass.NonMeterSpecificManagement;

    /// <inheritdoc/>
    public override int Subclass => 2;

    /// <inheritdoc/>
    public override string Name => "ReadExtension";

    /// <summary>Asks for a control element.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is not 0 to 62.</exception>
    public static ReadExtension OfControl(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)index, 62u, nameof(index));
        return new ReadExtension { Control = (long)index << 30 };
    }

    /// <summary>
    /// Asks for a flag. The place of an index other than 0 is a reading, see docs/standard/readings.md.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is not 0 to 511.</exception>
    public static ReadExtension OfFlag(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)index, 511u, nameof(index));
        return new ReadExtension { Control = ((long)FlagSelector << 30) | ((long)index << 21) };
    }
}

/// <summary>A maker's own test: class 1 subclass 6 to 10 (four-digit makers) or 11 to 15 (two-digit makers).</summary>
public sealed record ProprietaryTest : Token
{
    /// <summary>The subclass, 6 to 15.</summary>
    public required int ProprietarySubclass { get; init; }

    /// <summary>The control field: 28 bits for subclass 6 to 10, 36 bits for 11 to 15.</summary>
    public required long Control { get; init; }

    /// <summary>The maker: 100 to 9999 for subclass 6 to 10, 0 to 99 for 11 to 15.</summary>
    public required int ManufacturerCode { get; init; }

    /// <inheritdoc/>
    public override TokenClass Class => TokenClass.NonMeterSpecificManagement;

    /// <inheritdoc/>
    public override int Subclass => ProprietarySubclass;

    /// <inheritdoc/>
    public override string Name => "ProprietaryTest";
}

/// <summary>A class 2 token with random bits, an identifier and a 16-bit value.</summary>
public abstract record ManagementToken : Token
{
    private readonly byte _random;

    private protected ManagementToken()
    {
    }

    /// <summary>When the token was made.</summary>
    public required TokenIdentifier Tid { get; init; }

    /// <summary>Four random bits, 0 to 15.</summary>
    public required byte Random { get => _random; init => _random = TokenRandom.Checked(value); }

    /// <summary>The 16 bits the token carries.</summary>
    public abstract ushort Value { get; }

    /// <inheritdoc/>
    public override TokenClass Class => TokenClass.MeterSpecificManagement;

    /// <inheritdoc/>
    public override TokenIdentifier? Identifier => Tid;
}

/// <summary>Sets the largest power the load switch lets pass: class 2 subclass 0.</summary>
public sealed record SetMaximumPowerLimit : ManagementToken
{
    /// <summary>The limit in W.</summary>
    public required TransferAmount Watts { get; init; }

    /// <inheritdoc/>
    public override int Subclass => 0;

    /// <inheritdoc/>
    public override string Name => nameof(SetMaximumPowerLimit);

    /// <inheritdoc/>
    public override ushort Value => Watts.Field;
}

/// <summary>Sets one or every credit register to zero: class 2 subclass 1.</summary>
public sealed record ClearCredit : ManagementToken
{
    /// <summary>Which register; a value that <see cref="CreditRegister"/> does not name is out of range.</summary>
    public required CreditRegister Register { get; init; }

    /// <inheritdoc/>
    public override int Subclass => 1;

    /// <inheritdoc/>
    public override string Name => nameof(ClearCredit);

    /// <inheritdoc/>
    public override ushort Value => (ushort)Register;
}

/// <summary>
/// Sets the tariff rate: class 2 subclass 2. The meaning of the value is reserved by the STS Association.
/// </summary>
public sealed record SetTariffRate : ManagementToken
{
    /// <summary>16 bits without a public meaning.</summary>
    public required ushort Rate { get; init; }

    /// <inheritdoc/>
    public override int Subclass => 2;

    /// <inheritdoc/>
    public override string Name => nameof(SetTariffRate);

    /// <inheritdoc/>
    public override ushort Value => Rate;
}

/// <summary>Clears the tamper condition: class 2 subclass 5.</summary>
public sealed record ClearTamperCondition : ManagementToken
{
    /// <summary>16 bits, normally 0.</summary>
    public ushort Pad { get; init; }

    /// <inheritdoc/>
    public override int Subclass => 5;

    /// <inheritdoc/>
    public override string Name => nameof(ClearTamperCondition);

    /// <inheritdoc/>
    public override ushort Value => Pad;
}

/// <summary>Sets how far the phases of a polyphase meter may differ: class 2 subclass 6.</summary>
public sealed record SetMaximumPhasePowerUnbalanceLimit : ManagementToken
{
    /// <summary>The limit in W.</summary>
    public required TransferAmount Watts { get; init; }

    /// <inheritdoc/>
    public override int Subclass => 6;

    /// <inheritdoc/>
    public override string Name => nameof(SetMaximumPhasePowerUnbalanceLimit);

    /// <inheritdoc/>
    public override ushort Value => Watts.Field;
}

/// <summary>
/// Sets a water meter's factor: class 2 subclass 7. The meaning of the value is reserved by the STS Association.
/// </summary>
public sealed record SetWaterMeterFactor : ManagementToken
{
    /// <summary>16 bits without a public meaning.</summary>
    public required ushort Factor { get; init; }

    /// <inheritdoc/>
    public override int Subclass => 7;

    /// <inheritdoc/>
    public override string Name => nameof(SetWaterMeterFactor);

    /// <inheritdoc/>
    public override ushort Value => Factor;
}

/// <summary>Sets an element of the ControlArray: class 2 subclass 10, index 0 to 62 (STS 202-5).</summary>
public sealed record SetControlElement : ManagementToken
{
    private readonly int _index;
    private readonly int _element;

    /// <summary>Which element, 0 to 62.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is not 0 to 62.</exception>
    public required int Index
    {
        get => _index;
        init
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)value, 62u, nameof(Index));
            _index = value;
        }
    }

    /// <summary>The element's new value, 0 to 1023.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not 0 to 1023.</exception>
    public required int Element
    {
        get => _element;
        init
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)value, 1023u, nameof(Element));
            _element = value;
        }
    }

    /// <inheritdoc/>
    public override int Subclass => 10;

    /// <inheritdoc/>
    public override string Name => nameof(SetControlElement);

    /// <inheritdoc/>
    public override ushort Value => (ushort)((Index << 10) | Element);
}

/// <summary>Sets or clears a flag of the FlagArray: class 2 subclass 10, index 63 (STS 202-5).</summary>
public sealed record SetFlag : ManagementToken
{
    private readonly int _index;

    /// <summary>Which flag, 0 to 511; <see cref="ExtendedFlag"/> names those that are known.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is not 0 to 511.</exception>
    public required int Index
    {
        get => _index;
        init
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)value, 511u, nameof(Index));
            _index = value;
        }
    }

    /// <summary>The flag's new state.</summary>
    public required bool Enabled { get; init; }

    /// <inheritdoc/>
    public override int Subclass => 10;

    /// <inheritdoc/>
    public override string Name => nameof(SetFlag);

    /// <inheritdoc/>
    public override ushort Value => (ushort)(0xFC00 | (Index << 1) | (Enabled ? 1 : 0));
}

/// <summary>A maker's own management token: class 2 subclass 11 to 15, 44 bits of the maker's choice.</summary>
public sealed record ProprietaryManagement : Token
{
    /// <summary>The subclass, 11 to 15.</summary>
    public required int ProprietarySubclass { get; init; }

    /// <summary>The 44 bits below the subclass.</summary>
    public required ulong Payload { get; init; }

    /// <inheritdoc/>
    public override TokenClass Class => TokenClass.MeterSpecificManagement;

    /// <inheritdoc/>
    public override int Subclass => ProprietarySubclass;

    /// <inheritdoc/>
    public override string Name => "ProprietaryManagement";
}

/// <summary>Part of a new decoder key on its way to a meter: class 2 subclass 3, 4, 8 or 9.</summary>
public abstract record KeyChangeToken : Token
{
    private protected KeyChangeToken()
    {
    }

    /// <summary>32 bits of the new key.</summary>
    public required KeySection Section { get; init; }

    /// <inheritdoc/>
    public override TokenClass Class => TokenClass.MeterSpecificManagement;
}

/// <summary>The first section: class 2 subclass 3.</summary>
public sealed record Set1stSectionDecoderKey : KeyChangeToken
{
    /// <summary>Upper four bits of the new key expiry number.</summary>
    public required int KeyExpiryHigh { get; init; }

    /// <summary>The new revision.</summary>
    public required KeyRevisionNumber KeyRevisionNumber { get; init; }

    /// <summary>RO: the base date changes, so the meter forgets the identifiers it has seen.</summary>
    public required bool Rollover { get; init; }

    /// <summary>3KCT: a third token with the supply group code belongs to the set of a 64-bit key.</summary>
    public required bool ThirdTokenFollows { get; init; }

    /// <summary>The type of the new key.</summary>
    public required KeyType KeyType { get; init; }

    /// <inheritdoc/>
    public override int Subclass => 3;

    /// <inheritdoc/>
    public override string Name => nameof(Set1stSectionDecoderKey);
}

/// <summary>The second section: class 2 subclass 4.</summary>
public sealed record Set2ndSectionDecoderKey : KeyChangeToken
{
    /// <summary>Lower four bits of the new key expiry number.</summary>
    public required int KeyExpiryLow { get; init; }

    /// <summary>The new tariff index.</summary>
    public required TariffIndex TariffIndex { get; init; }

    /// <inheritdoc/>
    public override int Subclass => 4;

    /// <inheritdoc/>
    public override string Name => nameof(Set2ndSectionDecoderKey);
}

/// <summary>The third token for a 64-bit key: class 2 subclass 8, the supply group code and no key bits.</summary>
public sealed record Set3rdSectionSupplyGroupCode : Token
{
    /// <summary>The new supply group code.</summary>
    public required SupplyGroupCode SupplyGroupCode { get; init; }

    /// <inheritdoc/>
    public override TokenClass Class => TokenClass.MeterSpecificManagement;

    /// <inheritdoc/>
    public override int Subclass => 8;

    /// <inheritdoc/>
    public override string Name => "Set3rdSectionDecoderKey";
}

/// <summary>The third section of a 128-bit key: class 2 subclass 8.</summary>
public sealed record Set3rdSectionDecoderKey : KeyChangeToken
{
    /// <summary>Lower twelve bits of the new supply group code.</summary>
    public required int SupplyGroupCodeLow { get; init; }

    /// <inheritdoc/>
    public override int Subclass => 8;

    /// <inheritdoc/>
    public override string Name => nameof(Set3rdSectionDecoderKey);
}

/// <summary>The fourth section of a 128-bit key: class 2 subclass 9.</summary>
public sealed record Set4thSectionDecoderKey : KeyChangeToken
{
    /// <summary>Upper twelve bits of the new supply group code.</summary>
    public required int SupplyGroupCodeHigh { get; init; }

    /// <inheritdoc/>
    public override int Subclass => 9;

    /// <inheritdoc/>
    public override string Name => nameof(Set4thSectionDecoderKey);
}

/// <summary>
/// A token no document assigns: class 0 subclass 8 to 15, class 1 subclass 3 to 5, class 3. Never issued.
/// </summary>
public sealed record ReservedToken : Token
{
    /// <summary>The class and data bits as found.</summary>
    public required TokenContent Content { get; init; }

    /// <inheritdoc/>
    public override TokenClass Class => Content.Class;

    /// <inheritdoc/>
    public override int Subclass => Content.Subclass;

    /// <inheritdoc/>
    public override string Name => "Reserved";
}

/// <summary>The bound of the random bits.</summary>
internal static class TokenRandom
{
    public static byte Checked(byte value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 15);
        return value;
    }
}
