using System.Text.Json;
using System.Text.Json.Nodes;
using Faas.Cli.Commands.Runs;
using Faas.Cli.Output;

namespace Faas.Cli.Commands.Push;

/// <summary>Says what became of the scripts.</summary>
internal static class PushReport
{
    /// <summary>Says it; what the process ends with: that of the first script that failed.</summary>
    public static int Tell(Terminal terminal, IReadOnlyList<Pushed> results, bool dryRun)
    {
        if (terminal.IsJson)
        {
            terminal.Json(new JsonArray([.. results.Select(JsonOf)]));
        }
        else
        {
            terminal.Table(
                ["PATH", "STATE", "VERSION", "FILE"],
                results.Select(one => (string[])
                [
                    one.Path, one.State, one.Version is { } version ? Figures.Count(version) : "", one.File,
                ]));
        }

        Pushed[] failed = [.. results.Where(one => one.Problem is not null || one.Unread is not null)];
        foreach (var one in terminal.IsJson ? [] : failed)
        {
            terminal.Complain(
                one.Unread is { } unread ? unread.Message : $"{one.File}: {ScriptFailure.Sentence(one.Problem!)}", "");
        }

        if (failed.Length > 0)
        {
            terminal.Incomplete($"{failed.Length} of {results.Count} failed: {string.Join(", ", failed.Select(one => one.Path))}.");
        }

        if (dryRun)
        {
            terminal.Remark("Nothing was stored.");
        }

        return failed switch
        {
            [] => ExitCode.Ok,
            [{ Unread: { } unread }, ..] => unread.ExitCode,
            [var first, ..] => ExitCode.Of(first.Problem!),
        };
    }

    private static JsonNode JsonOf(Pushed pushed)
    {
        var json = new JsonObject { ["path"] = pushed.Path, ["file"] = pushed.File, ["state"] = pushed.State };
        if (pushed.Version is { } version)
        {
            json["version"] = version;
        }

        if (pushed.Unread is { } unread)
        {
            json["detail"] = unread.Message;
        }

        if (pushed.Problem is { } problem)
        {
            json["problem"] = JsonSerializer.SerializeToNode(problem, CliJson.Default.Problem);
        }

        return json;
    }
}
