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
        var file = new Argument<string>("FILE|DIR") { Description = "a script, a folder of scripts, or a folder that is one script" };
        var path = new Option<string?>("--path", "-p")
        {
            Description = "the script's path; of a folder, the path below which its scripts are put",
        };
        var entry = TreeOptions.EntryOption();
        var tree = TreeOptions.TreeOption();
        var alias = new Option<string[]>("--alias", "-a")
        {
            Description = "moves this alias to what was pushed; may be repeated",
            HelpName = "NAME",
        }.NotEmpty();
        var dryRun = new Option<bool>("--dry-run", "-n") { Description = "stores nothing, and says what would be stored" };
        var force = new Option<bool>("--force") { Description = "makes a new version even if nothing has changed" };
        var log = new Option<bool>("--log") { Description = "shows what the installation of libraries writes, while it writes it" };
        return new Command("push", "stores scripts from files") { file, path, entry, tree, alias, dryRun, force, log }
            .Example(
                "faas push hello.py", "faas push add.ts --path math/add --alias stable", "faas push scripts --dry-run",
                "faas push app --entry main.js")
            .Does(call => PushAsync(
                call,
                Plan(
                    call.Get(file)!.TrimEnd('/') is { Length: > 0 } given ? given : "/",
                    call.Get(path)?.Trim('/'),
                    TreeOptions.Of(call, entry, tree)),
                new PushOptions(call.Get(alias) ?? [], call.Get(dryRun), call.Get(force))
                {
                    Log = call.Get(log) ? (script, line) => call.Terminal.Note($"{script}: {line}") : null,
                }));
    }

    /// <summary>What is to be stored, and where, and which files of a folder cannot be. Throws <see cref="CliException"/>.</summary>
    /// <param name="given">The file or folder.</param>
    /// <param name="path">The path, or the one that all paths begin with; null: none is given.</param>
    /// <param name="asked">Whether the folder is to be one script.</param>
    public static PushPlan Plan(string given, string? path, TreeOptions asked = default)
    {
        if (asked.IsTree || (Directory.Exists(given) && FolderFile.In(given).Entry is not null))
        {
            var whole = TreeFolder.Read(TreeOptions.Folder(given), asked.Entry);
            return new PushPlan([(Storable(path ?? whole.Path ?? Path.GetFileName(Path.GetFullPath(given)), given), whole)], []);
        }

        if (!Directory.Exists(given))
        {
            var one = SourceFile.Read(given, language: null);
            return new PushPlan([(Storable(path ?? one.Path ?? Path.GetFileNameWithoutExtension(given), given), one)], []);
        }

        foreach (var folder in SourceTree.FoldersFrom(given))
        {
            FolderFile.In(folder); // what is wrong with it is wrong with all scripts of the folder
        }

        List<(string Path, SourceFile Source)> scripts = [];
        List<Pushed> unread = [];
        foreach (var file in SourceTree.FilesBelow(given).Concat(SourceTree.TreesBelow(given)))
        {
            var isTree = Directory.Exists(file);
            var place = Below(path, isTree ? Path.GetRelativePath(given, file) : SourceTree.PathIn(given, file));
            try
            {
                var source = isTree ? TreeFolder.Read(file) : SourceFile.Read(file, language: null);
                scripts.Add((Storable(source.Path is { } named ? Below(path, named) : place, file), source));
            }
            catch (CliException wrong)
            {
                unread.Add(new Pushed(place, file) { Unread = wrong });
            }
        }

        SourceTree.CheckUnique(scripts.Select(one => (one.Path, one.Source.File)));
        return scripts.Count + unread.Count > 0 ? new PushPlan(scripts, unread)
            : throw CliException.NotThere($"{given} holds no script; known are files that end in {LanguageOfFile.Allowed}.");
    }

    // `faas call a@b` would take b for a version.
    private static string Storable(string path, string file) =>
        ScriptName.NamesVersion(path)
            ? throw CliException.Usage(
                $"{file}: \"{path}\" has an @ in its last part, which `faas call` takes for a version; --path names another path.")
            : path;

    private static string Below(string? folder, string path) => string.IsNullOrEmpty(folder) ? path : $"{folder}/{path}";

    private static async Task<int> PushAsync(Call call, PushPlan plan, PushOptions options)
    {
        foreach (var (_, source) in plan.Scripts)
        {
            if ((source.Tree?.Note(source.File) ?? NeighbourImports.Note(source)) is { } note)
            {
                call.Terminal.Note(note);
            }
        }

        var push = new Pusher(call.Client.Scripts, call.Client.Aliases, options);
        var results = await PushProgress.ShowAsync(
            call.Terminal, plan.Scripts.Count, told => push.PushAsync(plan.Scripts, told, call.Cancellation));
        return PushReport.Tell(call.Terminal, [.. results, .. plan.Unread], options.DryRun);
    }
}

/// <summary>What a push stores.</summary>
/// <param name="Scripts">The paths, and what is stored at each.</param>
/// <param name="Unread">The files of a folder that cannot be.</param>
internal sealed record PushPlan(IReadOnlyList<(string Path, SourceFile Source)> Scripts, IReadOnlyList<Pushed> Unread);

/// <summary>How scripts are pushed.</summary>
/// <param name="Aliases">The aliases that are moved to them.</param>
/// <param name="DryRun">Whether nothing is stored.</param>
/// <param name="Force">Whether what has not changed is a new version, too.</param>
internal sealed record PushOptions(IReadOnlyList<string> Aliases, bool DryRun, bool Force)
{
    /// <summary>Takes a path, and a line of the installation of its libraries; null: they are not wanted.</summary>
    public Action<string, string>? Log { get; init; }
}
