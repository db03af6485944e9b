using System.IO.Pipelines;
using Akka.Hosting;
using Faas.Actors.Archives;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Code;
using Faas.Actors.Scripts.Compilation;

namespace Faas.Actors.UseCases;

/// <summary>
/// Imports the scripts of an archive, one after the other, each whole or not at all. No code is checked in a sandbox: TypeScript is
/// compiled, and what does not compile in another language is an error of its first run.
/// </summary>
public sealed class ImportScripts(
    IRequiredActor<ScriptRegistry> registry, ICodeStore codes, IScriptCompiler compiler, UseCaseOptions options, TimeProvider time)
{
    /// <summary>
    /// Imports them. Throws <see cref="ArchiveException"/> when the archive cannot be read on, and <see cref="StoreException"/> when the
    /// store does not answer; the messages say how many scripts were dealt with before.
    /// </summary>
    /// <param name="archive">The archive.</param>
    /// <param name="request">How to import.</param>
    /// <param name="cancellation">Cancelled when the caller leaves; the script that is being stored is stored all the same.</param>
    public async Task<ImportReport> ExecuteAsync(PipeReader archive, ImportRequest request, CancellationToken cancellation)
    {
        using var reader = new ArchiveReader(archive);
        var report = new List<ImportedScript>();
        try
        {
            await reader.BeginAsync(cancellation);
            await ImportAsync(reader, request, report, cancellation);
            return new ImportReport(report);
        }
        catch (ArchiveException damaged)
        {
            throw new ArchiveException($"{damaged.Message}{SoFar(report, request)}");
        }
        catch (StoreException failed)
        {
            throw new StoreException($"{failed.Message}{SoFar(report, request)}", failed);
        }
    }

    private static string SoFar(List<ImportedScript> report, ImportRequest request) => report.Count == 0 ? ""
        : $" {(request.DryRun ? "The scripts before it are" : "Of the scripts before it,")} "
            + $"{report.Count(script => script.Result != ImportResult.Refused)} are {(request.DryRun ? "good" : "here")} and "
            + $"{report.Count(script => script.Result == ImportResult.Refused)} were refused.";

    private async Task ImportAsync(
        ArchiveReader reader, ImportRequest request, List<ImportedScript> report, CancellationToken cancellation)
    {
        SectionImport? section = null;
        var sections = 0;
        while (await reader.NextAsync(cancellation) is { } line)
        {
            switch (line)
            {
                case { Script: { } path } when section is null:
                    section = await BeginAsync(line, request.Onto is { } onto ? $"{onto}/{path}" : path, request, cancellation);
                    break;
                case { Version: not null } when section is not null:
                    await section.AddAsync(line, cancellation);
                    break;
                case { End: not null } when section is not null:
                    report.Add(await EndAsync(section, section.End(line, reader.Sum, time.GetUtcNow()), request, cancellation));
                    section = null;
                    sections++;
                    break;
                case { Void: not null } when section is not null:
                    await LetGoAsync(section, request, cancellation);
                    if (line.Why is { } why)
                    {
                        section.Refuse($"The archive lacks it: {why}");
                        report.Add(section.ReportOf(null));
                    }

                    section = null;
                    break;
                case { Scripts: { } count } when section is null && count != sections:
                    throw reader.Wrong($"says that it has {count} scripts; it has {sections}");
                case { Scripts: not null } when section is null:
                    break;
                default:
                    throw reader.Wrong(section is null
                        ? "belongs to no script's section"
                        : $"is not of the section of \"{section.Path}\", which has no end");
            }
        }
    }

    private async Task<SectionImport> BeginAsync(
        ArchiveLine line, string path, ImportRequest request, CancellationToken cancellation)
    {
        var there = ScriptPath.Check(path) is null ? await VersionsOfAsync(path, cancellation) : [];
        return new SectionImport(line, path, there, request, codes, compiler);
    }

    private async Task<Dictionary<long, ScriptVersion>> VersionsOfAsync(string path, CancellationToken cancellation) =>
        await AskAsync(new GetScript(path), cancellation) switch
        {
            ScriptSnapshot script => script.Versions.ToDictionary(version => version.Number),
            VersionNotFound => [],
            var other => throw ScriptLookup.Unexpected(other),
        };

    private async Task<ImportedScript> EndAsync(
        SectionImport section, ImportScript? import, ImportRequest request, CancellationToken cancellation)
    {
        if (import is null)
        {
            await LetGoAsync(section, request, cancellation);
            return section.ReportOf(null);
        }

        switch (await AskAsync(import, cancellation))
        {
            case ScriptImported imported:
                return section.ReportOf(imported);
            case ScriptConflict conflict:
                section.Refuse(conflict.Detail);
                return section.ReportOf(null);
            case var other:
                throw ScriptLookup.Unexpected(other);
        }
    }

    // The code of a section that is refused has been stored in vain.
    private async Task LetGoAsync(SectionImport section, ImportRequest request, CancellationToken cancellation)
    {
        if (section.Versions.Count > 0 && !request.DryRun)
        {
            await AskAsync(new ReleaseCode(section.Path, [.. section.Versions]), cancellation);
        }
    }

    private async Task<IWithScriptPath> AskAsync(IScriptRequest request, CancellationToken cancellation) =>
        await ScriptAsk.AskAsync(registry, request, options, cancellation) is var reply
            && reply is StoreUnavailable unavailable ? throw new StoreException(unavailable.Detail) : reply;
}
