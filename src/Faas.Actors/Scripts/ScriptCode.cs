using System.Security.Cryptography;
using System.Text;
using Faas.Actors.Json;

namespace Faas.Actors.Scripts;

/// <summary>A script's code, ready for its runtime: what a sandbox is bound to.</summary>
/// <param name="Language">What <paramref name="Source"/> is written in.</param>
/// <param name="Source">The code as uploaded.</param>
/// <param name="Hash">Lower-case hex SHA-256 of the UTF-8 source: its name in the code store.</param>
/// <param name="Compiled">esbuild's output for TypeScript; null for the languages that run as they are.</param>
public sealed record ScriptCode(Language Language, string Source, string Hash, CompiledTypeScript? Compiled = null)
{
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

    /// <summary>Lower-case hex SHA-256 of the UTF-8 text.</summary>
    public static string HashOf(string source) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(source)));
}
