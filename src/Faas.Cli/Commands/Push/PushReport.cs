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

        foreach (var failed in results.Where(one => one.Problem is not null))
        {
            terminal.Complain($"{failed.File}: {ScriptFailure.Sentence(failed.Problem!)}");
        }

        if (dryRun)
        {
            terminal.Remark("Nothing was stored.");
        }

        return results.FirstOrDefault(one => one.Problem is not null) is { Problem: { } first } ? ExitCode.Of(first) : ExitCode.Ok;
    }

    private static JsonNode JsonOf(Pushed pushed)
    {
        var json = new JsonObject { ["path"] = pushed.Path, ["file"] = pushed.File, ["state"] = pushed.State };
        if (pushed.Version is { } version)
        {
            json["version"] = version;
        }

        if (pushed.Problem is { } problem)
        {
            json["problem"] = JsonSerializer.SerializeToNode(problem, CliJson.Default.Problem);
        }

        return json;
    }
}
