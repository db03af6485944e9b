using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Faas.Actors.Scripts;

namespace Faas.Actors.Schedules;

/// <summary>
/// The stored form of a schedule: JSON, in which a member can be added that readers do without. A change that they could not do without is
/// another <see cref="Form"/>, and a reader of this one leaves such schedules alone.
/// </summary>
public static class ScheduleJson
{
    /// <summary>The number of this form.</summary>
    public const int Form = 1;

    /// <summary>The bytes of a schedule.</summary>
    public static byte[] BytesOf(Schedule schedule) => JsonSerializer.SerializeToUtf8Bytes(schedule, ScheduleJsonTypes.Default.Schedule);

    /// <summary>The bytes of a failure.</summary>
    public static byte[] BytesOf(FireFailure failure) =>
        JsonSerializer.SerializeToUtf8Bytes(failure, ScheduleJsonTypes.Default.FireFailure);

    /// <summary>Reads a schedule. Throws <see cref="StoreException"/>.</summary>
    public static Schedule ScheduleOf(ReadOnlySpan<byte> bytes) => Read(bytes, ScheduleJsonTypes.Default.Schedule);

    /// <summary>Reads a failure. Throws <see cref="StoreException"/>.</summary>
    public static FireFailure FailureOf(ReadOnlySpan<byte> bytes) => Read(bytes, ScheduleJsonTypes.Default.FireFailure);

    private static T Read<T>(ReadOnlySpan<byte> bytes, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, type) ?? throw new JsonException("null");
        }
        catch (JsonException wrong)
        {
            throw new StoreException($"A schedule cannot be read: {wrong.Message.ReplaceLineEndings(" ")}", wrong);
        }
    }
}

/// <summary>How the parts are written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(Schedule))]
[JsonSerializable(typeof(FireFailure))]
internal sealed partial class ScheduleJsonTypes : JsonSerializerContext;
