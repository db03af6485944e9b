namespace Faas.Actors.Lending;

/// <summary>Durations in the unit of <see cref="TimeProvider.GetTimestamp"/>, by which loans and leases are counted.</summary>
public static class Timestamps
{
    /// <summary>How far timestamps move in this duration.</summary>
    public static long Of(this TimeProvider time, TimeSpan duration) => (long)(duration.TotalSeconds * time.TimestampFrequency);
}
