using Akka.Actor;
using Akka.Hosting;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Code;

namespace Faas.Actors.UseCases;

/// <summary>
/// Finds the version that a call means and its code: in memory where the script is live, else by its actor and the store.
/// </summary>
public sealed class ScriptLookup(IRequiredActor<ScriptRegistry> registry, IScriptReads reads, ICodeStore codes, UseCaseOptions options)
{
    /// <summary>A version and its code.</summary>
    public async ValueTask<OrRefusal<FoundScript>> FindAsync(string path, VersionRef version, CancellationToken cancellation)
    {
        if (reads.Find(path, version.Number) is { } known)
        {
            return await WithCodeAsync(path, known, cancellation);
        }

        var (found, refusal) = await VersionAsync(path, version, cancellation);
        return found is null ? refusal! : await WithCodeAsync(path, found, cancellation);
    }

    /// <summary>A version without its code.</summary>
    public async Task<OrRefusal<ScriptVersion>> VersionAsync(string path, VersionRef version, CancellationToken cancellation) =>
        await AskAsync(registry, new GetVersion(path, version.Number), options.StorePatience, cancellation) switch
        {
            VersionFound found => found.Version,
            VersionNotFound notFound => Refusal.NotFound(path, version.Number, notFound.Newest),
            StoreUnavailable unavailable => Refusal.Store(unavailable.Detail),
            var other => throw Unexpected(other),
        };

    /// <summary>
    /// Asks the registry; its silence is <see cref="StoreUnavailable"/>, because a script's actor waits for nothing but the store.
    /// </summary>
    internal static async Task<IWithScriptPath> AskAsync(
        IRequiredActor<ScriptRegistry> registry, IWithScriptPath question, TimeSpan patience, CancellationToken cancellation)
    {
        try
        {
            return await registry.ActorRef.Ask<IWithScriptPath>(question, patience, cancellation);
        }
        catch (AskTimeoutException)
        {
            return new StoreUnavailable(question.Path, "The store did not answer in time.");
        }
    }

    /// <summary>A reply that the registry's protocol does not have.</summary>
    internal static InvalidOperationException Unexpected(IWithScriptPath reply) =>
        new($"The registry replied with {reply.GetType().Name}.");

    private async Task<OrRefusal<FoundScript>> WithCodeAsync(string path, ScriptVersion version, CancellationToken cancellation)
    {
        try
        {
            return await codes.GetAsync(version.Language, version.CodeHash, cancellation) is { } code
                ? new FoundScript(version, code)
                : Refusal.Store($"The code of version {version.Number} of \"{path}\" is not in the store.");
        }
        catch (StoreException)
        {
            return Refusal.Store("The store does not answer.");
        }
    }
}

/// <summary>A version of a script, ready to run.</summary>
public sealed record FoundScript(ScriptVersion Version, ScriptCode Code);
