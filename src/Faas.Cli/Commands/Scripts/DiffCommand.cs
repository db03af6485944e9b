using System.CommandLine;
using System.Text.Json.Nodes;
using Faas.Cli.Output;

namespace Faas.Cli.Commands.Scripts;

/// <summary><c>faas diff PATH</c>: how the code of one version differs from that of another.</summary>
internal static class DiffCommand
{
    /// <summary>Makes it.</summary>
    public static Command Make()
    {
        var path = new Argument<string>("PATH") { Description = "the script" }.CompletesScripts();
        var from = new Argument<string?>("FROM")
        {
            Description = "the version before, by its number or an alias; without it the one before the latest",
            Arity = ArgumentArity.ZeroOrOne,
        }.CompletesAliases(path);
        var to = new Argument<string?>("TO") { Description = "the version after; without it the latest", Arity = ArgumentArity.ZeroOrOne }
            .CompletesAliases(path);
        return new Command("diff", "compares the code of two versions") { path, from, to }
            .Example("faas diff math/add", "faas diff math/add stable latest")
            .Does(call => DiffAsync(call, ScriptName.OfPath(call.Get(path)!), call.Get(from), call.Get(to)));
    }

    private static async Task<int> DiffAsync(Call call, string path, string? from, string? to)
    {
        from ??= await BeforeAsync(call, path);
        var diff = await call.Client.Scripts.DiffAsync(path, from, to ?? "latest", call.Cancellation);
        if (call.Terminal.IsJson)
        {
            call.Terminal.Json(new JsonObject { ["path"] = path, ["from"] = from, ["to"] = to ?? "latest", ["diff"] = diff });
            return ExitCode.Ok;
        }

        foreach (var line in diff.Length == 0 ? [] : diff.TrimEnd('\n').Split('\n'))
        {
            call.Terminal.Out.WriteLine(call.Terminal.OutHasColours ? DiffPaint.Of(line) : line);
        }

        if (diff.Length == 0)
        {
            call.Terminal.Remark("The code of both is the same.");
        }

        return ExitCode.Ok;
    }

    private static async Task<string> BeforeAsync(Call call, string path) =>
        (await call.Client.Scripts.VersionPageAsync(path, limit: 2, cancellation: call.Cancellation)).Versions is [_, var before, ..]
            ? Figures.Count(before.Version)
            : throw CliException.NotThere($"The script \"{path}\" has one version, so there is nothing to compare.");
}
