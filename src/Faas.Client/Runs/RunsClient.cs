using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace Faas.Client;

/// <summary>
/// Runs scripts and code. A call that is cancelled, and a stream that is left, end the run on the server.
/// <example>
/// <code>
/// await foreach (var happened in faas.Runs.StreamAsync("jobs/report", new JsonObject { ["month"] = 5 }))
/// {
///     Console.WriteLine(happened switch
///     {
///         RunPrinted line => line.Text,
///         RunReturned end => $"returned {end.Result.Data}",
///         RunFailed end => $"{end.Problem.Reason}: {end.Problem.Detail}",
///         _ => "begins",
///     });
/// }
/// </code>
/// </example>
/// </summary>
public sealed class RunsClient
{
    private readonly Transport _transport;

    internal RunsClient(Transport transport) => _transport = transport;

    /// <summary>How often each script ran in the last minutes; the client's key needs the scope <c>read</c>.</summary>
    /// <param name="minutes">How many minutes, 1 to 60; the present one is among them.</param>
    /// <param name="path">A script and those under it; null: every script.</param>
    /// <param name="limit">The most scripts, 1 to 1000.</param>
    /// <param name="cancellation">Ends the call.</param>
    public Task<RecentActivity> ActivityAsync(
        int minutes = 60, string? path = null, int limit = 100, CancellationToken cancellation = default) =>
        _transport.ReadAsync(
            HttpMethod.Get,
            "api/v1/runs/activity"
                + Address.Query(("minutes", Address.Text(minutes)), ("path", path), ("limit", Address.Text(limit))),
            ClientJson.Default.RecentActivity,
            cancellation);

    /// <summary>Runs a stored script. Throws <see cref="FaasException"/> if it ends otherwise than well.</summary>
    /// <param name="path">The script.</param>
    /// <param name="input">What the script sees as <c>event</c>; null: an empty object.</param>
    /// <param name="options">How it is called.</param>
    /// <param name="cancellation">Ends the call and the run.</param>
    public Task<RunResult> RunAsync(
        string path, JsonNode? input = null, RunOptions? options = null, CancellationToken cancellation = default) =>
        ResultAsync(Stored(path, input, options, stream: false), cancellation);

    /// <summary>
    /// Runs a stored script, and tells what happens as it happens. Throws <see cref="FaasException"/> if the server does not begin.
    /// </summary>
    /// <inheritdoc cref="RunAsync"/>
    public IAsyncEnumerable<RunEvent> StreamAsync(
        string path, JsonNode? input = null, RunOptions? options = null, CancellationToken cancellation = default) =>
        EventsAsync(() => Stored(path, input, options, stream: true), cancellation);

    /// <summary>Runs code that is not stored. Throws <see cref="FaasException"/> if it ends otherwise than well.</summary>
    /// <param name="language">One of <see cref="Languages"/>.</param>
    /// <param name="code">The code.</param>
    /// <param name="input">What the code sees as <c>event</c>; null: an empty object.</param>
    /// <param name="options">How it is called.</param>
    /// <param name="cancellation">Ends the call and the run.</param>
    public Task<RunResult> RunCodeAsync(
        string language, string code, JsonNode? input = null, RunOptions? options = null, CancellationToken cancellation = default) =>
        ResultAsync(Sent(language, code, input, options, stream: false), cancellation);

    /// <summary>
    /// Runs code that is not stored, and tells what happens as it happens. Throws <see cref="FaasException"/> if the server does not begin.
    /// </summary>
    /// <inheritdoc cref="RunCodeAsync"/>
    public IAsyncEnumerable<RunEvent> StreamCodeAsync(
        string language, string code, JsonNode? input = null, RunOptions? options = null, CancellationToken cancellation = default) =>
        EventsAsync(() => Sent(language, code, input, options, stream: true), cancellation);

    private async Task<RunResult> ResultAsync(HttpRequestMessage call, CancellationToken cancellation)
    {
        using var request = call;
        using var response = await _transport.SendAsync(request, cancellation);
        var body = await response.Content.ReadAsByteArrayAsync(cancellation);
        try
        {
            return RunResult.Of(RunJson.Parse(body), response);
        }
        catch (Exception failed) when (RunJson.IsForeign(failed))
        {
            throw Transport.Foreign(response);
        }
    }

    private async IAsyncEnumerable<RunEvent> EventsAsync(
        Func<HttpRequestMessage> call, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var request = call();
        using var response = await _transport.SendAsync(request, cancellation);
        var start = RunStart.Of(response.Headers);
        yield return new RunBegan(start);
        await foreach (var message in Transport.EventsAsync(response, cancellation))
        {
            if (RunJson.Event(message, response) is not { } happened)
            {
                continue;
            }

            yield return happened;
            if (happened is RunReturned or RunFailed)
            {
                yield break;
            }
        }

        throw new HttpRequestException(HttpRequestError.ResponseEnded, "The server cut the stream off before the run's end.");
    }

    /// <summary>The call of an asynchronous run.</summary>
    internal static HttpRequestMessage Later(
        string path, JsonNode? input, RunOptions? options, int? priority, DateTimeOffset? notBefore, RunThen? then)
    {
        var request = With(
            options,
            new HttpRequestMessage(HttpMethod.Post, $"run/{Address.Segment(path)}{Address.Query(("version", options?.Version))}")
            {
                Content = Transport.Content(RunJson.Body(input, options, stream: false, code: null, priority, notBefore, then)),
            });
        request.Headers.Add("Prefer", "respond-async");
        return request;
    }

    private static HttpRequestMessage Stored(string path, JsonNode? input, RunOptions? options, bool stream) => With(
        options,
        new HttpRequestMessage(HttpMethod.Post, $"run/{Address.Segment(path)}{Address.Query(("version", options?.Version))}")
        {
            Content = Transport.Content(RunJson.Body(input, options, stream, code: null)),
        });

    private static HttpRequestMessage Sent(string language, string code, JsonNode? input, RunOptions? options, bool stream) => With(
        options,
        new HttpRequestMessage(HttpMethod.Post, "run-now")
        {
            Content = Transport.Content(RunJson.Body(input, options, stream, (language, code))),
        });

    private static HttpRequestMessage With(RunOptions? options, HttpRequestMessage request)
    {
        if (options?.CallId is { } id)
        {
            request.Headers.Add("X-Call-Id", id);
        }

        foreach (var (name, value) in options?.Headers ?? new Dictionary<string, string>())
        {
            request.Headers.Add(name, value);
        }

        return request;
    }
}
