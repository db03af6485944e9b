using System.Text.Json;
using Faas.Cli.Output;
using Faas.Client;

namespace Faas.Cli.Commands.Runs;

/// <summary>The record of a kept run for a person.</summary>
internal static class KeptRunText
{
    /// <summary>Its members that have a value.</summary>
    public static IEnumerable<(string Name, string Value)> Details(KeptRun run) => new (string Name, string? Value)[]
    {
        ("run", run.Id),
        ("script", $"{run.Path}@{run.Version}{(run.Alias is { } alias ? $" ({alias})" : "")}"),
        ("state", run.State),
        ("reason", run.Reason),
        ("detail", run.Detail),
        ("hint", run.Hint),
        ("key", run.Key),
        ("schedule", run.Schedule),
        ("batch", run.Batch is { } batch ? $"{batch} ({run.Index})" : null),
        ("node", run.Node),
        ("priority", run.Priority is { } priority ? Figures.Count(priority) : null),
        ("attempt", run.Attempt is { } attempt && (attempt > 1 || run.Failure is not null) ? Figures.Count(attempt) : null),
        ("last failure", run.Failure is { } failure ? $"{failure.Reason}{(failure.Detail is { } why ? $": {why}" : "")}" : null),
        ("again from", MomentOf(run.RetryAt)),
        ("next", run.Next),
        ("next refused", run.NextRefused),
        ("previous", run.Previous),
        ("not before", MomentOf(run.NotBefore)),
        ("received", MomentOf(run.Received)),
        ("started", MomentOf(run.Started)),
        ("ended", MomentOf(run.Ended)),
        ("took", run.RunSeconds is { } seconds ? Figures.Time(TimeSpan.FromSeconds(seconds)) : null),
        ("processor", run.CpuSeconds is { } cpu ? Figures.Time(TimeSpan.FromSeconds(cpu)) : null),
        ("memory", run.MemoryBytes is { } bytes ? Figures.Size(bytes) : null),
        ("callback", run.Callback is { } callback ? TextOf(callback) : null),
        ("input", TextOf(run.Input)),
        ("value", run.ResultCut is true ? "(longer than what is kept)" : TextOf(run.Result)),
    }.Where(member => member.Value is not null).Select(member => (member.Name, member.Value!));

    /// <summary>Its output, each line to its stream; then its value, or why there is none.</summary>
    public static void Write(Terminal terminal, KeptRun run)
    {
        WriteLog(terminal, run);
        if (run.Result is { } result)
        {
            ValueText.Write(terminal, new RunResult(result, run.Type ?? "json"));
        }
        else if (run.Reason != "ok")
        {
            terminal.Error.WriteLine($"faas: {run.Detail ?? "The run has failed."} [{run.Reason}]");
        }
        else
        {
            terminal.Note("The value is longer than what the server keeps.");
        }
    }

    /// <summary>Its output, each line to its stream.</summary>
    public static void WriteLog(Terminal terminal, KeptRun run)
    {
        if (run.LogCut is true)
        {
            terminal.Note("Only the last lines of the output are kept.");
        }

        foreach (var line in run.Log ?? [])
        {
            (line.Stream == "stderr" ? terminal.Error : terminal.Out).WriteLine(line.Text);
        }
    }

    /// <summary>What the process ends with that has waited for it.</summary>
    public static int ExitCodeOf(KeptRun run) => run.Reason == "ok"
        ? ExitCode.Ok
        : ExitCode.Of(new Problem(run.Status ?? 500, "", run.Detail ?? "") { Reason = run.Reason ?? "" });

    private static string TextOf(CallbackProgress callback)
    {
        var last = callback.LastError ?? (callback.LastStatus is { } status ? $"answered {status}" : null);
        string?[] parts =
        [
            $"{callback.State} at {callback.Url}",
            callback.Attempts switch { 0 => null, 1 => "sent once", var times => $"sent {Figures.Count(times)} times" },
            last,
            callback.Next is { } next ? $"next {Figures.Moment(next)}" : null,
        ];
        return string.Join(", ", parts.OfType<string>());
    }

    private static string? MomentOf(DateTimeOffset? at) => at is { } time ? Figures.Moment(time) : null;

    private static string? TextOf(JsonElement? value) => value?.GetRawText();
}
