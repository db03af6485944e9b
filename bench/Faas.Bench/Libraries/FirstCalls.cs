using System.Diagnostics;
using System.Net.Http.Json;
using Faas.Bench.Load;
using Faas.Bench.Settings;
using Faas.Bench.Ways;

namespace Faas.Bench.Libraries;

/// <summary>
/// Calls that find no sandbox of their version: the server has closed it, because nothing has used it for a second. A spare takes the call,
/// or a sandbox that is started for it.
/// </summary>
internal sealed class FirstCalls(FaasUnderBench server, CancellationToken stop)
{
    private const int Rounds = 12;
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100);

    /// <summary>HOCON of a server that soon forgets bound sandboxes, and has spares or none.</summary>
    public static string SettingsFor(bool hasSpares) =>
        $"faas.pool.idle-ttl = 1s\n{(hasSpares ? "faas.pool.spares { node = 2, python = 2, max = 2 }\n" : PoolSettings.NoSpares)}";

    /// <summary>The median of each script's first calls; the scripts are stored.</summary>
    /// <param name="scripts">The scripts, which take turns.</param>
    /// <param name="start">What <c>X-Start</c> says of such a call; another call is not counted.</param>
    public IReadOnlyDictionary<string, TimeSpan> Measure(IReadOnlyList<LibraryCase> scripts, string start)
    {
        using var http = new HttpClient { BaseAddress = server.Address };
        var times = scripts.ToDictionary(script => script.Path, _ => new List<TimeSpan>());
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var script in scripts)
            {
                server.Rest(stop);
                if (Call(http, script) is var (took, from) && from == start && round > 0)
                {
                    times[script.Path].Add(took);
                }
            }

            while (server.PoolCount("idle", "busy", "starting") > 0)
            {
                stop.WaitHandle.WaitOne(s_look);
                stop.ThrowIfCancellationRequested();
            }
        }

        return times.Where(of => of.Value.Count > 0).ToDictionary(of => of.Key, of => Durations.MedianOf(of.Value));
    }

    private static (TimeSpan Took, string? Start) Call(HttpClient http, LibraryCase script)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/run/{script.Path}")
        {
            Content = JsonContent.Create(new { input = new { name = "you" } }),
        };
        var begun = Stopwatch.GetTimestamp();
        using var answer = http.Send(request);
        var took = Stopwatch.GetElapsedTime(begun);
        return answer.IsSuccessStatusCode
            ? (took, answer.Headers.TryGetValues("X-Start", out var start) ? start.First() : null)
            : throw new BenchException($"The call of {script.Path} was answered {(int)answer.StatusCode}.");
    }
}
