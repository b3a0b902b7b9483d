namespace OpenSts.Vending.Tests;

public class ErrorCodesTests
{
    // The codes of the first edition: their texts and status are compared by clients for ever.
    private const string FirstEdition =
        "body-unreadable 400 field-invalid 400 unauthenticated 401 forbidden 403 csrf 403 not-found 404 "
        + "method-not-allowed 405 vend-exists-with-different-content 409 exists 409 version-mismatch 412 "
        + "version-needed 428 body-too-large 413 idempotency-key-reused 422 meter-unknown 422 "
        + "meter-blocked 422 meter-replaced 422 vendor-unknown 422 vendor-credit-exhausted 422 "
        + "no-open-shift 422 shift-already-open 422 tender-out-of-limits 422 tender-buys-nothing 422 "
        + "amount-out-of-range 422 tariff-unknown 422 supply-group-unknown 422 key-unknown 422 "
        + "key-expired 422 key-change-needed 422 key-change-not-permitted 422 key-change-not-confirmed 422 "
        + "no-key-change 422 base-date-ended 422 clock-behind 503 clock-differs 503 restored 503 "
        + "lost-in-restore 422 module-refused 422 outcome-unknown 504 issue-unknown 404 original-unknown 422 "
        + "not-awaiting-approval 422 second-person-needed 422 not-reversible 422 token-released 422 "
        + "not-issued 422 sign-in-refused 401 too-many-requests 429 store-unavailable 503 internal 500";

    [Fact]
    public void All_CodesOfTheFirstEdition_KeepTextAndStatus()
    {
        foreach (var pair in FirstEdition.Split(' ').Chunk(2))
            Assert.Equal(pair[1], ErrorCodes.Find(pair[0])?.Status.ToString());
    }

    [Fact]
    public void All_Texts_AreUniqueAndLowerCaseWithHyphens()
    {
        Assert.Equal(ErrorCodes.All.Count, ErrorCodes.All.Select(code => code.Text).Distinct().Count());
        Assert.All(ErrorCodes.All, code => Assert.Matches("^[a-z]+(-[a-z]+)*$", code.Text));
    }

    [Fact]
    public void Result_Default_HoldsNothing() =>
        Assert.Throws<InvalidOperationException>(() => default(Result<string>).TryGet(out _, out _));
}
