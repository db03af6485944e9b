using Microsoft.Extensions.DependencyInjection;

namespace Faas.Actors.Callbacks;

/// <summary>Wiring.</summary>
public static class CallbackHosting
{
    /// <summary>
    /// Registers what makes and sends callbacks. The caller adds <see cref="ICallbackRecord"/>, and what judges addresses: the room Egress.
    /// </summary>
    public static IServiceCollection AddCallbackSender(this IServiceCollection services, CallbackOptions options) => services
        .AddSingleton(options)
        .AddSingleton<CallbackSender>();
}
