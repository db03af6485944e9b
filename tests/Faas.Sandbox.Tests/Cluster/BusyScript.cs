using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;

namespace Faas.Sandbox.Tests.Cluster;

/// <summary>
/// A script that one caller uploads and others run, all the time, until a test says so. Its number is in its code, so its history tells
/// whether each call ran what it had to.
/// </summary>
internal sealed class BusyScript
{
    private readonly string _path;
    private readonly IReadOnlyList<HttpClient> _uploaders;
    private readonly CancellationToken _end;
    private readonly ConcurrentQueue<string> _failures = [];
    private readonly ConcurrentQueue<string> _twice = [];
    private readonly HashSet<long> _versions = [];
    private readonly Task _work;
    private int _acknowledged;
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

    /// <summary>What the callers have seen.</summary>
    public History History { get; } = new();

    /// <summary>How many uploads were acknowledged.</summary>
    public int Acknowledged => Volatile.Read(ref _acknowledged);

    /// <summary>The greatest number whose upload was acknowledged.</summary>
    public long Last => Volatile.Read(ref _last);

    /// <summary>The version numbers of the uploads that were acknowledged. Read when the callers have ended.</summary>
    public IReadOnlyCollection<long> Versions => _versions;

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
            History.Begin(number, Stopwatch.GetTimestamp());
            var upload = new { path = _path, language = "python", code = $"return {number}" };
            if (await TryAsync(_uploaders[number % _uploaders.Count], "/upload", upload) is { } reply)
            {
                History.Acknowledge(number, Stopwatch.GetTimestamp());
                Volatile.Write(ref _last, number);
                Interlocked.Increment(ref _acknowledged);
                if (!_versions.Add(reply.Body.GetProperty("version").GetInt64()))
                {
                    _twice.Enqueue($"{reply.Body} has the number of an earlier version.");
                }
            }
        }
    }

    private async Task ReadAsync(HttpClient caller)
    {
        while (!_end.IsCancellationRequested)
        {
            var begun = Stopwatch.GetTimestamp();
            if (await TryAsync(caller, $"/run/{_path}", new { }) is { } reply)
            {
                History.Read(long.Parse(reply.Data, CultureInfo.InvariantCulture), begun, Stopwatch.GetTimestamp());
            }
        }
    }

    private async Task<Reply?> TryAsync(HttpClient client, string path, object body)
    {
        var begun = DateTime.UtcNow;
        try
        {
            using var response = await client.PostAsync(new Uri(path, UriKind.Relative), JsonContent.Create(body), CancellationToken.None);
            var reply = new Reply(response.StatusCode, response.Headers.RetryAfter?.Delta, await response.ReadAsync());
            if (reply.Status == HttpStatusCode.OK || IsBeforeTheFirst(reply))
            {
                return reply.Status == HttpStatusCode.OK ? reply : null;
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

    private bool IsBeforeTheFirst(Reply reply) => reply.Status == HttpStatusCode.NotFound && Acknowledged == 0;
}
