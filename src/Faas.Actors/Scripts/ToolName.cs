using System.Text.RegularExpressions;

namespace Faas.Actors.Scripts;

/// <summary>
/// What a script is called as a tool of the Model Context Protocol: its path with <c>__</c> for each slash. Clients and the models behind
/// them take letters, digits, <c>_</c> and <c>-</c>, and 64 of them. A path in which an underscore begins or ends a segment, or follows
/// another one, has no such name. So each name stands for one path, and the way back needs no list. Pure.
/// </summary>
public static partial class ToolName
{
    /// <summary>The most characters of a name.</summary>
    public const int MaxLength = 64;

    /// <summary>The tool that runs code, which is no script.</summary>
    public const string RunCode = "run_code";

    private const string Slash = "__";

    /// <summary>What is wrong with a path of a tool, as a sentence that goes on after the path; null: it has a name.</summary>
    public static string? Check(string path) => Of(path) is not null ? null
        : path == RunCode ? "is the name of another tool"
        : $"has no tool name: its segments must have letters, digits, - and single _ between them, and the name, "
            + $"which has __ for each slash, at most {MaxLength} characters";

    /// <summary>The name of the script at a path; null: it has none.</summary>
    public static string? Of(string path) =>
        Named().IsMatch(path) && path != RunCode && path.Replace("/", Slash, StringComparison.Ordinal) is { Length: <= MaxLength } name
            ? name
            : null;

    /// <summary>The path of the script that has this name; null: no script has it.</summary>
    public static string? PathOf(string name) =>
        name.Replace(Slash, "/", StringComparison.Ordinal) is var path && Of(path) == name ? path : null;

    [GeneratedRegex(@"\A[A-Za-z0-9-]+(?:[_/][A-Za-z0-9-]+)*\z")]
    private static partial Regex Named();
}
