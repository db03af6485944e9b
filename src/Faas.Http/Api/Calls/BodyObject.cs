using System.Globalization;
using System.Text;
using System.Text.Json;
using Faas.Actors.Json;
using Faas.Http.Configuration;
using Faas.Http.Wire;
using Faas.Http.Wire.Problems;

namespace Faas.Http.Api.Calls;

/// <summary>
/// A JSON object in a body that changes something. It is read strictly: a name that is not known is refused, because a change whose
/// misspelt half is ignored is another change than the one that was meant. Each method throws <see cref="ProblemException"/>.
/// </summary>
/// <param name="members">The object.</param>
/// <param name="where">What the object is, in front of a member's name: empty, or <c>keep.</c></param>
public sealed class BodyObject(JsonElement members, string where = "")
{
    private static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false };

    /// <summary>The request's body.</summary>
    /// <param name="context">The request.</param>
    /// <param name="names">The names that are known.</param>
    public static Task<BodyObject> ReadAsync(HttpContext context, params string[] names) => ReadAsync(context, isOptional: false, names);

    /// <summary>The request's body, or an object without members if there is none.</summary>
    /// <param name="context">The request.</param>
    /// <param name="names">The names that are known.</param>
    public static Task<BodyObject> ReadOptionalAsync(HttpContext context, params string[] names) =>
        ReadAsync(context, isOptional: true, names);

    private static async Task<BodyObject> ReadAsync(HttpContext context, bool isOptional, string[] names)
    {
        using var body = await RequestBody.ReadAsync(context.Request, context.RequestServices.GetRequiredService<HttpOptions>());
        CallRecord.Of(context).InputBytes = body.Bytes.Length;
        return new BodyObject(Parse(isOptional && body.Bytes.IsEmpty ? "{}"u8 : body.Bytes)).Knowing(names);
    }

    /// <summary>An object that is the value of a member of a body.</summary>
    /// <param name="json">The object.</param>
    /// <param name="where">The name of the member.</param>
    /// <param name="names">The names that are known.</param>
    public static BodyObject Of(ReadOnlySpan<byte> json, string where, params string[] names)
    {
        try
        {
            return new BodyObject(JsonElement.Parse(json, s_strict), $"{where}.").Knowing(names);
        }
        catch (JsonException)
        {
            throw ProblemException.Malformed($"\"{where}\" has a member twice, or is nested too deep.");
        }
    }

    /// <summary>Whether the member is there.</summary>
    public bool Has(string name) => members.TryGetProperty(name, out _);

    /// <summary>Whether the member is there and is null.</summary>
    public bool IsNull(string name) => members.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Null;

    /// <summary>A boolean; null: it is not there.</summary>
    public bool? Flag(string name) => Find(name) is not { } value ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
        : throw Wrong(name, "true or false", value);

    /// <summary>A text; null: it is not there.</summary>
    public string? Text(string name) => Find(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.String ? Unescaped(name, value)
        : throw Wrong(name, "a string", value);

    /// <summary>A whole number; null: it is not there.</summary>
    public long? Number(string name, long least, long most) => Find(name) is not { } value ? null
        : value.ValueKind != JsonValueKind.Number ? throw Wrong(name, "a number", value)
        : value.TryGetInt64(out var number) && number >= least && number <= most ? number
        : throw ProblemException.Malformed($"\"{where}{name}\" is {value.GetRawText()}; allowed are whole numbers from {least} "
            + (most == long.MaxValue ? "on." : $"to {most}."));

    /// <summary>An object that is there.</summary>
    public BodyObject Object(string name, params string[] names) => members.GetProperty(name) is var value
        && value.ValueKind == JsonValueKind.Object
        ? new BodyObject(value, $"{where}{name}.").Knowing(names)
        : throw Wrong(name, "an object", value);

    /// <summary>A number; null: it is not there.</summary>
    public double? Decimal(string name, double least, double most) => Find(name) is not { } value ? null
        : value.ValueKind != JsonValueKind.Number ? throw Wrong(name, "a number", value)
        : value.GetDouble() is var number && number >= least && number <= most ? number
        : throw ProblemException.Malformed(string.Create(
            CultureInfo.InvariantCulture, $"\"{where}{name}\" is {value.GetRawText()}; allowed are {least} to {most}."));

    /// <summary>What a run is given: any value as JSON in UTF-8; null: it is not there.</summary>
    public byte[]? Input(string name)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        var input = Encoding.UTF8.GetBytes(value.GetRawText());
        MemberValue.CheckInput(input, $"\"{where}{name}\"");
        return input;
    }

    /// <summary>One of the words of an enum; null: it is not there.</summary>
    public T? Word<T>(string name)
        where T : struct, Enum => Text(name) is not { } text ? null
        : WireNames.TryParse<T>(text, out var value) ? value
        : throw ProblemException.Malformed($"\"{where}{name}\" is {UnknownName.Quoted(text)}; allowed are {WireNames.Allowed<T>()}.");

    /// <summary>An array of texts; null: it is not there.</summary>
    public IReadOnlyList<string>? Texts(string name) => Find(name) is not { } value ? null
        : value.ValueKind != JsonValueKind.Array ? throw Wrong(name, "an array of strings", value)
        : [.. value.EnumerateArray().Select((one, index) => one.ValueKind == JsonValueKind.String
            ? Unescaped($"{name}[{index}]", one)
            : throw Wrong($"{name}[{index}]", "a string", one))];

    /// <summary>An array of objects; null: it is not there.</summary>
    public IReadOnlyList<BodyObject>? Objects(string name, params string[] names) => Find(name) is not { } value ? null
        : value.ValueKind != JsonValueKind.Array ? throw Wrong(name, "an array", value)
        : [.. value.EnumerateArray().Select((one, index) => one.ValueKind == JsonValueKind.Object
            ? new BodyObject(one, $"{where}{name}[{index}].").Knowing(names)
            : throw Wrong($"{name}[{index}]", "an object", one))];

    private string Unescaped(string name, JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw MemberValue.HalfPair($"\"{where}{name}\"");
        }
    }

    /// <summary>What a value is, for a person.</summary>
    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "a boolean",
    };

    private static JsonElement Parse(ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty)
        {
            throw ProblemException.Malformed("The body is empty; it must be a JSON object.");
        }

        try
        {
            var value = JsonElement.Parse(body, s_strict);
            return value.ValueKind == JsonValueKind.Object
                ? value
                : throw ProblemException.Malformed($"The body must be a JSON object, not {Kind(value)}.");
        }
        catch (JsonException wrong)
        {
            throw ProblemException.Malformed(wrong.LineNumber is { } line
                ? $"The body is not valid JSON at line {line + 1}, byte {wrong.BytePositionInLine + 1}."
                : "The body is not valid JSON, or has a member twice.");
        }
    }

    private BodyObject Knowing(string[] names)
    {
        var unknown = members.EnumerateObject().Select(member => member.Name).FirstOrDefault(name => !names.Contains(name));
        return unknown is null ? this : throw UnknownName.InBody($"{where}{unknown}", names);
    }

    private JsonElement? Find(string name) => members.TryGetProperty(name, out var value) ? value : null;

    private ProblemException Wrong(string name, string allowed, JsonElement value) =>
        ProblemException.Malformed($"\"{where}{name}\" must be {allowed}, not {Kind(value)}.");
}
