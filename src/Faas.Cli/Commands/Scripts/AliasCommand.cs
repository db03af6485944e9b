using System.CommandLine;
using System.Text.Json.Nodes;
using Faas.Cli.Output;
using Faas.Client;

namespace Faas.Cli.Commands.Scripts;

/// <summary><c>faas alias PATH</c>: shows, moves and deletes the names of versions.</summary>
internal static class AliasCommand
{
    /// <summary>Makes it.</summary>
    public static Command Make()
    {
        var path = new Argument<string>("PATH") { Description = "the script" }.CompletesScripts();
        var name = new Argument<string?>("NAME") { Description = "the alias; without it all are listed", Arity = ArgumentArity.ZeroOrOne }
            .CompletesAliases(path);
        var target = new Argument<string[]>("VERSION")
        {
            Description = "what it is to name: a version, `latest`, or two of them as VERSION=WEIGHT whose weights add up to 100",
            Arity = new ArgumentArity(0, 2),
        };
        var sticky = new Option<string?>("--sticky")
        {
            Description = "the request header whose value chooses between the two",
            HelpName = "HEADER",
        };
        var delete = new Option<bool>("--delete", "-d") { Description = "deletes the alias, not the version" };
        return new Command("alias", "shows, moves and deletes the names of versions") { path, name, target, sticky, delete }
            .Example(
                "faas alias math/add",
                "faas alias math/add stable 1739000000",
                "faas alias math/add stable 1739000000=90 1739000600=10 --sticky X-User",
                "faas alias math/add stable --delete")
            .Does(call => DoAsync(
                call, ScriptName.OfPath(call.Get(path)!), call.Get(name), call.Get(target) ?? [], call.Get(sticky), call.Get(delete)));
    }

    private static async Task<int> DoAsync(Call call, string path, string? name, string[] target, string? sticky, bool delete)
    {
        var aliases = call.Client.Aliases;
        if (delete ? name is null || target.Length > 0 : target.Length == 0 && sticky is not null)
        {
            throw CliException.Usage(delete ? "--delete needs the NAME of an alias, and nothing else." : "--sticky is for two versions.");
        }

        if (delete)
        {
            await aliases.DeleteAsync(path, name!, cancellation: call.Cancellation);
            call.Terminal.Done(
                new JsonObject { ["path"] = path, ["name"] = name, ["state"] = "deleted" }, $"The alias {name} is deleted.");
            return ExitCode.Ok;
        }

        if (name is null)
        {
            return Show(call.Terminal, await aliases.ListAsync(path, call.Cancellation), one: false);
        }

        var alias = target.Length == 0
            ? await aliases.GetAsync(path, name, call.Cancellation)
            : await aliases.MoveAsync(path, name, await TargetAsync(call, path, target, sticky), cancellation: call.Cancellation);
        return Show(call.Terminal, [alias], one: true);
    }

    /// <summary>Shows aliases.</summary>
    public static int Show(Terminal terminal, IReadOnlyList<ScriptAlias> aliases, bool one)
    {
        if (terminal.IsJson && one)
        {
            terminal.Json(aliases[0], CliJson.Default.ScriptAlias);
        }
        else if (terminal.IsJson)
        {
            terminal.Json(aliases, CliJson.Default.IReadOnlyListScriptAlias);
        }
        else
        {
            terminal.Table(
                ["ALIAS", "VERSION", "BEFORE"],
                aliases.Select(alias => (string[])
                [
                    alias.Name, AliasText.Of(alias), alias.Previous is { } before ? AliasText.Of(before) : "",
                ]));
        }

        return ExitCode.Ok;
    }

    private static async Task<AliasTarget> TargetAsync(Call call, string path, string[] target, string? sticky)
    {
        if (AliasShares.Parse(target, sticky) is { } split)
        {
            return split;
        }

        return new AliasTarget(long.TryParse(target[0], out var number)
            ? number
            : (await call.Client.Scripts.GetVersionAsync(path, target[0], call.Cancellation)).Version);
    }
}
