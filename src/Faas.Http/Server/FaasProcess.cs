using Akka.Actor;
using Faas.Actors.Configuration;
using Faas.Actors.Json;
using Faas.Actors.Sandboxes.Bubblewrap;
using Faas.Actors.Sandboxes.Mothers;
using Faas.Http.Configuration;
using Faas.Http.Lifecycle;
using Faas.Http.Server.Connections;
using Faas.Http.Server.Doctor;

namespace Faas.Http.Server;

/// <summary>
/// The life of the server's process: settings, start, the start line, the wait for a signal, the stop. A start that fails
/// prints one line on stderr and ends with a status of sysexits.h. With the argument <c>doctor</c> the process tries the
/// walls instead, prints a table of them, and ends.
/// </summary>
public static class FaasProcess
{
    private const int Ok = 0;
    private const int WallMissing = 1;
    private const int WrongUsage = 64;
    private const int Unavailable = 69;
    private const int WrongConfiguration = 78;
    private const int Interrupted = 130;

    /// <summary>Runs until a signal ends it; returns the exit status.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments is not ([] or ["doctor"]))
        {
            return Fail($"\"{string.Join(' ', arguments)}\" is not understood; allowed is nothing (serve) or doctor.", WrongUsage);
        }

        SocketThreads.RunWhatTheyRead();
        FaasOptions options;
        try
        {
            options = FaasConfiguration.Load(Directory.GetCurrentDirectory(), AppContext.BaseDirectory, Environment.GetEnvironmentVariable);
        }
        catch (SettingException wrong)
        {
            return Fail(wrong.Message, WrongConfiguration);
        }

        var budget = DescriptorBudget.OfThisProcess(options.Pool.Running, options.Pool.Sandboxes);
        if (budget.Refusal is { } refusal)
        {
            return Fail(refusal, Unavailable);
        }

        using var signals = StopSignals.Watch();
        try
        {
            await using var site = await LaunchSite.OpenAsync(options.Sandbox, signals.First);
            return arguments.Length == 0
                ? await ServeAsync(options, budget, site, signals.First)
                : await ExamineAsync(site, signals.First);
        }
        catch (OperationCanceledException) when (signals.First.IsCancellationRequested)
        {
            return arguments.Length == 0 ? Ok : Interrupted; // no call was served, or no wall was found missing
        }
        catch (Exception failed) when (StartFailure.Explain(failed, options.Http) is { } why)
        {
            return Fail(why, Unavailable);
        }
    }

    private static async Task<int> ServeAsync(FaasOptions options, DescriptorBudget budget, LaunchSite site, CancellationToken stop)
    {
        var allowed = options.Http.Connections.Max;
        var connections = budget.Connections(allowed);
        options = options with
        {
            Http = options.Http with { Connections = options.Http.Connections with { Max = connections } },
            Pool = options.Pool with { Sandboxes = budget.Sandboxes },
        };
        await using var launches = new LaunchChoice(options.Sandbox, new ExecLauncher(site));
        await using var app = FaasServer.Build(options, services => services.AddFaas(options, launches, site.Files.Esbuild));
        app.Services.GetRequiredService<WallReport>().Limits = site.Limits;
        launches.Begin(ForkLauncherOf(site, app.Services.GetRequiredService<ActorSystem>()));
        try
        {
            await app.StartAsync(stop);
        }
        catch
        {
            await app.StopAsync(CancellationToken.None);
            throw;
        }

        if (connections < allowed)
        {
            Console.WriteLine(
                $"Faas serves {connections} connections at once, not faas.http.connections.max = {allowed}: ulimit -n is {budget.Limit}");
        }

        if (budget.Sandboxes < budget.Wanted)
        {
            Console.WriteLine(
                $"Faas keeps {budget.Sandboxes} sandboxes at once, not faas.pool.sandboxes = {budget.Wanted}: ulimit -n is {budget.Limit}");
        }

        Console.WriteLine($"Faas limits sandboxes by {site.Limits}");
        Console.WriteLine(LaunchLine(await launches.DecisionAsync(stop)));
        Console.WriteLine($"Faas listens on {app.Urls.Single()}");
        await app.WaitForShutdownAsync(stop);
        return Ok;
    }

    private static string LaunchLine(LaunchDecision decision) => decision.WhyNotFork is { } why
        ? $"Faas starts sandboxes by {decision.Mode.ToWire()}, because {why}"
        : $"Faas starts sandboxes by {decision.Mode.ToWire()}";

    private static ForkLauncher ForkLauncherOf(LaunchSite site, ActorSystem system) =>
        new(site, system.ActorOf(MothersActor.Props(new MotherLauncher(site), site.Options), "mothers"));

    private static async Task<int> ExamineAsync(LaunchSite site, CancellationToken stop)
    {
        using var system = ActorSystem.Create("doctor", FaasParts.QuietAkka);
        try
        {
            return await Examination.RunAsync(site, ForkLauncherOf(site, system), Console.Out, stop) ? Ok : WallMissing;
        }
        finally
        {
            await system.Terminate();
        }
    }

    private static int Fail(string line, int status)
    {
        Console.Error.WriteLine($"faas: {line}");
        return status;
    }
}
