using System.CommandLine;
using Faas.Cli.Commands.Scripts;
using Faas.Cli.Output;
using Faas.Client;

namespace Faas.Cli.Commands.Batches;

/// <summary><c>faas batches</c>: the batches that the server keeps.</summary>
internal static class BatchesCommand
{
    private const int Usual = 50;

    /// <summary>Makes it.</summary>
    public static Command Make()
    {
        var path = new Option<string?>("--path")
        {
            Description = "only batches of this script and of those under it", HelpName = "PATH",
        }.NotEmpty();
        var state = new Option<string?>("--state") { Description = "only batches that are so", HelpName = "queued|running|ended" }
            .OneOf("queued", "running", "ended");
        var limit = CommandBuilding.Count("--limit", "N", 1, 1_000_000, $"how many are listed at most; {Usual} without it");
        return new Command("batches", "lists the batches that the server keeps, the newest first") { path, state, limit, Show(), Cancel() }
            .Example("faas batches", "faas batches --state running", "faas batches show 0194e4e8c3~b5f3a9c2e4b1d7a60")
            .Does(call => ListAsync(call, call.Get(path), call.Get(state), call.Get(limit) ?? Usual));
    }

    private static Command Show()
    {
        var id = Id();
        return new Command("show", "shows how far a batch has come, and how its runs ended") { id }
            .Example("faas batches show 0194e4e8c3~b5f3a9c2e4b1d7a60")
            .Does(async call => Tell(call.Terminal, await call.Client.Batches.GetAsync(call.Get(id)!, call.Cancellation)));
    }

    private static Command Cancel()
    {
        var id = Id();
        return new Command("cancel", "cancels the runs of a batch that have not ended, and returns when their processes are dead") { id }
            .Example("faas batches cancel 0194e4e8c3~b5f3a9c2e4b1d7a60")
            .Does(async call => Tell(call.Terminal, await call.Client.Batches.CancelAsync(call.Get(id)!, call.Cancellation)));
    }

    private static int Tell(Terminal terminal, Batch batch)
    {
        if (terminal.IsJson)
        {
            terminal.Json(batch, CliJson.Default.Batch);
        }
        else
        {
            terminal.Details(BatchText.Details(batch));
        }

        return ExitCode.Ok;
    }

    private static async Task<int> ListAsync(Call call, string? path, string? state, int most)
    {
        var (batches, hasMore) = await Listed<Batch>.ReadAsync(
            page => call.Client.Batches.AllAsync(path, state, page, call.Cancellation), most, call.Cancellation);
        if (call.Terminal.IsJson)
        {
            call.Terminal.Json(batches, CliJson.Default.IReadOnlyListBatch);
        }
        else
        {
            call.Terminal.Table(["BATCH", "SCRIPT", "STATE", "ENDED", "REASONS", "RECEIVED"], batches.Select(BatchText.Row));
        }

        if (hasMore)
        {
            call.Terminal.Note($"There are more than {most}; --limit shows more of them.");
        }

        return ExitCode.Ok;
    }

    private static Argument<string> Id() =>
        new("BATCH") { Description = "the id of the batch, as `faas batch` and `faas batches` show it" };
}
