using Faas.Http.Api.Health;

namespace Faas.Http.Api.Pool;

/// <summary>One message of <c>GET /api/v1/pool/events</c>.</summary>
/// <param name="Event">
/// What it tells: <c>pool</c>, <c>sandbox</c>, <c>sandbox_gone</c>, <c>run</c>, <c>run_gone</c> or <c>counts</c>.
/// </param>
public sealed record PoolEvent(string Event)
{
    /// <summary>Of <c>pool</c>, the first message: everything.</summary>
    public PoolReply? Pool { get; init; }

    /// <summary>Of <c>sandbox</c>: it is new, or has changed.</summary>
    public SandboxReply? Sandbox { get; init; }

    /// <summary>Of <c>run</c>: it is new, or has changed.</summary>
    public RunReply? Run { get; init; }

    /// <summary>Of <c>counts</c>: the numbers, which have changed.</summary>
    public PoolCounts? Counts { get; init; }

    /// <summary>Of <c>sandbox_gone</c> and <c>run_gone</c>: the sandbox's name, or the run's id.</summary>
    public string? Name { get; init; }
}
