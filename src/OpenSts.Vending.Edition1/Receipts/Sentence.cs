namespace OpenSts.Vending.Receipts;

/// <summary>Something to be said in whatever language: the name of a text and what is put into it.</summary>
/// <param name="Key">Of a text in the resource files.</param>
/// <param name="Values">Put in for {0}, {1} and so on; a sentence among them is said first.</param>
public sealed record Sentence(string Key, params IReadOnlyList<object> Values);
