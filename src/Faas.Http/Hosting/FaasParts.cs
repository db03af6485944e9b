using Akka.Configuration;
using Akka.Hosting;
using Faas.Http.Configuration;

namespace Faas.Http.Hosting;

/// <summary>The production wiring of everything behind HTTP.</summary>
public static class FaasParts
{
    private static readonly Config QuietAkka = ConfigurationFactory.ParseString(
        """
        akka {
          loglevel = WARNING
          stdout-loglevel = OFF
          log-dead-letters = off
          log-dead-letters-during-shutdown = off
          # The host decides when the process ends.
          coordinated-shutdown.run-by-clr-shutdown-hook = off
          coordinated-shutdown.exit-clr = off
        }
        """);

    /// <summary>Adds the store, the sandboxes and the actor system.</summary>
    public static IServiceCollection AddFaas(this IServiceCollection services, FaasOptions options) => services
        .AddAkka("faas", (akka, provider) => akka.AddFaasDefaults(options));

    /// <summary>The settings file's own <c>akka</c> section over the server's defaults, and logs through the host.</summary>
    public static AkkaConfigurationBuilder AddFaasDefaults(this AkkaConfigurationBuilder akka, FaasOptions options) => akka
        .AddHocon(options.Hocon, HoconAddMode.Prepend)
        .AddHocon(QuietAkka, HoconAddMode.Append)
        .ConfigureLoggers(loggers =>
        {
            loggers.ClearLoggers();
            loggers.LogLevel = Akka.Event.LogLevel.WarningLevel;
            loggers.AddLoggerFactory();
        });
}
