using Akka.Hosting;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Diffs;

namespace Faas.Actors.UseCases;

/// <summary>Tells what a script is, and what its versions are.</summary>
public sealed class ReadScript(IRequiredActor<ScriptRegistry> registry, ScriptLookup scripts, UseCaseOptions options)
{
    /// <summary>What the script is.</summary>
    public async Task<OrRefusal<ScriptDescription>> DescribeAsync(string path, CancellationToken cancellation) =>
        await AskAsync(new DescribeScript(path), cancellation) switch
        {
            ScriptDescribed described => described.Script,
            var other => ScriptLookup.RefusalOf(other),
        };

    /// <summary>Versions, newest first.</summary>
    /// <param name="path">The script.</param>
    /// <param name="before">Only versions with smaller numbers; null: from the latest on.</param>
    /// <param name="most">How many to return, at least 1.</param>
    /// <param name="cancellation">Cancelled when the caller leaves.</param>
    public async Task<OrRefusal<VersionsFound>> VersionsAsync(string path, long? before, int most, CancellationToken cancellation) =>
        await AskAsync(new GetVersions(path, before, most), cancellation) switch
        {
            VersionsFound found => found,
            var other => ScriptLookup.RefusalOf(other),
        };

    /// <summary>One version.</summary>
    public Task<OrRefusal<ScriptVersion>> VersionAsync(string path, VersionRef version, CancellationToken cancellation) =>
        scripts.VersionAsync(path, version, cancellation);

    /// <summary>One version and its code.</summary>
    public Task<OrRefusal<FoundScript>> CodeAsync(string path, VersionRef version, CancellationToken cancellation) =>
        scripts.CodeAsync(path, version, cancellation);

    /// <summary>
    /// The difference of two versions' code, as <c>diff -u</c> writes it, of several files file by file; of two versions with the same code
    /// it is empty.
    /// </summary>
    public async Task<OrRefusal<string>> DiffAsync(string path, VersionRef from, VersionRef to, CancellationToken cancellation)
    {
        var (before, refusal) = await CodeAsync(path, from, cancellation);
        if (before is null)
        {
            return refusal!;
        }

        var (after, refusalOfOther) = await CodeAsync(path, to, cancellation);
        return after is null
            ? refusalOfOther!
            : CodeDiff.Of(before.Code, after.Code, path, before.Version.Number, after.Version.Number);
    }

    private Task<IWithScriptPath> AskAsync(IScriptRequest question, CancellationToken cancellation) =>
        ScriptAsk.AskAsync(registry, question, options, cancellation);
}
