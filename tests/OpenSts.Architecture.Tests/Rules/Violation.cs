namespace OpenSts.Architecture.Tests.Rules;

/// <summary>One place that breaks a rule.</summary>
/// <param name="Project">The project it is in; exceptions are counted by project.</param>
/// <param name="Message">Where it is and what is wrong.</param>
public readonly record struct Violation(string Project, string Message);
