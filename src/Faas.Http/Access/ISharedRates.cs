namespace Faas.Http.Access;

/// <summary>Counts requests of callers for all nodes of a cluster together.</summary>
public interface ISharedRates
{
    /// <summary>
    /// Counts one request. Zero: it may go on; else how long until the next one may. Null: the others cannot be asked at the moment.
    /// </summary>
    /// <param name="caller">The caller's <see cref="Caller.Identity"/>.</param>
    /// <param name="limit">How often it may call.</param>
    /// <param name="cancellation">Cancelled when the caller leaves.</param>
    ValueTask<TimeSpan?> CountAsync(string caller, RateLimit limit, CancellationToken cancellation);
}
