using System.IO.Pipelines;
using Akka.Hosting;
using Faas.Actors.Archives;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Catalog;
using Faas.Actors.Scripts.Code;

namespace Faas.Actors.UseCases;

/// <summary>
/// Writes all scripts into an archive, by path. Each script is as it is at one moment; the scripts are of different moments.
/// <para>
/// Theory of operation. The list is read page by page, each script whole without its code, and the code of one version at a time. A
/// version that is deleted after its script was read may be without code by then. So a section in which code is missing is made void,
/// and written anew from the script as it is now. Code that is missing for good makes the script missing in the archive, which says so.
/// </para>
/// </summary>
public sealed class ExportScripts(
    IRequiredActor<ScriptRegistry> registry, IScriptCatalog catalog, ICodeStore codes, UseCaseOptions options)
{
    private const int ScriptsInOnePage = 200;
    private const int MostAttempts = 3;

    /// <summary>
    /// Writes the archive. Throws <see cref="StoreException"/> when the store does not answer; before anything is written, if it does not
    /// answer at all.
    /// </summary>
    /// <param name="output">Where to; it is flushed after every version.</param>
    /// <param name="prefix">Only the scripts whose paths begin with this text; empty: all.</param>
    /// <param name="cancellation">Cancelled when the caller leaves.</param>
    public async Task WriteAsync(PipeWriter output, string prefix, CancellationToken cancellation)
    {
        using var archive = new ArchiveWriter(output);
        var page = await PageAsync(prefix, after: null, cancellation);
        archive.Begin();
        await output.FlushAsync(cancellation);
        while (true)
        {
            foreach (var script in page.Scripts)
            {
                await WriteAsync(archive, output, script.Path, cancellation);
            }

            if (page.Next is null)
            {
                break;
            }

            page = await PageAsync(prefix, page.Next, cancellation);
        }

        archive.End();
        await output.FlushAsync(cancellation);
    }

    private Task<CatalogPage> PageAsync(string prefix, string? after, CancellationToken cancellation) =>
        catalog.PageAsync(new CatalogQuery(CatalogOrder.Path, prefix, [], ScriptsInOnePage, after), cancellation);

    private async Task WriteAsync(ArchiveWriter archive, PipeWriter output, string path, CancellationToken cancellation)
    {
        for (var attempt = 1; await FindAsync(path, cancellation) is { } script; attempt++)
        {
            archive.BeginScript(path, script.Traits ?? ScriptTraits.None);
            if (await WriteVersionsAsync(archive, output, script, cancellation) is not { } lost)
            {
                archive.EndScript();
                return;
            }

            archive.Void(attempt < MostAttempts ? null : $"the code of version {lost.Number} is not in the store");
            if (attempt == MostAttempts)
            {
                return;
            }
        }
    }

    // The version whose code is not there; null: all are written.
    private async Task<ScriptVersion?> WriteVersionsAsync(
        ArchiveWriter archive, PipeWriter output, ScriptSnapshot script, CancellationToken cancellation)
    {
        foreach (var version in script.Versions)
        {
            ScriptCode? code = null;
            if (archive.Lacks(version))
            {
                code = await codes.GetAsync(version.Language, version.CodeHash, cancellation);
                if (code is null)
                {
                    return version;
                }
            }

            archive.Version(version, code);
            await output.FlushAsync(cancellation);
        }

        return null;
    }

    private async Task<ScriptSnapshot?> FindAsync(string path, CancellationToken cancellation) =>
        await ScriptAsk.AskAsync(registry, new GetScript(path), options, cancellation) switch
        {
            ScriptSnapshot script => script,
            VersionNotFound => null,
            StoreUnavailable unavailable => throw new StoreException(unavailable.Detail),
            var other => throw ScriptLookup.Unexpected(other),
        };
}
