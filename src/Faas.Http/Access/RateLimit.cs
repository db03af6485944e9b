using System.Threading.RateLimiting;
using Faas.Actors.Configuration;

namespace Faas.Http.Access;

/// <summary><c>faas.http.rate-limit</c>: a bucket of tokens for each caller, one token a request.</summary>
/// <param name="RequestsPerSecond">How fast the bucket fills; 0: no limit.</param>
/// <param name="Burst">How many tokens it holds.</param>
public sealed record RateLimit(double RequestsPerSecond, int Burst)
{
    // A bucket fills in steps of whole tokens, at most this many steps a second.
    private const double StepsPerSecond = 100;

    /// <summary>Reads and checks the section; throws <see cref="SettingException"/>.</summary>
    public static RateLimit From(Settings settings)
    {
        const string rate = "faas.http.rate-limit.requests-per-second";
        var limit = new RateLimit(settings.Number(rate, 0, 100_000), settings.Int("faas.http.rate-limit.burst", 1, 100_000));
        return limit.RequestsPerSecond is 0 or >= 0.01
            ? limit
            : throw new SettingException(rate, settings.Text(rate), "0 for no limit, or a number from 0.01 to 100000");
    }

    /// <summary>The same for the framework's limiter; only where there is a limit.</summary>
    public TokenBucketRateLimiterOptions ToBucket()
    {
        var step = (int)Math.Ceiling(RequestsPerSecond / StepsPerSecond);
        return new TokenBucketRateLimiterOptions
        {
            TokenLimit = Burst,
            TokensPerPeriod = step,
            ReplenishmentPeriod = TimeSpan.FromSeconds(step / RequestsPerSecond),
            QueueLimit = 0,
        };
    }
}
