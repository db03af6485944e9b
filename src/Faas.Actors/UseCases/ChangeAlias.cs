using Akka.Hosting;
using Faas.Actors.Scripts;

namespace Faas.Actors.UseCases;

/// <summary>Reads, moves, rolls back and deletes the aliases of scripts.</summary>
public sealed class ChangeAlias(IRequiredActor<ScriptRegistry> registry, UseCaseOptions options, TimeProvider time)
{
    /// <summary>The alias.</summary>
    public Task<OrRefusal<AliasFound>> FindAsync(string path, string name, CancellationToken cancellation) =>
        AliasAsync(new GetAlias(path, name), cancellation);

    /// <summary>Moves the alias, or makes it.</summary>
    public Task<OrRefusal<AliasFound>> MoveAsync(
        string path, string name, AliasTarget target, RevisionCondition condition, CancellationToken cancellation) =>
        AliasAsync(new MoveAlias(path, name, target, condition, time.GetUtcNow()), cancellation);

    /// <summary>Moves the alias back to what it named before its last move.</summary>
    public Task<OrRefusal<AliasFound>> RollBackAsync(
        string path, string name, RevisionCondition condition, CancellationToken cancellation) =>
        AliasAsync(new RollBackAlias(path, name, condition, time.GetUtcNow()), cancellation);

    /// <summary>Deletes the alias.</summary>
    public async Task<Refusal?> DeleteAsync(string path, string name, RevisionCondition condition, CancellationToken cancellation) =>
        await AskAsync(new DeleteAlias(path, name, condition, time.GetUtcNow()), cancellation) switch
        {
            ScriptChanged => null,
            var other => ScriptLookup.RefusalOf(other),
        };

    private async Task<OrRefusal<AliasFound>> AliasAsync(IScriptRequest request, CancellationToken cancellation) =>
        await AskAsync(request, cancellation) switch
        {
            AliasFound found => found,
            var other => ScriptLookup.RefusalOf(other),
        };

    private Task<IWithScriptPath> AskAsync(IScriptRequest request, CancellationToken cancellation) =>
        ScriptAsk.AskAsync(registry, request, options, cancellation);
}
