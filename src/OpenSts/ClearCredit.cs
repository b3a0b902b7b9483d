namespace OpenSts;

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
