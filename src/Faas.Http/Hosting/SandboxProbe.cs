using Faas.Actors.Invocations;
using Faas.Actors.Sandboxes;

namespace Faas.Http.Hosting;

/// <summary>
/// Makes one sandbox of each runtime before the server starts, so that a machine on which none can be made is told of
/// at the start and not at the first call. Throws <see cref="SandboxStartException"/>.
/// </summary>
public sealed class SandboxProbe(ISandboxLauncher launcher, SandboxOptions options) : IHostedService
{
    private static readonly TimeSpan DeathIsNear = TimeSpan.FromSeconds(2);

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(Enum.GetValues<Runtime>().Select(runtime => TryAsync(runtime, cancellationToken)));

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task TryAsync(Runtime runtime, CancellationToken cancellation)
    {
        await using var sandbox = await launcher.StartAsync(runtime, cancellation);
        try
        {
            await ZygotePipe.ReadAnswerAsync(sandbox.Output).WaitAsync(options.StartTimeout, cancellation);
        }
        catch (TimeoutException)
        {
            throw new SandboxStartException($"A {Name(runtime)} sandbox did not answer within faas.sandbox.start-timeout ({options.StartTimeout.TotalSeconds} s).");
        }
        catch (ProtocolException broken)
        {
            throw new SandboxStartException($"No {Name(runtime)} sandbox can be made: {await LastWordsAsync(sandbox) ?? broken.Message}.", broken);
        }
        finally
        {
            sandbox.Kill();
        }
    }

    private static async Task<string?> LastWordsAsync(ISandboxProcess sandbox)
    {
        var exited = await Task.WhenAny(sandbox.Exited, Task.Delay(DeathIsNear));
        return exited == sandbox.Exited && (await sandbox.Exited) is var exit
            ? $"it exited with {exit.ExitCode}{(string.IsNullOrWhiteSpace(exit.Stderr) ? "" : $", saying \"{exit.Stderr.Trim().ReplaceLineEndings(" | ")}\"")}"
            : null;
    }

    private static string Name(Runtime runtime) => runtime == Runtime.Python ? "Python" : "Node";
}
