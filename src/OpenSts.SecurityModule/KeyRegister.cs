using OpenSts.Keys;
using OpenSts.SecurityModule.Vault;
using OpenSts.Sts6;

namespace OpenSts.SecurityModule;

/// <summary>A vending key in use, with its attributes and what it has sold.</summary>
internal sealed class KeyRegister(int number, KeyCard card, IVendingKeyHandle key, VaultCounters counters, bool isTest)
    : IDisposable
{
    private static readonly MeterPan AnyMeter = MeterPan.Parse("600727000000000009");

    /// <summary>Opens a register and finds out before the first request whether its key can be used.</summary>
    /// <param name="number">1 to 999.</param>
    /// <param name="attributes">The attribute card.</param>
    /// <param name="counters">What was issued so far.</param>
    /// <param name="key">Disposed with the register, or when it cannot be used.</param>
    /// <exception cref="InvalidOperationException">The card or the key cannot be used; the message names the
    /// register.</exception>
    public static KeyRegister Open(int number, string attributes, VaultCounters counters, IVendingKeyHandle key)
    {
        try
        {
            if (!KeyCard.TryParse(attributes, out var card, out var problem))
                throw new InvalidOperationException($"Register {number}: {problem}.");
            var register = new KeyRegister(number, card, key, counters, card.IsTest);
            register.RequireUsable();
            return register;
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    /// <summary>1 to 999.</summary>
    public int Number { get; } = number;

    public KeyCard Card { get; } = card;

    /// <summary>A key that test mode takes.</summary>
    public bool IsTest { get; } = isTest;

    /// <summary>False where the key management centre's key that this one came under is being exchanged.</summary>
    public bool ParentIsActive { get; set; } = true;

    /// <summary>What was sold; read and written only by the one who sells.</summary>
    public VaultCounters Counters { get; set; } = counters;

    /// <summary>Attributes of the key of a meter under this one.</summary>
    public DecoderKeyAttributes AttributesOf(MeterPan pan, TariffIndex ti, EncryptionAlgorithm ea) => new()
    {
        MeterPan = pan,
        SupplyGroupCode = Card.SupplyGroupCode,
        TariffIndex = ti,
        KeyRevisionNumber = Card.KeyRevisionNumber,
        KeyType = Card.KeyType,
        KeyExpiryNumber = Card.KeyExpiryNumber,
        BaseDate = Card.BaseDate,
        EncryptionAlgorithm = ea,
        DecoderKeyGenerationAlgorithm = Card.DecoderKeyGenerationAlgorithm,
    };

    /// <summary>
    /// Finds out before the first request whether the key is the card's and keys can be derived from it.
    /// </summary>
    /// <exception cref="InvalidOperationException">They are not, or cannot; the message names the
    /// register.</exception>
    private void RequireUsable()
    {
        if (Card.CheckValue.Length > 0
            && !Card.CheckValue.Equals(key.CheckValue(), StringComparison.OrdinalIgnoreCase))
            throw new InvalidOperationException(
                $"Register {Number}: its check value {Card.CheckValue} is that of another key.");
        Derive(AttributesOf(AnyMeter, default, EncryptionAlgorithm.Ea07)).Dispose();
    }

    /// <summary>The key of a meter; the caller disposes it.</summary>
    /// <exception cref="InvalidOperationException">The algorithms do not fit: the caller checked them
    /// first.</exception>
    public DecoderKey Derive(DecoderKeyAttributes attributes) =>
        key.TryDerive(attributes, out var fault)
            ?? throw new InvalidOperationException($"Register {Number}: {fault.Describe(attributes)}.");

    /// <summary>Whether meters with that cipher can be served.</summary>
    public bool Serves(EncryptionAlgorithm ea) => ea == EncryptionAlgorithm.Ea07
        || (ea == EncryptionAlgorithm.Ea11
            && Card.DecoderKeyGenerationAlgorithm == DecoderKeyGenerationAlgorithm.Dkga04);

    public void Dispose() => key.Dispose();
}
