using System.CommandLine;
using Faas.Cli.Output;
using Faas.Client;

namespace Faas.Cli.Commands.Scripts;

/// <summary><c>faas list</c>: the scripts of the server.</summary>
internal static class ListCommand
{
    private const int Usual = 1000;

    /// <summary>Makes it.</summary>
    public static Command Make()
    {
        var prefix = new Argument<string?>(CommandBuilding.Prefix)
        {
            Description = "what the paths begin with",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var sort = new Option<string?>("--sort")
        {
            Description = "by path, or by time with the latest upload first",
            HelpName = "path|time",
        }.OneOf("path", "time");
        var limit = CommandBuilding.Count("--limit", "N", 1, 1_000_000, $"how many are listed at most; {Usual} without it");
        return new Command("list", "lists the scripts") { prefix, sort, limit }
            .Example("faas list", "faas list math/ --sort time --limit 10")
            .Does(call => ListAsync(call, call.Get(prefix), call.Get(sort), call.Get(limit) ?? Usual));
    }

    private static async Task<int> ListAsync(Call call, string? prefix, string? sort, int most)
    {
        var (scripts, hasMore) = await Listed<ScriptLine>.ReadAsync(
            page => call.Client.Scripts.ListAsync(prefix, sort, page, call.Cancellation), most, call.Cancellation);
        if (call.Terminal.IsJson)
        {
            call.Terminal.Json(scripts, CliJson.Default.IReadOnlyListScriptLine);
        }
        else
        {
            call.Terminal.Table(
                ["PATH", "LANGUAGE", "VERSION", "UPLOADED", "VERSIONS"],
                scripts.Select(script => (string[])
                [
                    script.Path,
                    script.Language,
                    Figures.Count(script.Version),
                    Figures.Moment(script.Uploaded),
                    Figures.Count(script.Versions),
                ]));
        }

        if (hasMore)
        {
            call.Terminal.Note($"There are more than {most}; --limit shows more of them, and a PREFIX fewer.");
        }

        return ExitCode.Ok;
    }
}
