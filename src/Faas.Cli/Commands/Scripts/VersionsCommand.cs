using System.CommandLine;
using Faas.Cli.Output;
using Faas.Client;

namespace Faas.Cli.Commands.Scripts;

/// <summary><c>faas versions PATH</c>: the versions of a script, newest first.</summary>
internal static class VersionsCommand
{
    private const int Usual = 50;

    /// <summary>Makes it.</summary>
    public static Command Make()
    {
        var path = new Argument<string>("PATH") { Description = "the script" }.CompletesScripts();
        var limit = CommandBuilding.Count("--limit", "N", 1, 1_000_000, $"how many are listed at most; {Usual} without it");
        return new Command("versions", "lists the versions of a script, newest first") { path, limit }
            .Example("faas versions math/add", "faas versions math/add --limit 3 --output json")
            .Does(call => ListAsync(call, ScriptName.OfPath(call.Get(path)!), call.Get(limit) ?? Usual));
    }

    private static async Task<int> ListAsync(Call call, string path, int most)
    {
        var (versions, hasMore) = await Listed<ScriptVersion>.ReadAsync(
            page => call.Client.Scripts.VersionsAsync(path, page, call.Cancellation), most, call.Cancellation);
        if (call.Terminal.IsJson)
        {
            call.Terminal.Json(versions, CliJson.Default.IReadOnlyListScriptVersion);
        }
        else
        {
            var names = (await call.Client.Aliases.ListAsync(path, call.Cancellation))
                .SelectMany(alias => VersionsOf(alias).Select(version => (version, alias.Name)))
                .ToLookup(alias => alias.version, alias => alias.Name);
            call.Terminal.Table(
                ["VERSION", "LANGUAGE", "BYTES", "UPLOADED", "ALIASES", "SETTINGS"],
                versions.Select(version => (string[])
                [
                    Figures.Count(version.Version),
                    version.Language,
                    Figures.Count(version.Bytes),
                    Figures.Moment(version.Uploaded),
                    string.Join(' ', names[version.Version]),
                    SettingText.Of(version.Settings.ToJson()),
                ]));
        }

        if (hasMore)
        {
            call.Terminal.Note($"There are more than {most}; --limit shows more of them.");
        }

        return ExitCode.Ok;
    }

    private static IEnumerable<long> VersionsOf(ScriptAlias alias) =>
        alias.Version is { } version ? [version] : alias.Split?.Select(share => share.Version) ?? [];
}
