using Faas.Actors.Json;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Reply;
using Faas.Actors.UseCases;

namespace Faas.Http.Wire.Problems;

/// <summary>Which status and reason everything that can go wrong has: the one place that says so.</summary>
public static class FaasProblems
{
    private const string Realm = "Bearer realm=\"faas\"";
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(1);

    /// <summary>The status of a JSON answer to a run that ended so.</summary>
    public static int StatusOf(Reason reason) => reason switch
    {
        Reason.Ok => StatusCodes.Status200OK,
        Reason.Syntax or Reason.Dependencies => StatusCodes.Status422UnprocessableEntity,
        Reason.Error or Reason.Exit or Reason.Signal or Reason.Oom or Reason.OutputLimit => StatusCodes.Status500InternalServerError,
        Reason.Timeout => StatusCodes.Status504GatewayTimeout,
        // A client that left reads no status; one that is still there sees the server stop.
        Reason.Cancelled or Reason.Sandbox => StatusCodes.Status503ServiceUnavailable,
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
    };

    /// <summary>A run that ended otherwise than well.</summary>
    public static Problem Of(Outcome outcome) =>
        new(StatusOf(outcome.Reason), outcome.Reason.ToWire(), Sentence(outcome))
        {
            Error = outcome.Error,
            ExitCode = outcome.ExitCode,
            Signal = outcome.Signal,
            Logs = outcome is { Reason: Reason.Syntax or Reason.Sandbox, Logs: "" } ? null : outcome.Logs,
            IsFaultOfTheServer = outcome.Reason is Reason.Sandbox,
            RetryAfter = outcome.Reason is Reason.Cancelled or Reason.Sandbox ? s_soon : null,
        };

    /// <summary>A script answered a request as no HTTP server may.</summary>
    public static Problem BadAnswer(string detail) => new(StatusCodes.Status502BadGateway, "bad_answer", detail);

    /// <summary>A use case refused.</summary>
    public static Problem Of(Refusal refusal)
    {
        var status = refusal.Reason switch
        {
            RefusalReason.QueueFull or RefusalReason.QueueTimeout => StatusCodes.Status429TooManyRequests,
            RefusalReason.Draining or RefusalReason.Cluster or RefusalReason.Store => StatusCodes.Status503ServiceUnavailable,
            RefusalReason.Malformed => StatusCodes.Status400BadRequest,
            RefusalReason.TooLarge => StatusCodes.Status413PayloadTooLarge,
            RefusalReason.KeyReused => StatusCodes.Status422UnprocessableEntity,
            RefusalReason.NotFound => StatusCodes.Status404NotFound,
            RefusalReason.Disabled or RefusalReason.Conflict or RefusalReason.Secret or RefusalReason.Image =>
                StatusCodes.Status409Conflict,
            RefusalReason.NetworkUnsupported => StatusCodes.Status501NotImplemented,
            RefusalReason.Stale => StatusCodes.Status412PreconditionFailed,
            _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal.Reason, null),
        };
        return new Problem(status, refusal.Reason.ToWire(), refusal.Detail)
        {
            RetryAfter = refusal.RetryAfter,
            IsFaultOfTheServer = refusal.Reason is RefusalReason.Store,
        };
    }

    /// <summary>The server takes no asynchronous runs.</summary>
    public static Problem AsyncUnsupported { get; } = new(
        StatusCodes.Status501NotImplemented,
        "async_unsupported",
        "This server keeps no runs, and takes no asynchronous ones (faas.runs.kept.enabled is false).");

    /// <summary>The server sends no callbacks.</summary>
    /// <param name="setting">The setting that it lacks.</param>
    public static Problem CallbacksUnsupported(string setting) => new(
        StatusCodes.Status501NotImplemented, "callbacks_unsupported", $"This server sends no callbacks ({setting} is not set).");

    /// <summary>The client has missed events that are not kept any more.</summary>
    public static Problem EventsGone(string detail) => new(StatusCodes.Status410Gone, "events_gone", detail);

    /// <summary>Too many clients follow runs.</summary>
    /// <param name="most">How many may.</param>
    /// <param name="retryAfter">When there may be room.</param>
    public static Problem TooManyReaders(int most, TimeSpan retryAfter) =>
        new(
            StatusCodes.Status429TooManyRequests,
            "too_many_readers",
            $"{most} clients of this server follow kept runs already (faas.runs.kept.readers).")
        { RetryAfter = retryAfter };

    /// <summary>The run of an earlier call with the same key has not ended.</summary>
    public static Problem KeyInUse(string runId) => new(
        StatusCodes.Status409Conflict,
        "idempotency_key_in_use",
        $"The run \"{runId}\" of an earlier call with this Idempotency-Key has not ended.")
    {
        RetryAfter = s_soon,
    };

    /// <summary>The request is not what the contract says.</summary>
    public static Problem Malformed(string detail) => new(StatusCodes.Status400BadRequest, "malformed", detail);

    /// <summary>The request carries no key.</summary>
    public static Problem Unauthorized(string detail) =>
        new(StatusCodes.Status401Unauthorized, "unauthorized", detail) { Challenge = Realm };

    /// <summary>The request carries something that is no key of this server.</summary>
    public static Problem UnknownKey() => Unauthorized("The key is unknown.") with { Challenge = $"{Realm}, error=\"invalid_token\"" };

    /// <summary>The request carries a key that may be one that calls have made, and this node of a cluster does not know these.</summary>
    public static Problem KeysNotKnown() => Of(Refusal.Store("This node does not know the keys, because it has lost its cluster."));

    /// <summary>The request carries a key that has ended by itself.</summary>
    public static Problem ExpiredKey(string name, DateTimeOffset at) =>
        UnknownKey() with { Detail = $"The key \"{name}\" expired at {at:yyyy-MM-dd'T'HH:mm:ss'Z'}." };

    /// <summary>The key is known but may not do this.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="missing">The scope that it lacks; or several, with spaces between them, of which one would do.</param>
    public static Problem Forbidden(string key, string missing) =>
        new(StatusCodes.Status403Forbidden, "forbidden", missing.Contains(' ', StringComparison.Ordinal)
            ? $"The key \"{key}\" has none of the scopes {missing.Replace(" ", ", ", StringComparison.Ordinal)}."
            : $"The key \"{key}\" lacks the scope \"{missing}\".")
        {
            Challenge = $"{Realm}, error=\"insufficient_scope\", scope=\"{missing}\"",
        };

    /// <summary>The key sees what another caller has started, and may not cancel it.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="what">What it may not cancel, as half a sentence.</param>
    /// <param name="missing">The scope that it lacks.</param>
    public static Problem ForbiddenToCancel(string key, string what, string missing) => Forbidden(key, missing) with
    {
        Detail = $"The key \"{key}\" may see {what}, which another caller has started; to cancel it, it lacks the scope \"{missing}\".",
    };

    /// <summary>The key is known but is not for this script.</summary>
    public static Problem ForbiddenPath(string key, string path, string prefixes) =>
        new(
            StatusCodes.Status403Forbidden,
            "forbidden",
            $"The key \"{key}\" is not for the script \"{path}\"; it is for those under {prefixes}.");

    /// <summary>A web page of another site asks a server that has no keys.</summary>
    public static Problem ForeignOrigin { get; } =
        new(
            StatusCodes.Status403Forbidden,
            "forbidden",
            "Without keys the server answers no web page of another site; the Origin header names one.");

    /// <summary>A web page of a site that may not call asks for a change.</summary>
    public static Problem ForeignPage { get; } =
        new(
            StatusCodes.Status403Forbidden,
            "forbidden",
            "The Origin header names a site that is not one of faas.http.cors-origins.");

    /// <summary>The request was meant for a name that is not this server's.</summary>
    public static Problem Misdirected(string detail) => new(StatusCodes.Status421MisdirectedRequest, "misdirected", detail);

    /// <summary>The caller sent more requests than its rate limit lets through.</summary>
    /// <param name="limit">What sets the limit.</param>
    /// <param name="retryAfter">When there is room again.</param>
    public static Problem RateLimited(string limit, TimeSpan retryAfter) =>
        new(
            StatusCodes.Status429TooManyRequests,
            "rate_limited",
            $"The caller sends more requests than {limit} allows.")
        { RetryAfter = retryAfter };

    /// <summary>No such script, version or route.</summary>
    public static Problem NotFound(string detail) => new(StatusCodes.Status404NotFound, "not_found", detail);

    /// <summary>The body, or the script in it, is larger than allowed.</summary>
    public static Problem TooLarge(string detail) => new(StatusCodes.Status413PayloadTooLarge, "too_large", detail);

    /// <summary>The body is not JSON by its own headers.</summary>
    public static Problem MediaType(string detail) => new(StatusCodes.Status415UnsupportedMediaType, "media_type", detail);

    /// <summary>A defect of the server; the log says more.</summary>
    public static Problem Internal { get; } = new(
        StatusCodes.Status500InternalServerError, "internal", "The server failed to answer; its log says why.");

    /// <summary>What routing or the web server answered with a bare status.</summary>
    public static Problem OfStatus(int status, HttpRequest request) => status switch
    {
        StatusCodes.Status404NotFound => NotFound($"There is no {request.Path}.{HintOn(request.Path)}"),
        StatusCodes.Status405MethodNotAllowed =>
            new(
                status,
                "method",
                $"{request.Path} does not answer {request.Method}; it answers {request.HttpContext.Response.Headers.Allow}."),
        StatusCodes.Status408RequestTimeout => new(status, "slow", "The request's body came too slowly."),
        StatusCodes.Status413PayloadTooLarge => TooLarge("The request is too large."),
        >= 500 => Internal with { Status = status },
        _ => Malformed("The request is malformed.") with { Status = status },
    };

    private static string HintOn(PathString route) => route.StartsWithSegments("/api/v1/scripts", out var rest) && rest.HasValue
        ? " There a script's path is one segment, its slashes written as %2F: /api/v1/scripts/math%2Fadd."
        : "";

    private static string Sentence(Outcome outcome) => outcome.Detail.Length > 0 ? outcome.Detail : outcome.Reason switch
    {
        Reason.Error => "The script failed.",
        Reason.Syntax => "The script does not compile.",
        Reason.Dependencies => "The libraries that the script declares cannot be had.",
        Reason.Exit => $"The script exited with {outcome.ExitCode}.",
        Reason.Signal => $"The script was killed by {outcome.Signal}.",
        Reason.Oom => "The script used more memory than it may.",
        Reason.Timeout => "The script ran longer than it may.",
        Reason.OutputLimit => "The script printed or returned more than it may.",
        Reason.Cancelled => "The invocation was cancelled.",
        _ => "The sandbox broke.",
    };
}
