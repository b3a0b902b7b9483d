using System.Text.RegularExpressions;
using OpenSts.Vending.Api;
using OpenSts.Vending.Documents;
using OpenSts.Vending.Explaining;
using OpenSts.Vending.Money;
using OpenSts.Vending.Receipts;

namespace OpenSts.Tests.Vending;

/// <summary>Whoever works in another language reads no English: words, numbers, and every sentence with which the server refuses.</summary>
public partial class WordsTests
{
    private static readonly Words French = Words.Of("fr");

    [Fact]
    public void Files_EveryLanguage_HasTheSameWordsWithTheSameValues()
    {
        foreach (var words in Words.All)
        {
            Assert.Equal(Words.English.Keys.Order(StringComparer.Ordinal), words.Keys.Order(StringComparer.Ordinal));
            Assert.All(words.Keys, key => Assert.True(Holes(Words.English[key]).SetEquals(Holes(words[key])), $"{words.Language}: {key}"));
        }
    }

    [Fact]
    public void Refusals_EverySentenceOfTheServer_HasAFrenchOneWithItsValues()
    {
        var sentences = Directory.GetFiles(TestFiles.Path("src", "OpenSts.Vending.Edition1"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(file => SourceSentences.Refusals(File.ReadAllText(file))).Distinct().ToList();
        var known = French.Sentences.ToHashSet(StringComparer.Ordinal);

        Assert.True(sentences.Count > 100, $"only {sentences.Count} sentences were found in the source");
        Assert.True(sentences.All(known.Contains), "without a French sentence in Texts/fr.sentences.json:\n" + string.Join('\n', sentences.Where(sentence => !known.Contains(sentence))));
        Assert.All(known, sentence =>
        {
            var values = Holes(sentence).Select(at => $"v{at}").ToArray<object>();
            var told = French.Told(string.Format(null, sentence, values));
            Assert.True(values.All(value => told.Contains((string)value, StringComparison.Ordinal)), $"{sentence} became {told}");
        });
    }

    [Fact]
    public void Problems_EveryCode_HasAFrenchTitleAndMeaning()
    {
        var known = French.Sentences.ToHashSet(StringComparer.Ordinal);

        Assert.All(ProblemCatalogue.All, kind =>
        {
            Assert.Contains(kind.Title, known);
            Assert.Contains(kind.Meaning, known);
        });
    }

    [Fact]
    public void Permitted_EveryFormOfAField_HasAFrenchSentence()
    {
        FieldSpec[] forms =
        [
            FieldSpec.Text("a", 40, 2), FieldSpec.Decimal("a", 0, 9.5m), FieldSpec.Whole("a", 1, 9), FieldSpec.Flag("a"), FieldSpec.Choice("a", "x", "y"), FieldSpec.Meter(), FieldSpec.Of(FieldForm.SupplyGroup, "a"),
            FieldSpec.Of(FieldForm.TariffIndex, "a"), FieldSpec.Date("a"), FieldSpec.Object("a"), FieldSpec.List("a", 1, 9),
        ];

        Assert.Equal(Enum.GetValues<FieldForm>().Order(), forms.Select(form => form.Form).Order());
        Assert.All(forms, form => Assert.NotEqual(form.Permitted, French.Told(form.Permitted)));
        Assert.All(Enum.GetValues<IdentityFault>().Where(fault => fault != IdentityFault.None), fault => Assert.NotEqual(fault.Describe(), French.Told(fault.Describe())));
    }

    [Theory]
    [InlineData("no value", "Open a shift before the first sale.", "Ouvrez la caisse avant la première vente.")]
    [InlineData("values that are numbers", "The tender is 1234.50; the tariff permits 5 to 10000.", "Le montant est 1234,50 ; le tarif permet de 5 à 10000.")]
    [InlineData("a value that is a person's own words", "The meter is blocked: seal broken; look again.", "Le compteur est bloqué : seal broken; look again.")]
    [InlineData("a value that is the server's own words", "The issue a-1 is Pending.", "L'émission a-1 est dans l'état : pas encore connu.")]
    [InlineData("two values that are the server's own words", "tender held nothing; permitted is 1 to 200.", "tender contenait rien ; permis : de 1 à 200.")]
    [InlineData("the form that says more wins", "id held 'X'; permitted are lower-case letters, digits, dots, dashes and underlines", "id contenait « X » ; permis : minuscules, chiffres, points, tirets et soulignés")]
    [InlineData("a value that is empty", "The security module answered 41.", "Le module de sécurité a répondu 41.")]
    [InlineData("something nobody translated", "Socket 7 is on fire", "Socket 7 is on fire")]
    public void Told_InFrench_SaysTheValuesInTheirPlaces(string description, string english, string french) => Assert.True(french == French.Told(english), $"{description}: {French.Told(english)}");

    [Fact]
    public void Told_InEnglish_IsTheSame() => Assert.Equal("There is no issue x.", Words.English.Told("There is no issue x."));

    [Fact]
    public void Problem_InFrench_KeepsItsCodesAndSaysTheRest()
    {
        var told = ApiAnswer.Told(new Refusal("meter-unknown", "The meter 600727000000000009 is not registered.", "meter"), [new FieldFault("meter", "nothing", "1 to 200")], French);

        Assert.Equal("""{"type":"/problems/meter-unknown","title":"Le compteur n'est pas enregistré","status":422,"detail":"Le compteur 600727000000000009 n'est pas enregistré.","code":"meter-unknown","field":"meter","errors":[{"field":"meter","held":"rien","permitted":"de 1 à 200"}]}""", told);
    }

    [Theory]
    [InlineData("en", "1,234,567.80", "48.5")]
    [InlineData("fr", "1\u00A0234\u00A0567,80", "48,5")]
    public void Numbers_EachLanguage_HaveItsSigns(string language, string money, string units)
    {
        Assert.Equal(money, Words.Of(language).Money(new Currency("ZAR", 2), 123_456_780));
        Assert.Equal("-0" + money[^3..], Words.Of(language).Money(new Currency("ZAR", 2), -80));
        Assert.Equal(units, Words.Of(language).Number(48.5m));
    }

    [Theory]
    [InlineData("", "en")]
    [InlineData("fr", "fr")]
    [InlineData("fr-CH, en;q=0.5", "fr")]
    [InlineData("de, FR;q=0.9, en;q=0.8", "fr")]
    [InlineData("en-ZA,en;q=0.9,fr;q=0.8", "en")]
    [InlineData("frr", "en")]
    [InlineData(";;,,-", "en")]
    public void Preferred_Header_IsTheFirstLanguageThereIs(string accepted, string language) => Assert.Equal(language, Words.Preferred(accepted).Language);

    [Fact]
    public void Causes_EveryOne_SaysWhyAndWhatToDo() => Assert.All(Enum.GetValues<TokenCause>(), cause =>
    {
        var name = FieldSpec.Kebab(cause.ToString());
        Assert.Contains("xray.cause." + name, Words.English.Keys);
        Assert.Contains("xray.next." + name, Words.English.Keys);
    });

    private static HashSet<string> Holes(string text) => [.. HolePattern().Matches(text).Select(match => match.Groups[1].Value)];

    [GeneratedRegex("\\{([0-9])\\}")]
    private static partial Regex HolePattern();
}
