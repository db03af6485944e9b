using Faas.Actors.Runs.Reply;
using Faas.Actors.Scripts;

namespace Faas.Actors.UseCases;

/// <summary>Why a use case did nothing: an expected answer under load or for a wrong name, so a value and no exception.</summary>
/// <param name="Reason">What stood in the way.</param>
/// <param name="Detail">One sentence for a person.</param>
/// <param name="RetryAfter">When trying again makes sense; null: trying again does not help.</param>
public sealed record Refusal(RefusalReason Reason, string Detail, TimeSpan? RetryAfter = null)
{
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(1);

    /// <summary>There is no such script, or no such version of it.</summary>
    /// <param name="path">The script.</param>
    /// <param name="version">The version that was asked for; null: the latest.</param>
    /// <param name="newest">The versions to name instead, newest first; null: there is no such script.</param>
    public static Refusal NotFound(string path, long? version, IReadOnlyList<long>? newest) => new(
        RefusalReason.NotFound,
        newest is null or []
            ? $"There is no script \"{path}\"."
            : $"There is no version {version} of the script \"{path}\"; {Newest(newest)}.");

    /// <summary>There is no such key among those that calls have made.</summary>
    public static Refusal NoKey(string name) => new(RefusalReason.NotFound, $"There is no key \"{name}\".");

    /// <summary>There is no such secret.</summary>
    public static Refusal NoSecret(string name) => new(RefusalReason.NotFound, $"There is no secret \"{name}\".");

    /// <summary>There is no such schedule.</summary>
    public static Refusal NoSchedule(string name) => new(RefusalReason.NotFound, $"There is no schedule \"{name}\".");

    /// <summary>No such run is under way.</summary>
    public static Refusal NoRun(string runId) => new(RefusalReason.NotFound, $"No run \"{runId}\" is under way.");

    /// <summary>No such run is remembered.</summary>
    public static Refusal ForgottenRun(string runId) =>
        new(RefusalReason.NotFound, $"No run \"{runId}\" is known; only the latest are kept (faas.runs.recent).");

    /// <summary>The store was only read, and does not answer.</summary>
    public static Refusal StoreIsAway { get; } = Store("The store does not answer.");

    /// <summary>No such run is kept.</summary>
    public static Refusal NoKeptRun(string runId) =>
        new(RefusalReason.NotFound, $"No run \"{runId}\" is kept; ended runs are kept for a time (faas.runs.kept).");

    /// <summary>No such batch is kept.</summary>
    public static Refusal NoBatch(string id) =>
        new(RefusalReason.NotFound, $"No batch \"{id}\" is kept; ended batches are kept for a time (faas.runs.kept).");

    /// <summary>The batch cannot be cancelled any more.</summary>
    public static Refusal EndedBatch(string id) => Conflict($"All runs of the batch \"{id}\" have ended already.");

    /// <summary>The client has used the key of this batch for another one.</summary>
    public static Refusal OtherBatch(string id) => new(
        RefusalReason.KeyReused, $"The Idempotency-Key was sent before with another batch, \"{id}\".");

    /// <summary>The run cannot be cancelled any more.</summary>
    public static Refusal EndedRun(string runId) => Conflict($"The run \"{runId}\" has ended already.");

    /// <summary>The client has used the key of this call for another one.</summary>
    public static Refusal OtherCall(string runId) => new(
        RefusalReason.KeyReused, $"The Idempotency-Key was sent before with another call, whose run is \"{runId}\".");

    private static string Newest(IReadOnlyList<long> numbers) =>
        numbers is [var only] ? $"the newest is {only}" : $"the newest are {string.Join(", ", numbers)}";

    /// <summary>There is no such alias.</summary>
    public static Refusal NotFound(AliasNotFound alias) => new(
        RefusalReason.NotFound,
        $"There is no alias \"{alias.Name}\" of the script \"{alias.Path}\"; "
        + (alias.Known.Count == 0 ? "it has none." : $"it has {string.Join(", ", alias.Known.Select(name => $"\"{name}\""))}."));

    /// <summary>The script is disabled.</summary>
    public static Refusal Disabled(string path) => new(RefusalReason.Disabled, $"The script \"{path}\" is disabled.");

    /// <summary>The state of the script forbids it.</summary>
    public static Refusal Conflict(string detail) => new(RefusalReason.Conflict, detail);

    /// <summary>The call asks for what its script cannot do.</summary>
    public static Refusal Malformed(string detail) => new(RefusalReason.Malformed, detail);

    /// <summary>The server has no such image any more.</summary>
    public static Refusal NoImage(string path, long version, string detail) =>
        new(RefusalReason.Image, $"Version {version} of the script \"{path}\" cannot run: {detail}");

    /// <summary>The call brings more than its run can have.</summary>
    public static Refusal TooLarge(string detail) => new(RefusalReason.TooLarge, detail);

    /// <summary>The caller's condition does not hold of the alias.</summary>
    public static Refusal Stale(AliasStale alias) => new(
        RefusalReason.Stale,
        $"The alias \"{alias.Name}\" of the script \"{alias.Path}\" "
        + (alias.Alias is { } known ? $"has the entity tag \"{known.Revision}\"" : "does not exist")
        + ", which is not what the request's condition allows.");

    /// <summary>The caller's condition does not hold of the schedule.</summary>
    public static Refusal StaleSchedule(string name, long? revision) => new(
        RefusalReason.Stale,
        $"The schedule \"{name}\" {(revision is { } known ? $"has the entity tag \"{known}\"" : "does not exist")}, "
        + "which is not what the request's condition allows.");

    /// <summary>The store does not answer, or lacks what it should hold.</summary>
    public static Refusal Store(string detail) => new(RefusalReason.Store, detail, s_soon);

    /// <summary>The server is no working node of its cluster at the moment; another node may be.</summary>
    public static Refusal Cluster(string detail) => new(RefusalReason.Cluster, detail, s_soon);

    /// <summary>The server is stopping, or an operator drains it.</summary>
    public static Refusal Draining(TimeSpan retryAfter) =>
        new(RefusalReason.Draining, "The server is being drained and takes no new work.", retryAfter);

    /// <summary>The pool's refusal as every caller sees it.</summary>
    public static Refusal Of(RefusalReason reason, TimeSpan retryAfter) => reason switch
    {
        RefusalReason.QueueFull => new(reason, "Every sandbox is busy and the queue is full.", retryAfter),
        RefusalReason.QueueTimeout => new(reason, "No sandbox became free in time.", retryAfter),
        RefusalReason.Draining => Draining(retryAfter),
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "The pool does not refuse for this reason."),
    };
}
