using System.CommandLine;
using System.Text.Json;
using Faas.Cli.Commands.Runs;
using Faas.Cli.Output;
using Faas.Cli.Sources;
using Faas.Client;

namespace Faas.Cli.Commands.Batches;

/// <summary><c>faas batch PATH FILE</c>: runs a stored script once for each line of a file.</summary>
internal static class BatchCommand
{
    /// <summary>Makes it.</summary>
    public static Command Make()
    {
        var path = new Argument<string>("PATH") { Description = "the script; PATH@VERSION names a version by its number or an alias" }
            .CompletesScripts(andVersions: true);
        var file = new Argument<string>("FILE") { Description = "a file in which each line is an input as JSON, or - for stdin" };
        var priority = CommandBuilding.Count(
            "--priority", "N", 1, 9, "runs of the script with the highest priority go first; 5 without it");
        var notBefore = new Option<string?>("--not-before") { Description = "no run starts before this time", HelpName = "TIME" };
        notBefore.Validators.Add(result => CommandBuilding.Check(
            result, text => LaterOptions.TimeOf(text) is not null, "a time such as 2026-02-08T07:33:21Z"));
        var wait = new Option<bool>("--wait") { Description = "waits until all runs have ended, and shows a line of JSON for each input" };
        return new Command("batch", "runs a stored script once for each input, and shows the id of the batch")
        {
            path, file, priority, notBefore, wait,
        }
            .Example("faas batch math/square inputs.ndjson", "seq 1000 | faas batch math/square - --wait")
            .Does(async call =>
            {
                var (script, version) = ScriptName.Split(call.Get(path)!);
                var inputs = Inputs(call.Get(file)!);
                var batch = await call.Client.Batches.BeginAsync(
                    script,
                    inputs,
                    version,
                    call.Get(priority),
                    call.Get(notBefore) is { } text ? LaterOptions.TimeOf(text) : null,
                    cancellation: call.Cancellation);
                return call.Get(wait) ? await ShowAsync(call, batch.Id) : Tell(call.Terminal, batch);
            });
    }

    private static int Tell(Terminal terminal, AcceptedBatch batch)
    {
        if (terminal.IsJson)
        {
            terminal.Json(batch, CliJson.Default.AcceptedBatch);
        }
        else
        {
            terminal.Out.WriteLine(batch.Id);
        }

        return ExitCode.Ok;
    }

    private static async Task<int> ShowAsync(Call call, string id)
    {
        var batch = await call.Client.Batches.WaitAsync(id, call.Cancellation);
        await foreach (var result in call.Client.Batches.ResultsAsync(id, cancellation: call.Cancellation))
        {
            var line = JsonSerializer.SerializeToElement(result, CliJson.Default.BatchResult);
            call.Terminal.Out.WriteLine(JsonLayout.Of(line, indented: false));
        }

        var failed = batch.Count - batch.Reasons.GetValueOrDefault("ok");
        if (failed == 0)
        {
            return ExitCode.Ok;
        }

        var what = $"{Figures.Count(failed)} of {Figures.Count(batch.Count)} runs have not ended well.";
        if (call.Terminal.IsJson)
        {
            call.Terminal.Incomplete(what);
        }
        else
        {
            call.Terminal.Note(what);
        }

        return ExitCode.Failed;
    }

    private static List<JsonElement> Inputs(string file)
    {
        var inputs = new List<JsonElement>();
        var name = file == SourceFile.StandardInput ? "stdin" : file;
        foreach (var (index, line) in SourceFile.Text(file).Split('\n').Index())
        {
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            try
            {
                using var input = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = RunInput.MostLevels });
                inputs.Add(input.RootElement.Clone());
            }
            catch (JsonException wrong)
            {
                throw CliException.Usage($"Line {Figures.Count(index + 1)} of {name} is no JSON: {JsonError.Of(wrong)}");
            }
        }

        return inputs.Count > 0 ? inputs : throw CliException.Usage($"{name} has no input; each line of it is one, as JSON.");
    }
}
