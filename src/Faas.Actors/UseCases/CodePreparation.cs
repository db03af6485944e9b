using Faas.Actors.Runs;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Compilation;

namespace Faas.Actors.UseCases;

/// <summary>Turns a source into code for a sandbox, or into the outcome that says why it is none.</summary>
internal static class CodePreparation
{
    /// <summary>The code, or the outcome of a run that never reached a sandbox.</summary>
    public static async Task<(ScriptCode? Code, Outcome? Failure)> PrepareCodeAsync(
        this IScriptCompiler compiler, ScriptCode source, Action<string>? log, CancellationToken cancellation) =>
        await compiler.PrepareAsync(source, log, cancellation) switch
        {
            Prepared prepared => (prepared.Code, null),
            NotCompiled refused =>
                (null, new Outcome(Reason.Syntax) { Detail = refused.Error.Message, Error = refused.Error, Warmth = null }),
            LibrariesRefused refused =>
                (null, new Outcome(Reason.Dependencies) { Detail = refused.Why, Logs = refused.Log, Warmth = null }),
            CompilerFailed failed => (null, Outcome.Broken(failed.Detail) with { Warmth = null }),
            var other => throw new InvalidOperationException($"The compiler replied with {other.GetType().Name}."),
        };
}
