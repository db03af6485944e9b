using System.Globalization;

namespace Faas.Testing;

/// <summary>
/// How much longer than on an ordinary machine everything may take: FAAS_TEST_PATIENCE, at least 1, which is the default.
/// For an emulated processor (tests/systemd).
/// </summary>
public static class Patience
{
    /// <summary>The factor.</summary>
    public static double Factor { get; } = Environment.GetEnvironmentVariable("FAAS_TEST_PATIENCE") is { Length: > 0 } text
        ? Math.Max(1, double.Parse(text, CultureInfo.InvariantCulture))
        : 1;

    /// <summary>That long here.</summary>
    public static TimeSpan Of(TimeSpan ordinary) => ordinary * Factor;

    /// <summary>The server's own timings that are no matter of a test's, in HOCON.</summary>
    public static string Settings => Factor == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $$"""
        faas.sandbox.start-timeout = {{Math.Min(300, 10 * Factor)}}s
        faas.scripts.compile-timeout = {{Math.Min(300, 10 * Factor)}}s
        faas.store.redis.timeout = {{Math.Min(300, 5 * Factor)}}
        faas.pool.queue-timeout = {{Math.Min(600, 30 * Factor)}}s
        """);
}
