using System.Text.Json;
using Faas.Actors.Json;

namespace Faas.Actors.Scripts;

/// <summary>One version of a script. Its code is in the code store, under its hash.</summary>
/// <param name="Number">Unix seconds of the upload, raised where needed so that versions of a path strictly increase.</param>
/// <param name="Language">The code's language.</param>
/// <param name="CodeHash">SHA-256 of the source, lower-case hex.</param>
/// <param name="CodeBytes">UTF-8 length of the source.</param>
/// <param name="At">When it was uploaded.</param>
/// <param name="Settings">What its author says about its runs.</param>
public sealed record ScriptVersion(
    long Number, Language Language, string CodeHash, int CodeBytes, DateTimeOffset At, ScriptSettings Settings)
{
    /// <summary>Whether code and settings are those of this version.</summary>
    public bool IsOf(Language language, string codeHash, ScriptSettings settings) =>
        Language == language && CodeHash == codeHash && (Settings == settings || JsonOf(Settings).SequenceEqual(JsonOf(settings)));

    // Settings with members that hold several values are not equal to their copies; what would be stored of them is.
    private static byte[] JsonOf(ScriptSettings settings) =>
        JsonSerializer.SerializeToUtf8Bytes(settings, RelaxedJson.SerializerOptions);
}
