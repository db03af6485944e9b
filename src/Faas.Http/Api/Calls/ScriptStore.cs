using Akka.Actor;
using Akka.Hosting;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Code;
using Faas.Actors.Scripts.Registry;
using Faas.Http.Configuration;
using Faas.Http.Wire.Problems;
using StackExchange.Redis;

namespace Faas.Http.Api.Calls;

/// <summary>The stored scripts as endpoints use them: asks the registry and the code store, and turns their failures into problems.</summary>
public sealed class ScriptStore(IRequiredActor<ScriptRegistry> registry, LiveScripts live, ICodeStore codes, FaasOptions options, TimeProvider time)
{
    // Recovery of a script's actor and its own write, each within the store's timeout, and the way there and back.
    private readonly TimeSpan _patience = 2 * options.Store.Timeout + TimeSpan.FromSeconds(5);

    /// <summary>A version of a script and its code; throws <see cref="ProblemException"/> when there is none.</summary>
    public async Task<(ScriptVersion Version, ScriptCode Code)> FindAsync(string path, long? version, CancellationToken cancellation)
    {
        var found = live.Find(path)?.Find(version) ?? await AskAsync(new GetVersion(path, version), cancellation) switch
        {
            VersionFound answer => answer.Version,
            VersionNotFound => throw new ProblemException(FaasProblems.NotFound(version is null
                ? $"There is no script \"{path}\"."
                : $"There is no version {version} of a script \"{path}\".")),
            var other => throw Unexpected(other),
        };
        return (found, await CodeAsync(found, cancellation)
            ?? throw new ProblemException(FaasProblems.Store($"The code of version {found.Number} of \"{path}\" is not in the store.")));
    }

    /// <summary>Makes the code the path's newest version; returns its number once it is durable.</summary>
    public async Task<long> PublishAsync(string path, ScriptCode code, Isolation? isolation, CancellationToken cancellation) =>
        await AskAsync(new PublishVersion(path, code, time.GetUtcNow(), isolation), cancellation) is var answer && answer is VersionPublished published
            ? published.Version
            : throw Unexpected(answer);

    private async Task<ScriptCode?> CodeAsync(ScriptVersion version, CancellationToken cancellation)
    {
        try
        {
            return await codes.GetAsync(version.Language, version.CodeHash, cancellation);
        }
        catch (Exception failed) when (failed is RedisException or TimeoutException)
        {
            throw new ProblemException(FaasProblems.Store("The store does not answer."));
        }
    }

    private async Task<IWithScriptPath> AskAsync(IWithScriptPath message, CancellationToken cancellation)
    {
        try
        {
            return await registry.ActorRef.Ask<IWithScriptPath>(message, _patience, cancellation);
        }
        catch (AskTimeoutException)
        {
            throw new ProblemException(FaasProblems.Store("The store did not answer in time."));
        }
    }

    private static Exception Unexpected(IWithScriptPath answer) => answer is StoreUnavailable unavailable
        ? new ProblemException(FaasProblems.Store(unavailable.Detail))
        : new InvalidOperationException($"The registry answered with {answer.GetType().Name}.");
}
