using System.Text.Json.Serialization;

namespace Faas.Actors.Scripts;

/// <summary>One line of the list.</summary>
public sealed record ScriptSummary(string Path, ScriptVersion Latest, int Versions)
{
    /// <summary>Whether clients may call the script as a tool. Not part of the line: the list of tools says it.</summary>
    [JsonIgnore]
    public bool IsTool { get; init; }
}
