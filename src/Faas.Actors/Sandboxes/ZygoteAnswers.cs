using System.Buffers;
using System.Text.Json;

namespace Faas.Actors.Sandboxes;

/// <summary>The END frame: how the script's process went, and what it cost.</summary>
/// <param name="ExitCode">Its exit status; null when a signal ended it.</param>
/// <param name="Signal">The number of the signal that ended it; null when it exited.</param>
/// <param name="CpuMicroseconds">User and system time of every process of the invocation.</param>
/// <param name="MaxRssBytes">The largest resident set among them.</param>
/// <param name="Last">The sandbox takes no other invocation: what this one left in it takes too long to remove.</param>
public sealed record EndOfInvocation(int? ExitCode, int? Signal, long CpuMicroseconds, long MaxRssBytes, bool Last = false)
{
    /// <summary>Reads the payload; throws <see cref="ProtocolException"/>.</summary>
    public static EndOfInvocation Parse(ReadOnlySequence<byte> payload)
    {
        var end = ZygoteJson.Parse<EndOfInvocation>(payload, "END");
        return (end.ExitCode is null) == (end.Signal is null) || end.CpuMicroseconds < 0 || end.MaxRssBytes < 0
            ? throw new ProtocolException("an END frame without exactly one of exitCode and signal, or with a negative cost")
            : end;
    }
}

/// <summary>The READY frame.</summary>
/// <param name="Protocol">The version of runtimes/PROTOCOL.md that the zygote speaks.</param>
/// <param name="Runtime">Its interpreter.</param>
/// <param name="Version">The interpreter's version.</param>
public sealed record RuntimeAnswer(int Protocol, string Runtime, string Version)
{
    /// <summary>The version of runtimes/PROTOCOL.md that the server speaks.</summary>
    public const int SpokenProtocol = 1;

    /// <summary>Reads the payload; throws <see cref="ProtocolException"/> for a zygote of another version, too.</summary>
    public static RuntimeAnswer Parse(ReadOnlySequence<byte> payload)
    {
        var answer = ZygoteJson.Parse<RuntimeAnswer>(payload, "READY");
        return answer.Protocol == SpokenProtocol
            ? answer
            : throw new ProtocolException($"the zygote speaks protocol {answer.Protocol}, the server {SpokenProtocol}: install both from the same release");
    }
}

/// <summary>JSON payloads of a zygote, with one kind of failure.</summary>
internal static class ZygoteJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.Strict,
    };

    public static T Parse<T>(ReadOnlySequence<byte> payload, string name)
    {
        var reader = new Utf8JsonReader(payload);
        try
        {
            return JsonSerializer.Deserialize<T>(ref reader, Options) ?? throw new ProtocolException($"{name} is null");
        }
        catch (JsonException fault)
        {
            throw new ProtocolException($"{name} is not the JSON that PROTOCOL.md promises: {fault.Message}", fault);
        }
    }
}
