using OpenSts.Explaining;
using OpenSts.Keys;

namespace OpenSts.Tests.Explaining;

public class TokenExplainerTests
{
    [Fact]
    public void Explain_CreditWithItsKey_ShowsEveryField()
    {
        var attributes = TestKeys.Attributes();
        using var key = TestKeys.Derive(attributes);
        var explanation = TokenExplainer.Explain(Token66.Parse("70630503470028726114"), key, attributes);
        Assert.Equal((ExplanationDepth.Open, "Accept"), (explanation.Depth, explanation.Answer));
        Assert.Equal("Class SubClass RND TID Amount CRC", string.Join(' ', explanation.Fields.Select(f => f.Name)));
        Assert.Equal(66, explanation.Fields.Sum(f => f.Bits));
        Assert.Equal(explanation.CheckFound, explanation.CheckExpected);
        Assert.Contains(explanation.Identifier, r => r.BaseDate == BaseDate.Base2014
            && r.Time == TestKeys.Utc("2014-03-01T13:00:00Z"));
    }

    [Fact]
    public void Explain_WithoutAKey_ShowsOnlyTheClass()
    {
        var explanation = TokenExplainer.Explain(Token66.Parse("70630503470028726114"));
        Assert.Equal((ExplanationDepth.Encrypted, "unknown"), (explanation.Depth, explanation.Answer));
        Assert.Equal("Class", Assert.Single(explanation.Fields).Name);
    }

    [Theory]
    [InlineData("18446744073843772416", "Accept", ExplanationDepth.Open, Label = "class 1 needs no key")]
    [InlineData("18446744073843772417", "CRCError", ExplanationDepth.CheckFailed,
        Label = "class 1 with a wrong digit")]
    public void Explain_ClassOne_IsReadWithoutAKey(string digits, string answer, ExplanationDepth depth)
    {
        var explanation = TokenExplainer.Explain(Token66.Parse(digits));
        Assert.Equal((answer, depth), (explanation.Answer, explanation.Depth));
    }

    [Fact]
    public void Explain_EveryKind_AnswersAsAMeterMight()
    {
        var random = new Random(66);
        foreach (var ea in (EncryptionAlgorithm[])[EncryptionAlgorithm.Ea07, EncryptionAlgorithm.Ea11])
        {
            var attributes = TestKeys.Attributes(ea, ken: 100);
            using var key = TestKeys.Derive(attributes);
            for (var i = 0; i < 4_000; i++)
            {
                var meaning = RandomTokens.Of(i % RandomTokens.Kinds, random, ea);
                var explanation = TokenExplainer.Explain(TokenIssuer.Issue(meaning, key), key, attributes);
                Assert.Equal(ExplanationDepth.Open, explanation.Depth);
                Assert.Equal(66, explanation.Fields.Sum(f => f.Bits));
                Assert.NotEmpty(explanation.Reasons);
                Assert.Equal(meaning.Identifier is { Value: >= 101 << 16 }, explanation.Answer == "KeyExpiredError");
                if (meaning is KeyChangeToken)
                    Assert.Contains(explanation.Fields, f => f.Value is null && f.Bits == 32);
            }
        }
    }

    [Fact]
    public void Explain_DefaultKey_RefusesCredit()
    {
        var attributes = TestKeys.Attributes(keyType: KeyType.Default);
        using var key = TestKeys.Derive(attributes);
        var credit =
            new TransferCredit { Service = CreditService.Electricity, Amount = default, Tid = default, Random = 0 };
        Assert.Equal("DDTKError", TokenExplainer.Explain(TokenIssuer.Issue(credit, key), key, attributes).Answer);
    }
}
