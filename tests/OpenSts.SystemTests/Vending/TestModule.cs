using OpenSts.Keys;
using OpenSts.Sts6;

namespace OpenSts.SystemTests.Vending;

/// <summary>A security module in this process, for tests only: registers 1 and 2 with keys of revision 1 and 2; it can fail as told.</summary>
internal sealed class TestModule : ISecurityModule
{
    private static readonly byte[] Octets = Convert.FromHexString("abababababababab949494949494949401234567");

    /// <summary>Called before each answer; throws or delays as a test needs.</summary>
    public Func<int, Task>? Before { get; set; }

    /// <summary>Called after each token was made, before its answer goes out.</summary>
    public Func<int, Task>? After { get; set; }

    /// <summary>The answer to every question, where it is a refusal.</summary>
    public ResponseCode? Refuses { get; set; }

    /// <summary>What is answered in place of the token that was made.</summary>
    public Token66? Instead { get; set; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public TimeSpan ClockError { get; set; }

    /// <summary>True where it does not even answer for its health.</summary>
    public bool StatusFails { get; set; }

    /// <summary>How many questions for tokens came.</summary>
    public int Asked { get; private set; }

    public static DecoderKeyAttributes Attributes(MeterPan pan, int register, TariffIndex ti, EncryptionAlgorithm ea) => new()
    {
        MeterPan = pan,
        SupplyGroupCode = SupplyGroupCode.Parse("123457"),
        TariffIndex = ti,
        KeyRevisionNumber = KeyRevisionNumber.FromNumber(register),
        KeyType = KeyType.Unique,
        KeyExpiryNumber = KeyExpiryNumber.Never,
        BaseDate = BaseDate.Base2014,
        EncryptionAlgorithm = ea,
        DecoderKeyGenerationAlgorithm = DecoderKeyGenerationAlgorithm.Dkga04,
    };

    public static DecoderKey KeyOf(DecoderKeyAttributes attributes)
    {
        using var key = Hazmat.ImportVendingKey(Octets);
        return DecoderKeyGeneration.Derive(key, attributes);
    }

    public async ValueTask<ModuleAnswer<Token66>> VendCreditAsync(VendRequest request, CancellationToken cancellation = default)
    {
        var random = (byte)Random.Shared.Next(16);
        return await VendAsync(request, request.Subclass <= 3
            ? new TransferCredit { Service = (CreditService)request.Subclass, Amount = TransferAmount.FromField((ushort)request.Field), Tid = request.TokenIdentifier, Random = random }
            : new TransferCurrency { Service = (CreditService)(request.Subclass - 4), Amount = CurrencyAmount.FromField(request.Field), Tid = request.TokenIdentifier });
    }

    public async ValueTask<ModuleAnswer<Token66>> VendManagementAsync(VendRequest request, CancellationToken cancellation = default)
    {
        var random = (byte)Random.Shared.Next(16);
        var (tid, value) = (request.TokenIdentifier, (ushort)request.Field);
        return await VendAsync(request, request.Subclass switch
        {
            0 => new SetMaximumPowerLimit { Watts = TransferAmount.FromField(value), Tid = tid, Random = random },
            1 => new ClearCredit { Register = (CreditRegister)value, Tid = tid, Random = random },
            5 => new ClearTamperCondition { Tid = tid, Random = random },
            _ => new SetFlag { Index = (value >> 1) & 511, Enabled = (value & 1) != 0, Tid = tid, Random = random },
        });
    }

    public async ValueTask<ModuleAnswer<KeyChangeTokens>> VendKeyChangeAsync(KeyChangeRequest request, CancellationToken cancellation = default)
    {
        if (await RefusalAsync() is { } refusal)
            return new ModuleAnswer<KeyChangeTokens> { Code = refusal };
        var from = Attributes(request.MeterPan, request.FromRegister, request.FromTariffIndex, request.EncryptionAlgorithm);
        var to = Attributes(request.MeterPan, request.ToRegister, request.ToTariffIndex, request.EncryptionAlgorithm);
        using var fromKey = KeyOf(from);
        using var toKey = KeyOf(to);
        var fault = KeyChangeSet.TryIssue(new KeyChange { From = from, FromKey = fromKey, To = to, ToKey = toKey, Count = request.NumberOfTokens }, out var tokens);
        Assert.Equal(KeyChangeFault.None, fault);
        if (After is { } after)
            await after(Asked);
        return new ModuleAnswer<KeyChangeTokens> { Code = ResponseCode.Successful, Value = new KeyChangeTokens { Rollover = false, Tokens = tokens } };
    }

    public ValueTask<ModuleAnswer<TokenVerification>> VerifyAsync(VerifyRequest request, CancellationToken cancellation = default)
    {
        using var key = KeyOf(Attributes(request.MeterPan, request.Register, request.TariffIndex, request.EncryptionAlgorithm));
        var opened = TokenIssuer.TryOpen(request.Token, key, out var content);
        return ValueTask.FromResult(new ModuleAnswer<TokenVerification>
        {
            Code = ResponseCode.Successful,
            Value = opened
                ? new TokenVerification
                {
                    Result = ResponseCode.Successful,
                    Class = content.Class,
                    Subclass = content.Subclass,
                    Field = (int)(content.Data & 0xFFFF),
                    TokenIdentifier = TokenLayout.HasIdentifier(content) ? TokenLayout.IdentifierOf(content) : null,
                }
                : new TokenVerification { Result = ResponseCode.TokenCrcError },
        });
    }

    public ValueTask<ModuleAnswer<RegisterCard>> ReadRegisterAsync(int register, CancellationToken cancellation = default) =>
        ValueTask.FromResult(new ModuleAnswer<RegisterCard> { Code = ResponseCode.Successful, Value = new RegisterCard { Text = $"SGC123457;KRN{register};" } });

    public ValueTask<ModuleAnswer<ModuleStatus>> ReadStatusAsync(CancellationToken cancellation = default) => StatusFails
        ? ValueTask.FromException<ModuleAnswer<ModuleStatus>>(new SecurityModuleException("gone"))
        : ValueTask.FromResult(new ModuleAnswer<ModuleStatus>
        {
            Code = ResponseCode.Successful,
            Value = new ModuleStatus { ModuleId = "TEST", FirmwareId = "1", Clock = Time.GetUtcNow() + ClockError, TidWindow = 30 },
        });

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<ModuleAnswer<Token66>> VendAsync(VendRequest request, Token token)
    {
        if (await RefusalAsync() is { } refusal)
            return new ModuleAnswer<Token66> { Code = refusal };
        using var key = KeyOf(Attributes(request.MeterPan, request.Register, request.TariffIndex, request.EncryptionAlgorithm));
        var made = TokenIssuer.Issue(token, key);
        if (After is { } after)
            await after(Asked);
        return new ModuleAnswer<Token66> { Code = ResponseCode.Successful, Value = Instead ?? made };
    }

    private async Task<ResponseCode?> RefusalAsync()
    {
        Asked++;
        if (Before is { } before)
            await before(Asked);
        return Refuses;
    }
}
