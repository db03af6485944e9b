using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Faas.Client;

/// <summary>
/// Has a script run once for each of many inputs (docs/batches.md).
/// <example>
/// <code>
/// using var inputs = JsonDocument.Parse("[1, 2, 3]");
/// var accepted = await faas.Batches.BeginAsync("math/square", inputs.RootElement.EnumerateArray());
/// await faas.Batches.WaitAsync(accepted.Id);
/// await foreach (var result in faas.Batches.ResultsAsync(accepted.Id))
/// {
///     Console.WriteLine($"{result.Index}: {result.Reason} {result.Result}");
/// }
/// </code>
/// </example>
/// </summary>
public sealed class BatchesClient
{
    private const string Batches = "api/v1/batches";
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(1);
    private readonly Transport _transport;

    internal BatchesClient(Transport transport) => _transport = transport;

    /// <summary>
    /// Has a stored script run once for each input. The server accepts all runs or none. Throws <see cref="FaasException"/> if it does not
    /// accept them; after a time-out of the store (503) it may have accepted them all the same.
    /// </summary>
    /// <param name="path">The script.</param>
    /// <param name="inputs">What each run sees as <c>event</c>; at least one, and at most as many as the server allows.</param>
    /// <param name="version">A version's number or an alias; null: the latest.</param>
    /// <param name="priority">1 to 9; null: 5.</param>
    /// <param name="notBefore">Before this time no run starts; null: they may start at once.</param>
    /// <param name="idempotencyKey">However often a call with this key is sent, there is one batch; null: each call has its own.</param>
    /// <param name="cancellation">Ends the call, and not the batch.</param>
    public async Task<AcceptedBatch> BeginAsync(
        string path,
        IEnumerable<JsonElement> inputs,
        string? version = null,
        int? priority = null,
        DateTimeOffset? notBefore = null,
        string? idempotencyKey = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        using var request = new HttpRequestMessage(
            HttpMethod.Post, $"batch/{Address.Segment(path)}{Address.Query(("version", version))}")
        {
            Content = Transport.Content(new BatchContent([.. inputs], priority, notBefore), ClientJson.Default.BatchContent),
        };
        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        using var response = await _transport.SendAsync(request, cancellation);
        return await Transport.ReadAsync(response, ClientJson.Default.AcceptedBatch, cancellation);
    }

    /// <summary>The record of a batch. Throws <see cref="FaasException"/> (404) if it is not kept, or not any more.</summary>
    /// <param name="id">The batch.</param>
    /// <param name="cancellation">Ends the call.</param>
    public Task<Batch> GetAsync(string id, CancellationToken cancellation = default) =>
        _transport.ReadAsync(HttpMethod.Get, AddressOf(id), ClientJson.Default.Batch, cancellation);

    /// <summary>The record of a batch, once all its runs have ended.</summary>
    /// <inheritdoc cref="GetAsync"/>
    public async Task<Batch> WaitAsync(string id, CancellationToken cancellation = default)
    {
        for (var pause = s_firstPause; ; pause = pause * 2 < s_longestPause ? pause * 2 : s_longestPause)
        {
            if (await GetAsync(id, cancellation) is { HasEnded: true } batch)
            {
                return batch;
            }

            await Task.Delay(pause, cancellation);
        }
    }

    /// <summary>
    /// Cancels the runs of a batch that have not ended, and returns its record when their processes are dead. Throws
    /// <see cref="FaasException"/> (409) if all have ended already.
    /// </summary>
    /// <inheritdoc cref="GetAsync"/>
    public Task<Batch> CancelAsync(string id, CancellationToken cancellation = default) =>
        _transport.ReadAsync(HttpMethod.Delete, AddressOf(id), ClientJson.Default.Batch, cancellation);

    /// <summary>A page of the batches, the newest first.</summary>
    /// <param name="path">Only batches of this script and of those under it; null: of every script.</param>
    /// <param name="state">Only batches in one of these states, joined by commas; null: in any.</param>
    /// <param name="limit">How many a page has at most, 1 to 1000; null: 50.</param>
    /// <param name="after">The <see cref="BatchPage.Next"/> of the page before, with the same filter; null: the first page.</param>
    /// <param name="cancellation">Ends the call.</param>
    public Task<BatchPage> ListAsync(
        string? path = null, string? state = null, int? limit = null, string? after = null, CancellationToken cancellation = default) =>
        _transport.ReadAsync(
            HttpMethod.Get,
            Batches + Address.Query(("path", path), ("state", state), ("limit", Address.Text(limit)), ("after", after)),
            ClientJson.Default.BatchPage,
            cancellation);

    /// <summary>All of them, page by page, the newest first.</summary>
    /// <param name="path">Only batches of this script and of those under it; null: of every script.</param>
    /// <param name="state">Only batches in one of these states, joined by commas; null: in any.</param>
    /// <param name="page">How many are read at a time, 1 to 1000; null: 50.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public async IAsyncEnumerable<Batch> AllAsync(
        string? path = null, string? state = null, int? page = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        string? after = null;
        do
        {
            var read = await ListAsync(path, state, page, after, cancellation);
            foreach (var batch in read.Batches)
            {
                yield return batch;
            }

            after = read.Next;
        }
        while (after is not null);
    }

    /// <summary>A page of what came of the inputs, in their order. A page is short where its values are long.</summary>
    /// <param name="id">The batch.</param>
    /// <param name="limit">How many a page has at most, 1 to 1000; null: 50.</param>
    /// <param name="after">The <see cref="BatchResultPage.Next"/> of the page before; null: the first page.</param>
    /// <param name="cancellation">Ends the call.</param>
    public Task<BatchResultPage> ResultPageAsync(
        string id, int? limit = null, string? after = null, CancellationToken cancellation = default) =>
        _transport.ReadAsync(
            HttpMethod.Get,
            $"{AddressOf(id)}/results{Address.Query(("limit", Address.Text(limit)), ("after", after))}",
            ClientJson.Default.BatchResultPage,
            cancellation);

    /// <summary>What came of all inputs, in their order, page by page.</summary>
    /// <param name="id">The batch.</param>
    /// <param name="page">How many are read at a time, 1 to 1000; null: 50.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public async IAsyncEnumerable<BatchResult> ResultsAsync(
        string id, int? page = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        string? after = null;
        do
        {
            var read = await ResultPageAsync(id, page, after, cancellation);
            foreach (var result in read.Results)
            {
                yield return result;
            }

            after = read.Next;
        }
        while (after is not null);
    }

    /// <summary>
    /// The results of a batch in the order in which its runs end, while it goes on or afterwards. A connection that is lost is made again,
    /// and nothing is told twice or left out. Throws <see cref="FaasException"/> (404) if the batch is not kept, and (410) if it is not any
    /// more.
    /// </summary>
    /// <param name="id">The batch.</param>
    /// <param name="after">How many ends are known; null: none.</param>
    /// <param name="cancellation">Ends the reading, and not the batch.</param>
    public IAsyncEnumerable<BatchEvent> FollowAsync(string id, long? after = null, CancellationToken cancellation = default) =>
        new KeptEvents<BatchEvent>(
            _transport,
            $"{AddressOf(id)}/events",
            (data, response) => Transport.Parse(data, ClientJson.Default.BatchEvent, response),
            happened => happened.Event == "end").AllAsync(after, cancellation);

    private static string AddressOf(string id) => $"{Batches}/{Address.Segment(id)}";
}
