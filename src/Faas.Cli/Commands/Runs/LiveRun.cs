using System.Text.Json;
using System.Text.Json.Nodes;
using Faas.Cli.Output;
using Faas.Client;

namespace Faas.Cli.Commands.Runs;

/// <summary>
/// Shows a run as it happens. What the script prints to stdout and stderr goes to stdout and stderr; the value follows on stdout, unless
/// the script has just printed it. With <c>--quiet</c> or JSON, stdout has the value alone: with JSON the output goes to stderr.
/// </summary>
internal sealed class LiveRun(Terminal terminal, bool quiet, LeftFiles left)
{
    private static readonly JsonDocumentOptions s_deep = new() { MaxDepth = RunInput.MostLevels };

    private readonly PrintedValue _printed = new();
    private RunStart _start = new(null, null, null);

    /// <summary>Shows it to its end; what the process ends with.</summary>
    public async Task<int> ShowAsync(IAsyncEnumerable<RunEvent> events, CancellationToken cancellation)
    {
        await foreach (var happened in events.WithCancellation(cancellation))
        {
            switch (happened)
            {
                case RunBegan began:
                    _start = began.Start;
                    break;
                case RunPrinted line:
                    Print(line);
                    break;
                case RunSkipped { Lines: var lines }:
                    terminal.Note($"{Figures.Count(lines)} lines are not kept.");
                    break;
                case RunReturned { Result: var result }:
                    return await ReturnAsync(result);
                case RunFailed { Problem: var problem }:
                    return Fail(problem);
            }
        }

        throw new InvalidOperationException("A stream ended without an end.");
    }

    /// <summary>Tells that a run has failed, or was not begun; what the process ends with.</summary>
    public int Fail(Problem problem)
    {
        if (terminal.IsJson)
        {
            terminal.Complain(problem);
        }
        else
        {
            foreach (var line in ScriptFailure.Lines(problem))
            {
                terminal.Error.WriteLine(terminal.ErrorHasColours ? Paint.Red(line) : line);
            }

            Tell(problem.Stats);
        }

        return ExitCode.Of(problem);
    }

    private void Print(RunPrinted line)
    {
        _printed.Note(line);
        if (quiet)
        {
            return;
        }

        var toStderr = line.IsStderr || terminal.IsJson;
        var text = line.IsStderr && terminal.ErrorHasColours ? Paint.Yellow(line.Text) : line.Text;
        var output = toStderr ? terminal.Error : terminal.Out;
        output.Write(line.IsPartial ? text : text + '\n');
    }

    private async Task<int> ReturnAsync(RunResult result)
    {
        if (terminal.IsJson)
        {
            terminal.Json(JsonOf(result, left));
        }
        else if (quiet || !_printed.Is(result))
        {
            if (result is not { Type: "json", Data.ValueKind: JsonValueKind.Null } || quiet)
            {
                ValueText.Write(terminal, result);
            }
        }

        if (result.Hint is { } hint)
        {
            terminal.Note(hint);
        }

        await left.KeepAsync(result.Files);
        Tell(result.Stats);
        return ExitCode.Ok;
    }

    /// <summary>A result as JSON.</summary>
    public static JsonObject JsonOf(RunResult result, LeftFiles left)
    {
        var json = new JsonObject { ["data"] = JsonNode.Parse(result.Data.GetRawText(), documentOptions: s_deep), ["type"] = result.Type };
        Add("files", left.Json(result.Files));
        Add("hint", result.Hint);
        Add("version", result.Start.Version);
        Add("callId", result.Start.CallId);
        Add("start", result.Start.Warmth);
        Add("logs", result.Logs);
        Add("stats", result.Stats is { } stats ? JsonSerializer.SerializeToNode(stats, CliJson.Default.RunStats) : null);
        return json;

        void Add(string name, JsonNode? value)
        {
            if (value is not null)
            {
                json[name] = value;
            }
        }
    }

    private void Tell(RunStats? stats)
    {
        if (stats is null)
        {
            return;
        }

        var version = _start.Version is { } number ? $"version {number}, " : "";
        var warmth = _start.Warmth is { } word ? $"{word} start, " : "";
        terminal.Remark(
            $"{version}{warmth}{Figures.Time(TimeSpan.FromSeconds(stats.WallSeconds))}, "
            + $"CPU {Figures.Time(TimeSpan.FromSeconds(stats.CpuSeconds))}, {Figures.Size(stats.MaxRssBytes)}");
    }
}
