using System.Threading.RateLimiting;
using Faas.Http.Wire.Problems;

namespace Faas.Http.Access;

/// <summary>Counts each caller's requests against the rate limit. Buckets that are full again are forgotten.</summary>
public sealed class CallerLimiter : IDisposable
{
    // The framework fills all buckets once in this time (DefaultPartitionedRateLimiter), so a token may come this much later.
    private static readonly TimeSpan s_heartbeat = TimeSpan.FromMilliseconds(100);

    private readonly RateLimit? _forAll;
    private readonly PartitionedRateLimiter<Caller> _limiter;

    /// <summary>Without a limit of the settings, or of its own key, a caller is not counted.</summary>
    public CallerLimiter(AccessOptions options)
    {
        _forAll = options.RateLimit.RequestsPerSecond > 0 ? options.RateLimit : null;
        _limiter = PartitionedRateLimiter.Create<Caller, string>(
            caller => RateLimitPartition.GetTokenBucketLimiter(caller.Identity, _ => (caller.Limit ?? _forAll)!.ToBucket()),
            StringComparer.Ordinal);
    }

    /// <summary>Counts one request; the problem (429) when it is one too many, else null.</summary>
    public Problem? Count(Caller caller)
    {
        if ((caller.Limit ?? _forAll) is null)
        {
            return null;
        }

        using var lease = _limiter.AttemptAcquire(caller);
        if (lease.IsAcquired)
        {
            return null;
        }

        lease.TryGetMetadata(MetadataName.RetryAfter, out var wait);
        return FaasProblems.RateLimited(caller.Limit is null ? "faas.http.rate-limit" : "its key", wait + s_heartbeat);
    }

    /// <inheritdoc />
    public void Dispose() => _limiter.Dispose();
}
