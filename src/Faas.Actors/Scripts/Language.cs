
namespace Faas.Actors.Scripts;

/// <summary>What a script is written in. It belongs to the version, not to the path.</summary>
public enum Language
{
    /// <summary>CommonJS-flavoured JavaScript with static imports, as node runs it.</summary>
    JavaScript,

    /// <summary>What esbuild accepts.</summary>
    TypeScript,

    /// <summary>CPython 3.</summary>
    Python,
}
