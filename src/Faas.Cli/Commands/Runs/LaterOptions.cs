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

    /// <summary>The script that gets the value.</summary>
    public Option<string?> Then { get; } = new Option<string?>("--then")
    {
        Description = "with --async: the script that gets the value when the run has returned one", HelpName = "PATH[@VERSION]",
    };

    /// <summary>The script that is told of a failure.</summary>
    public Option<string?> OnFailure { get; } = new Option<string?>("--on-failure")
    {
        Description = "with --async: the script that is told when the run has failed", HelpName = "PATH[@VERSION]",
    };

    /// <summary>Whom the run tells that it has ended.</summary>
    public Option<string?> Callback { get; } = new Option<string?>("--callback")
    {
        Description = "with --async: a URL that the server sends a signed event to when the run has ended", HelpName = "URL",
    }.NotEmpty();

    /// <summary>What was asked for; null: the call waits for the run. Throws <see cref="CliException"/>.</summary>
    public Terms? Read(Call call)
    {
        var terms = new Terms(
            call.Get(Priority),
            call.Get(NotBefore) is { } text ? TimeOf(text) : null,
            ThenOf(call.Get(Then), call.Get(OnFailure)),
            call.Get(Callback) is { } url ? new RunCallback(url) : null);
        return call.Get(Async) ? terms
            : terms is { Priority: null, NotBefore: null, Then: null, Callback: null } ? null
            : throw CliException.Usage($"--priority, --not-before, --then, --on-failure and --callback need {AsyncName}.");
    }

    private static RunThen? ThenOf(string? success, string? failure) => success is null && failure is null
        ? null
        : new RunThen { Success = DestinationOf(success), Failure = DestinationOf(failure) };

    private static RunDestination? DestinationOf(string? text) => text is not null && ScriptName.Split(text) is var (path, version)
        ? new RunDestination(path) { Version = version }
        : null;

    /// <summary>The time that a text names; null: it names none.</summary>
    public static DateTimeOffset? TimeOf(string text) =>
        text.Contains('T', StringComparison.Ordinal)
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : null;

    /// <summary>How the run is to wait.</summary>
    /// <param name="Priority">1 to 9; null: as the server says.</param>
    /// <param name="NotBefore">Before this time it does not start; null: it may start at once.</param>
    /// <param name="Then">What it hands on to; null: nothing.</param>
    /// <param name="Callback">Whom the run tells that it has ended; null: no one.</param>
    public sealed record Terms(int? Priority, DateTimeOffset? NotBefore, RunThen? Then, RunCallback? Callback)
    {
        /// <summary>Has it wait, and shows its id.</summary>
        public async Task<int> BeginAsync(Call call, string path, RunOptions options)
        {
            options = options with { Callback = Callback };
            var run = await call.Client.KeptRuns.BeginAsync(path, input: null, options, Priority, NotBefore, Then, call.Cancellation);
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
