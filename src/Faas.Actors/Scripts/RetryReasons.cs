using System.Text.Json;
using System.Text.Json.Serialization;
using Faas.Actors.Json;

namespace Faas.Actors.Scripts;

/// <summary>
/// Reasons after which a run is started again, each once. Immutable, and equal to every other one with the same reasons. It is stored as a
/// JSON array.
/// </summary>
[JsonConverter(typeof(RetryReasonsConverter))]
public sealed class RetryReasons : IEquatable<RetryReasons>
{
    private readonly RetryReason[] _reasons;

    private RetryReasons(RetryReason[] reasons) => _reasons = reasons;

    /// <summary>The reasons.</summary>
    public IReadOnlyList<RetryReason> Reasons => _reasons;

    /// <summary>These reasons, each once; null: none are given.</summary>
    public static RetryReasons? Of(IEnumerable<RetryReason> reasons)
    {
        RetryReason[] ordered = [.. reasons.Distinct().Order()];
        return ordered.Length == 0 ? null : new RetryReasons(ordered);
    }

    /// <inheritdoc/>
    public bool Equals(RetryReasons? other) => other is not null && _reasons.AsSpan().SequenceEqual(other._reasons);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as RetryReasons);

    /// <inheritdoc/>
    public override int GetHashCode() => _reasons.Aggregate(0, HashCode.Combine);

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", _reasons.Select(reason => reason.ToWire()));
}

/// <summary>The JSON array of <see cref="RetryReasons"/>.</summary>
public sealed class RetryReasonsConverter : JsonConverter<RetryReasons>
{
    /// <inheritdoc/>
    public override RetryReasons Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var reasons = new List<RetryReason>();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException($"{reader.TokenType} where reasons are expected.");
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            reasons.Add(reader.TokenType == JsonTokenType.String && WireNames.TryParse<RetryReason>(reader.GetString(), out var reason)
                ? reason
                : throw new JsonException($"No reason for another attempt is called so; known are {WireNames.Allowed<RetryReason>()}."));
        }

        return RetryReasons.Of(reasons) ?? throw new JsonException("An empty array where reasons are expected.");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, RetryReasons value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var reason in value.Reasons)
        {
            writer.WriteStringValue(reason.ToWire());
        }

        writer.WriteEndArray();
    }
}
