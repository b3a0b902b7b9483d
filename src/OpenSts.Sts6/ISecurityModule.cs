namespace OpenSts.Sts6;

/// <summary>What a vending server asks of a security module: tokens for a register it names, never a key.</summary>
/// <remarks>
/// A module's refusal is a <see cref="ResponseCode"/> in the answer. When the module cannot be asked, or its answer
/// cannot be read, a <see cref="SecurityModuleException"/> says so; then it is unknown whether tokens were made.
/// </remarks>
public interface ISecurityModule : IAsyncDisposable
{
    /// <summary>Makes a credit token (class 0).</summary>
    ValueTask<ModuleAnswer<Token66>> VendCreditAsync(VendRequest request, CancellationToken cancellation = default);

    /// <summary>Makes a management token with a TID (class 2).</summary>
    ValueTask<ModuleAnswer<Token66>> VendManagementAsync(VendRequest request,
        CancellationToken cancellation = default);

    /// <summary>Makes a key change set; the module decides whether it rolls the base date over.</summary>
    ValueTask<ModuleAnswer<KeyChangeTokens>> VendKeyChangeAsync(KeyChangeRequest request,
        CancellationToken cancellation = default);

    /// <summary>Opens a token and says what it holds.</summary>
    ValueTask<ModuleAnswer<TokenVerification>> VerifyAsync(VerifyRequest request,
        CancellationToken cancellation = default);

    /// <summary>Reads the attributes of the key in a register.</summary>
    ValueTask<ModuleAnswer<RegisterCard>> ReadRegisterAsync(int register, CancellationToken cancellation = default);

    /// <summary>Reads identity, clock and TID window.</summary>
    ValueTask<ModuleAnswer<ModuleStatus>> ReadStatusAsync(CancellationToken cancellation = default);
}
