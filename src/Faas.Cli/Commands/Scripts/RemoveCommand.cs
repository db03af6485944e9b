using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Faas.Cli.Output;
using Faas.Client;

namespace Faas.Cli.Commands.Scripts;

/// <summary><c>faas rm PATH</c>: deletes scripts, or a version.</summary>
internal static class RemoveCommand
{
    /// <summary>Makes it.</summary>
    public static Command Make()
    {
        var paths = new Argument<string[]>("PATH")
        {
            Description = "a script with all its versions and aliases; PATH@VERSION deletes one version, by its number",
            Arity = ArgumentArity.OneOrMore,
        }.CompletesScripts();
        var yes = new Option<bool>("--yes", "-y") { Description = "does not ask" };
        return new Command("rm", "deletes scripts, or versions") { paths, yes }
            .Example("faas rm math/add", "faas rm math/add@1739000000 --yes")
            .Does(call => RemoveAsync(call, [.. call.Get(paths)!.Select(Target)], call.Get(yes)));
    }

    private static (string Path, long? Version) Target(string text) => ScriptName.Split(text) switch
    {
        (var path, null) => (path, null),
        var (path, version) => long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (path, number)
            : throw CliException.Usage($"\"{text}\": a version is deleted by its number, not by a name that may move."),
    };

    // What is wrong with one script does not keep the others; what is wrong with the server, or with the answers, does.
    private static async Task<int> RemoveAsync(Call call, IReadOnlyList<(string Path, long? Version)> targets, bool isSure)
    {
        var (worst, done) = (ExitCode.Ok, new JsonArray());
        try
        {
            foreach (var (path, version) in targets)
            {
                var (state, problem) = await OneAsync(call, path, version, isSure);
                worst = Math.Max(worst, problem is null ? ExitCode.Ok : ExitCode.Of(problem));
                done.Add((JsonNode)JsonOf(path, version, state, problem));
            }
        }
        finally
        {
            if (call.Terminal.IsJson && done.Count > 0)
            {
                call.Terminal.Json(done);
            }
        }

        if (worst != ExitCode.Ok)
        {
            call.Terminal.Incomplete("Not all was deleted.");
        }

        return worst;
    }

    private static async Task<(string State, Problem? Problem)> OneAsync(Call call, string path, long? version, bool isSure)
    {
        var what = version is { } number ? $"Version {number} of {path}" : $"{path} with all versions";
        if (!isSure && !await Question.AskAsync(call.Terminal, $"{what}: delete for good?", call.Cancellation))
        {
            call.Terminal.Remark("It stays.");
            return ("kept", null);
        }

        try
        {
            await (version is { } only
                ? call.Client.Scripts.DeleteVersionAsync(path, only, call.Cancellation)
                : call.Client.Scripts.DeleteAsync(path, call.Cancellation));
        }
        catch (FaasException refused) when (refused.Status is not HttpStatusCode.Unauthorized)
        {
            if (!call.Terminal.IsJson)
            {
                Failure.Of(refused, call.Server).Tell(call.Terminal);
            }

            return ("failed", refused.Problem);
        }

        call.Terminal.Remark($"{what} is deleted.");
        return ("deleted", null);
    }

    private static JsonObject JsonOf(string path, long? version, string state, Problem? problem)
    {
        var json = new JsonObject { ["path"] = path, ["state"] = state };
        if (version is not null)
        {
            json["version"] = version;
        }

        if (problem is not null)
        {
            json["problem"] = JsonSerializer.SerializeToNode(problem, CliJson.Default.Problem);
        }

        return json;
    }
}
