using Faas.Actors.Sandboxes.Launcher;

namespace Faas.Http.Server.Doctor;

/// <summary>
/// Knows that every wall stands before the server listens, so that a machine on which one is missing is told of at the start and
/// not at the first script that walks through. Throws <see cref="SandboxStartException"/> with the way to mend it.
/// </summary>
public sealed class WallsAtStart(WallTrial trial, WallReport report) : IHostedService
{
    /// <inheritdoc />
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        report.Checks = await trial.ResultAsync(cancellationToken);
        if (report.Checks.Where(check => check.Fault is not null).ToList() is [var first, .. var others])
        {
            throw new SandboxStartException(
                $"{first.Wall}: {first.Fault}{(first.Remedy.Length > 0 ? $" To mend it: {first.Remedy}." : "")}"
                + (others.Count > 0 ? $" ({others.Count} more; `make doctor` shows all.)" : ""));
        }
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
