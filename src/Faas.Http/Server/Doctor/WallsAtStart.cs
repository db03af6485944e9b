using Faas.Actors.Json;
using Faas.Actors.Sandboxes.Launcher;

namespace Faas.Http.Server.Doctor;

/// <summary>
/// Refuses to start when a wall is missing, so the operator learns of it at start-up rather than from the first escape.
/// Throws <see cref="SandboxStartException"/>, whose message says how to mend the wall.
/// </summary>
public sealed class WallsAtStart(LaunchChoice choice, WallReport report) : IHostedService
{
    /// <inheritdoc />
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var decision = await choice.DecisionAsync(cancellationToken);
        (report.Checks, report.Launch) = (decision.Checks, decision.Mode.ToWire());
        if (report.Checks.Where(check => check.Fault is not null).ToList() is [var first, .. var others])
        {
            throw new SandboxStartException(
                $"{first.Wall}: {first.Fault!.TrimEnd('.')}{(first.Remedy.Length > 0 ? $". To mend it: {first.Remedy}." : "")}"
                + (others.Count > 0 ? $" ({others.Count} more; `make doctor` shows all.)" : ""));
        }
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
