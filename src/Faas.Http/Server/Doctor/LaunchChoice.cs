using Faas.Actors.Runs;
using Faas.Actors.Sandboxes.Doctor;
using Faas.Actors.Sandboxes.Launcher;

namespace Faas.Http.Server.Doctor;

/// <summary>
/// Chooses how the server starts its sandboxes (<c>faas.sandbox.launch</c>), by trying every wall; and starts them in the way that was
/// chosen. <see cref="WallsAtStart"/> waits for the choice, and so does each start of a sandbox. A server that stops before that cancels
/// the trial, and waits until the trial's sandboxes are gone.
/// </summary>
/// <param name="options">The settings.</param>
/// <param name="exec">Starts sandboxes as programs.</param>
public sealed class LaunchChoice(SandboxOptions options, ISandboxLauncher exec) : ISandboxLauncher, IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource<LaunchDecision> _decision = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _trial = Task.CompletedTask;

    /// <summary>Begins the trial.</summary>
    /// <param name="fork">Starts sandboxes as forks.</param>
    public void Begin(ISandboxLauncher fork) => _trial = Task.Run(() => DecideAsync(fork), CancellationToken.None);

    /// <summary>What was chosen. Fails when the server stops first.</summary>
    public Task<LaunchDecision> DecisionAsync(CancellationToken cancellation) => _decision.Task.WaitAsync(cancellation);

    /// <inheritdoc />
    public async Task<ISandboxProcess> StartAsync(ImageKey image, CancellationToken cancellation) =>
        await (await DecisionAsync(cancellation)).Launcher.StartAsync(image, cancellation);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _trial;
        _decision.TrySetCanceled();
        _stopping.Dispose();
    }

    private async Task DecideAsync(ISandboxLauncher fork)
    {
        try
        {
            _decision.TrySetResult(await ChooseAsync(fork));
        }
        catch (OperationCanceledException cancelled)
        {
            _decision.TrySetCanceled(cancelled.CancellationToken);
        }
#pragma warning disable CA1031 // Who waits for the decision gets the failure.
        catch (Exception failed)
#pragma warning restore CA1031
        {
            _decision.TrySetException(failed);
        }
    }

    private async Task<LaunchDecision> ChooseAsync(ISandboxLauncher fork)
    {
        var chosen = await ChooseByWallsAsync(fork);
        return chosen.Missing is null
            ? chosen with { Checks = [.. chosen.Checks, .. await new LibraryProbe(chosen.Launcher, options).RunAsync(_stopping.Token)] }
            : chosen;
    }

    private async Task<LaunchDecision> ChooseByWallsAsync(ISandboxLauncher fork)
    {
        if (options.Launch == LaunchMode.Exec)
        {
            return await TryAsync(exec, LaunchMode.Exec, null);
        }

        var forked = await TryAsync(fork, LaunchMode.Fork, null);
        return options.Launch == LaunchMode.Fork || forked.Missing is null
            ? forked
            : await TryAsync(exec, LaunchMode.Exec, $"{forked.Missing.Wall}: {forked.Missing.Fault}");
    }

    private async Task<LaunchDecision> TryAsync(ISandboxLauncher launcher, LaunchMode mode, string? whyNotFork) =>
        new(launcher, mode, await new WallProbe(launcher, options).RunAsync(_stopping.Token), whyNotFork);
}

/// <summary>How the server starts its sandboxes.</summary>
/// <param name="Launcher">Starts them.</param>
/// <param name="Mode">By fork or by exec.</param>
/// <param name="Checks">What its trial found, one check a wall.</param>
/// <param name="WhyNotFork">Why the launch by fork was not chosen where it could have been; null: it was, or was not wanted.</param>
public sealed record LaunchDecision(ISandboxLauncher Launcher, LaunchMode Mode, IReadOnlyList<WallCheck> Checks, string? WhyNotFork)
{
    /// <summary>The first wall that is missing; null: all stand.</summary>
    public WallCheck? Missing => Checks.FirstOrDefault(check => check.Fault is not null);
}
