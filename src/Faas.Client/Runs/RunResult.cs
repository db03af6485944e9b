using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Faas.Client;

/// <summary>What a run returned.</summary>
/// <param name="Data">The value: any JSON.</param>
/// <param name="Type"><c>string</c>, <c>number</c>, <c>json</c>, <c>text</c> or <c>bytes</c>.</param>
public sealed record RunResult(JsonElement Data, string Type)
{
    /// <summary>What may have gone otherwise than the script's author meant it.</summary>
    public string? Hint { get; init; }

    /// <summary>The end of what the script printed, if the call has asked.</summary>
    public string? Logs { get; init; }

    /// <summary>What the run cost, if the call has asked.</summary>
    public RunStats? Stats { get; init; }

    /// <summary>The files that the script has left in <c>/tmp/out</c>, by name.</summary>
    public IReadOnlyList<RunFile> Files { get; init; } = [];

    /// <summary>Where and how it ran.</summary>
    public RunStart Start { get; init; } = new(null, null, null);

    /// <summary>How long the run took; null: not known.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>The value as a type of the caller's, by the code that the compiler made for it.</summary>
    public T? As<T>(JsonTypeInfo<T> type) => Data.Deserialize(type);

    internal static RunResult Of(JsonElement answer, HttpResponseMessage response) => new(
        answer.GetProperty("data"), $"{answer.GetProperty("type")}")
    {
        Hint = RunJson.Text(answer, "hint"),
        Logs = RunJson.Text(answer, "logs"),
        Stats = RunJson.Stats(answer),
        Files = RunFileJson.Read(answer),
        Start = RunStart.Of(response.Headers),
        Duration = RunStart.First(response.Headers, "X-Duration-Seconds") is { } seconds
            && double.TryParse(seconds, NumberStyles.Float, CultureInfo.InvariantCulture, out var duration)
            ? TimeSpan.FromSeconds(duration)
            : null,
    };
}

/// <summary>Where a run runs.</summary>
/// <param name="CallId">Names the call, also in the server's log.</param>
/// <param name="Version">The version of a stored script.</param>
/// <param name="Warmth">Where its sandbox came from: <c>warm</c>, <c>spare</c> or <c>cold</c>.</param>
public sealed record RunStart(string? CallId, long? Version, string? Warmth)
{
    internal static RunStart Of(HttpResponseHeaders headers) => new(
        First(headers, "X-Call-Id"),
        long.TryParse(First(headers, "X-Script-Version"), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : null,
        First(headers, "X-Start"));

    internal static string? First(HttpResponseHeaders headers, string name) =>
        headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
}

/// <summary>What a run cost.</summary>
/// <param name="CpuSeconds">Processor time.</param>
/// <param name="MaxRssBytes">The most memory that it held.</param>
/// <param name="WallSeconds">Time by the clock.</param>
public sealed record RunStats(double CpuSeconds, long MaxRssBytes, double WallSeconds);
