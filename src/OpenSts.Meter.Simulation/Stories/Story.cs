using System.Text.Json.Nodes;

namespace OpenSts.Meter.Simulation.Stories;

/// <summary>A test of a meter as a text table: how the meter is made, the tokens, and line by line what happens and
/// what it must answer.</summary>
/// <remarks>
/// The form is described in vectors/stories/README.md. Every token stands there in digits, so that a story can be run
/// against any
/// manufacturer's meter.
/// </remarks>
public sealed class Story
{
    /// <summary>The file, for messages.</summary>
    public required string Path { get; init; }

    /// <summary>The first comment line.</summary>
    public required string Title { get; init; }

    /// <summary>The request that makes the meter, of the contract of docs/reference/meter-batch.md.</summary>
    public required JsonObject Create { get; init; }

    /// <summary>Key changes by name: the fields that differ from the key before.</summary>
    public required IReadOnlyDictionary<string, StoryKeyChange> KeyChanges { get; init; }

    /// <summary>The tokens, in the order of the file.</summary>
    public required IReadOnlyList<StoryToken> Tokens { get; init; }

    /// <summary>What happens, in order; at least one line.</summary>
    public required IReadOnlyList<StoryLine> Lines { get; init; }

    /// <summary>The time before the first line.</summary>
    public required DateTimeOffset Start { get; init; }
}

/// <summary>A key change: from the key it is issued under to a new one.</summary>
/// <param name="Name">The name; its tokens are name.1, name.2 and so on.</param>
/// <param name="Under">The key change whose new key is the old one of this; null for the key the meter was made
/// with.</param>
/// <param name="Fields">What differs in the new key's attributes.</param>
/// <param name="Count">How many tokens; null for the usual number.</param>
/// <param name="LineNumber">Where it stands.</param>
public sealed record StoryKeyChange(string Name, string? Under, JsonObject Fields, int? Count, int LineNumber);

/// <summary>A token: its digits and, where given, what it is, so that the digits can be proved.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Digits">20 digits; null where they are to be filled in.</param>
/// <param name="Request">The token of a request; null for the tokens of a key change and for digits that stand for
/// themselves.</param>
/// <param name="Under">The key change under whose new key it is issued; null for the first key.</param>
/// <param name="LineNumber">Where it stands.</param>
public sealed record StoryToken(string Name, string? Digits, JsonObject? Request, string? Under, int LineNumber);

/// <summary>One thing that happens, and what is expected.</summary>
/// <param name="Wait">Time that passes before it; null where an absolute time stands.</param>
/// <param name="At">The absolute time; null where a wait stands.</param>
/// <param name="Action">What happens, such as <c>enter</c>.</param>
/// <param name="Argument">With what: a token's name, an amount; empty where there is none.</param>
/// <param name="Result">The result a token must have; empty for other actions.</param>
/// <param name="Members">Members of the answer that must have these values, by path.</param>
/// <param name="LineNumber">Where it stands.</param>
public sealed record StoryLine(
    TimeSpan? Wait,
    DateTimeOffset? At,
    string Action,
    string Argument,
    string Result,
    IReadOnlyList<(string Path, string Value)> Members,
    int LineNumber);
