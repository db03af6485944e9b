using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace Faas.Client;

/// <summary>
/// Asynchronous runs: they wait on the server, and leave a record (docs/asynchronous.md).
/// <example>
/// <code>
/// var accepted = await faas.KeptRuns.BeginAsync("jobs/report", new JsonObject { ["month"] = 5 });
/// var run = await faas.KeptRuns.WaitAsync(accepted.Id);
/// Console.WriteLine($"{run.Reason}: {run.Result}");
/// </code>
/// </example>
/// </summary>
public sealed class KeptRunsClient
{
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(1);
    private readonly Transport _transport;

    internal KeptRunsClient(Transport transport) => _transport = transport;

    /// <summary>
    /// Has a stored script run when its turn comes. Throws <see cref="FaasException"/> if the server does not accept that; after a
    /// time-out of the store (503) it may have accepted it all the same.
    /// </summary>
    /// <param name="path">The script.</param>
    /// <param name="input">What the script sees as <c>event</c>; null: an empty object.</param>
    /// <param name="options">How it is called. Files, logs and stats have no place here.</param>
    /// <param name="priority">1 to 9; null: 5.</param>
    /// <param name="notBefore">Before this time it does not start; null: it may start at once.</param>
    /// <param name="then">What the run hands on to when it has ended; null: nothing.</param>
    /// <param name="cancellation">Ends the call, and not the run.</param>
    public async Task<AcceptedRun> BeginAsync(
        string path,
        JsonNode? input = null,
        RunOptions? options = null,
        int? priority = null,
        DateTimeOffset? notBefore = null,
        RunThen? then = null,
        CancellationToken cancellation = default)
    {
        using var request = RunsClient.Later(path, input, options, priority, notBefore, then);
        using var response = await _transport.SendAsync(request, cancellation);
        return await Transport.ReadAsync(response, ClientJson.Default.AcceptedRun, cancellation);
    }

    /// <summary>The record of a run. Throws <see cref="FaasException"/> (404) if it is not kept, or not any more.</summary>
    /// <param name="id">The run.</param>
    /// <param name="cancellation">Ends the call.</param>
    public Task<KeptRun> GetAsync(string id, CancellationToken cancellation = default) =>
        _transport.ReadAsync(HttpMethod.Get, AddressOf(id), ClientJson.Default.KeptRun, cancellation);

    /// <summary>The record of a run, once it has ended.</summary>
    /// <inheritdoc cref="GetAsync"/>
    public async Task<KeptRun> WaitAsync(string id, CancellationToken cancellation = default)
    {
        for (var pause = s_firstPause; ; pause = pause * 2 < s_longestPause ? pause * 2 : s_longestPause)
        {
            if (await GetAsync(id, cancellation) is { HasEnded: true } run)
            {
                return run;
            }

            await Task.Delay(pause, cancellation);
        }
    }

    /// <summary>
    /// What a run prints, as it prints it, and how it ends: while it waits or is executed, or afterwards. A connection that is lost is made
    /// again, and nothing is told twice or left out. Lines that the server does not keep any more are one <see cref="RunSkipped"/>. Throws
    /// <see cref="FaasException"/> (404) if the run is not kept, and (410) if it is not any more, or what followed an event is not.
    /// </summary>
    /// <param name="id">The run.</param>
    /// <param name="after">The id of the last event that is known; null: none is.</param>
    /// <param name="cancellation">Ends the reading, and not the run.</param>
    public IAsyncEnumerable<RunEvent> FollowAsync(string id, long? after = null, CancellationToken cancellation = default) =>
        new KeptEvents<RunEvent>(
            _transport, $"{AddressOf(id)}/events", RunJson.Event, happened => happened is RunReturned or RunFailed)
            .AllAsync(after, cancellation);

    /// <summary>
    /// Cancels a run, and returns its record when its processes are dead. Throws <see cref="FaasException"/> (409) if it has ended already.
    /// </summary>
    /// <inheritdoc cref="GetAsync"/>
    public Task<KeptRun> CancelAsync(string id, CancellationToken cancellation = default) =>
        _transport.ReadAsync(HttpMethod.Delete, AddressOf(id), ClientJson.Default.KeptRun, cancellation);

    /// <summary>A page of the kept runs, the newest first.</summary>
    /// <param name="filter">Which runs; null: all.</param>
    /// <param name="limit">How many a page has at most, 1 to 1000; null: 50.</param>
    /// <param name="after">The <see cref="KeptRunPage.Next"/> of the page before, with the same filter; null: the first page.</param>
    /// <param name="cancellation">Ends the call.</param>
    public Task<KeptRunPage> ListAsync(
        KeptRunFilter? filter = null, int? limit = null, string? after = null, CancellationToken cancellation = default) =>
        _transport.ReadAsync(
            HttpMethod.Get,
            "api/v1/runs" + Address.Query(
                ("kept", "true"),
                ("path", filter?.Path),
                ("state", filter?.State),
                ("reason", filter?.Reason),
                ("key", filter?.Key),
                ("schedule", filter?.Schedule),
                ("dead", filter?.Dead is { } dead ? (dead ? "true" : "false") : null),
                ("callback", filter?.Callback),
                ("limit", Address.Text(limit)),
                ("after", after)),
            ClientJson.Default.KeptRunPage,
            cancellation);

    /// <summary>All of them, page by page, the newest first.</summary>
    /// <param name="filter">Which runs; null: all.</param>
    /// <param name="page">How many are read at a time, 1 to 1000; null: 50.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public async IAsyncEnumerable<KeptRun> AllAsync(
        KeptRunFilter? filter = null, int? page = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        string? after = null;
        do
        {
            var read = await ListAsync(filter, page, after, cancellation);
            foreach (var run in read.Runs)
            {
                yield return run;
            }

            after = read.Next;
        }
        while (after is not null);
    }

    /// <summary>
    /// Has an ended run run again, with the same input. Throws <see cref="FaasException"/> (409) if that was done already.
    /// </summary>
    /// <param name="id">The run.</param>
    /// <param name="version">The version that runs: its number, an alias, or <c>latest</c>; null: that of the run.</param>
    /// <param name="cancellation">Ends the call.</param>
    public Task<AcceptedRun> RedriveAsync(string id, string? version = null, CancellationToken cancellation = default) =>
        _transport.ReadAsync(
            HttpMethod.Post, $"{AddressOf(id)}/redrive{Address.Query(("to", version))}", ClientJson.Default.AcceptedRun, cancellation);

    /// <summary>
    /// Has the callback of an ended run sent again, and returns the record. Throws <see cref="FaasException"/> (409) if there is none.
    /// </summary>
    /// <inheritdoc cref="GetAsync"/>
    public Task<KeptRun> SendCallbackAsync(string id, CancellationToken cancellation = default) =>
        _transport.ReadAsync(HttpMethod.Post, $"{AddressOf(id)}/callback", ClientJson.Default.KeptRun, cancellation);

    /// <summary>Has dead letters run again, with the same inputs.</summary>
    /// <param name="filter">
    /// Which dead letters, by script, state, reason, key and schedule; null: all. The server refuses (400) a filter by callbacks, and one
    /// that means other runs than dead letters.
    /// </param>
    /// <param name="version">The version that runs: its number, an alias, or <c>latest</c>; null: that of each run.</param>
    /// <param name="limit">How many at most, 1 to 1000; null: 100.</param>
    /// <param name="cancellation">Ends the call.</param>
    public Task<RedriveResult> RedriveAsync(
        KeptRunFilter? filter, string? version = null, int? limit = null, CancellationToken cancellation = default) =>
        _transport.ReadAsync(
            HttpMethod.Post,
            "api/v1/runs/redrive" + Address.Query(
                ("path", filter?.Path),
                ("state", filter?.State),
                ("reason", filter?.Reason),
                ("key", filter?.Key),
                ("schedule", filter?.Schedule),
                ("dead", filter?.Dead == false ? "false" : null),
                ("callback", filter?.Callback),
                ("to", version),
                ("limit", Address.Text(limit))),
            ClientJson.Default.RedriveResult,
            cancellation);

    private static string AddressOf(string id) => $"api/v1/runs/{Address.Segment(id)}";
}
