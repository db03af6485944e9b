using System.Text.Json;
using Faas.Actors.Scripts;
using Microsoft.Extensions.Primitives;

namespace Faas.Http.Api.Functions;

/// <summary>Reads the headers that a script wants to answer with: an object of texts, or of arrays of texts.</summary>
public static class FunctionHeaders
{
    /// <summary>The headers without those of <see cref="HopByHop"/>; throws <see cref="FunctionReplyException"/>.</summary>
    public static IReadOnlyList<KeyValuePair<string, StringValues>> Of(JsonElement headers)
    {
        if (headers.ValueKind != JsonValueKind.Object)
        {
            throw new FunctionReplyException("has \"headers\" that are no object");
        }

        var read = new List<KeyValuePair<string, StringValues>>();
        foreach (var header in headers.EnumerateObject())
        {
            if (!HeaderName.IsValid(header.Name))
            {
                throw new FunctionReplyException("has a header whose name is not made of letters, digits and !#$%&'*+-.^_`|~");
            }

            if (!HopByHop.Is(header.Name))
            {
                read.Add(new(header.Name, ValuesOf(header)));
            }
        }

        return read;
    }

    private static StringValues ValuesOf(JsonProperty header) => header.Value.ValueKind == JsonValueKind.Array
        ? new StringValues([.. header.Value.EnumerateArray().Select(value => ValueOf(header.Name, value))])
        : new StringValues(ValueOf(header.Name, header.Value));

    // Visible ASCII, spaces and tabs: what Kestrel sends without changing it (RFC 9110, section 5.5).
    private static string ValueOf(string name, JsonElement value)
    {
        var text = value.ValueKind switch
        {
            JsonValueKind.String => value.ToString(),
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
            _ => throw new FunctionReplyException($"has a header {name} that is neither a text nor an array of texts"),
        };
        return text.All(c => c is '\t' or (>= ' ' and <= '~'))
            ? text
            : throw new FunctionReplyException($"has a header {name} with a line break, or another character than printable ASCII");
    }
}
