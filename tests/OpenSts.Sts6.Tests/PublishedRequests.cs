using OpenSts.Sts6.Client;

namespace OpenSts.Sts6.Tests;

/// <summary>Published requests and what any module answers to them.</summary>
internal static class PublishedRequests
{
    /// <summary>A credit token under EA11.</summary>
    public static VendRequest Credit { get; } = new()
    {
        Register = 1,
        MeterPan = MeterPan.Parse("600727000000000009"),
        TariffIndex = TariffIndex.FromNumber(1),
        EncryptionAlgorithm = EncryptionAlgorithm.Ea11,
        TokenCarrierType = 2,
        Subclass = 0,
        Field = 1,
        TokenIdentifier = TokenIdentifier.FromNumber(0x014EEC),
    };

    /// <summary>Asks for a currency token, a management token, a key change and a verification.</summary>
    public static async Task AskAsync(SecurityModuleClient client, CancellationToken cancellation)
    {
        Assert.Equal("72503171501464925869",
            (await client.VendCreditAsync(Credit with
            {
                Subclass = 4,
                Field = 0x60AA,
                TokenIdentifier = TokenIdentifier.FromNumber(0x6D6F51),
            }, cancellation)).Value.ToString());
        Assert.Equal("18087553113701439362",
            (await client.VendManagementAsync(Credit with
            {
                Subclass = 1,
                Field = 0xFFFF,
                TokenIdentifier = TokenIdentifier.FromNumber(0x522A0B),
            }, cancellation)).Value.ToString());
        var change = (await client.VendKeyChangeAsync(new KeyChangeRequest
        {
            FromRegister = 1,
            ToRegister = 6,
            MeterPan = Credit.MeterPan,
            FromTariffIndex = TariffIndex.FromNumber(1),
            ToTariffIndex = TariffIndex.FromNumber(2),
            EncryptionAlgorithm = EncryptionAlgorithm.Ea07,
            TokenCarrierType = 1,
            NumberOfTokens = 2,
        }, cancellation)).Value!;
        Assert.True(change.Rollover);
        Assert.Equal(["65413070543688156280", "27469374567476953413"],
            change.Tokens.Select(token => token.ToString()));
        var found = (await client.VerifyAsync(new VerifyRequest
        {
            Register = 1,
            MeterPan = Credit.MeterPan,
            TariffIndex = Credit.TariffIndex,
            EncryptionAlgorithm = EncryptionAlgorithm.Ea11,
            Token = Token66.Parse("58625789986991357486"),
        }, cancellation)).Value!;
        Assert.Equal((ResponseCode.Successful, TokenClass.Credit, 0, 1, 0x014EEC),
            (found.Result, found.Class, found.Subclass, found.Field, found.TokenIdentifier!.Value.Value));
    }
}
