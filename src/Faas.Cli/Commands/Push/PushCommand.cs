using System.CommandLine;
using Faas.Cli.Output;
using Faas.Cli.Sources;

namespace Faas.Cli.Commands.Push;

/// <summary><c>faas push FILE|DIR</c>: stores the scripts of files on the server.</summary>
internal static class PushCommand
{
    /// <summary>Makes it.</summary>
    public static Command Make()
    {
        var file = new Argument<string>("FILE|DIR") { Description = "a script, or a folder of scripts" };
        var path = new Option<string?>("--path", "-p")
        {
            Description = "the script's path; of a folder, the path below which its scripts are put",
        };
        var alias = new Option<string[]>("--alias", "-a")
        {
            Description = "moves this alias to what was pushed; may be repeated",
            HelpName = "NAME",
        };
        var dryRun = new Option<bool>("--dry-run", "-n") { Description = "stores nothing, and says what would be stored" };
        var force = new Option<bool>("--force") { Description = "makes a new version even if nothing has changed" };
        return new Command("push", "stores scripts from files") { file, path, alias, dryRun, force }
            .Example("faas push hello.py", "faas push add.ts --path math/add --alias stable", "faas push scripts --dry-run")
            .Does(call => PushAsync(
                call,
                Plan(call.Get(file)!.TrimEnd('/') is { Length: > 0 } given ? given : "/", call.Get(path)?.Trim('/')),
                new PushOptions(call.Get(alias) ?? [], call.Get(dryRun), call.Get(force))));
    }

    /// <summary>What is to be stored, and where. Throws <see cref="CliException"/>.</summary>
    /// <param name="given">The file or folder.</param>
    /// <param name="path">The path, or the one that all paths begin with; null: none is given.</param>
    public static IReadOnlyList<(string Path, SourceFile Source)> Plan(string given, string? path)
    {
        if (!Directory.Exists(given))
        {
            var one = SourceFile.Read(given, language: null);
            return [(path ?? one.Path ?? Path.GetFileNameWithoutExtension(given), one)];
        }

        var sources = SourceTree.FilesBelow(given).Select(file => SourceFile.Read(file, language: null));
        (string Path, SourceFile Source)[] plan =
            [.. sources.Select(source => (Below(path, source.Path ?? SourceTree.PathIn(given, source.File)), source))];
        SourceTree.CheckUnique(plan.Select(one => (one.Path, one.Source.File)));
        return plan.Length > 0 ? plan
            : throw CliException.NotThere($"{given} holds no script; known are files that end in {LanguageOfFile.Allowed}.");
    }

    private static string Below(string? folder, string path) => string.IsNullOrEmpty(folder) ? path : $"{folder}/{path}";

    private static async Task<int> PushAsync(Call call, IReadOnlyList<(string Path, SourceFile Source)> plan, PushOptions options)
    {
        var push = new Pusher(call.Client.Scripts, call.Client.Aliases, options);
        var results = await PushProgress.ShowAsync(call.Terminal, plan.Count, told => push.PushAsync(plan, told, call.Cancellation));
        return PushReport.Tell(call.Terminal, results, options.DryRun);
    }
}

/// <summary>How scripts are pushed.</summary>
/// <param name="Aliases">The aliases that are moved to them.</param>
/// <param name="DryRun">Whether nothing is stored.</param>
/// <param name="Force">Whether what has not changed is a new version, too.</param>
internal sealed record PushOptions(IReadOnlyList<string> Aliases, bool DryRun, bool Force);
