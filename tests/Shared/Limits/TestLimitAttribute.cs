namespace Faas.Tests;

/// <summary>How long a test may take, where <see cref="Usual"/> is too short. A method's attribute counts before its class's.</summary>
/// <param name="seconds">On an ordinary machine with work beside the test, in seconds.</param>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class)]
public sealed class TestLimitAttribute(int seconds) : Attribute
{
    /// <summary>The limit of a test that states none, which takes less than ten seconds on a quiet machine.</summary>
    public static readonly TimeSpan Usual = TimeSpan.FromSeconds(55);

    /// <summary>The limit, in seconds.</summary>
    public int Seconds { get; } = seconds;
}
