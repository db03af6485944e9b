using Akka.Configuration;
using Akka.Dispatch;

namespace Faas.Actors.Threads;

/// <summary>
/// An Akka executor that runs actors on the threads that send to them (<see cref="CallerThread"/>). It is for actors that never block
/// and have little work for each message. A dispatcher selects it by
/// <c>executor = "Faas.Actors.Threads.CallerThreadExecutorConfigurator, Faas.Actors"</c>.
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

/// <summary>Makes the executor. Akka finds this type by its name in the configuration.</summary>
public sealed class CallerThreadExecutorConfigurator(Config config, IDispatcherPrerequisites prerequisites)
    : ExecutorServiceConfigurator(config, prerequisites)
{
    /// <inheritdoc/>
    public override ExecutorService Produce(string id) => new CallerThreadExecutor(id);
}
