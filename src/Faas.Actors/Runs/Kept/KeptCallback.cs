using System.Text.Json.Serialization;
using Faas.Actors.Json;

namespace Faas.Actors.Runs.Kept;

/// <summary>
/// Whom a kept run tells that it has ended: what its call has asked for. Serialization/SCHEMA.md has its stored form.
/// </summary>
/// <param name="Url">Where it is sent: an absolute URL of HTTP or HTTPS. Its query may hold a secret of the receiver.</param>
/// <param name="Format">In which form.</param>
public sealed record KeptCallback(string Url, CallbackFormat Format)
{
    /// <summary>Only at ends that are so; null: at every end.</summary>
    public CallbackOutcome? On { get; init; }

    /// <summary>The URL without its query, as records show it.</summary>
    [JsonIgnore]
    public string ShownUrl => Url.IndexOf('?', StringComparison.Ordinal) is var query and >= 0 ? Url[..query] : Url;
}

/// <summary>The form of a callback.</summary>
[JsonConverter(typeof(WireNameConverter<CallbackFormat>))]
public enum CallbackFormat
{
    /// <summary>An event of CloudEvents 1.0 in structured mode: <c>application/cloudevents+json</c>, with the record as its data.</summary>
    [JsonStringEnumMemberName("cloudevents")]
    CloudEvents,

    /// <summary>The record alone, <c>application/json</c>.</summary>
    [JsonStringEnumMemberName("plain")]
    Plain,
}

/// <summary>An end of a run, as the receiver of its callback sees it.</summary>
[JsonConverter(typeof(WireNameConverter<CallbackOutcome>))]
public enum CallbackOutcome
{
    /// <summary>With the reason <c>ok</c>.</summary>
    [JsonStringEnumMemberName("ok")]
    Ok,

    /// <summary>With any other reason, <c>cancelled</c> among them.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,
}
