using System.Text;
using System.Text.Json;
using Faas.Http.Wire.Problems;

namespace Faas.Http.Api.Calls;

/// <summary>
/// Reads a member of a call that lists files, <c>files</c> or <c>sources</c>: <c>[{"name", "text"} or {"name", "base64"}]</c>. A file of
/// an answer may be sent as it is, so <c>size</c> and <c>mediaType</c> are known, too, and mean nothing. Throws
/// <see cref="ProblemException"/>.
/// </summary>
public static class FilesReader
{
    private const string Name = "name", AsText = "text", AsBase64 = "base64";
    private static readonly string[] s_known = [Name, AsText, AsBase64, "size", "mediaType"];

    /// <summary>Reads the value that the reader stands at.</summary>
    /// <param name="json">The reader.</param>
    /// <param name="list">The name of the member.</param>
    /// <param name="add">Takes the name and the content of each file.</param>
    /// <param name="unknown">Gets a sentence for each member that is not known.</param>
    public static void Read(ref Utf8JsonReader json, string list, Action<string, byte[]> add, List<string> unknown)
    {
        if (json.TokenType != JsonTokenType.StartArray)
        {
            throw ProblemException.Malformed($"\"{list}\" must be an array of objects, not {MemberValue.Kind(json.TokenType)}.");
        }

        for (var number = 1; json.Read() && json.TokenType != JsonTokenType.EndArray; number++)
        {
            if (json.TokenType != JsonTokenType.StartObject)
            {
                throw ProblemException.Malformed(
                    $"\"{list}\" must be an array of objects; item {number} is {MemberValue.Kind(json.TokenType)}.");
            }

            ReadFile(ref json, $"item {number} of \"{list}\"", add, unknown);
        }
    }

    private static void ReadFile(ref Utf8JsonReader json, string where, Action<string, byte[]> add, List<string> unknown)
    {
        string? name = null;
        byte[]? text = null, bytes = null;
        while (json.Read() && json.TokenType != JsonTokenType.EndObject)
        {
            var member = MemberOf(ref json);
            if (member is null)
            {
                UnknownName.Add(unknown, "file", MemberNameOf(ref json), s_known);
            }

            json.Read();
            switch (member)
            {
                case Name:
                    name = Once(name, TextOf(ref json, member, where), member, where);
                    break;
                case AsText:
                    text = Once(text, Encoding.UTF8.GetBytes(TextOf(ref json, member, where)), member, where);
                    break;
                case AsBase64:
                    bytes = Once(bytes, BytesOf(ref json, name, where), member, where);
                    break;
                default:
                    json.Skip();
                    break;
            }
        }

        if (name is null)
        {
            throw ProblemException.Malformed($"\"name\" is missing in {where}.");
        }

        if (text is null == bytes is null)
        {
            throw ProblemException.Malformed(
                $"The file {MemberValue.Quoted(name)} has {(text is null ? "neither \"text\" nor" : "both \"text\" and")} \"base64\"; "
                + "it must have one of them.");
        }

        add(name, text ?? bytes!);
    }

    private static string? MemberOf(ref Utf8JsonReader json)
    {
        try
        {
            foreach (var known in s_known)
            {
                if (json.ValueTextEquals(known))
                {
                    return known;
                }
            }
        }
        catch (InvalidOperationException)
        {
            return null; // half of a surrogate pair
        }

        return null;
    }

    private static T Once<T>(T? before, T value, string member, string where)
        where T : class => before is null ? value : throw ProblemException.Malformed($"\"{member}\" appears twice in {where}.");

    private static string TextOf(ref Utf8JsonReader json, string member, string where)
    {
        if (json.TokenType != JsonTokenType.String)
        {
            throw ProblemException.Malformed($"\"{member}\" must be a string in {where}, not {MemberValue.Kind(json.TokenType)}.");
        }

        try
        {
            return json.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw ProblemException.Malformed($"\"{member}\" contains half of a surrogate pair in {where}.");
        }
    }

    private static byte[] BytesOf(ref Utf8JsonReader json, string? name, string where)
    {
        var file = name is null ? where : $"the file {MemberValue.Quoted(name)}";
        if (json.TokenType != JsonTokenType.String)
        {
            throw ProblemException.Malformed($"\"base64\" must be a string in {where}, not {MemberValue.Kind(json.TokenType)}.");
        }

        try
        {
            if (json.TryGetBytesFromBase64(out var bytes))
            {
                return bytes;
            }
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair is no base64 either.
        }

        throw ProblemException.Malformed(
            $"\"base64\" of {file} is {MemberValue.Shown(ref json)}, which is no base64 (RFC 4648, section 4, with padding).");
    }

    private static string MemberNameOf(ref Utf8JsonReader json)
    {
        try
        {
            return json.ValueSpan.Length > 200 ? "(a long name)" : json.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return "(a long name)";
        }
    }
}
