namespace Faas.Sandbox.Tests.Faults.Storm;

/// <summary>What happens to a server and to its sandboxes, whatever its store.</summary>
internal static class ServerFaults
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Fault> All { get; } =
    [
        Fault.AtOnce("a zygote is killed", ["sandbox"], (place, draw) => Strike(place, draw, Signals.Kill, process => process.Pid)),
        Fault.AtOnce(
            "a bubblewrap is killed",
            ["sandbox"],
            (place, draw) => Strike(place, draw, Signals.Kill, process => HostProcess.ParentOf(process.Pid))),
        Fault.AtOnce(
            "a process of a call is killed",
            ["sandbox", "signal"],
            (place, draw) => Strike(place, draw, Signals.Kill, process => process.Pid, isZygote: false)),
        new("a zygote stands still", ["timeout", "sandbox"], async (place, draw, time) =>
        {
            var stopped = Strike(place, draw, Signals.Stop, process => process.Pid);
            await Task.Delay(time);
            if (stopped > 1)
            {
                Signals.Send(stopped, Signals.Continue);
            }
        }),
        new("the server is killed", ["store"], (place, _, _) => place.KillAndStartAsync()),
    ];

    // Strikes nothing, and returns 0 or 1, when there is no such process just now, or its parent has ended.
    private static int Strike(Place place, Random draw, int signal, Func<SandboxedProcess, int> whom, bool isZygote = true)
    {
        var some = place.Server.Processes().Where(process => process.IsZygote == isZygote).ToList();
        var pid = some.Count == 0 ? 0 : whom(some[draw.Next(some.Count)]);
        if (pid > 1)
        {
            Signals.Send(pid, signal);
        }

        return pid;
    }
}
