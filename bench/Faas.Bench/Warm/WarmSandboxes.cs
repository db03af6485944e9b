using System.Diagnostics;
using System.Globalization;
using Faas.Actors.Json;
using Faas.Actors.Scripts;
using Faas.Bench.Http;
using Faas.Bench.Load;
using Faas.Bench.Processes;
using Faas.Bench.Ways;
using Faas.Bench.Workloads;

namespace Faas.Bench.Warm;

// Theory of operation. Each script is called once and keeps the sandbox that was started for it, because the pool has room for all.
// A few scripts of each language warm the server up. The next few and the last few are called one after the other, so that their
// times are those of one start; the others by several callers at once. Then the first few are called again, the memory is read, and
// the server is ended as systemd ends it.

/// <summary>How many sandboxes stay warm, and at what price.</summary>
/// <param name="server">A server whose pool has room for <see cref="Scripts"/> sandboxes, and whose store has <see cref="Codes"/>.</param>
/// <param name="stop">Ends it early.</param>
internal sealed class WarmSandboxes(FaasUnderBench server, CancellationToken stop)
{
    /// <summary>How many there are to be.</summary>
    public const int Scripts = 1000;

    private const int Timed = 20;
    private const int CallersAtOnce = 4;
    private static readonly Language[] s_languages = [Language.JavaScript, Language.Python];
    private static readonly int s_each = Scripts / s_languages.Length;
    private int _failed;

    /// <summary>The stored scripts, by their paths.</summary>
    public static IReadOnlyDictionary<string, ScriptCode> Codes(CodeMaker maker) => s_languages
        .SelectMany(language => maker.TextsOf(Cases.HelloIn(language), s_each).Index())
        .ToDictionary(text => PathOf(text.Item.Language, text.Index), text => text.Item);

    /// <summary>Measures, and ends the server.</summary>
    public WarmTimes Measure()
    {
        var available = SandboxMemory.Available;
        s_languages.ToList().ForEach(language => Call(language, 0, Timed));
        var few = s_languages.Select(language => Call(language, Timed, Timed)).ToList();
        foreach (var language in s_languages)
        {
            Parallel.ForEach(
                Enumerable.Range(2 * Timed, s_each - (3 * Timed)).Chunk(Timed),
                new ParallelOptions { MaxDegreeOfParallelism = CallersAtOnce, CancellationToken = stop },
                chunk => Call(language, chunk[0], chunk.Length));
        }

        var many = s_languages.Select(language => Call(language, s_each - Timed, Timed)).ToList();
        var again = s_languages.Select(language => Call(language, 0, Timed)).ToList();
        server.Rest(stop);
        var memory = SandboxMemory.Of(server.Pid);
        var alive = server.PoolCount("idle", "busy", "spare");
        var fell = available - SandboxMemory.Available;
        return new WarmTimes(
            Scripts,
            alive,
            _failed,
            [
                .. s_languages.Select((language, index) => new WarmLanguage(
                    language,
                    MedianOf(memory, language),
                    few[index].Percentile(0.5),
                    many[index].Percentile(0.5),
                    again[index].Percentile(0.5))),
            ],
            fell,
            server.Stop());
    }

    private Durations Call(Language language, int first, int count)
    {
        stop.ThrowIfCancellationRequested();
        var durations = new Durations();
        using var connection = new HttpConnection(server.Address);
        foreach (var number in Enumerable.Range(first, count))
        {
            var request = HttpConnection.Post($"/run/{PathOf(language, number)}", $$"""{"input":{{Cases.HelloIn(language).Input}}}""");
            var begun = Stopwatch.GetTimestamp();
            if (connection.Exchange(request) == 200)
            {
                durations.Add(Stopwatch.GetElapsedTime(begun));
            }
            else
            {
                Interlocked.Increment(ref _failed);
            }
        }

        return durations;
    }

    private static long MedianOf(IReadOnlyList<(string Program, long Bytes)> memory, Language language)
    {
        var bytes = memory.Where(one => one.Program.StartsWith("python", StringComparison.Ordinal) == (language == Language.Python))
            .Select(one => one.Bytes).Order().ToList();
        return bytes.Count == 0 ? 0 : bytes[bytes.Count / 2];
    }

    private static string PathOf(Language language, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"warm/{language.ToWire()}/{number}");
}
