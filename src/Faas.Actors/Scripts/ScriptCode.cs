using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Faas.Actors.Json;
using Faas.Actors.Scripts.Trees;

namespace Faas.Actors.Scripts;

/// <summary>A script's code, ready for its runtime: what a sandbox is bound to.</summary>
/// <param name="Language">What <paramref name="Source"/> is written in.</param>
/// <param name="Source">The code as uploaded; of a tree, the text of its entry.</param>
/// <param name="Hash">
/// Lower-case hex SHA-256 of the UTF-8 source, or the hash of the tree, or that of either with a lock: its name in the code store.
/// </param>
/// <param name="Compiled">esbuild's output for TypeScript and for trees; null for code that runs as it is.</param>
public sealed record ScriptCode(Language Language, string Source, string Hash, CompiledJavaScript? Compiled = null)
{
    /// <summary>All files of a script of several files; null: the source is a single text.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonConverter(typeof(SourceTreeConverter))]
    public SourceTree? Tree { get; init; }

    /// <summary>The libraries that the upload names beside those that the source declares; null: it names none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Dependencies? Dependencies { get; init; }

    /// <summary>The versions of its libraries, and of all that these need, in the words of their installer; null: it has none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Lock { get; init; }

    /// <summary>
    /// Whether its sandboxes must see the layer of its lock: all libraries of Python are there, and of JavaScript and TypeScript those that
    /// are not in the bundle.
    /// </summary>
    [JsonIgnore]
    public bool NeedsLayer => Lock is not null && (Language == Language.Python || Compiled is { NeedsLayer: true });

    /// <summary>The hash of the source alone: what its author wrote.</summary>
    [JsonIgnore]
    public string SourceHash => Lock is null ? Hash : Tree?.Hash ?? HashOf(Source);

    /// <summary>The length of the source in bytes: of a text in UTF-8, of a tree that of all its files.</summary>
    [JsonIgnore]
    public int Bytes => Tree?.Bytes ?? Encoding.UTF8.GetByteCount(Source);

    /// <summary>The runtime that executes this language.</summary>
    public Runtime Runtime => RuntimeOf(Language);

    /// <summary>Identifies the code in caches and to bound sandboxes: the same text in another language is another program.</summary>
    public string Key => KeyOf(Language, Hash);

    /// <summary>The <see cref="Key"/> of code that is known by its hash alone.</summary>
    public static string KeyOf(Language language, string hash) => $"{language.ToWire()}:{hash}";

    /// <summary>The runtime that executes a language.</summary>
    public static Runtime RuntimeOf(Language language) => language == Language.Python ? Runtime.Python : Runtime.Node;

    /// <summary>Wraps source text and computes its hash.</summary>
    public static ScriptCode Of(Language language, string source) => new(language, source, HashOf(source));

    /// <summary>Wraps a tree.</summary>
    public static ScriptCode Of(Language language, SourceTree tree) => new(language, tree.EntryText, tree.Hash) { Tree = tree };

    /// <summary>
    /// The code with its libraries. The same source with other versions of its libraries is other code, so the lock is part of the hash.
    /// The text that is hashed begins with a NUL, which no source that is a single text has.
    /// </summary>
    public ScriptCode With(string @lock) => this with
    {
        Lock = @lock,
        Hash = HashOf($"\0faas lock {SourceHash}\n{Dependencies}\n\n{@lock}"),
    };

    /// <summary>Lower-case hex SHA-256 of the UTF-8 text.</summary>
    public static string HashOf(string source) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(source)));
}
