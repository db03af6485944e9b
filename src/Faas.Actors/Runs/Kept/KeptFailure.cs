namespace Faas.Actors.Runs.Kept;

/// <summary>
/// How the last attempt ended after which a kept run was to be started again. Serialization/SCHEMA.md has its stored form.
/// </summary>
/// <param name="Reason">The <see cref="Runs.Reason"/> by its wire name.</param>
/// <param name="Detail">One line for a person; null: there is nothing to say.</param>
public sealed record KeptFailure(string Reason, string? Detail)
{
    /// <summary>When the attempt was over, by the clock of the store; not part of the stored form.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public DateTimeOffset At { get; init; }
}

/// <summary>What came of the end of an attempt after which a run was to be started again.</summary>
public enum KeptRetry
{
    /// <summary>The seat does not have the run any more, and nothing is changed.</summary>
    NotOwn,

    /// <summary>The run waits for its next attempt.</summary>
    Waits,

    /// <summary>The run was cancelled meanwhile, and has ended.</summary>
    Ended,
}
