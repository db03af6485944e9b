using System.Globalization;
using System.Runtime.CompilerServices;

namespace Faas.Client;

/// <summary>
/// The sandboxes and the runs of now; the client's key needs the scope <c>admin</c> (docs/operations.md).
/// <example>
/// <code>
/// var pool = PoolSnapshot.Empty;
/// await foreach (var happened in faas.Pool.WatchAsync(cancellation))
/// {
///     pool = pool.After(happened);
///     Console.WriteLine($"{pool.Counts.Busy} busy, {pool.Counts.Waiting} waiting");
/// }
/// </code>
/// </example>
/// </summary>
public sealed class PoolClient
{
    private const string Pool = "api/v1/pool";
    private readonly Transport _transport;

    internal PoolClient(Transport transport) => _transport = transport;

    /// <summary>Every sandbox and every run.</summary>
    public Task<PoolSnapshot> GetAsync(CancellationToken cancellation = default) =>
        _transport.ReadAsync(HttpMethod.Get, Pool, ClientJson.Default.PoolSnapshot, cancellation);

    /// <summary>
    /// The pool and then its changes, as the server sends them. It ends when the server ends; <see cref="HttpRequestException"/> or
    /// <see cref="IOException"/> when the connection breaks, <see cref="FaasException"/> when the client's key is in force no longer.
    /// </summary>
    public async IAsyncEnumerable<PoolEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Pool}/events");
        using var response = await _transport.SendAsync(request, cancellation);
        await foreach (var message in Transport.EventsAsync(response, cancellation))
        {
            yield return Transport.Parse(message, ClientJson.Default.PoolEvent, response);
        }
    }

    /// <summary>Cancels a run, by its id in the pool.</summary>
    public Task CancelAsync(string runId, CancellationToken cancellation = default) =>
        _transport.SendAsync(HttpMethod.Delete, $"{Pool}/runs/{Address.Segment(runId)}", cancellation);

    /// <summary>Has the server refuse new runs and finish the others; returns when no sandbox is left.</summary>
    /// <param name="within">How long accepted runs are served, at most an hour; null: as when the server stops.</param>
    /// <param name="cancellation">Ends the waiting, not the draining.</param>
    public Task DrainAsync(TimeSpan? within = null, CancellationToken cancellation = default) => _transport.SendAsync(
        HttpMethod.Post,
        $"{Pool}/drain{Address.Query(("within", within?.TotalSeconds.ToString(CultureInfo.InvariantCulture)))}",
        cancellation);

    /// <summary>Has the server accept runs again.</summary>
    public Task ResumeAsync(CancellationToken cancellation = default) =>
        _transport.SendAsync(HttpMethod.Delete, $"{Pool}/drain", cancellation);
}
