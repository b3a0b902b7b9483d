using System.CommandLine;
using OpenSts.Batch;
using OpenSts.Cli.Terminal;
using OpenSts.Meter.Carriers.Card;
using OpenSts.Metering;

namespace OpenSts.Cli.Meters;

/// <summary><c>sts meter card</c>: magnetic cards as files of one line, their track 2.</summary>
internal static class CardCommands
{
    // A track has 40 characters; more than a line of them is no card.
    private const int LongestFile = 200;

    public static Command Create() => new("card", "Magnetic cards: a file that holds one line, the track")
    {
        Write(),
        Read(),
        Insert(),
    };

    private static Command Write()
    {
        var card = Card();
        var token = new Argument<string[]>("token")
        {
            Description = "20 digits, in groups or not",
            Arity = ArgumentArity.OneOrMore
        };
        return new Command("write", "Write a token on a new card") { card, token }.Does(parsed =>
        {
            var text = string.Join(' ', parsed.GetValue(token)!);
            if (!Token66.TryParse(text, out var digits, out var fault))
                throw new CliException($"token: '{Excerpt.Of(text)}' is not a token; {fault.Describe()}");
            using var writer = new StreamWriter(
                parsed.GetValue(card)!.FullName,
                new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write });
            writer.WriteLine(TokenCard.Write(digits).Track);
            return ExitCode.Good;
        }).WithExamples(("Write a token on a card", "sts meter card write token.card 7063 0503 4700 2872 6114"));
    }

    private static Command Read()
    {
        var card = Card();
        return new Command("read", "Show what is on a card") { card }.Does(parsed =>
        {
            var track = Track(parsed.GetValue(card)!);
            if (!Track2.TryRead(track, out var characters, out var fault))
            {
                Console.Out.WriteLine($"damaged: {Describe(fault)}");
                return ExitCode.Negative;
            }

            if (IdentityCard.TryRead(track, out var identity))
            {
                var expiry = identity.Expiry is { } last ? $"serves until {last:yyyy-MM}" : "without end";
                Console.Out.WriteLine(
                    $"identity card of meter {identity.MeterPan.ToGroupedString()}, "
                        + $"{identity.EncryptionAlgorithm.Name()}, "
                    + $"SGC {identity.SupplyGroupCode}, TI {identity.TariffIndex}, KRN "
                        + $"{identity.KeyRevisionNumber}, {expiry}");
                return ExitCode.Good;
            }

            Console.Out.WriteLine(
                new TokenCard(track).IsSpent ? "spent"
                : Token66.TryParse(characters, out var token, out _) ? $"token {token.ToGroupedString()}"
                : $"neither a token nor an identity: '{characters}'");
            return ExitCode.Good;
        }).WithExamples(("Show what is on a card", "sts meter card read token.card"));
    }

    private static Command Insert()
    {
        var file = new MeterFileArguments();
        var card = Card();
        var command = new Command(
            "insert", "Insert a card into a meter; a token that can never be accepted again is overwritten");
        file.AddTo(command);
        command.Arguments.Add(card);
        return command.Does(parsed =>
        {
            var path = parsed.GetValue(card)!;
            var inserted = new TokenCard(Track(path));
            var before = inserted.Track;
            using var opened = file.Open(parsed);
            var outcome = CardReader.Insert(inserted, opened.Meter);
            // The meter is durable by now: a card that could not be written is answered as used the next time.
            if (inserted.Track != before)
                File.WriteAllText(path.FullName, inserted.Track + "\n");
            if (outcome.Answer is null)
            {
                Console.Out.WriteLine(
                    outcome.IsIgnored
                        ? "nothing to enter: an identity card, or a spent one"
                        : $"damaged: {Describe(outcome.Fault)}");
                return ExitCode.Negative;
            }

            MeterEnterCommand.Print(outcome.Answer, opened.Meter, parsed.WantsJson());
            return outcome.Answer.Result.IsTaken() ? ExitCode.Good : ExitCode.Negative;
        }).WithExamples(("Insert a card", "sts meter card insert my.meter token.card"));
    }

    private static Argument<FileInfo> Card() => new("card") { Description = "The card's file" };

    private static string Track(FileInfo card)
    {
        if (card.Exists && card.Length > LongestFile)
            throw new CliException(
                $"{card.FullName} has {card.Length} octets; a card has one line of up to {Track2.Capacity} "
                    + "characters");
        return File.ReadAllText(card.FullName).TrimEnd('\r', '\n');
    }

    private static string Describe(TrackFault fault) => fault switch
    {
        TrackFault.Parity => "a character's parity does not hold",
        TrackFault.Check => "the check character does not hold",
        _ => $"a track is ; and characters 0 to > and ? and a check character, {Track2.Capacity} in all at most",
    };
}
