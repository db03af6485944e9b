using System.Text;
using System.Text.Json.Nodes;

namespace Faas.Client;

/// <summary>One file of a script of several files: its content is text, or else bytes.</summary>
/// <param name="Name">Its name below the folder of all, such as <c>lib/math.js</c>.</param>
/// <param name="Text">Its content as text; null: it is in <paramref name="Base64"/>.</param>
/// <param name="Base64">Its content in base64; null: it is in <paramref name="Text"/>.</param>
public sealed record TreeFile(string Name, string? Text = null, string? Base64 = null)
{
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>A file of these bytes: as text, if they are UTF-8.</summary>
    public static TreeFile Of(string name, byte[] content)
    {
        ArgumentNullException.ThrowIfNull(content);
        try
        {
            return content.AsSpan().Contains((byte)0)
                ? new TreeFile(name, Base64: Convert.ToBase64String(content))
                : new TreeFile(name, s_strict.GetString(content));
        }
        catch (DecoderFallbackException)
        {
            return new TreeFile(name, Base64: Convert.ToBase64String(content));
        }
    }

    /// <summary>The content as bytes.</summary>
    public byte[] ToBytes() => Text is null ? Convert.FromBase64String(Base64 ?? "") : Encoding.UTF8.GetBytes(Text);

    // The members of a body that say what runs.
    internal static void Write(JsonObject body, string code, IReadOnlyList<TreeFile>? sources, string? entry)
    {
        if (sources is null)
        {
            body["code"] = code;
            return;
        }

        body["sources"] = new JsonArray([.. sources.Select(file => file.Text is null
            ? new JsonObject { ["name"] = file.Name, ["base64"] = file.Base64 }
            : new JsonObject { ["name"] = file.Name, ["text"] = file.Text })]);
        if (entry is not null)
        {
            body["entry"] = entry;
        }
    }
}

/// <summary>The source files of a version.</summary>
/// <param name="Version">Its number.</param>
/// <param name="Sources">The files, sorted by name; of a version with a single text none.</param>
public sealed record ScriptSources(long Version, IReadOnlyList<TreeFile> Sources)
{
    /// <summary>The name of the file that runs; null: the version has a single text.</summary>
    public string? Entry { get; init; }

    /// <summary>The versions of its libraries, in the words of their installer; null: it has none.</summary>
    public string? Lock { get; init; }
}
