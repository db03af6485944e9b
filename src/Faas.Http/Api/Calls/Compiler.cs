using Faas.Actors.Runs;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Compilation;
using Faas.Http.Wire.Problems;

namespace Faas.Http.Api.Calls;

/// <summary>Turns a request's source into code for a sandbox; what does not compile becomes a problem.</summary>
public sealed class Compiler(IScriptCompiler scripts)
{
    /// <summary>The code, compiled if its language needs that; throws <see cref="ProblemException"/>.</summary>
    public async Task<ScriptCode> CompileAsync(CallRequest call, CancellationToken cancellation) =>
        await scripts.PrepareAsync(call.Language, call.Code, cancellation) switch
        {
            Prepared prepared => prepared.Code,
            NotCompiled refused => throw new ProblemException(FaasProblems.NotCompiled(refused.Error)),
            CompilerFailed failed => throw new ProblemException(FaasProblems.Of(Outcome.Broken(failed.Detail))),
            var other => throw new InvalidOperationException($"The compiler answered with {other.GetType().Name}."),
        };
}
