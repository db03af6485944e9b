using Faas.Actors.Runs;
using Faas.Actors.Sandboxes.Launcher;

namespace Faas.Actors.Sandboxes;

/// <summary>What a sandbox does when it is bound.</summary>
internal static class SandboxBinding
{
    /// <summary>
    /// Gives a sandbox the limits of the version that it is about to be bound to, if they differ from the operator's. No process of the
    /// version is there yet. Throws <see cref="LimitsNotSetException"/>.
    /// </summary>
    /// <param name="process">The sandbox.</param>
    /// <param name="run">The first run of the version in it.</param>
    /// <param name="options">The options for that version.</param>
    public static Task SetLimitsForAsync(this ISandboxProcess process, Run run, SandboxOptions options) =>
        run.Settings is { ChangeLimits: true } ? SetAsync(process, options.KernelLimits) : Task.CompletedTask;

    private static async Task SetAsync(ISandboxProcess process, SandboxLimits limits)
    {
        try
        {
            await process.SetLimitsAsync(limits);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new LimitsNotSetException(refused);
        }
    }
}
