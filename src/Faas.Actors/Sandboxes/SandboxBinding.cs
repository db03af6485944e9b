using Faas.Actors.Runs;
using Faas.Actors.Sandboxes.Launcher;

namespace Faas.Actors.Sandboxes;

/// <summary>What a sandbox does when it is bound.</summary>
internal static class SandboxBinding
{
    /// <summary>
    /// Makes a sandbox ready for the version that it is about to be bound to: its limits, its libraries, and the door to the hosts that it
    /// asks for. No process of the version is there yet. Throws <see cref="LimitsNotSetException"/>,
    /// <see cref="LayerNotAttachedException"/> or <see cref="DoorNotOpenedException"/>.
    /// </summary>
    /// <param name="process">The sandbox.</param>
    /// <param name="run">The first run of the version in it.</param>
    /// <param name="options">The options for that version.</param>
    /// <param name="door">Its way out.</param>
    public static Task MakeReadyForAsync(this ISandboxProcess process, Run run, SandboxOptions options, SandboxDoor door)
    {
        var limited = process.SetLimitsForAsync(run, options);
        return limited.IsCompletedSuccessfully && run.Layer is null
            ? door.OpenForAsync(process, run)
            : AllAsync(limited, process, run, door);
    }

    /// <summary>
    /// Gives a sandbox the limits of the version that it is about to be bound to, if they differ from the operator's. No process of the
    /// version is there yet. Throws <see cref="LimitsNotSetException"/>.
    /// </summary>
    /// <param name="process">The sandbox.</param>
    /// <param name="run">The first run of the version in it.</param>
    /// <param name="options">The options for that version.</param>
    public static Task SetLimitsForAsync(this ISandboxProcess process, Run run, SandboxOptions options) =>
        run.Settings is { ChangeLimits: true } ? SetAsync(process, options.KernelLimits) : Task.CompletedTask;

    private static async Task AllAsync(Task limited, ISandboxProcess process, Run run, SandboxDoor door)
    {
        await limited;
        if (run.Layer is { } layer)
        {
            await AttachAsync(process, layer);
        }

        await door.OpenForAsync(process, run);
    }

    private static async Task AttachAsync(ISandboxProcess process, LayerMount layer)
    {
        try
        {
            await process.AttachAsync(layer.Folder);
        }
        catch (IOException failure)
        {
            throw new LayerNotAttachedException(failure);
        }
    }

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
