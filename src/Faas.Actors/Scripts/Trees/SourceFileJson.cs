using System.Text.Json.Serialization;

namespace Faas.Actors.Scripts.Trees;

/// <summary>One file of a tree as JSON: its name, and its content as text or, where that is no text, in base64.</summary>
/// <param name="Name">The name.</param>
/// <param name="Text">The content as text.</param>
/// <param name="Base64">The content in base64.</param>
public sealed record SourceFileJson(
    string Name,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Text = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Base64 = null)
{
    /// <summary>A file as JSON.</summary>
    public static SourceFileJson Of(SourceFile file) => file.IsText
        ? new SourceFileJson(file.Name, Text: file.Text)
        : new SourceFileJson(file.Name, Base64: Convert.ToBase64String(file.Content.Span));

    /// <summary>All files of a tree.</summary>
    public static IReadOnlyList<SourceFileJson> Of(SourceTree tree) => [.. tree.Files.Select(Of)];

    /// <summary>
    /// The tree of these files, which may come from outside and so lack a name, or be null; throws <see cref="FormatException"/> or
    /// <see cref="ArgumentException"/> if they are none.
    /// </summary>
    public static SourceTree TreeOf(string entry, IEnumerable<SourceFileJson?> files) =>
        SourceTree.Of(entry, files.Select(FileOf));

    private static SourceFile FileOf(SourceFileJson? file) => file switch
    {
        { Name: not null, Text: { } text, Base64: null } => SourceFile.OfText(file.Name, text),
        { Name: not null, Text: null, Base64: { } base64 } => new SourceFile(file.Name, Convert.FromBase64String(base64)),
        _ => throw new FormatException("A file needs a name, and one of text and base64."),
    };
}
