using OpenSts.Meter.Carriers.Card;
using OpenSts.Metering;

namespace OpenSts.Meter.Tests.Carriers;

public class CardTests
{
    [Fact]
    public void Insert_GoodCard_IsEnteredAndOverwritten()
    {
        var meter = new PaymentMeter(NewMeters.Record(), NewMeters.Clock());
        var card = TokenCard.Write(Token66.Parse(NewMeters.Published));
        Assert.Equal(";70630503470028726114?", card.Track[..^1]);
        Assert.Equal(TokenResult.Accept, CardReader.Insert(card, meter).Answer!.Result);
        Assert.True(card.IsSpent);
        Assert.True(CardReader.Insert(card, meter).IsIgnored);
        Assert.Equal(TokenCarrierType.MagneticCard, meter.Record.LastToken!.Carrier);
        Assert.Equal(1, meter.Record.State.CreditUnits);
    }

    [Theory]
    [
        InlineData(
            "70630503470028726115", TokenResult.CrcError, false, Label = "another meter's token stays on the card")]
    [InlineData("06510894141453018386", TokenResult.FirstKeyChangeToken, true, Label = "half a key change is spent")]
    [InlineData("73786976294838206463", TokenResult.FunctionError, false, Label = "what the meter lacks stays")]
    public void Insert_OtherAnswers_SpendOnlyWhatCanNeverWork(string digits, TokenResult expected, bool spent)
    {
        var card = TokenCard.Write(Token66.Parse(digits));
        var outcome = CardReader.Insert(card, new PaymentMeter(NewMeters.Record(), NewMeters.Clock()));
        Assert.Equal((expected, spent), (outcome.Answer!.Result, card.IsSpent));
    }

    [Fact]
    public void Insert_UsedToken_IsSpentToo()
    {
        var meter = new PaymentMeter(NewMeters.Record(), NewMeters.Clock());
        _ = meter.Enter(NewMeters.Published, TokenCarrierType.Numeric);
        var card = TokenCard.Write(Token66.Parse(NewMeters.Published));
        Assert.Equal(TokenResult.UsedError, CardReader.Insert(card, meter).Answer!.Result);
        Assert.True(card.IsSpent);
    }

    [Fact]
    public void Insert_EveryDamagedCharacter_IsNoticedAndNothingIsEntered()
    {
        var meter = new PaymentMeter(NewMeters.Record(), NewMeters.Clock());
        var track = TokenCard.Write(Token66.Parse(NewMeters.Published)).Track;
        for (var at = 0; at < track.Length; at++)
        {
            for (var c = '0'; c <= '?'; c++)
            {
                if (c == track[at])
                    continue;
                var damaged = new TokenCard(track[..at] + c + track[(at + 1)..]);
                Assert.NotEqual(TrackFault.None, CardReader.Insert(damaged, meter).Fault);
                Assert.False(damaged.IsSpent);
            }
        }

        Assert.Null(meter.Record.LastToken);
    }

    [Fact]
    public void Bits_EverySingleOneFlipped_IsNoticed()
    {
        var track = TokenCard.Write(Token66.Parse(NewMeters.Published)).Track;
        byte[] bits = [.. new byte[20], .. Track2.ToBits(track), .. new byte[20]];
        Assert.True(Track2.TryFromBits(bits, out var read, out _));
        Assert.Equal(track, read);
        for (var at = 20; at < bits.Length - 20; at++)
        {
            var flipped = (byte[])bits.Clone();
            flipped[at] ^= 1;
            Assert.False(Track2.TryFromBits(flipped, out var framed, out _) && Track2.TryRead(framed, out _, out _));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("?;")]
    [InlineData(";706305034700287261147063050347002872611470630?9")]
    [InlineData(";7063A?5")]
    public void TryRead_NoTrack_IsAFault(string track) => Assert.False(Track2.TryRead(track, out _, out _));

    [Fact]
    public void IdentityCard_RoundTrips_AndExpiresAfterItsMonth()
    {
        var attributes = TestKeys.Attributes();
        var card = new IdentityCard(
            attributes.MeterPan, new DateOnly(2004, 6, 1), TokenCarrierType.MagneticCard, EncryptionAlgorithm
                .Ea07, attributes.SupplyGroupCode, attributes.TariffIndex, attributes.KeyRevisionNumber);
        Assert.Equal(";600727000000000009=04060107201457011?", card.ToTrack()[..^1]);
        Assert.True(IdentityCard.TryRead(card.ToTrack(), out var read));
        Assert.Equal(card, read);
        Assert.True(card.ServesOn(new DateOnly(2004, 6, 30)));
        Assert.False(card.ServesOn(new DateOnly(2004, 7, 1)));
        Assert.True((card with { Expiry = null }).ServesOn(new DateOnly(2099, 1, 1)));
    }

    [Theory]
    [InlineData("600727000000000008=04060107201457011")]
    [InlineData("600727000000000009=04130107201457011")]
    [InlineData("600727000000000009=04060199201457011")]
    [InlineData("600727000000000009=04060107201457010")]
    [InlineData("600727000000000009=0406010720145701")]
    [InlineData("60072700000000000904060107201457011")]
    public void IdentityCard_WrongValues_AreRefused(string characters) =>
        Assert.False(IdentityCard.TryRead(Track2.Frame(characters), out _));
}
