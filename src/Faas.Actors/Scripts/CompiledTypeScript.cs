namespace Faas.Actors.Scripts;

/// <summary>What the TypeScript compiler made of a script.</summary>
/// <param name="JavaScript">A function body (static imports allowed) for the node runtime.</param>
/// <param name="SourceMap">Source map v3 (JSON) from <paramref name="JavaScript"/> to the script's own lines.</param>
public sealed record CompiledTypeScript(string JavaScript, string SourceMap);
