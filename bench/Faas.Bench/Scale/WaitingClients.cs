using System.Diagnostics;
using Faas.Actors.Scripts;
using Faas.Bench.Http;
using Faas.Bench.Processes;
using Faas.Bench.Ways;

namespace Faas.Bench.Scale;

// Theory of operation. A pool of one sandbox, which one stream keeps busy until its client leaves. All others queue. The
// server's memory is looked at before and after they came, each time after a full collection and once it no longer falls
// (the collector gives memory back little by little). A smaller crowd goes through the same before, so that what the first
// of a kind costs is not counted. Then the sandbox is let go, and every client must have its result, or a refusal.

/// <summary>What clients that wait for a sandbox cost the server.</summary>
internal sealed class WaitingClients(FaasUnderBench server, CancellationToken stop)
{
    /// <summary>How the server differs from the one that is shipped.</summary>
    public const string Settings = """
        faas.pool { running = 1, queue = 2000, queue-timeout = 10m, spares { node = 0, python = 0, max = 0 } }
        faas.sandbox.timeout = 1h
        """;

    private const string Path = "waits";
    private const string Script = "if (event.hold) { await new Promise(resolve => setTimeout(resolve, 3600000)); } return 'served';";
    private const string Result = "\"result\",\"data\":\"served\"";
    private const int FirstCrowd = 100;
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    public Waiting Measure(int clients)
    {
        server.Upload(Path, Language.JavaScript, Script);
        Crowd(FirstCrowd);
        var before = SettledMemory();
        return Crowd(clients) with { Before = before };
    }

    private Waiting Crowd(int count)
    {
        var clients = Enumerable.Range(0, count).Select(_ => new HttpConnection(server.Address)).ToList();
        try
        {
            using var holder = new HttpConnection(server.Address);
            holder.Send(Request("{\"hold\":true}"));
            WaitForPool("busy", 1);
            clients.ForEach(client => client.Send(Request("{}")));
            WaitForPool("waiting", count);
            var during = SettledMemory();
            holder.Dispose();
            var begun = Stopwatch.GetTimestamp();
            var answers = clients.ConvertAll(client => (Status: client.Receive(), End: client.Body.Tail));
            return new Waiting(
                count,
                0,
                during,
                answers.Count(answer => answer.Status == 200 && answer.End.Contains(Result, StringComparison.Ordinal)),
                answers.Count(answer => answer.Status == 429),
                Stopwatch.GetElapsedTime(begun));
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    private void WaitForPool(string name, int count)
    {
        var begun = Stopwatch.GetTimestamp();
        for (var seen = 0; seen < count;)
        {
            if (Stopwatch.GetElapsedTime(begun) > s_patience)
            {
                throw new BenchException($"The pool's \"{name}\" was {seen} and not {count} after {s_patience.TotalSeconds:0} s.");
            }

            Pause();
            seen = server.PoolCount(name);
        }
    }

    // The least of the looks, the last four of which brought nothing less.
    private long SettledMemory()
    {
        FullCollection.Of(server.Pid);
        var least = long.MaxValue;
        for (var since = 0; since < 4; since++)
        {
            Pause();
            var now = Memory.Of(server.Pid);
            (least, since) = now < least ? (now, -1) : (least, since);
        }

        return least;
    }

    private void Pause()
    {
        stop.WaitHandle.WaitOne(s_pause);
        stop.ThrowIfCancellationRequested();
    }

    private static byte[] Request(string input) => HttpConnection.Post($"/run/{Path}", $$"""{"stream":true,"input":{{input}}}""");
}
