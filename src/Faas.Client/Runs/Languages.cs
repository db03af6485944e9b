namespace Faas.Client;

/// <summary>What scripts are written in, as the server names it.</summary>
public static class Languages
{
    /// <summary>JavaScript, as node runs it.</summary>
    public const string JavaScript = "javascript";

    /// <summary>TypeScript, as esbuild accepts it.</summary>
    public const string TypeScript = "typescript";

    /// <summary>Python 3.</summary>
    public const string Python = "python";
}
