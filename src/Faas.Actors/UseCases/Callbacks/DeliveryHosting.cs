using Faas.Actors.Callbacks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Faas.Actors.UseCases.Callbacks;

/// <summary>Wiring.</summary>
public static class DeliveryHosting
{
    /// <summary>Registers the use cases of callbacks. The caller adds <see cref="Runs.Kept.ICallbacks"/>, and the kept runs.</summary>
    public static IServiceCollection AddCallbacks(this IServiceCollection services, CallbackOptions options) => services
        .AddCallbackSender(options)
        .AddSingleton<SendCallbackAgain>();

    /// <summary>Registers what sends callbacks while the host runs. It stops before the workers of kept runs do.</summary>
    public static IServiceCollection AddCallbackDelivery(this IServiceCollection services) =>
        services.AddSingleton<IHostedService, DeliverCallbacks>();
}
