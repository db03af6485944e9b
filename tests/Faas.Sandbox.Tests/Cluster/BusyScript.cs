using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;

namespace Faas.Sandbox.Tests.Cluster;

/// <summary>
/// A script that one caller uploads and others run, all the time, until a test says so. Each version's number is in its code, so the
/// history tells whether each call ran what it had to. After each upload the alias <c>live</c> moves to the new version; every second call
/// names it, and so the alias has a history of its own.
/// </summary>
internal sealed class BusyScript
{
    private const string Alias = "live";
    private readonly string _path;
    private readonly IReadOnlyList<HttpClient> _uploaders;
    private readonly CancellationToken _end;
    private readonly ConcurrentQueue<string> _failures = [];
    private readonly ConcurrentQueue<string> _twice = [];
    private readonly HashSet<long> _numbers = [];
    private readonly Task _work;
    private readonly History _versions = new();
    private readonly History _aliases = new();
    private int _acknowledged;
    private int _moves;
    private long _last;

    /// <summary>Begins at once.</summary>
    /// <param name="path">The script.</param>
    /// <param name="uploaders">The clients by which it is uploaded, in turn.</param>
    /// <param name="callers">The clients by which it is run, each by a caller of its own.</param>
    /// <param name="end">Ends it.</param>
    public BusyScript(string path, IReadOnlyList<HttpClient> uploaders, IEnumerable<HttpClient> callers, CancellationToken end)
    {
        (_path, _uploaders, _end) = (path, uploaders, end);
        _work = Task.WhenAll(
            callers.Select(caller => Task.Run(() => ReadAsync(caller), CancellationToken.None))
                .Append(Task.Run(UploadAsync, CancellationToken.None)));
    }

    /// <summary>How many calls have returned a number.</summary>
    public int Reads => _versions.Reads + _aliases.Reads;

    /// <summary>Each call that no order of all operations explains, in words.</summary>
    public IReadOnlyList<string> Violations => [.. _versions.Violations(), .. _aliases.Violations().Select(one => $"{Alias}: {one}")];

    /// <summary>How many uploads were acknowledged.</summary>
    public int Acknowledged => Volatile.Read(ref _acknowledged);

    /// <summary>The greatest number whose upload was acknowledged.</summary>
    public long Last => Volatile.Read(ref _last);

    /// <summary>The version numbers of the uploads that were acknowledged. Read when the callers have ended.</summary>
    public IReadOnlyCollection<long> Versions => _numbers;

    /// <summary>Each call that was not answered 200, in words.</summary>
    public IReadOnlyCollection<string> Failures => _failures;

    /// <summary>Each upload that was acknowledged with the number of an earlier version, in words.</summary>
    public IReadOnlyCollection<string> NumbersTwice => _twice;

    /// <summary>A call of a node returns the last number. For when the callers have ended, and every upload was acknowledged.</summary>
    public async Task IsServedByAsync(FaasServer server) => Assert.Equal($"{Last}", (await server.RunAsync(_path)).Data);

    /// <summary>Returns when the callers have ended.</summary>
    public Task CompletedAsync() => _work;

    /// <summary>Waits until each of these scripts has been uploaded this many more times.</summary>
    public static async Task AdvanceAsync(IReadOnlyList<BusyScript> scripts, int uploads, TimeSpan within)
    {
        var before = scripts.Select(script => script.Acknowledged).ToList();
        await Eventually.HoldsAsync(
            () => scripts.Zip(before).All(pair => pair.First.Acknowledged >= pair.Second + uploads),
            within,
            () => $"uploads: {string.Join(", ", scripts.Zip(before).Select(pair => $"{pair.First.Acknowledged - pair.Second}"))}; "
                + string.Join("; ", scripts.SelectMany(script => script.Failures).TakeLast(5)));
    }

    private async Task UploadAsync()
    {
        for (var number = 1; !_end.IsCancellationRequested; number++)
        {
            _versions.Begin(number, Stopwatch.GetTimestamp());
            var upload = new { path = _path, language = "python", code = $"return {number}" };
            if (await TryAsync(_uploaders[number % _uploaders.Count], HttpMethod.Post, "/upload", upload) is { } reply)
            {
                _versions.Acknowledge(number, Stopwatch.GetTimestamp());
                Volatile.Write(ref _last, number);
                Interlocked.Increment(ref _acknowledged);
                var version = reply.Body.GetProperty("version").GetInt64();
                if (!_numbers.Add(version))
                {
                    _twice.Enqueue($"{reply.Body} has the number of an earlier version.");
                }

                await MoveAliasAsync(number, version);
            }
        }
    }

    private async Task MoveAliasAsync(long number, long version)
    {
        _aliases.Begin(number, Stopwatch.GetTimestamp());
        var mover = _uploaders[(int)((number + 1) % _uploaders.Count)];
        if (await TryAsync(mover, HttpMethod.Put, $"/api/v1/scripts/{_path}/aliases/{Alias}", new { version }) is not null)
        {
            _aliases.Acknowledge(number, Stopwatch.GetTimestamp());
            Interlocked.Increment(ref _moves);
        }
    }

    private async Task ReadAsync(HttpClient caller)
    {
        for (var call = 0; !_end.IsCancellationRequested; call++)
        {
            var (history, query) = call % 2 == 0 ? (_versions, "") : (_aliases, $"?version={Alias}");
            var begun = Stopwatch.GetTimestamp();
            if (await TryAsync(caller, HttpMethod.Post, $"/run/{_path}{query}", new { }) is { } reply)
            {
                history.Read(long.Parse(reply.Data, CultureInfo.InvariantCulture), begun, Stopwatch.GetTimestamp());
            }
        }
    }

    private async Task<Reply?> TryAsync(HttpClient client, HttpMethod method, string path, object body)
    {
        var begun = DateTime.UtcNow;
        try
        {
            using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = JsonContent.Create(body) };
            using var response = await client.SendAsync(request, CancellationToken.None);
            var reply = new Reply(response.StatusCode, response.Headers.RetryAfter?.Delta, await response.ReadAsync());
            if (reply.Status is HttpStatusCode.OK or HttpStatusCode.Created || IsBeforeTheFirst(reply))
            {
                return reply.Status == HttpStatusCode.NotFound ? null : reply;
            }

            _failures.Enqueue($"{begun:HH:mm:ss.fff} {path}: {reply}");
            return null;
        }
        catch (Exception gone) when (gone is HttpRequestException or TaskCanceledException or IOException)
        {
            _failures.Enqueue($"{begun:HH:mm:ss.fff} {path}: {gone.Message} {gone.InnerException?.Message}");
            await Task.Delay(50, CancellationToken.None);
            return null;
        }
    }

    private bool IsBeforeTheFirst(Reply reply) => reply.Status == HttpStatusCode.NotFound && Volatile.Read(ref _moves) == 0;
}
