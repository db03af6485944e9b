using Faas.Actors.Scripts;

namespace Faas.Actors.Runs;

/// <summary>
/// What a sandbox must be before it is bound. Any unbound sandbox of a run's image can serve that run, and no sandbox of
/// another image can. The runtime alone decides it.
/// </summary>
/// <param name="Runtime">The zygote that the sandbox holds.</param>
public readonly record struct ImageKey(Runtime Runtime)
{
    /// <summary>The key in logs, in the names of actors and in the pool's status.</summary>
    public string Name => Runtime switch
    {
        Runtime.Node => "node",
        Runtime.Python => "python",
        _ => throw new InvalidOperationException($"{Runtime} has no name."),
    };
}
