using System.Text.Json.Serialization;
using Faas.Actors.Json;

namespace Faas.Actors.Scripts;

/// <summary>
/// The reasons of a run's end that another attempt may mend, under the names that the ends have. A script that does not compile does not
/// compile at the next attempt either, and a run that was cancelled is not wanted any more.
/// </summary>
[JsonConverter(typeof(WireNameConverter<RetryReason>))]
public enum RetryReason
{
    /// <summary>The script threw an exception, or wrote a result that is not valid.</summary>
    [JsonStringEnumMemberName("error")]
    Error,

    /// <summary>The libraries that the script declares cannot be had.</summary>
    [JsonStringEnumMemberName("dependencies")]
    Dependencies,

    /// <summary>The script exited by itself, with a status other than 0.</summary>
    [JsonStringEnumMemberName("exit")]
    Exit,

    /// <summary>A signal killed the script.</summary>
    [JsonStringEnumMemberName("signal")]
    Signal,

    /// <summary>The kernel killed a process of the run for memory.</summary>
    [JsonStringEnumMemberName("oom")]
    Oom,

    /// <summary>The run took too long.</summary>
    [JsonStringEnumMemberName("timeout")]
    Timeout,

    /// <summary>The script printed or returned more than it may.</summary>
    [JsonStringEnumMemberName("output_limit")]
    OutputLimit,

    /// <summary>The sandbox could not start, or broke, or the server that executed the run ended.</summary>
    [JsonStringEnumMemberName("sandbox")]
    Sandbox,
}
