namespace Faas.Actors.Scripts.Compilation;

/// <summary>Makes source text ready for its runtime, once per text.</summary>
public interface IScriptCompiler
{
    /// <summary>
    /// The code for a sandbox, or why there is none. Code that needs no compiler comes back unchanged.
    /// </summary>
    /// <param name="code">The code, not compiled.</param>
    /// <param name="log">Takes each line that the installer of its libraries writes, at once; null: the result has them all.</param>
    /// <param name="cancellation">Cancelled when the caller leaves.</param>
    Task<Preparation> PrepareAsync(ScriptCode code, Action<string>? log, CancellationToken cancellation);
}

/// <summary>What came of preparing a script.</summary>
public abstract record Preparation;

/// <summary>It can be given to a sandbox.</summary>
public sealed record Prepared(ScriptCode Code) : Preparation;

/// <summary>The script does not compile: its author's fault.</summary>
/// <param name="Error">With the script's own line and column.</param>
public sealed record NotCompiled(ScriptError Error) : Preparation;

/// <summary>The libraries that the script declares cannot be had: its author's fault, or the operator's rules.</summary>
/// <param name="Why">The reason, in the words of the installer or of the rule.</param>
/// <param name="Log">What the installer wrote.</param>
public sealed record LibrariesRefused(string Why, string Log) : Preparation;

/// <summary>The compiler broke or took too long; nothing is known about the script.</summary>
/// <param name="Detail">One line for a person.</param>
public sealed record CompilerFailed(string Detail) : Preparation;
