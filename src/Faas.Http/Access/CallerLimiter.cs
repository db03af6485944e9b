using System.Threading.RateLimiting;
using Faas.Http.Configuration;
using Faas.Http.Wire.Problems;

namespace Faas.Http.Access;

/// <summary>Counts each caller's requests against the rate limit. Buckets that are full again are forgotten.</summary>
public sealed class CallerLimiter : IDisposable
{
    // The framework fills the buckets of all callers this often (DefaultPartitionedRateLimiter), so a token may come so much late.
    private static readonly TimeSpan Heartbeat = TimeSpan.FromMilliseconds(100);

    private readonly PartitionedRateLimiter<Caller>? _limiter;

    /// <summary>Without a limit in the settings nothing is counted.</summary>
    public CallerLimiter(FaasOptions options)
    {
        if (options.Http.Access.RateLimit is { RequestsPerSecond: > 0 } limit)
        {
            _limiter = PartitionedRateLimiter.Create<Caller, string>(
                caller => RateLimitPartition.GetTokenBucketLimiter(caller.Identity, _ => limit.ToBucket()), StringComparer.Ordinal);
        }
    }

    /// <summary>Counts one request; throws <see cref="ProblemException"/> with 429 when it is one too many.</summary>
    public void Count(Caller caller)
    {
        using var lease = _limiter?.AttemptAcquire(caller);
        if (lease is { IsAcquired: false })
        {
            lease.TryGetMetadata(MetadataName.RetryAfter, out var wait);
            throw new ProblemException(FaasProblems.RateLimited(wait + Heartbeat));
        }
    }

    /// <inheritdoc />
    public void Dispose() => _limiter?.Dispose();
}
