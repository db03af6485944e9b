using Akka.Actor;
using Akka.Hosting;
using Faas.Actors.Cluster;
using Faas.Actors.Pool;
using Faas.Actors.Pool.Scheduler;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Code;
using Faas.Http.Lifecycle;
using Faas.Http.Server.Doctor;

namespace Faas.Http.Api.Health;

/// <summary>Finds out whether a script could run now. Each check says in one line why not; null: it passed.</summary>
public sealed class Readiness(
    ICodeStore codes,
    IStoreReport report,
    IRequiredActor<SandboxPool> pool,
    RequestGate gate,
    ClusterMembership cluster,
    WallReport walls)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);
    private const int Repeatedly = 3;
    private static readonly string s_neverStored = new('0', 64);

    /// <summary>Whether the server takes work.</summary>
    /// <param name="pool">What its pool looks like; null: it does not say.</param>
    public string? Accepting(PoolStatus? pool) => gate.IsLeaving ? "The server is stopping."
        : pool is { IsDraining: true } ? "The server is being drained."
        : null;

    /// <summary>Whether every wall stood when they were last tried.</summary>
    public string? Walls => walls.Missing;

    /// <summary>Whether this server is a node of a cluster.</summary>
    public bool IsNode => cluster.Now is not null;

    /// <summary>Whether it is a member, and reaches the majority.</summary>
    public string? Cluster => cluster.WhyNot;

    /// <summary>Where the limits of sandboxes come from.</summary>
    public string? Limits => walls.Limits;

    /// <summary>How sandboxes are started.</summary>
    public string? Launch => walls.Launch;

    /// <summary>Whether the store answers and takes writes, and what it promises.</summary>
    public async Task<(string? WhyNot, StoreDurability? Durability)> StoreAsync(CancellationToken cancellation)
    {
        try
        {
            await codes.GetAsync(Language.JavaScript, s_neverStored, cancellation).WaitAsync(s_patience, cancellation);
            var durability = await report.DurabilityAsync(cancellation).WaitAsync(s_patience, cancellation);
            return (report.WhyNotWritable, durability);
        }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            return ($"The store does not answer: {failed.Message.ReplaceLineEndings(" ")}", null);
        }
    }

    /// <summary>
    /// Whether there is a sandbox and more can be made, or nothing speaks against making one; and what the pool looks like, if it says.
    /// </summary>
    public async Task<(string? WhyNot, PoolStatus? Pool)> SandboxesAsync(CancellationToken cancellation)
    {
        try
        {
            var status = await pool.ActorRef.Ask<PoolStatus>(GetPoolStatus.Instance, s_patience, cancellation);
            return (WhyNot(status), status);
        }
        catch (AskTimeoutException)
        {
            return ("The pool does not answer.", null);
        }
    }

    // One start may fail for a reason of its own, and what is there serves on; starts that fail again and again will leave nothing.
    private static string? WhyNot(PoolStatus status) => status switch
    {
        { LastStartError: { } why, FailedStarts: >= Repeatedly } => $"The last {status.FailedStarts} starts failed; {why}",
        { Spare: 0, Idle: 0, Busy: 0 } => status.LastStartError,
        _ => null,
    };
}
