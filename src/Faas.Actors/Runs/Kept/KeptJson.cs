using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Faas.Actors.Scripts;

namespace Faas.Actors.Runs.Kept;

/// <summary>
/// The stored form of a kept run's parts: JSON, in which a member can be added that readers do without. A change that they could not do
/// without is another <see cref="Form"/>, and a reader of this one leaves such runs alone.
/// </summary>
public static class KeptJson
{
    /// <summary>The number of this form.</summary>
    public const int Form = 1;

    // Lines are many, and stay short in every language.
    private static readonly JsonTypeInfo<IReadOnlyList<KeptLine>> s_lines = new KeptJsonTypes(
        new JsonSerializerOptions(KeptJsonTypes.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping })
        .IReadOnlyListKeptLine;

    /// <summary>The bytes of a call.</summary>
    public static byte[] BytesOf(KeptCall call) => JsonSerializer.SerializeToUtf8Bytes(call, KeptJsonTypes.Default.KeptCall);

    /// <summary>The bytes of an end.</summary>
    public static byte[] BytesOf(KeptEnd end) => JsonSerializer.SerializeToUtf8Bytes(end, KeptJsonTypes.Default.KeptEnd);

    /// <summary>The bytes of an error.</summary>
    public static byte[] BytesOf(ScriptError error) => JsonSerializer.SerializeToUtf8Bytes(error, KeptJsonTypes.Default.ScriptError);

    /// <summary>The bytes of what a run hands on to.</summary>
    public static byte[] BytesOf(KeptThen then) => JsonSerializer.SerializeToUtf8Bytes(then, KeptJsonTypes.Default.KeptThen);

    /// <summary>The bytes of a failure.</summary>
    public static byte[] BytesOf(KeptFailure failure) => JsonSerializer.SerializeToUtf8Bytes(failure, KeptJsonTypes.Default.KeptFailure);

    /// <summary>The bytes of lines.</summary>
    public static byte[] BytesOf(IReadOnlyList<KeptLine> lines) => JsonSerializer.SerializeToUtf8Bytes(lines, s_lines);

    /// <summary>The bytes of what came of an attempt to send a callback.</summary>
    public static byte[] BytesOf(CallbackAnswer answer) =>
        JsonSerializer.SerializeToUtf8Bytes(answer, KeptJsonTypes.Default.CallbackAnswer);

    /// <summary>Reads a call. Throws <see cref="StoreException"/>.</summary>
    public static KeptCall CallOf(ReadOnlySpan<byte> bytes) => Read(bytes, KeptJsonTypes.Default.KeptCall);

    /// <summary>Reads an end. Throws <see cref="StoreException"/>.</summary>
    public static KeptEnd EndOf(ReadOnlySpan<byte> bytes) => Read(bytes, KeptJsonTypes.Default.KeptEnd);

    /// <summary>Reads a failure. Throws <see cref="StoreException"/>.</summary>
    public static KeptFailure FailureOf(ReadOnlySpan<byte> bytes) => Read(bytes, KeptJsonTypes.Default.KeptFailure);

    /// <summary>Reads what came of an attempt to send a callback. Throws <see cref="StoreException"/>.</summary>
    public static CallbackAnswer AnswerOf(ReadOnlySpan<byte> bytes) => Read(bytes, KeptJsonTypes.Default.CallbackAnswer);

    /// <summary>Reads lines. Throws <see cref="StoreException"/>.</summary>
    public static IReadOnlyList<KeptLine> LinesOf(ReadOnlySpan<byte> bytes) => Read(bytes, s_lines);

    private static T Read<T>(ReadOnlySpan<byte> bytes, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, type) ?? throw new JsonException("null");
        }
        catch (JsonException wrong)
        {
            throw new StoreException($"A kept run cannot be read: {wrong.Message.ReplaceLineEndings(" ")}", wrong);
        }
    }
}

/// <summary>How the parts are written. A chain may be nested deeply.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, MaxDepth = 1000)]
[JsonSerializable(typeof(KeptCall))]
[JsonSerializable(typeof(KeptEnd))]
[JsonSerializable(typeof(KeptFailure))]
[JsonSerializable(typeof(KeptThen))]
[JsonSerializable(typeof(CallbackAnswer))]
[JsonSerializable(typeof(IReadOnlyList<KeptLine>))]
internal sealed partial class KeptJsonTypes : JsonSerializerContext;
