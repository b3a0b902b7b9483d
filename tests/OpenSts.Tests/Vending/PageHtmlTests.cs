using OpenSts.Vending.Pages;

namespace OpenSts.Tests.Vending;

public class PageHtmlTests
{
    [Fact]
    public void When_ConditionDoesNotHold_PartsAreNotLookedAt()
    {
        List<int> none = [];

        Assert.Equal("", Html.When(none.Count > 0, $"<b>{none[^1]}</b>").Text);
        Assert.Equal("<b>7</b>", Html.When(none.Count == 0, $"<b>{none.Count + 7}</b>").Text);
    }

    [Fact]
    public void Of_PartThatIsText_CannotBecomeMarkup() => Assert.Equal("<b title=\"&quot;&gt;&lt;i&gt;\">", Html.Of($"<b title=\"{"\"><i>"}\">").Text);
}
