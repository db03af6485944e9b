using System.Threading.RateLimiting;
using Faas.Http.Wire.Problems;

namespace Faas.Http.Access;

/// <summary>
/// Counts each caller's requests against the rate limit: those to all nodes of a cluster together, unless the others cannot be asked; then,
/// and on a server alone, in its own memory. Buckets that are full again are forgotten.
/// </summary>
public sealed class CallerLimiter : IDisposable
{
    // The framework fills all buckets once in this time (DefaultPartitionedRateLimiter), so a token may come this much later.
    private static readonly TimeSpan s_heartbeat = TimeSpan.FromMilliseconds(100);

    private readonly RateLimit? _forAll;
    private readonly PartitionedRateLimiter<Caller> _limiter;
    private readonly ISharedRates? _shared;

    /// <summary>Without a limit of the settings, or of its own key, a caller is not counted.</summary>
    public CallerLimiter(AccessOptions options, ISharedRates? shared = null)
    {
        _shared = shared;
        _forAll = options.RateLimit.RequestsPerSecond > 0 ? options.RateLimit : null;
        _limiter = PartitionedRateLimiter.Create<Caller, string>(
            caller => RateLimitPartition.GetTokenBucketLimiter(caller.Identity, _ => (caller.Limit ?? _forAll)!.ToBucket()),
            StringComparer.Ordinal);
    }

    /// <summary>Counts one request; the problem (429) when it is one too many, else null.</summary>
    /// <param name="caller">The caller.</param>
    /// <param name="cancellation">Cancelled when it leaves.</param>
    public ValueTask<Problem?> CountAsync(Caller caller, CancellationToken cancellation) => (caller.Limit ?? _forAll) switch
    {
        null => default,
        _ when _shared is null => new(Count(caller)),
        var limit => CountAsync(_shared, caller, limit, cancellation),
    };

    private async ValueTask<Problem?> CountAsync(ISharedRates shared, Caller caller, RateLimit limit, CancellationToken cancellation) =>
        await shared.CountAsync(caller.Identity, limit, cancellation) is not { } wait ? Count(caller)
        : wait > TimeSpan.Zero ? TooMany(caller, wait)
        : null;

    private Problem? Count(Caller caller)
    {
        using var lease = _limiter.AttemptAcquire(caller);
        if (lease.IsAcquired)
        {
            return null;
        }

        lease.TryGetMetadata(MetadataName.RetryAfter, out var wait);
        return TooMany(caller, wait + s_heartbeat);
    }

    private static Problem TooMany(Caller caller, TimeSpan wait) =>
        FaasProblems.RateLimited(caller.Limit is null ? "faas.http.rate-limit" : "its key", wait);

    /// <inheritdoc />
    public void Dispose() => _limiter.Dispose();
}
