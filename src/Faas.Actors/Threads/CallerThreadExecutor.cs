using Akka.Configuration;
using Akka.Dispatch;

namespace Faas.Actors.Threads;

/// <summary>
/// Akka's executor for actors that never block and have little to do a message: <see cref="CallerThread"/>. A dispatcher
/// takes it by <c>executor = "Faas.Actors.Threads.CallerThreadExecutorConfigurator, Faas.Actors"</c>.
/// </summary>
internal sealed class CallerThreadExecutor(string id) : ExecutorService(id)
{
    /// <inheritdoc/>
    public override void Execute(IRunnable run) => CallerThread.Run(run);

    /// <inheritdoc/>
    public override void Shutdown()
    {
    }
}

/// <summary>Makes the executor; Akka finds it by its name.</summary>
public sealed class CallerThreadExecutorConfigurator(Config config, IDispatcherPrerequisites prerequisites) : ExecutorServiceConfigurator(config, prerequisites)
{
    /// <inheritdoc/>
    public override ExecutorService Produce(string id) => new CallerThreadExecutor(id);
}
