using System.Globalization;
using Faas.Client;

namespace Faas.Cli.Commands.Runs;

/// <summary>Says to a person how a run failed: what the script threw and where, and the reason.</summary>
internal static class ScriptFailure
{
    /// <summary>The lines: first the stack.</summary>
    public static IReadOnlyList<string> Lines(Problem problem)
    {
        string[] stack = problem.Stack is { } text ? text.TrimEnd().Split('\n') : [];
        var isSaid = stack.Any(line => line.Contains(problem.Detail.Split('\n')[0], StringComparison.Ordinal));
        return [.. stack, isSaid ? $"faas: The script failed [{problem.Reason}]" : $"faas: {Sentence(problem)}"];
    }

    /// <summary>All of it in one line.</summary>
    public static string Sentence(Problem problem)
    {
        var place = problem is { File: { } file } ? $" ({file}:{problem.Line}:{problem.Column})"
            : problem is { Line: { } line } && !problem.Detail.Contains("(line", StringComparison.Ordinal)
            ? string.Create(CultureInfo.InvariantCulture, $" (line {line}{(problem.Column is { } column ? $", column {column}" : "")})")
            : "";
        var reason = problem.Reason.Length > 0 ? $" [{problem.Reason}]" : "";
        return $"{problem.Detail.ReplaceLineEndings(" ")}{place}{reason}";
    }
}
