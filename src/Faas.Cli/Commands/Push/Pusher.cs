using System.Net;
using Faas.Cli.Output;
using Faas.Cli.Sources;
using Faas.Client;

namespace Faas.Cli.Commands.Push;

/// <summary>
/// Stores scripts, a few at a time. The server itself knows what has not changed: an upload of the latest version's code and settings
/// makes no version. In a dry run, it answers what it would answer, and stores nothing.
/// </summary>
internal sealed class Pusher(ScriptsClient scripts, AliasesClient aliases, PushOptions options)
{
    private const int AtATime = 4;

    /// <summary>Pushes; what became of each, in the order of the plan. What fails for one script does not keep the others back.</summary>
    /// <param name="plan">Paths and sources.</param>
    /// <param name="told">Called when one is done.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<IReadOnlyList<Pushed>> PushAsync(
        IReadOnlyList<(string Path, SourceFile Source)> plan, Action<Pushed> told, CancellationToken cancellation)
    {
        var results = new Pushed[plan.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellation };
        await Parallel.ForAsync(0, plan.Count, parallel, async (i, token) =>
        {
            var (path, source) = plan[i];
            results[i] = await OneAsync(path, source, token);
            told(results[i]);
        });
        return results;
    }

    private async Task<Pushed> OneAsync(string path, SourceFile source, CancellationToken cancellation)
    {
        var pushed = new Pushed(path, source.File);
        try
        {
            return options.DryRun ? await CheckAsync(pushed, source, cancellation) : await StoreAsync(pushed, source, cancellation);
        }
        catch (FaasException refused) when (refused.Status is not (HttpStatusCode.Unauthorized))
        {
            return pushed with { State = Pushed.Failed, Problem = refused.Problem };
        }
    }

    private async Task<Pushed> StoreAsync(Pushed pushed, SourceFile source, CancellationToken cancellation)
    {
        var stored = await UploadAsync(pushed, source, cancellation);
        pushed = pushed with { State = stored.Unchanged ? Pushed.Unchanged : Pushed.Stored, Version = stored.Version };
        try
        {
            foreach (var alias in options.Aliases)
            {
                await aliases.MoveAsync(pushed.Path, alias, new AliasTarget(stored.Version), cancellation: cancellation);
            }
        }
        catch (FaasException refused)
        {
            return pushed with { Problem = refused.Problem }; // the version is stored all the same
        }

        return pushed;
    }

    private async Task<Pushed> CheckAsync(Pushed pushed, SourceFile source, CancellationToken cancellation)
    {
        var (latest, isUnchanged) = await UploadAsync(pushed, source, cancellation) switch
        {
            { Version: 0 } => ((long?)null, false),
            var answer => (answer.Version, answer.Unchanged),
        };
        return pushed with
        {
            State = latest is null ? Pushed.New : isUnchanged ? Pushed.Unchanged : options.Force ? Pushed.Again : Pushed.Changed,
            Version = latest,
        };
    }

    private Task<Uploaded> UploadAsync(Pushed pushed, SourceFile source, CancellationToken cancellation) => options.Log is { } log
        ? scripts.UploadAsync(UploadOf(pushed, source), line => log(pushed.Path, line), cancellation)
        : scripts.UploadAsync(UploadOf(pushed, source), cancellation);

    private Upload UploadOf(Pushed pushed, SourceFile source) => new(pushed.Path, source.Language, source.Code, source.Settings)
    {
        Force = options.Force,
        DryRun = options.DryRun,
        Sources = source.Tree?.Files,
        Entry = source.Tree?.Entry,
    };
}

/// <summary>What became of a script.</summary>
/// <param name="Path">Its path.</param>
/// <param name="File">Its file.</param>
internal sealed record Pushed(string Path, string File)
{
    /// <summary>A new version was stored.</summary>
    public const string Stored = "stored";

    /// <summary>The latest version is the same.</summary>
    public const string Unchanged = "unchanged";

    /// <summary>It could not be stored.</summary>
    public const string Failed = "failed";

    /// <summary>Of a dry run: the server has no such script.</summary>
    public const string New = "new";

    /// <summary>Of a dry run: it would be a new version.</summary>
    public const string Changed = "changed";

    /// <summary>Of a dry run: it would be a new version, also if nothing has changed.</summary>
    public const string Again = "forced";

    /// <summary>Which of them.</summary>
    public string State { get; init; } = Failed;

    /// <summary>The number of its latest version; null: not known.</summary>
    public long? Version { get; init; }

    /// <summary>Why it, or an alias of it, failed on the server.</summary>
    public Problem? Problem { get; init; }

    /// <summary>Why its file cannot be pushed.</summary>
    public CliException? Unread { get; init; }
}
