namespace Faas.Actors.Scripts;

/// <summary>One line of the list.</summary>
public sealed record ScriptSummary(string Path, ScriptVersion Latest, int Versions);
