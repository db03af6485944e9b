using System.Text.Json.Serialization;
using Faas.Actors.Configuration;

namespace Faas.Actors.Scripts;

/// <summary>
/// How often, after which ends and how soon an asynchronous run of a version is started again. A member that is null has its default.
/// </summary>
/// <param name="Attempts">How often a run is started at most, the first time included.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RetryPolicy([property: JsonRequired] int Attempts)
{
    /// <summary>The fewest attempts that a policy may name; one attempt needs no policy.</summary>
    public const int FewestAttempts = 2;

    /// <summary>The most attempts that a policy may name.</summary>
    public const int MostAttempts = 10;

    /// <summary>The delay of a policy that names none.</summary>
    public static TimeSpan UsualDelay { get; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest delay of a policy that names none, unless its delay is longer.</summary>
    public static TimeSpan UsualMaxDelay { get; } = TimeSpan.FromMinutes(5);

    /// <summary>The longest delay on any server.</summary>
    public static TimeSpan LongestDelay { get; } = TimeSpan.FromHours(24);

    /// <summary>The reasons after which a run is started again; null: after each of <see cref="RetryReason"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RetryReasons? On { get; init; }

    /// <summary>The most that the second attempt waits. The most that a later one waits is twice that of the attempt before.</summary>
    [JsonConverter(typeof(SecondsConverter))]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TimeSpan? Delay { get; init; }

    /// <summary>The most that any attempt waits.</summary>
    [JsonConverter(typeof(SecondsConverter))]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TimeSpan? MaxDelay { get; init; }

    /// <summary>The most that the second attempt waits.</summary>
    [JsonIgnore]
    public TimeSpan FirstDelay => Delay ?? (MaxDelay < UsualDelay ? MaxDelay.Value : UsualDelay);

    /// <summary>The most that any attempt waits.</summary>
    [JsonIgnore]
    public TimeSpan HighestDelay => MaxDelay ?? (FirstDelay > UsualMaxDelay ? FirstDelay : UsualMaxDelay);

    /// <summary>Whether a run that has ended for this reason may be started again.</summary>
    public bool Includes(RetryReason reason) => On is null || On.Reasons.Contains(reason);

    /// <summary>What is wrong with a policy, as a sentence that goes on after the name of the setting; null: nothing.</summary>
    public static string? Check(RetryPolicy policy) =>
        policy.Attempts is < FewestAttempts or > MostAttempts
            ? $"has {policy.Attempts} \"attempts\"; allowed are {FewestAttempts} to {MostAttempts}"
            : Outside("delay", policy.Delay)
                ?? Outside("maxDelay", policy.MaxDelay)
                ?? (policy.FirstDelay > policy.HighestDelay
                    ? $"has the \"delay\" {DurationText.Of(policy.FirstDelay)}; allowed is at most its \"maxDelay\", "
                        + DurationText.Of(policy.HighestDelay)
                    : null);

    private static string? Outside(string name, TimeSpan? delay) =>
        delay is { } time && (time < TimeSpan.Zero || time > LongestDelay)
            ? $"has the \"{name}\" {DurationText.Of(time)}; allowed are {DurationText.Of(TimeSpan.Zero)} to {DurationText.Of(LongestDelay)}"
            : null;
}
