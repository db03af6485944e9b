using System.Collections;
using Akka.Actor;
using Akka.Configuration;
using Faas.Actors.Cluster;
using Faas.Actors.Configuration;
using Faas.Actors.Egress.Tls;
using Faas.Actors.Json;
using Faas.Actors.Linux;
using Faas.Actors.Sandboxes.Bubblewrap;
using Faas.Actors.Sandboxes.Mothers;
using Faas.Actors.Scripts;
using Faas.Actors.Storage.Redis;
using Faas.Http.Api.Index;
using Faas.Http.Configuration;
using Faas.Http.Lifecycle;
using Faas.Http.Server.Connections;
using Faas.Http.Server.Doctor;

namespace Faas.Http.Server;

/// <summary>
/// The life of the server's process: settings, start, the start line, the wait for a signal, the stop. A start that fails
/// prints one line on stderr and ends with a status of sysexits.h. <see cref="CommandLine"/> has what else the process can do.
/// </summary>
public static class FaasProcess
{
    private const int Ok = 0;
    private const int WallMissing = 1;
    private const int WrongUsage = 64;
    private const int Unavailable = 69;
    private const int TryAgain = 75;
    private const int GivenUp = 76;
    private const int WrongConfiguration = 78;
    private const int Interrupted = 130;

    /// <summary>Runs until a signal ends it; returns the exit status.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        switch (CommandLine.Parse(arguments, out var unknown))
        {
            case null:
                return Fail(unknown, WrongUsage);
            case Verb.Help:
                return Print(CommandLine.Help);
            case Verb.Version:
                return Print($"faas-server {ServerVersion.Text}");
            case { } verb:
                return await RunAsync(verb);
        }
    }

    private static async Task<int> RunAsync(Verb verb)
    {
        FaasConfiguration configuration;
        try
        {
            configuration = FaasConfiguration.Read(Directory.GetCurrentDirectory(), AppContext.BaseDirectory, Variables());
        }
        catch (SettingException wrong)
        {
            return Fail(wrong.Message, WrongConfiguration);
        }

        return verb switch
        {
            Verb.CheckConfig => Print("The settings are valid."),
            Verb.PrintConfig => Print(SettingsText.Of(configuration).TrimEnd()),
            _ => await RunAsync(configuration, isDoctor: verb == Verb.Doctor),
        };
    }

    private static async Task<int> RunAsync(FaasConfiguration configuration, bool isDoctor)
    {
        var options = configuration.Options;
        SocketThreads.RunWhatTheyRead();
        var budget = DescriptorBudget.OfThisProcess(
            options.Pool.Running, options.Pool.Sandboxes, options.Egress.ConnectionsInUse);
        if (budget.Refusal is { } refusal)
        {
            return Fail(refusal, Unavailable);
        }

        using var signals = StopSignals.Watch();
        try
        {
            using var users = HostUsers.Claim(options, isDoctor);
            options = users is null ? options : options with { Sandbox = options.Sandbox with { FirstUid = users.First } };
            options = isDoctor ? options : WithAuthority(options);
            await using var site = await LaunchSite.OpenAsync(options.Sandbox, signals.First);
            return isDoctor
                ? await ExamineAsync(site, signals.First)
                : await ServeAsync(configuration, options, budget, users, site, signals);
        }
        catch (OperationCanceledException) when (signals.First.IsCancellationRequested)
        {
            return isDoctor ? Interrupted : Ok; // no call was served, or no wall was found missing
        }
        catch (Exception failed) when (StartFailure.Of(failed, options.Http) is { } why)
        {
            return Fail(why.Line, why.MayPass ? TryAgain : Unavailable);
        }
    }

    private static async Task<int> ServeAsync(
        FaasConfiguration configuration,
        FaasOptions options,
        DescriptorBudget budget,
        UidRange? users,
        LaunchSite site,
        StopSignals signals)
    {
        var stop = signals.First;
        if (options.Cluster.Enabled)
        {
            ClusterPort.Try(options.Cluster.Listen, isListen: options.Cluster.ListensAt is not null);
        }

        string[] notices = [.. StartNotices.Of(options, budget, MachineMemory.Bytes)];
        var connections = options.Http.Connections;
        options = options with
        {
            Http = options.Http with { Connections = connections with { Max = budget.Connections(connections.Max) } },
            Pool = options.Pool with { Sandboxes = budget.Sandboxes },
        };
        await using var launches = new LaunchChoice(options.Sandbox, new ExecLauncher(site));
        await using var app = FaasServer.Build(options, services => services
            .AddSingleton(RoomOf(options, users))
            .AddFaas(configuration, options, launches, site));
        var membership = app.Services.GetRequiredService<ClusterMembership>();
        app.Services.GetRequiredService<WallReport>().Limits = site.Limits;
        launches.Begin(ForkLauncherOf(site, app.Services.GetRequiredService<ActorSystem>()));

        // A host that cannot make one of its services has nothing to stop, and its stop would hide why.
        _ = app.Services.GetServices<IHostedService>().ToList();
        try
        {
            await app.StartAsync(stop);
        }
        catch (OperationCanceledException) when (membership.Loss is { } lost)
        {
            await app.StopAsync(CancellationToken.None);
            return Fail(lost, GivenUp);
        }
        catch
        {
            await app.StopAsync(CancellationToken.None);
            throw;
        }

        foreach (var notice in notices)
        {
            Console.WriteLine(notice);
        }

        if (await StoreNotice.OfAsync(app.Services.GetRequiredService<IStoreReport>(), stop) is { } store)
        {
            Console.WriteLine(store);
        }

        Console.WriteLine($"Faas limits sandboxes by {site.Limits}");
        Console.WriteLine(LaunchLine(await launches.DecisionAsync(stop)));
        Console.WriteLine($"Faas listens on {app.Urls.Single()}");
        var reload = app.Services.GetRequiredService<SettingsReload>();
        signals.HangUp.OnReload(() => _ = reload.ReloadOnSignalAsync());
        await app.Services.GetRequiredService<StopNotice>().WaitAsync(stop);
        await app.WaitForShutdownAsync(stop);
        return app.Services.GetService<StoreLease>()?.Loss is { } other ? Fail(other, TryAgain)
            : membership.Loss is { } loss ? Fail(loss, GivenUp)
            : Ok;
    }

    // Throws AuthorityException.
    private static FaasOptions WithAuthority(FaasOptions options)
    {
        if (!options.Egress.HasInterception)
        {
            return options;
        }

        var authority = AuthorityFile.Open(options.Egress.AuthorityFile);
        return options with
        {
            Egress = options.Egress with { Authority = authority },
            Sandbox = options.Sandbox with { Authority = authority.Pem },
        };
    }

    // Connections keep the descriptors that the start has given them.
    private static SandboxRoom RoomOf(FaasOptions options, UidRange? users) => new(pool =>
    {
        var budget = DescriptorBudget.OfThisProcess(pool.Running, pool.Sandboxes, options.Egress.ConnectionsInUse);
        return Math.Min(
            Math.Min(budget.Sandboxes, budget.SandboxesBeside(options.Http.Connections.Max)),
            users is null ? pool.Sandboxes : HostUsers.SandboxesFor(users.Count));
    });

    private static string LaunchLine(LaunchDecision decision) => decision.WhyNotFork is { } why
        ? $"Faas starts sandboxes by {decision.Mode.ToWire()}, because {why}"
        : $"Faas starts sandboxes by {decision.Mode.ToWire()}";

    private static ForkLauncher ForkLauncherOf(LaunchSite site, ActorSystem system) =>
        new(site, system.ActorOf(MothersActor.Props(new MotherLauncher(site), site.Options), "mothers"));

    private static async Task<int> ExamineAsync(LaunchSite site, CancellationToken stop)
    {
        using var system = ActorSystem.Create(
            "doctor", ConfigurationFactory.ParseString(StderrLogger.Hocon).WithFallback(FaasParts.QuietAkka));
        try
        {
            return await Examination.RunAsync(site, ForkLauncherOf(site, system), Console.Out, stop) ? Ok : WallMissing;
        }
        finally
        {
            await system.Terminate();
        }
    }

    private static Dictionary<string, string> Variables() =>
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value ?? "");

    private static int Print(string text)
    {
        Console.Out.WriteLine(text);
        return Ok;
    }

    private static int Fail(string line, int status)
    {
        Console.Error.WriteLine($"faas: {line}");
        return status;
    }
}
