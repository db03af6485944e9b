using System.Globalization;
using Faas.Actors.Json;
using Faas.Actors.Runs;

namespace Faas.Http.Wire;

/// <summary>What an answer says about its call besides the body.</summary>
public static class CallHeaders
{
    /// <summary>Seconds from dispatch to a sandbox until the outcome was known, as a decimal number.</summary>
    public const string Duration = "X-Duration-Seconds";

    /// <summary>The version that ran, or was made.</summary>
    public const string ScriptVersion = "X-Script-Version";

    /// <summary>Where the sandbox came from: <c>warm</c>, <c>spare</c> or <c>cold</c>.</summary>
    public const string Start = "X-Start";

    /// <summary>What the server did not understand and so ignored, one sentence a value.</summary>
    public const string Warnings = "X-Warnings";

    /// <summary>The longest silence of an event stream that goes on, in seconds: after it comes a comment.</summary>
    public const string PingSeconds = "X-Ping-Seconds";

    /// <summary>Names a client of <c>/mcp</c>, so that it may cancel its calls.</summary>
    public const string McpSession = "Mcp-Session-Id";

    /// <summary><c>true</c>: the answer is that of an earlier call with the same <c>Idempotency-Key</c>.</summary>
    public const string IdempotencyReplayed = "Idempotency-Replayed";

    /// <summary>All of them, for browsers to show to pages of other sites.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        CallIds.Header, Duration, ScriptVersion, Start, Warnings, PingSeconds, "Retry-After", "ETag", "Location", Preferences.AppliedHeader,
        IdempotencyReplayed, McpSession,
    ];

    /// <summary>Says what was ignored; nothing where nothing was.</summary>
    public static void SetWarnings(this HttpResponse response, IReadOnlyList<string> warnings)
    {
        if (warnings.Count > 0)
        {
            response.Headers[Warnings] = string.Join(", ", warnings);
        }
    }

    /// <summary>Says when a client of an event stream has reason to believe that its connection is broken.</summary>
    public static void SetPing(this HttpResponse response, TimeSpan interval) =>
        response.Headers[PingSeconds] = interval.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);

    /// <summary>Says which version the answer is about.</summary>
    public static void SetVersion(this HttpResponse response, long version) =>
        response.Headers[ScriptVersion] = version.ToString(CultureInfo.InvariantCulture);

    /// <summary>Says where the sandbox came from.</summary>
    public static void SetStart(this HttpResponse response, Warmth warmth) => response.Headers[Start] = warmth.ToWire();

    /// <summary>Says where the sandbox came from and how long the run took; nothing about code that never reached a sandbox.</summary>
    public static void SetOutcome(this HttpResponse response, Outcome outcome)
    {
        if (outcome.Warmth is not { } warmth)
        {
            return;
        }

        response.SetStart(warmth);
        response.Headers[Duration] = outcome.Usage.Elapsed.TotalSeconds.ToString("0.######", CultureInfo.InvariantCulture);
    }
}
