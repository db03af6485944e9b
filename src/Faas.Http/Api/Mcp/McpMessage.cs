using System.Text.Json;
using System.Text.Unicode;
using Faas.Http.Wire.Problems;

namespace Faas.Http.Api.Mcp;

/// <summary>
/// What the server itself must know of a message before the protocol's library reads it: which call it begins or cancels, and what is
/// wrong with it that the library would not name. Source: Model Context Protocol 2025-11-25, "Cancellation" and "Tools".
/// </summary>
/// <param name="Method">The method; null: the message has none, or is no JSON object, which the library answers.</param>
/// <param name="Id">The request's id as JSON; null: it is a notification.</param>
/// <param name="Cancelled">The id, as JSON, of the request that a notification cancels; null: it cancels none.</param>
/// <param name="Wrong">What is wrong with the parameters of a call; null: nothing.</param>
internal readonly record struct McpMessage(string? Method, string? Id, string? Cancelled, string? Wrong)
{
    /// <summary>The request by which a client of before 2026-07-28 begins.</summary>
    public const string Initialize = "initialize";

    /// <summary>The request that calls a tool.</summary>
    public const string Call = "tools/call";

    private const string Cancel = "notifications/cancelled";
    private const int MaxId = 256;

    /// <summary>Reads it, without building the document; throws <see cref="ProblemException"/> where its texts are no Unicode.</summary>
    public static McpMessage Read(ReadOnlySpan<byte> body)
    {
        if (!Utf8.IsValid(body))
        {
            throw ProblemException.Malformed("The body is not valid UTF-8.");
        }

        try
        {
            return new Walk().Read(body);
        }
        catch (JsonException)
        {
            return default;
        }
        catch (InvalidOperationException)
        {
            throw ProblemException.Malformed("The body contains half of a surrogate pair.");
        }
    }

    // Looks at the members of the message, and at those of its params, in any order.
    private struct Walk
    {
        private string? _member, _param, _method, _id, _cancelled;
        private bool _named;
        private bool _otherArguments;

        public McpMessage Read(ReadOnlySpan<byte> body)
        {
            var json = new Utf8JsonReader(body);
            while (json.Read())
            {
                if (json.TokenType is JsonTokenType.PropertyName or JsonTokenType.String && json.ValueIsEscaped)
                {
                    json.GetString(); // throws where it is no Unicode
                }

                if (json.TokenType == JsonTokenType.PropertyName)
                {
                    Enter(ref json);
                }
                else if (json.TokenType is not (JsonTokenType.EndObject or JsonTokenType.EndArray))
                {
                    Take(ref json);
                }
            }

            return new McpMessage(_method, _id, _method == Cancel ? _cancelled : null, _method == Call ? WrongWithCall() : null);
        }

        private void Enter(ref Utf8JsonReader json)
        {
            if (json.CurrentDepth == 1)
            {
                (_member, _param) = (json.GetString(), null);
            }
            else if (json.CurrentDepth == 2)
            {
                _param = json.GetString();
            }
        }

        private void Take(ref Utf8JsonReader json)
        {
            switch (json.CurrentDepth, _member, _param)
            {
                case (1, "method", _):
                    _method = json.TokenType == JsonTokenType.String ? json.GetString() : null;
                    break;
                case (1, "id", _):
                    _id = IdOf(ref json);
                    break;
                case (2, "params", "requestId"):
                    _cancelled = IdOf(ref json);
                    break;
                case (2, "params", "name"):
                    _named = json.TokenType == JsonTokenType.String;
                    break;
                case (2, "params", "arguments"):
                    _otherArguments = json.TokenType is not (JsonTokenType.StartObject or JsonTokenType.Null);
                    break;
            }
        }

        private readonly string? WrongWithCall() => !_named ? "\"name\" must be a string, which names a tool."
            : _otherArguments ? "\"arguments\" must be an object."
            : null;

        // A text and a number that look the same are two ids.
        private static string? IdOf(ref Utf8JsonReader json) => json.TokenType switch
        {
            JsonTokenType.String when json.GetString() is { Length: <= MaxId } text => $"\"{JsonEncodedText.Encode(text)}\"",
            JsonTokenType.Number when json.TryGetInt64(out var number) => $"{number}",
            _ => null,
        };
    }
}
