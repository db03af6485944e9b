using Akka.Hosting;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Code;

namespace Faas.Actors.UseCases;

/// <summary>
/// Finds the version that a call means and its code: in memory where the script is live, else by its actor and the store.
/// </summary>
public sealed class ScriptLookup(IRequiredActor<ScriptRegistry> registry, IScriptReads reads, ICodeStore codes, UseCaseOptions options)
{
    /// <summary>The version that a call runs, and its code.</summary>
    /// <param name="path">The script.</param>
    /// <param name="version">The version, or an alias, which may name two.</param>
    /// <param name="headerOf">The call's headers, one of which may choose between the two; null: it has none.</param>
    /// <param name="cancellation">Cancelled when the caller leaves.</param>
    public async ValueTask<OrRefusal<FoundScript>> FindToRunAsync(
        string path, VersionRef version, Func<string, string?>? headerOf, CancellationToken cancellation)
    {
        if (Known(path, version, headerOf) is { } known)
        {
            return await WithCodeAsync(path, known, version, cancellation);
        }

        var (number, refusal) = await NumberAsync(path, version, target => Choose(path, version.Alias!, target, headerOf), cancellation);
        if (refusal is not null)
        {
            return refusal;
        }

        return await AskAsync(new GetVersion(path, number), cancellation) switch
        {
            VersionFound { Enabled: false } => Refusal.Disabled(path),
            VersionFound found => await WithCodeAsync(path, found.Version, version, cancellation),
            var other => RefusalOf(other),
        };
    }

    /// <summary>The latest version; null: there is none, or the store does not answer.</summary>
    public async ValueTask<ScriptVersion?> LatestAsync(string path, CancellationToken cancellation) =>
        reads.FindCertain(path)?.Latest ?? (await AskAsync(new GetVersion(path, Version: null), cancellation) as VersionFound)?.Version;

    /// <summary>A version without its code. An alias that names two versions is refused.</summary>
    public async Task<OrRefusal<ScriptVersion>> VersionAsync(string path, VersionRef version, CancellationToken cancellation)
    {
        var (number, refusal) = await NumberAsync(path, version, target => target.Other is null ? target.Version : null, cancellation);
        if (refusal is not null)
        {
            return refusal;
        }

        return await AskAsync(new GetVersion(path, number), cancellation) switch
        {
            VersionFound found => found.Version,
            var other => RefusalOf(other),
        };
    }

    /// <summary>A version and its code. An alias that names two versions is refused.</summary>
    public async Task<OrRefusal<FoundScript>> CodeAsync(string path, VersionRef version, CancellationToken cancellation)
    {
        var (found, refusal) = await VersionAsync(path, version, cancellation);
        return found is null ? refusal! : await WithCodeAsync(path, found, version, cancellation);
    }

    /// <summary>Why the registry did not do what it was asked for.</summary>
    internal static Refusal RefusalOf(IWithScriptPath reply) => reply switch
    {
        VersionNotFound notFound => Refusal.NotFound(notFound.Path, notFound.Version, notFound.Newest),
        AliasNotFound notFound => Refusal.NotFound(notFound),
        AliasStale stale => Refusal.Stale(stale),
        ScriptConflict conflict => Refusal.Conflict(conflict.Detail),
        StoreUnavailable unavailable => Refusal.Store(unavailable.Detail),
        _ => throw Unexpected(reply),
    };

    /// <summary>A reply that the registry's protocol does not have.</summary>
    internal static InvalidOperationException Unexpected(IWithScriptPath reply) =>
        new($"The registry replied with {reply.GetType().Name}.");

    // Null: the script's actor has to be asked, which also knows why there is none.
    private ScriptVersion? Known(string path, VersionRef version, Func<string, string?>? headerOf)
    {
        if (reads.Find(path) is not { Traits: { Enabled: true } traits } live)
        {
            return null;
        }

        if (version.Alias is not { } name)
        {
            return live.Find(version.Number);
        }

        return traits.Aliases.TryGetValue(name, out var alias) ? live.Find(Choose(path, name, alias.Target, headerOf)) : null;
    }

    private static long Choose(string path, string alias, AliasTarget target, Func<string, string?>? headerOf)
    {
        var value = target.Sticky is { } header ? headerOf?.Invoke(header) : null;
        return target.Choose(string.IsNullOrEmpty(value) ? AliasSample.Random(Random.Shared) : AliasSample.Of(path, alias, value));
    }

    private async Task<(long? Number, Refusal? Refusal)> NumberAsync(
        string path, VersionRef version, Func<AliasTarget, long?> choose, CancellationToken cancellation)
    {
        if (version.Alias is not { } name)
        {
            return (version.Number, null);
        }

        return await AskAsync(new GetAlias(path, name), cancellation) switch
        {
            AliasFound { Alias.Target: var target } => choose(target) is { } number
                ? (number, null)
                : (null, Refusal.Conflict(
                    $"The alias \"{name}\" of the script \"{path}\" names two versions, {target.Version} and {target.Other}; "
                    + "name one of them.")),
            var other => (null, RefusalOf(other)),
        };
    }

    private Task<IWithScriptPath> AskAsync(IScriptRequest question, CancellationToken cancellation) =>
        ScriptAsk.AskAsync(registry, question, options, cancellation);

    private async Task<OrRefusal<FoundScript>> WithCodeAsync(
        string path, ScriptVersion version, VersionRef named, CancellationToken cancellation)
    {
        try
        {
            return await codes.GetAsync(version.Language, version.CodeHash, cancellation) is { } code
                ? new FoundScript(version, code) { IsLatest = named is { Number: null, Alias: null }, Alias = named.Alias }
                : await WithoutCodeAsync(path, version, cancellation);
        }
        catch (StoreException)
        {
            return Refusal.StoreIsAway;
        }
    }

    // The version may have been deleted, and its code with it, since it was found.
    private async Task<Refusal> WithoutCodeAsync(string path, ScriptVersion version, CancellationToken cancellation) =>
        await AskAsync(new GetVersion(path, version.Number), cancellation) is VersionNotFound deleted
            ? RefusalOf(deleted)
            : Refusal.Store($"The code of version {version.Number} of \"{path}\" is not in the store.");
}

/// <summary>A version of a script, ready to run.</summary>
public sealed record FoundScript(ScriptVersion Version, ScriptCode Code)
{
    /// <summary>Whether it was found as the latest version.</summary>
    public bool IsLatest { get; init; }

    /// <summary>The alias by which it was found; null: by none.</summary>
    public string? Alias { get; init; }
}
