namespace Faas.Testing;

/// <summary>
/// How every server that a test starts starts its sandboxes, unless the test names the launch itself: FAAS_TEST_LAUNCH, <c>fork</c> or
/// <c>exec</c>. Without it, the server chooses.
/// </summary>
public static class TestLaunch
{
    /// <summary>In HOCON, one line a setting.</summary>
    public static IReadOnlyList<string> Settings { get; } = Environment.GetEnvironmentVariable("FAAS_TEST_LAUNCH") is { Length: > 0 } launch
        ? [$"faas.sandbox.launch = {launch}"]
        : [];
}
