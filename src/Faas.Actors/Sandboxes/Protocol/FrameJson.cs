using System.Buffers;
using System.Text.Json;

namespace Faas.Actors.Sandboxes.Protocol;

/// <summary>Reads the JSON payloads of a zygote's frames.</summary>
internal static class FrameJson
{
    private static readonly JsonSerializerOptions s_options = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.Strict,
    };

    /// <summary>
    /// Reads a payload. Throws <see cref="ProtocolException"/>, which names the frame, when it is not as PROTOCOL.md says.
    /// </summary>
    public static T Parse<T>(ReadOnlySequence<byte> payload, string name)
    {
        var reader = new Utf8JsonReader(payload);
        try
        {
            return JsonSerializer.Deserialize<T>(ref reader, s_options) ?? throw new ProtocolException($"{name} is null");
        }
        catch (JsonException fault)
        {
            throw new ProtocolException($"{name} is not the JSON that PROTOCOL.md promises: {fault.Message}", fault);
        }
    }
}
