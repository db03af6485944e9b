using System.Text.Json.Serialization;
using Faas.Actors.Json;

namespace Faas.Actors.Runs;

/// <summary>What ended a run.</summary>
[JsonConverter(typeof(WireNameConverter<Reason>))]
public enum Reason
{
    /// <summary>The script returned, or exited with status 0.</summary>
    [JsonStringEnumMemberName("ok")]
    Ok,

    /// <summary>The script threw an exception, or wrote a result that is not valid.</summary>
    [JsonStringEnumMemberName("error")]
    Error,

    /// <summary>The script does not compile.</summary>
    [JsonStringEnumMemberName("syntax")]
    Syntax,

    /// <summary>The libraries that the script declares cannot be had.</summary>
    [JsonStringEnumMemberName("dependencies")]
    Dependencies,

    /// <summary>The script exited by itself, with a status other than 0.</summary>
    [JsonStringEnumMemberName("exit")]
    Exit,

    /// <summary>A signal killed the script, and neither the server nor the kernel's memory limit was the cause.</summary>
    [JsonStringEnumMemberName("signal")]
    Signal,

    /// <summary>The kernel killed a process of the run for memory.</summary>
    [JsonStringEnumMemberName("oom")]
    Oom,

    /// <summary>The run took longer than <c>faas.sandbox.timeout</c>.</summary>
    [JsonStringEnumMemberName("timeout")]
    Timeout,

    /// <summary>The script printed or returned more than it may.</summary>
    [JsonStringEnumMemberName("output_limit")]
    OutputLimit,

    /// <summary>The caller left or stopped the run, or the server stopped.</summary>
    [JsonStringEnumMemberName("cancelled")]
    Cancelled,

    /// <summary>The sandbox could not start, or broke: a fault of Faas.</summary>
    [JsonStringEnumMemberName("sandbox")]
    Sandbox,
}
