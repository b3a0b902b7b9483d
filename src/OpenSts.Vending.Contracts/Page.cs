namespace OpenSts.Vending.Contracts;

/// <summary>A part of a list.</summary>
/// <typeparam name="T">What it lists.</typeparam>
/// <param name="Items">The items, at most as many as were asked for.</param>
/// <param name="Next">The cursor of the next part; null for the last.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);
