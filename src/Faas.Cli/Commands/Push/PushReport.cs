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

        foreach (var failed in results)
        {
            if (failed.Unread is { } unread)
            {
                terminal.Complain(unread.Message);
            }
            else if (failed.Problem is { } problem)
            {
                terminal.Complain($"{failed.File}: {ScriptFailure.Sentence(problem)}");
            }
        }

        if (dryRun)
        {
            terminal.Remark("Nothing was stored.");
        }

        return results.FirstOrDefault(one => one.Problem is not null || one.Unread is not null) switch
        {
            null => ExitCode.Ok,
            { Unread: { } unread } => unread.ExitCode,
            var failed => ExitCode.Of(failed.Problem!),
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
