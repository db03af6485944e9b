using System.CommandLine;
using System.Globalization;
using Faas.Cli.Output;

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
        };
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

    private static async Task<int> RemoveAsync(Call call, IReadOnlyList<(string Path, long? Version)> targets, bool isSure)
    {
        foreach (var (path, version) in targets)
        {
            var what = version is { } number ? $"Version {number} of {path}" : $"{path} with all versions";
            if (!isSure && !await Question.AskAsync(call.Terminal, $"{what}: delete for good?", call.Cancellation))
            {
                call.Terminal.Remark("It stays.");
                continue;
            }

            await (version is { } only
                ? call.Client.Scripts.DeleteVersionAsync(path, only, call.Cancellation)
                : call.Client.Scripts.DeleteAsync(path, call.Cancellation));
            call.Terminal.Remark($"{what} is deleted.");
        }

        return ExitCode.Ok;
    }
}
