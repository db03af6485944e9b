using Faas.Actors.Runs.Recent;
using Faas.Actors.Scripts;

namespace Faas.Actors.Runs.Kept;

/// <summary>What is known of a kept run when it is accepted, and does not change. Serialization/SCHEMA.md has its stored form.</summary>
public sealed record KeptCall
{
    /// <summary>The priority of a call that names none.</summary>
    public const int UsualPriority = 5;

    /// <summary>The least and the highest priority.</summary>
    public const int LeastPriority = 1, HighestPriority = 9;

    /// <summary>The script.</summary>
    public required string Path { get; init; }

    /// <summary>The version: what the call meant when it was accepted.</summary>
    public required long Version { get; init; }

    /// <summary>The alias that the call has named; null: none.</summary>
    public string? Alias { get; init; }

    /// <summary>What the version is written in.</summary>
    public required Language Language { get; init; }

    /// <summary>What the version's runs share.</summary>
    public required Isolation Isolation { get; init; }

    /// <summary>By which door the call came.</summary>
    public required RunVia Via { get; init; }

    /// <summary>When the call came.</summary>
    public required DateTimeOffset Received { get; init; }

    /// <summary>The name of the caller's key; null: it has none.</summary>
    public string? Key { get; init; }

    /// <summary>
    /// Who the caller is: the owner of a key, who is not that of a later key of the same name; null: a caller without a key.
    /// </summary>
    public string? Caller { get; init; }

    /// <summary>The schedule that has started it; null: a call has.</summary>
    public string? Schedule { get; init; }

    /// <summary>1 to 9. Of the runs of one script that wait, one of the highest priority goes first.</summary>
    public required int Priority { get; init; }

    /// <summary>Before this time it does not start; null: it may start at once.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>The caller's <c>traceparent</c> (W3C Trace Context); null: none.</summary>
    public string? TraceParent { get; init; }

    /// <summary>Whether no caller has waited for the run; null: one has.</summary>
    public bool? Asynchronous { get; init; }

    /// <summary>When it is started again, as its version says; null: never.</summary>
    public RetryPolicy? Retry { get; init; }

    /// <summary>The run in whose place it runs, with the same input; null: none.</summary>
    public string? Redrives { get; init; }

    /// <summary>What it hands on to; null: nothing.</summary>
    public KeptThen? Then { get; init; }

    /// <summary>The run before it in its chain; null: it is the first.</summary>
    public string? Previous { get; init; }

    /// <summary>How many runs are before it in its chain; null: it is the first.</summary>
    public int? Depth { get; init; }

    /// <summary>
    /// Of a task of the Model Context Protocol: how long after its receipt it is one, in milliseconds; null: it is no task.
    /// </summary>
    public long? TaskTtl { get; init; }

    /// <summary>How many records of the script's runs are kept from its end on, and for how long; null: the operator says it.</summary>
    public RunRetention? Retention { get; init; }

    /// <summary>Whom the run tells that it has ended; null: no one.</summary>
    public KeptCallback? Callback { get; init; }

    /// <summary>The batch that it is a part of; null: none.</summary>
    public string? Batch { get; init; }

    /// <summary>Which input of its batch it has, from 0; null: it is in no batch.</summary>
    public int? Index { get; init; }

    /// <summary>The length of the input as JSON.</summary>
    public required int InputBytes { get; init; }
}
