using System.Globalization;
using System.Text.RegularExpressions;

namespace Faas.Actors.Scripts.Compilation;

/// <summary>One error as esbuild prints it: the message, an empty line, the place, an excerpt.</summary>
/// <param name="Text">The message.</param>
/// <param name="Line">1-based; 0 when it names no place.</param>
/// <param name="ByteColumn">0-based, in bytes of UTF-8.</param>
public sealed partial record EsbuildMessage(string Text, int Line, int ByteColumn)
{
    private const string TopLevelReturn = "Top-level return cannot be used inside an ECMAScript module";

    /// <summary>The name of the source file; null: of a single text, or it names none.</summary>
    public string? File { get; init; }

    /// <summary>A return outside every function, in a script that has imports or awaits outside every function.</summary>
    public bool IsTopLevelReturn => Text == TopLevelReturn && Line > 0;

    /// <summary>Every error that esbuild wrote to stderr, in its order.</summary>
    public static IReadOnlyList<EsbuildMessage> ReadAll(string stderr) =>
    [
        .. Error().Matches(stderr).Select(match => new EsbuildMessage(
            match.Groups["text"].Value.TrimEnd(':'), Number(match.Groups["line"]), Number(match.Groups["column"]))),
    ];

    private static int Number(Group digits) => digits.Success ? int.Parse(digits.ValueSpan, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"^✘ \[ERROR\] (?<text>.*)(?:\n\n    script\.ts:(?<line>\d{1,9}):(?<column>\d{1,9}):$)?", RegexOptions.Multiline)]
    private static partial Regex Error();
}
