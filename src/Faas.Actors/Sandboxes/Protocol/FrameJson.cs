using System.Buffers;
using System.Text.Json;

namespace Faas.Actors.Sandboxes.Protocol;

/// <summary>JSON payloads of a zygote, with one kind of failure.</summary>
internal static class FrameJson
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
