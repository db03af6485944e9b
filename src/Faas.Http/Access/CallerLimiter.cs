using System.Threading.RateLimiting;
using Faas.Http.Wire.Problems;

namespace Faas.Http.Access;

/// <summary>Counts each caller's requests against the rate limit. Buckets that are full again are forgotten.</summary>
public sealed class CallerLimiter : IDisposable
{
    // The framework fills all buckets once in this time (DefaultPartitionedRateLimiter), so a token may come this much later.
    private static readonly TimeSpan s_heartbeat = TimeSpan.FromMilliseconds(100);

    private readonly PartitionedRateLimiter<Caller>? _limiter;

    /// <summary>Without a limit in the settings nothing is counted.</summary>
    public CallerLimiter(AccessOptions options)
    {
        if (options.RateLimit is { RequestsPerSecond: > 0 } limit)
        {
            _limiter = PartitionedRateLimiter.Create<Caller, string>(
                caller => RateLimitPartition.GetTokenBucketLimiter(caller.Identity, _ => limit.ToBucket()), StringComparer.Ordinal);
        }
    }

    /// <summary>Counts one request; the problem (429) when it is one too many, else null.</summary>
    public Problem? Count(Caller caller)
    {
        using var lease = _limiter?.AttemptAcquire(caller);
        if (lease is not { IsAcquired: false })
        {
            return null;
        }

        lease.TryGetMetadata(MetadataName.RetryAfter, out var wait);
        return FaasProblems.RateLimited(wait + s_heartbeat);
    }

    /// <inheritdoc />
    public void Dispose() => _limiter?.Dispose();
}
