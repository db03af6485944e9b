using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;

namespace Faas.Actors.Scripts.Trees;

/// <summary>One file of a tree.</summary>
/// <param name="Name">Its name, valid by <see cref="SourceName"/>.</param>
/// <param name="Content">Its bytes.</param>
public sealed record SourceFile(string Name, ReadOnlyMemory<byte> Content)
{
    private static readonly string[] s_scripts =
        [".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx", ".py"];

    /// <summary>A file of text.</summary>
    public static SourceFile OfText(string name, string text) => new(name, Encoding.UTF8.GetBytes(text));

    /// <summary>Whether its bytes are UTF-8 without NUL, so that it is shown as text.</summary>
    public bool IsText => !Content.Span.Contains((byte)0) && Utf8.IsValid(Content.Span);

    /// <summary>Its bytes as text; those that are no UTF-8 become U+FFFD.</summary>
    public string Text => Encoding.UTF8.GetString(Content.Span);

    /// <summary>Whether the end of its name says that it is JavaScript, TypeScript or Python.</summary>
    public bool IsScript => s_scripts.Any(end => Name.EndsWith(end, StringComparison.OrdinalIgnoreCase));

    /// <summary>Lower-case hex SHA-256 of its bytes.</summary>
    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Content.Span));
}
