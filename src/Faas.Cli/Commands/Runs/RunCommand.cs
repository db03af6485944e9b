using System.CommandLine;
using Faas.Cli.Output;
using Faas.Cli.Sources;
using Faas.Client;

namespace Faas.Cli.Commands.Runs;

/// <summary><c>faas run FILE</c>: runs a script of this machine on the server, without storing it.</summary>
internal static class RunCommand
{
    /// <summary>Makes it.</summary>
    public static Command Make()
    {
        var file = new Argument<string>("FILE|DIR")
        {
            Description = "the script, or - for stdin; the end of its name says the language. A folder is one script of several files",
        };
        var entry = TreeOptions.EntryOption();
        var input = RunInput.Option();
        var language = new Option<string?>("--language", "-l") { Description = "the language", HelpName = "LANGUAGE" }
            .OneOf([.. LanguageOfFile.All]);
        var watch = new Option<bool>("--watch", "-w")
        {
            Description = "runs it again whenever the file, or that of the input, has changed",
        };
        var quiet = QuietOption();
        var files = BroughtFiles.Option();
        var output = LeftFiles.Option();
        return new Command("run", "runs a script from a file, without storing it")
        {
            file, entry, input, files, output, language, watch, quiet,
        }
            .Example(
                "faas run hello.py",
                "faas run sum.ts --input '{\"a\": 3, \"b\": 5}'",
                "faas run report.js --input @month.json --watch",
                "faas run app --entry main.js",
                "faas run chart.py --file sales.csv --out charts")
            .Does(call =>
            {
                var asked = new Asked(
                    call.Get(file)!,
                    call.Get(entry),
                    call.Get(language),
                    call.Get(input),
                    call.Get(files),
                    call.Get(output),
                    call.Get(quiet));
                return call.Get(watch) ? WatchAsync(call, asked) : RunAsync(call, asked, call.Cancellation);
            });
    }

    /// <summary>The option that shows the value alone.</summary>
    public static Option<bool> QuietOption() => new("--quiet", "-q")
    {
        Description = "shows the value alone, and not what the script prints",
    };

    private static async Task<int> RunAsync(Call call, Asked asked, CancellationToken cancellation)
    {
        RunInput.CheckStdin(asked.Read);
        var source = asked.Entry is not null || Directory.Exists(asked.File)
            ? TreeFolder.Read(TreeOptions.Folder(asked.File), asked.Entry, asked.Language)
            : SourceFile.Read(asked.File, asked.Language);
        if (source.Tree?.Note(asked.File) is { } note)
        {
            call.Terminal.Note(note);
        }

        if (source.Settings.Secrets is not null)
        {
            call.Terminal.Note("code that is not stored gets no secrets; `faas push` stores it.");
        }

        var live = new LiveRun(call.Terminal, asked.Quiet, LeftFiles.For(call.Terminal, asked.Out, asked.Read));
        var options = new RunOptions
        {
            Settings = ForRun(source.Settings),
            Files = BroughtFiles.Read(asked.Files),
            InputJson = RunInput.Read(asked.Input),
            Sources = source.Tree?.Files,
            Entry = source.Tree?.Entry,
        };
        var events = call.Client.Runs.StreamCodeAsync(source.Language, source.Code, input: null, options, cancellation);
        try
        {
            return await live.ShowAsync(events, cancellation);
        }
        catch (FaasException refused) when (refused.Reason is "syntax" or "dependencies")
        {
            return live.Fail(refused.Problem);
        }
    }

    // What is about stored versions alone has no place in a run of code that is not stored.
    private static ScriptSettings ForRun(ScriptSettings all) => new()
    {
        Handler = all.Handler,
        Timeout = all.Timeout,
        MemoryBytes = all.MemoryBytes,
        Cpus = all.Cpus,
        Pids = all.Pids,
        TmpBytes = all.TmpBytes,
        Image = all.Image,
        Dependencies = all.Dependencies,
        Env = all.Env,
        Sealed = all.Sealed,
        Network = all.Network,
    };

    private static async Task<int> WatchAsync(Call call, Asked asked)
    {
        if (asked.Read.Contains(SourceFile.StandardInput))
        {
            throw CliException.Usage("--watch needs files; stdin can be read once.");
        }

        if (Directory.Exists(asked.File))
        {
            throw CliException.Usage($"--watch needs a file; {asked.File} is a folder.");
        }

        using var watch = new FileWatch(asked.Read);
        while (true)
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(call.Cancellation);
            var changed = watch.ChangedAsync(end.Token);
            var running = OnceAsync(call, asked, end.Token);
            await Task.WhenAny(changed, running);
            if (!changed.IsCompleted)
            {
                call.Terminal.Remark($"-- waits for a change of {string.Join(" or ", asked.Read)}; Ctrl+C ends it");
                await changed;
            }

            call.Cancellation.ThrowIfCancellationRequested();
            await end.CancelAsync(); // a run that goes on is one of the file as it was
            await running;
            call.Terminal.Remark($"-- {asked.File} has changed");
        }
    }

    // What is wrong with the file is to be mended while it is watched.
    private static async Task OnceAsync(Call call, Asked asked, CancellationToken cancellation)
    {
        try
        {
            await RunAsync(call, asked, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // It makes room for the next run.
        }
        catch (Exception failed) when (Failure.Of(failed, call.Server) is { } failure)
        {
            failure.Tell(call.Terminal);
        }
    }

    private sealed record Asked(
        string File, string? Entry, string? Language, string? Input, string[]? Files, string? Out, bool Quiet)
    {
        /// <summary>The files that the command reads, or stdin.</summary>
        public IReadOnlyList<string> Read { get; } = [File, .. RunInput.FilesOf(Input, Files)];
    }
}
