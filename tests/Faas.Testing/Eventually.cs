using System.Diagnostics;

namespace Faas.Testing;

/// <summary>Waits for what comes true by itself.</summary>
public static class Eventually
{
    private static readonly TimeSpan s_betweenLooks = TimeSpan.FromMilliseconds(10);

    /// <summary>Returns once a condition holds, looking every 10 ms.</summary>
    /// <param name="condition">The condition.</param>
    /// <param name="within">How long it may take on an ordinary machine; then <see cref="TimeoutException"/> is thrown.</param>
    /// <param name="otherwise">The message of that.</param>
    public static Task HoldsAsync(Func<bool> condition, TimeSpan within, Func<string> otherwise) =>
        HoldsAsync(() => Task.FromResult(condition()), within, otherwise);

    /// <summary>The same of a condition that has to be asked for.</summary>
    public static async Task HoldsAsync(Func<Task<bool>> condition, TimeSpan within, Func<string> otherwise)
    {
        var begun = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(begun) > Patience.Of(within))
            {
                throw new TimeoutException(otherwise());
            }

            await Task.Delay(s_betweenLooks);
        }
    }
}
