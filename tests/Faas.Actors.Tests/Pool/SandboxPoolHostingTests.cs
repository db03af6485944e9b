using Akka.Actor;
using Akka.Hosting;
using Faas.Actors.Pool;
using Faas.Actors.Pool.Scheduler;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace Faas.Actors.Tests.Pool;

/// <summary>The wiring that Program uses.</summary>
public class SandboxPoolHostingTests
{
    [Fact]
    public async Task Endpoints_get_the_pool_by_its_key_and_it_starts_its_spares()
    {
        var options = new PoolOptions(2, 2, long.MaxValue, 1, 1, 0, 0, 4, 10, TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(5));
        SandboxFactory factory = image => Props.Create(() => new ScriptedSandbox(image.Runtime, ActorRefs.Nobody));
        var services = new ServiceCollection().AddLogging().AddSingleton<IHostApplicationLifetime, Lifetime>();
        services.AddAkka("faas", builder => builder.AddSandboxPool(options, factory));
        await using var provider = services.BuildServiceProvider();
        var akka = Assert.Single(provider.GetServices<IHostedService>());
        await akka.StartAsync(CancellationToken.None);

        var pool = await provider.GetRequiredService<IRequiredActor<SandboxPool>>().GetAsync();
        var status = await pool.Ask<PoolStatus>(GetPoolStatus.Instance, TimeSpan.FromSeconds(10));

        Assert.Equal("akka://faas/user/pool", pool.Path.ToString());
        Assert.Equal(SandboxPoolHosting.Dispatcher, ((ActorRefWithCell)pool).Underlying.Props.Dispatcher);
        Assert.Equal(2, status.Starting);
        await akka.StopAsync(CancellationToken.None);
    }

    private sealed class Lifetime : IHostApplicationLifetime
    {
        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => CancellationToken.None;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication()
        {
        }
    }
}
