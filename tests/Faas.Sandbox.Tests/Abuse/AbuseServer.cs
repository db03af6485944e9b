using System.Diagnostics;
using System.Net;

namespace Faas.Sandbox.Tests.Abuse;

/// <summary>
/// A real server that hostile scripts are posted to, with a well-behaved script as their neighbour. After each of them the
/// neighbour must answer as quickly as before, or as that of a server without hostile scripts does now, and no process and no cgroup be
/// left beyond those of the living sandboxes.
/// </summary>
public sealed class AbuseServer
{
    private const string Neighbour = "neighbour";
    private const string FourSandboxes = "pool.running = 4, pool.sandboxes = 4";
    private const int Looks = 5;
    private const int MoreLooks = 100;
    private static readonly TimeSpan s_apart = Patience.Of(TimeSpan.FromMilliseconds(50));
    private static readonly TimeSpan s_settling = TimeSpan.FromSeconds(20);
    private readonly string _launch;
    private readonly TimeSpan _timeout;
    private readonly string _socketName;
    private int _attempts;

    private AbuseServer(FaasServer server, string launch, TimeSpan timeout, string socketName) =>
        (Server, _launch, _timeout, _socketName) = (server, launch, timeout, socketName);

    /// <summary>The server.</summary>
    public FaasServer Server { get; }

    /// <summary>Starts one.</summary>
    /// <param name="launch">How it starts sandboxes.</param>
    /// <param name="timeout">Of a run, on an ordinary machine.</param>
    /// <param name="socketName">An abstract socket on which somebody on the host listens.</param>
    /// <param name="settings">Further settings of <c>faas</c>.</param>
    public static async Task<AbuseServer> StartAsync(string launch, TimeSpan timeout, string socketName, string settings = "")
    {
        var server = await FaasServer.StartAsync(
            FormattableString.Invariant(
                $"faas {{ sandbox.timeout = {Patience.Of(timeout).TotalSeconds}, sandbox.launch = {launch}, {FourSandboxes} {settings} }}"));
        await server.UploadAsync(Neighbour, "python", "return 'well'");
        Assert.Equal("\"well\"", (await server.RunAsync(Neighbour)).Data);
        return new AbuseServer(server, launch, timeout, socketName);
    }

    /// <summary>Stops it; nothing of it may be left.</summary>
    public async Task StopAsync()
    {
        await Server.EndAsync();
        Assert.Empty(await SandboxTraces.SandboxesAsync($"{Server.Pid}-"));
        await Server.DisposeAsync();
    }

    /// <summary>Stores the attempt, calls it as often as it says, and proves that it came to what it must and harmed nobody.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="network">The hosts that its version asks for; null: none.</param>
    /// <param name="dependencies">The libraries of its version; null: none.</param>
    public async Task ProveAsync(Attempt attempt, object? network = null, IReadOnlyList<string>? dependencies = null)
    {
        var path = $"abuse/{++_attempts}";
        await Server.UploadAsync(path, attempt.Language, attempt.Source, network, dependencies: dependencies);
        var quiet = await QuickestAsync(Looks, TimeSpan.Zero);
        await NothingIsLeftAsync();
        for (var turn = 1; turn <= attempt.Ends.Length; turn++)
        {
            var reply = await Server.RunAsync(
                path, new { turn, port = Server.Address.Port, pid = Server.Pid, folder = Server.Folder, socket = _socketName });

            // A value is told before its process is cleared away, everything else after.
            if (reply.Status == HttpStatusCode.OK)
            {
                await NothingIsLeftAsync();
            }
            else
            {
                var left = Server.Processes();
                Assert.True(left.All(process => !process.IsOfInvocation), $"After {reply.Reason} there was {string.Join(", ", left)}");
            }

            var end = reply.Status == HttpStatusCode.OK ? $"= {reply.Data}" : reply.Reason;
            var wanted = attempt.Ends[turn - 1];
            Assert.True(end == wanted
                || wanted.Split('|').Contains(end), $"Turn {turn} came to {end} and not to {wanted}. {Detail(reply)}");
        }

        await NothingIsLeftAsync();
        if (await QuickestAsync(MoreLooks, 2 * quiet) > 2 * quiet)
        {
            await IsAsQuickAsAnUnharmedOneAsync();
        }
    }

    // Slower than before: the machine may have become slower, and then a server that no hostile script has seen is as slow.
    private async Task IsAsQuickAsAnUnharmedOneAsync()
    {
        var unharmed = await StartAsync(_launch, _timeout, _socketName);
        var usual = await unharmed.QuickestAsync(Looks, TimeSpan.Zero);
        Assert.InRange(await QuickestAsync(MoreLooks, 2 * usual), TimeSpan.Zero, 2 * usual);
        await unharmed.StopAsync();
    }

    /// <summary>Waits until there are but the sandboxes' own processes, each with a user id of its own, and their cgroups.</summary>
    public Task NothingIsLeftAsync()
    {
        var what = "";
        return Eventually.HoldsAsync(
            async () =>
            {
                var processes = Server.Processes();
                var zygotes = processes.Count(process => process.IsZygote);
                var waiting = processes.Count(process => process.Name == "faas-waiting");
                var cgroups = await SandboxTraces.SandboxesAsync($"{Server.Pid}-");
                what = $"{cgroups.Count} cgroups; {string.Join(", ", processes)}";
                return waiting <= zygotes && processes.Count == zygotes + waiting && cgroups.Count == zygotes;
            },
            s_settling,
            () => $"More is left than the sandboxes: {what}");
    }

    // The machine does other things too: the best of several calls counts, the first that is quick enough being the best.
    // They are as far apart as a neighbour's would be, for whom the next process is ready by then.
    private async Task<TimeSpan> QuickestAsync(int tries, TimeSpan enough)
    {
        var quickest = TimeSpan.MaxValue;
        using var apart = new PeriodicTimer(s_apart);
        for (var i = 0; i < tries && quickest > enough; i++)
        {
            await apart.WaitForNextTickAsync();
            var watch = Stopwatch.StartNew();
            using var response = await Server.PostAsync($"/run/{Neighbour}", new { });
            var took = watch.Elapsed;
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            quickest = took < quickest ? took : quickest;
        }

        return quickest;
    }

    private static string Detail(Reply reply) => reply.Body.TryGetProperty("detail", out var detail) ? detail.GetString()! : "";
}
