using System.CommandLine;
using Faas.Cli.Output;
using Faas.Client;

namespace Faas.Cli.Commands.Runs;

/// <summary><c>faas call PATH</c>: runs a stored script.</summary>
internal static class CallCommand
{
    // What a header's name may have beside letters and digits (RFC 9110, 5.6.2).
    private const string Marks = "!#$%&'*+-.^_`|~";

    /// <summary>Makes it.</summary>
    public static Command Make()
    {
        var path = new Argument<string>("PATH") { Description = "the script; PATH@VERSION names a version by its number or an alias" }
            .CompletesScripts(andVersions: true);
        var input = RunInput.Option();
        var stream = new Option<bool>("--stream") { Description = "shows what the script prints while it runs" };
        var header = new Option<string[]>("--header", "-H")
        {
            Description = "a header of the request, such as the one that chooses between the versions of an alias",
            HelpName = "NAME:VALUE",
        };
        header.Validators.Add(result => CommandBuilding.Check(
            result, text => HeaderOf(text) is not null, "a name, a colon and a value in ASCII; the body's own headers are given"));
        header.Validators.Add(result =>
        {
            foreach (var twice in result.Tokens.GroupBy(token => token.Value.Split(':')[0].Trim(), StringComparer.OrdinalIgnoreCase)
                .Where(group => group.Count() > 1))
            {
                result.AddError($"--header {twice.Key} is given twice.");
            }
        });
        var files = BroughtFiles.Option();
        var output = LeftFiles.Option();
        var later = new LaterOptions();
        return new Command("call", "runs a stored script")
        {
            path, input, stream, files, output, header, later.Async, later.Priority, later.NotBefore, later.Then, later.OnFailure,
            later.Callback,
        }
            .Example(
                "faas call math/add --input '{\"a\": 3, \"b\": 5}'",
                "faas call math/add@stable --stream",
                "faas call chart > chart.png",
                "faas call report --file sales.csv --out .",
                "faas call jobs/report --async --not-before 2026-02-08T07:33:21Z",
                "faas call jobs/report --async --then mail/send@stable --on-failure ops/alert")
            .Does(call =>
            {
                var (script, version) = ScriptName.Split(call.Get(path)!);
                string[] read = [.. RunInput.FilesOf(call.Get(input), call.Get(files))];
                RunInput.CheckStdin(read);
                var options = new RunOptions
                {
                    Version = version,
                    Stats = true,
                    Files = BroughtFiles.Read(call.Get(files)),
                    InputJson = RunInput.Read(call.Get(input)),
                    Headers = (call.Get(header) ?? []).Select(text => HeaderOf(text)!.Value).ToDictionary(),
                };
                if (later.Read(call) is { } terms)
                {
                    return terms.BeginAsync(call, script, options with { Stats = false });
                }

                return CallAsync(call, script, options, call.Get(stream), LeftFiles.For(call.Terminal, call.Get(output), read));
            });
    }

    private static async Task<int> CallAsync(Call call, string path, RunOptions options, bool stream, LeftFiles left)
    {
        var runs = call.Client.Runs;
        var live = new LiveRun(call.Terminal, quiet: false, left);
        try
        {
            return stream
                ? await live.ShowAsync(runs.StreamAsync(path, input: null, options, call.Cancellation), call.Cancellation)
                : await ShowAsync(call.Terminal, await runs.RunAsync(path, input: null, options, call.Cancellation), left);
        }
        catch (FaasException failed) when (failed.Problem.Logs is not null || failed.Reason == "syntax")
        {
            // The script ran, and what it has printed says why it failed.
            if (!call.Terminal.IsJson && failed.Problem.Logs is { Length: > 0 } logs)
            {
                call.Terminal.Error.Write(logs.EndsWith('\n') ? logs : logs + '\n');
            }

            return live.Fail(failed.Problem);
        }
    }

    private static async Task<int> ShowAsync(Terminal terminal, RunResult result, LeftFiles left)
    {
        if (terminal.IsJson)
        {
            terminal.Json(LiveRun.JsonOf(result, left));
        }
        else
        {
            ValueText.Write(terminal, result);
        }

        if (result.Hint is { } hint && !terminal.IsJson)
        {
            terminal.Note(hint);
        }

        await left.KeepAsync(result.Files);
        return ExitCode.Ok;
    }

    private static KeyValuePair<string, string>? HeaderOf(string text) =>
        text.Split(':', 2, StringSplitOptions.TrimEntries) is [{ Length: > 0 } name, var value]
        && name.All(letter => char.IsAsciiLetterOrDigit(letter) || Marks.Contains(letter, StringComparison.Ordinal))
        && !name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase)
        && value.All(letter => letter is >= ' ' and <= '~')
            ? KeyValuePair.Create(name, value)
            : null;
}
