using System.Globalization;

namespace Faas.Testing;

/// <summary>
/// How much longer than on an ordinary machine everything may take: FAAS_TEST_PATIENCE, at least 1, which is the default.
/// tests/suites.sh measures it, and tests/systemd sets it for an emulated processor.
/// </summary>
public static class Patience
{
    /// <summary>The factor.</summary>
    public static double Factor { get; } = Environment.GetEnvironmentVariable("FAAS_TEST_PATIENCE") is { Length: > 0 } text
        ? Math.Max(1, double.Parse(text, CultureInfo.InvariantCulture))
        : 1;

    /// <summary>That long here.</summary>
    public static TimeSpan Of(TimeSpan ordinary) => ordinary * Factor;

    /// <summary>That long here, as a duration of HOCON: for a limit that a script must not reach by the machine's slowness.</summary>
    public static string Seconds(double ordinary) => string.Create(CultureInfo.InvariantCulture, $"{ordinary * Factor}s");

    /// <summary>The server's own timings that are no matter of a test's, in HOCON, one a line.</summary>
    public static IReadOnlyList<string> Settings => Factor == 1 ? [] :
    [
        Setting("faas.sandbox.start-timeout", 10, most: 300),
        Setting("faas.scripts.compile-timeout", 10, most: 300),
        Setting("faas.store.redis.timeout", 5, most: 300),
        Setting("faas.pool.queue-timeout", 30, most: 600),
    ];

    private static string Setting(string key, double seconds, double most) =>
        string.Create(CultureInfo.InvariantCulture, $"{key} = {Math.Min(most, seconds * Factor)}s");
}
