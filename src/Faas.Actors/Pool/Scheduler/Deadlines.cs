namespace Faas.Actors.Pool.Scheduler;

/// <summary>Finds the earliest of several times, some of which may never come.</summary>
internal static class Deadlines
{
    /// <summary>A time that never comes.</summary>
    public static readonly TimeSpan Never = TimeSpan.MaxValue;

    /// <summary>The earlier of two times; null never comes.</summary>
    public static TimeSpan OrEarlier(this TimeSpan one, TimeSpan? other) => other is { } time && time < one ? time : one;
}
