using OpenSts.Cosem.Tests;
using OpenSts.Dlms.Acse;
using OpenSts.Dlms.Apdu;
using OpenSts.Dlms.Client;
using OpenSts.Dlms.Security;
using OpenSts.Dlms.Server;
using OpenSts.Dlms.Values;
using OpenSts.Dlms.Wire;

namespace OpenSts.Dlms.Tests;

/// <summary>The end of an association, and what an association shows of itself.</summary>
public class ReleaseTests
{
    private static readonly MemberReference ContextInfo = new(15, Obis.Association, 5);

    [Fact]
    public async Task Release_Protected_IsAnsweredWithAProtectedInitiateResponse()
    {
        using var fixture = new MeterFixture();
        using var client = new ClientAssociation(fixture.ManagementSettings());
        using var association = fixture.Server.Open(1, 1)!;
        await SecurityTests.AssociateAsync(association, client);
        var request = new WireWriter();
        client.WriteReleaseRequest(request);
        Assert.True(Release.TryReadRequest(request.Written, out var sent));
        Assert.Equal(0x21, sent[0]);
        var answer = await association.AnswerAsync(request.WrittenMemory, TestContext.Current.CancellationToken);
        Assert.True(Release.TryReadResponse(answer.Span, out var information));
        Assert.Equal(0x28, information[0]);
        var reader = new WireReader(information.AsSpan(1));
        using var cipher = new ApduCipher(SecuritySuite.Suite0, fixture.Encryption, fixture.Authentication);
        Assert.True(cipher.TryOpen(fixture.Server.Options.SystemTitle, reader.Counted(), out var plain, out _, out _));
        Assert.Equal(association.Server.Options.MaximumPdu, InitiateResponse.TryRead(plain)!.MaximumPdu);
        Assert.Equal(AssociationStatus.NonAssociated, association.Status);
    }

    [Fact]
    public async Task Release_ProtectedOnceMore_IsRefusedAndLeavesTheAssociation()
    {
        using var fixture = new MeterFixture();
        using var client = new ClientAssociation(fixture.ManagementSettings());
        using var association = fixture.Server.Open(1, 1)!;
        await SecurityTests.AssociateAsync(association, client);
        var request = new WireWriter();
        client.WriteReleaseRequest(request);
        var damaged = request.Written.ToArray();
        damaged[^1] ^= 1;
        Assert.Equal("D80105",
            Convert.ToHexString((await association.AnswerAsync(damaged, TestContext.Current.CancellationToken)).Span));
        Assert.Equal(AssociationStatus.Associated, association.Status);
        // The recorded release of an earlier association does not end a later one.
        _ = await association.AnswerAsync(request.WrittenMemory, TestContext.Current.CancellationToken);
        using var later = new ClientAssociation(fixture.ManagementSettings(client.NextCounter));
        await SecurityTests.AssociateAsync(association, later);
        Assert.Equal("D80105", Convert.ToHexString(
            (await association.AnswerAsync(request.WrittenMemory, TestContext.Current.CancellationToken)).Span));
        Assert.Equal(AssociationStatus.Associated, association.Status);
    }

    [Theory]
    [InlineData("6203800100")]
    [InlineData("6200")]
    public async Task Release_Plain_EndsACipheredAssociationToo(string request)
    {
        using var fixture = new MeterFixture();
        using var client = new ClientAssociation(fixture.ManagementSettings());
        using var association = fixture.Server.Open(1, 1)!;
        await SecurityTests.AssociateAsync(association, client);
        var answer =
            await association.AnswerAsync(Convert.FromHexString(request), TestContext.Current.CancellationToken);
        Assert.Equal("6303800100", Convert.ToHexString(answer.Span));
        Assert.Equal(AssociationStatus.NonAssociated, association.Status);
    }

    [Fact]
    public async Task ContextInfo_WithoutDedicatedKey_HasAnEmptyCipheringInfo()
    {
        using var fixture = new MeterFixture();
        await using var client = await fixture.ManageAsync();
        var info = (await client.GetAsync(ContextInfo)).Value;
        Assert.Equal(CosemValue.OctetString(), info.Elements[5]);
        var encoded = new WireWriter();
        encoded.Value(info);
        Assert.Equal("0900", Convert.ToHexString(encoded.Written[^2..]));
    }

    [Fact]
    public async Task ContextInfo_WithADedicatedKey_HoldsTheKeyTheClientSent()
    {
        using var fixture = new MeterFixture();
        using var client = new ClientAssociation(fixture.ManagementSettings() with { UsesDedicatedKey = true },
            octets => octets.Fill(0x5A));
        using var association = fixture.Server.Open(1, 1)!;
        await SecurityTests.AssociateAsync(association, client);
        var request = new WireWriter();
        request.Request(new GetRequest(0xC2, new AttributeRequest(ContextInfo, null)));
        var answer = await association.AnswerAsync(client.Protect(request.Written).ToArray(),
            TestContext.Current.CancellationToken);
        var info = Assert.IsType<GetResponse>(client.Open(answer.Span)).Result.Value;
        Assert.Equal(new string('5', 1) + "A", Convert.ToHexString(info.Elements[5].Octets)[..2]);
        Assert.Equal(16, info.Elements[5].Octets.Length);
    }

    [Fact]
    public async Task Client_InOneBlockTransfer_KeepsTheInvokeIdentifier()
    {
        using var fixture = new MeterFixture();
        await using var client = await fixture.OpenAsync(
            new ClientOptions
            {
                Mechanism = AuthenticationMechanism.Password,
                Password = fixture.Password,
                MaximumPdu = 128,
            }, 2);
        _ = await client.ListAsync();
        var requests = fixture.Wire.Select(each => each.Request[8..]).Where(each => each[0] == 0xC0).ToArray();
        Assert.Equal([1, .. Enumerable.Repeat(2, requests.Length - 1)], requests.Select(each => (int)each[1]));
        Assert.True(requests.Length > 3);
        Assert.Single(requests.Select(each => each[2]).Distinct());
    }
}
