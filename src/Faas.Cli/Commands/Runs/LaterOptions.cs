using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Faas.Cli.Output;
using Faas.Client;

namespace Faas.Cli.Commands.Runs;

/// <summary>The options by which <c>faas call</c> does not wait for the run.</summary>
internal sealed class LaterOptions
{
    private const string AsyncName = "--async";

    /// <summary>Makes them.</summary>
    public LaterOptions() => NotBefore.Validators.Add(result => CommandBuilding.Check(
        result, text => TimeOf(text) is not null, "a time such as 2026-02-08T07:33:21Z"));

    /// <summary>Whether the call returns before the run begins.</summary>
    public Option<bool> Async { get; } = new(AsyncName)
    {
        Description = "has the server keep the run and execute it when its turn comes, and shows its id",
    };

    /// <summary>Which runs of the script go first.</summary>
    public Option<int?> Priority { get; } = CommandBuilding.Count(
        "--priority", "N", 1, 9, "with --async: runs of the script with the highest priority go first; 5 without it");

    /// <summary>When it may start.</summary>
    public Option<string?> NotBefore { get; } = new("--not-before")
    {
        Description = "with --async: the run does not start before this time", HelpName = "TIME",
    };

    /// <summary>What was asked for; null: the call waits for the run. Throws <see cref="CliException"/>.</summary>
    public Terms? Read(Call call)
    {
        var terms = new Terms(call.Get(Priority), call.Get(NotBefore) is { } text ? TimeOf(text) : null);
        return call.Get(Async) ? terms
            : terms is { Priority: null, NotBefore: null } ? null
            : throw CliException.Usage($"--priority and --not-before need {AsyncName}.");
    }

    private static DateTimeOffset? TimeOf(string text) =>
        text.Contains('T', StringComparison.Ordinal)
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : null;

    /// <summary>How the run is to wait.</summary>
    /// <param name="Priority">1 to 9; null: as the server says.</param>
    /// <param name="NotBefore">Before this time it does not start; null: it may start at once.</param>
    public sealed record Terms(int? Priority, DateTimeOffset? NotBefore)
    {
        /// <summary>Has it wait, and shows its id.</summary>
        public async Task<int> BeginAsync(Call call, string path, RunOptions options)
        {
            var run = await call.Client.KeptRuns.BeginAsync(path, input: null, options, Priority, NotBefore, call.Cancellation);
            if (call.Terminal.IsJson)
            {
                call.Terminal.Json(new JsonObject { ["id"] = run.Id, ["state"] = run.State });
            }
            else
            {
                call.Terminal.Out.WriteLine(run.Id);
            }

            return ExitCode.Ok;
        }
    }
}
