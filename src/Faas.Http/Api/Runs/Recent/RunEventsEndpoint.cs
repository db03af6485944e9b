using System.Globalization;
using System.Text;
using Faas.Actors.Runs.Recent;
using Faas.Http.Api.Calls;
using Faas.Http.Api.Live;
using Faas.Http.Api.Scripts;
using Faas.Http.Wire;
using Faas.Http.Wire.Events;

namespace Faas.Http.Api.Runs.Recent;

/// <summary>
/// <c>GET /api/v1/runs/events</c>: the newest runs, and then each run that is new or has changed, as server-sent events. Theory of
/// operation:
/// an event's id is the number of the change that the client knows then, behind a text that no other server process has. By the id in
/// <c>Last-Event-ID</c> a client that connects again is told what it has missed. Where that is not known any more, or is more than
/// the client wants at one time, it is told the newest runs instead, and that some were skipped.
/// </summary>
public sealed class RunEventsEndpoint(RecentRuns recent, LiveEvents live)
{
    private const int DefaultLimit = 100;
    private static readonly string[] s_known = [.. RunParameters.FilterNames, PageOfList.LimitName];

    /// <summary>Sends events until the client leaves or the server ends.</summary>
    public Task HandleAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var filter = RunFilterOfUrl.Of(context);
        var limit = RunFilterOfUrl.NumberOf(query, PageOfList.LimitName, DefaultLimit, PageOfList.MaxLimit);
        context.Response.SetWarnings(UnknownName.InQuery(query, s_known));
        var (since, isLive) = (ChangeOf(context.Request.Headers[Reconnection.LastEventId]), false);
        return live.SendAsync(context, RunsJson.Default.RunEvent, _ =>
        {
            var changes = recent.Changes(filter, limit, since);
            var events = EventsOf(changes, isLive);
            (since, isLive) = (changes.Change, true);
            return ValueTask.FromResult(events);
        });
    }

    private IReadOnlyList<LiveEvent<RunEvent>> EventsOf(RunChanges changes, bool isLive)
    {
        var id = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{recent.Epoch}-{changes.Change}"));
        if (!changes.IsWhole)
        {
            // The id says that everything up to it is known, which is true of the last of them alone.
            return
            [
                .. changes.Runs.Select((run, index) => new LiveEvent<RunEvent>(
                    new RunEvent("run") { Run = new RecentRunReply(run) },
                    index == changes.Runs.Count - 1 ? id : default(ReadOnlyMemory<byte>))),
            ];
        }

        var all = new RunEvent("runs")
        {
            Runs = [.. changes.Runs.Select(run => new RecentRunReply(run))],
            Kept = KeptReply.Of(recent.Options),
            Skipped = isLive ? true : null,
        };
        return [new LiveEvent<RunEvent>(all, id)];
    }

    // An id of another server process, or of no server, is as good as none.
    private long? ChangeOf(string? id) =>
        id?.StartsWith($"{recent.Epoch}-", StringComparison.Ordinal) is true
        && long.TryParse(id.AsSpan(recent.Epoch.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var change)
            ? change
            : null;
}
