#pragma warning disable CS1591, IDE0130
using Faas.Actors.Invocations;

namespace Faas.Actors.Scripts;

public abstract record Preparation;

public sealed record Prepared(ScriptCode Code) : Preparation;

public sealed record NotCompiled(ScriptError Error) : Preparation;

public class ScriptCompiler
{
    public virtual Task<Preparation> PrepareAsync(Language language, string source, CancellationToken cancellation) =>
        Task.FromResult<Preparation>(new Prepared(ScriptCode.Of(language, source)));
}
