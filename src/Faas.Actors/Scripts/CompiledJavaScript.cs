using System.Text.Json.Serialization;

namespace Faas.Actors.Scripts;

/// <summary>What esbuild made of TypeScript, or of the files of a tree.</summary>
/// <param name="JavaScript">A function body (static imports allowed) for the node runtime.</param>
/// <param name="SourceMap">Source map v3 (JSON) from <paramref name="JavaScript"/> to the lines of the source or of its files.</param>
public sealed record CompiledJavaScript(string JavaScript, string SourceMap)
{
    /// <summary>
    /// Whether the bundler has placed a pause behind the libraries, before which nothing else is executed. The text does not tell: its
    /// author may write the same words. False where an earlier server has compiled the code.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool HasPause { get; init; }

    /// <summary>Whether the JavaScript imports libraries with machine code, which its sandboxes must see in a layer.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool NeedsLayer { get; init; }
}
