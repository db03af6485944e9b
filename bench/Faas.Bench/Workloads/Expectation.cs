using System.Text;
using System.Text.Json;

namespace Faas.Bench.Workloads;

/// <summary>
/// Whether an answer is the right one. The first is read as JSON and compared by value; those after it have only to be
/// the same bytes, which costs next to nothing, and are read again when they are not.
/// </summary>
/// <param name="result">The value that must come, JSON.</param>
/// <param name="unwrap">Finds the value in an answer: <c>answer => answer.GetProperty("data")</c>.</param>
internal sealed class Expectation(string result, Func<JsonElement, JsonElement> unwrap)
{
    private readonly JsonElement _result = JsonDocument.Parse(result).RootElement;
    private byte[] _good = [];

    /// <summary>Throws <see cref="Load.CallFailedException"/> with the beginning of what came instead.</summary>
    public void Check(ReadOnlySpan<byte> answer)
    {
        if (!answer.IsEmpty && answer.SequenceEqual(_good))
        {
            return;
        }

        if (!IsRight(answer))
        {
            throw new Load.CallFailedException($"answered {Beginning(answer)}");
        }

        _good = answer.ToArray();
    }

    /// <summary>At most 200 bytes of an answer, on one line, for a message.</summary>
    public static string Beginning(ReadOnlySpan<byte> answer) =>
        answer.IsEmpty ? "nothing" : Encoding.UTF8.GetString(answer[..Math.Min(200, answer.Length)]).ReplaceLineEndings(" ");

    private bool IsRight(ReadOnlySpan<byte> answer)
    {
        try
        {
            var reader = new Utf8JsonReader(answer);
            using var document = JsonDocument.ParseValue(ref reader);
            return JsonElement.DeepEquals(unwrap(document.RootElement), _result);
        }
        catch (Exception wrong) when (wrong is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return false;
        }
    }
}
