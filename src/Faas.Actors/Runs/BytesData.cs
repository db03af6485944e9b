using System.Net.Http.Headers;
using System.Text.Json;

namespace Faas.Actors.Runs;

/// <summary>
/// A run's <c>data</c> where the script returned bytes: <c>{"base64":"…","mediaType":"image/png"}</c>, and what else the runtime says of
/// them. A script can forge such a message, so nothing of it is believed.
/// </summary>
public static class BytesData
{
    private const string Base64 = "base64";
    private const string MediaType = "mediaType";
    private const int LongestMediaType = 255; // characters

    /// <summary>The data; null: the message is no such object.</summary>
    public static ResultData? FromJson(ReadOnlyMemory<byte> json) =>
        ResultParser.FromJson(json) is { Type: DataType.Json } data && TryRead(data.Json, out _, out _)
            ? data with { Type = DataType.Bytes }
            : null;

    /// <summary>The bytes of a data of this type, and their media type, which is safe in a header.</summary>
    public static (string MediaType, byte[] Content) Read(ResultData data) =>
        TryRead(data.Json, out var mediaType, out var content)
            ? (mediaType, content)
            : throw new ArgumentException("The data is not that of returned bytes.", nameof(data));

    private static bool TryRead(ReadOnlyMemory<byte> json, out string mediaType, out byte[] content)
    {
        (mediaType, content) = ("", []);
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty(Base64, out var encoded)
                || !document.RootElement.TryGetProperty(MediaType, out var type)
                || encoded.ValueKind != JsonValueKind.String
                || type.ValueKind != JsonValueKind.String
                || !encoded.TryGetBytesFromBase64(out var bytes)
                || type.GetString() is not { Length: <= LongestMediaType } text
                || text.AsSpan().ContainsAnyExceptInRange(' ', '~')
                || !MediaTypeHeaderValue.TryParse(text, out _))
            {
                return false;
            }

            (mediaType, content) = (text, bytes);
            return true;
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            return false; // nested too deeply, or with half of a surrogate pair
        }
    }
}
