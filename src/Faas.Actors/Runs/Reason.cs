using System.Text.Json.Serialization;
using Faas.Actors.Json;

namespace Faas.Actors.Runs;

/// <summary>What ended a run.</summary>
[JsonConverter(typeof(WireNameConverter<Reason>))]
public enum Reason
{
    /// <summary>It returned, or exited with 0.</summary>
    [JsonStringEnumMemberName("ok")]
    Ok,

    /// <summary>It threw or raised.</summary>
    [JsonStringEnumMemberName("error")]
    Error,

    /// <summary>It does not compile.</summary>
    [JsonStringEnumMemberName("syntax")]
    Syntax,

    /// <summary>It exited on its own with another code than 0.</summary>
    [JsonStringEnumMemberName("exit")]
    Exit,

    /// <summary>A signal of its own killed it.</summary>
    [JsonStringEnumMemberName("signal")]
    Signal,

    /// <summary>The kernel killed it for memory.</summary>
    [JsonStringEnumMemberName("oom")]
    Oom,

    /// <summary>The wall clock ran out.</summary>
    [JsonStringEnumMemberName("timeout")]
    Timeout,

    /// <summary>It printed or returned more than it may.</summary>
    [JsonStringEnumMemberName("output_limit")]
    OutputLimit,

    /// <summary>The client left, or somebody asked.</summary>
    [JsonStringEnumMemberName("cancelled")]
    Cancelled,

    /// <summary>Our fault.</summary>
    [JsonStringEnumMemberName("sandbox")]
    Sandbox,
}
