using Faas.Actors.Pool.Scheduler;
using Faas.Http.Api.Health;

namespace Faas.Http.Api.Pool;

/// <summary>What has changed between two looks at the pool. Pure.</summary>
public static class PoolChanges
{
    /// <summary>The first look: everything.</summary>
    public static IReadOnlyList<PoolEvent> First(PoolView view) =>
        [new PoolEvent("pool") { Pool = PoolReply.Of(view) }];

    /// <summary>
    /// One event for each sandbox and each run that is new, has changed or has gone; and the numbers, if they have changed.
    /// </summary>
    public static IReadOnlyList<PoolEvent> Between(PoolView before, PoolView view) =>
    [
        .. Changed(before.Sandboxes, view.Sandboxes)
            .Select(sandbox => new PoolEvent("sandbox") { Sandbox = SandboxReply.Of(sandbox, view.Origin) }),
        .. Gone(before.Sandboxes, view.Sandboxes, sandbox => sandbox.Name)
            .Select(name => new PoolEvent("sandbox_gone") { Name = name }),
        .. Changed(before.Runs, view.Runs).Select(run => new PoolEvent("run") { Run = RunReply.Of(run, view.Origin) }),
        .. Gone(before.Runs, view.Runs, run => run.RunId).Select(id => new PoolEvent("run_gone") { Name = id }),
        .. before.Status == view.Status ? [] : new[] { new PoolEvent("counts") { Counts = PoolCounts.Of(view.Status) } },
    ];

    private static IEnumerable<T> Changed<T>(IReadOnlyList<T> before, IReadOnlyList<T> after) => after.Except(before);

    private static IEnumerable<string> Gone<T>(IReadOnlyList<T> before, IReadOnlyList<T> after, Func<T, string> name) =>
        before.Select(name).Except(after.Select(name));
}
