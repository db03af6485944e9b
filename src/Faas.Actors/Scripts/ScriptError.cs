namespace Faas.Actors.Scripts;

/// <summary>What the script reported about its own failure.</summary>
/// <param name="Name">The error's class: <c>TypeError</c>, <c>ValueError</c>, <c>SyntaxError</c>.</param>
/// <param name="Message">Its message.</param>
/// <param name="Stack">Its stack or traceback in the script's own lines; null for syntax errors.</param>
/// <param name="Line">1-based line of a syntax error.</param>
/// <param name="Column">1-based column of a syntax error, in characters.</param>
/// <param name="File">The name of the source file of a syntax error in a tree; null: the source is a single text.</param>
public sealed record ScriptError(
    string Name, string Message, string? Stack = null, int? Line = null, int? Column = null, string? File = null);
