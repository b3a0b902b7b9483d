namespace OpenSts.Vending.Api;

/// <summary>placeholder</summary>
public static class ProblemCatalogue;
