using System.Diagnostics;
using System.Net;

namespace Faas.Sandbox.Tests.Faults;

/// <summary>Calls of one script by many callers at once, on connections of their own.</summary>
internal sealed class CallLoad(Uri server, string path) : IDisposable
{
    private readonly HttpClient _client = new() { BaseAddress = server, Timeout = Timeout.InfiniteTimeSpan };
    private readonly Uri _script = new($"/run/{path}", UriKind.Relative);

    /// <summary>
    /// So many callers that call again as soon as they have their answer; the rate at which they got good ones, once all have begun.
    /// </summary>
    public async Task<double> ClosedAsync(int callers, TimeSpan duration)
    {
        var begun = Stopwatch.GetTimestamp();
        var answers = await Task.WhenAll(Enumerable.Range(0, callers).Select(async _ =>
        {
            var mine = new List<CallAnswer>();
            while (Stopwatch.GetElapsedTime(begun) < duration)
            {
                mine.Add(await CallAsync(begun));
            }

            return mine;
        }));
        return Goodput(answers.SelectMany(mine => mine), duration);
    }

    /// <summary>So many calls a second, whether or not earlier ones are answered; their answers.</summary>
    public static async Task<IReadOnlyList<T>> OpenAsync<T>(double perSecond, TimeSpan duration, Func<long, Task<T>> call)
    {
        var begun = Stopwatch.GetTimestamp();
        var calls = new List<Task<T>>();
        while (calls.Count < perSecond * duration.TotalSeconds)
        {
            var due = TimeSpan.FromSeconds(calls.Count / perSecond) - Stopwatch.GetElapsedTime(begun);
            if (due > TimeSpan.Zero)
            {
                await Task.Delay(due);
            }

            calls.Add(call(begun));
        }

        return await Task.WhenAll(calls);
    }

    /// <summary>One call; its times are counted from a timestamp.</summary>
    public async Task<CallAnswer> CallAsync(long begun)
    {
        var sent = Stopwatch.GetElapsedTime(begun);
        using var response = await _client.PostAsync(_script, null);
        await response.Content.LoadIntoBufferAsync();
        return new CallAnswer(sent, Stopwatch.GetElapsedTime(begun), response.StatusCode, response.Headers.RetryAfter?.Delta);
    }

    /// <summary>Good answers a second in a stretch of time, of which the first second, in which all begins, does not count.</summary>
    public static double Goodput(IEnumerable<CallAnswer> answers, TimeSpan duration)
    {
        var from = TimeSpan.FromSeconds(1);
        return answers.Count(answer => answer.IsServed && answer.Ended >= from && answer.Ended < duration) / (duration - from).TotalSeconds;
    }

    /// <inheritdoc />
    public void Dispose() => _client.Dispose();
}

/// <summary>How a call was answered, and when.</summary>
internal sealed record CallAnswer(TimeSpan Sent, TimeSpan Ended, HttpStatusCode Status, TimeSpan? RetryAfter)
{
    /// <summary>It ran.</summary>
    public bool IsServed => Status == HttpStatusCode.OK;

    /// <summary>It was refused.</summary>
    public bool IsRefused => Status == HttpStatusCode.TooManyRequests;

    /// <summary>From its sending to its answer.</summary>
    public TimeSpan Took => Ended - Sent;
}
