namespace OpenSts;

/// <summary>Sets one or every credit register to zero: class 2 subclass 1.</summary>
public sealed record ClearCredit : ManagementToken
{
    /// <summary>The register to clear; a meter answers RangeError to a value that the enum does not define.</summary>
    public required CreditRegister Register { get; init; }

    /// <inheritdoc/>
    public override int Subclass => 1;

    /// <inheritdoc/>
    public override string Name => nameof(ClearCredit);

    /// <inheritdoc/>
    public override ushort Value => (ushort)Register;
}
