using System.IO.Pipelines;
using System.Text;
using Faas.Actors.Archives;
using Faas.Actors.Json;
using Faas.Actors.Scripts;

namespace Faas.Actors.Storage.GoFaas;

/// <summary>Writes the scripts of go-faas as an archive, and notes what it cannot write. One code is in memory at a time.</summary>
public sealed class GoFaasArchive(GoFaasStore store)
{
    private readonly List<GoFaasUnread> _notTaken = [];

    /// <summary>What is not in the archive; complete once it is written.</summary>
    public IReadOnlyList<GoFaasUnread> NotTaken => _notTaken;

    /// <summary>Writes it. Throws <see cref="StoreException"/> when Redis does not answer.</summary>
    public async Task WriteAsync(PipeWriter output, CancellationToken cancellation)
    {
        var (scripts, unread) = await store.ReadAsync(cancellation);
        _notTaken.AddRange(unread);
        using var archive = new ArchiveWriter(output);
        archive.Begin();
        foreach (var script in scripts)
        {
            if (WireNames.TryParse<Language>(script.Language, out var language))
            {
                await WriteAsync(archive, output, script, language, cancellation);
            }
            else
            {
                _notTaken.Add(new GoFaasUnread(
                    script.Path, $"Its language is \"{script.Language}\", not one of {WireNames.Allowed<Language>()}."));
            }
        }

        archive.End();
        await output.FlushAsync(cancellation);
    }

    private async Task WriteAsync(
        ArchiveWriter archive, PipeWriter output, GoFaasScript script, Language language, CancellationToken cancellation)
    {
        var hasBegun = false;
        foreach (var number in script.Versions)
        {
            if (await store.CodeAsync(script, number, cancellation) is not { } source)
            {
                _notTaken.Add(new GoFaasUnread(script.Path, $"Version {number} has no code."));
                continue;
            }

            if (!hasBegun)
            {
                archive.BeginScript(script.Path, ScriptTraits.None with { Highest = script.Versions[^1] });
                hasBegun = true;
            }

            var code = ScriptCode.Of(language, source);
            var version = new ScriptVersion(
                number, language, code.Hash, Encoding.UTF8.GetByteCount(source), UploadedAt(number), ScriptSettings.Default);
            archive.Version(version, archive.Lacks(version) ? source : null);
            await output.FlushAsync(cancellation);
        }

        if (hasBegun)
        {
            archive.EndScript();
        }
    }

    private static DateTimeOffset UploadedAt(long number) =>
        DateTimeOffset.FromUnixTimeSeconds(Math.Min(number, DateTimeOffset.MaxValue.ToUnixTimeSeconds()));
}
