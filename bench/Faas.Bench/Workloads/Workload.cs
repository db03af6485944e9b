using System.Globalization;
using Faas.Actors.Json;
using Faas.Actors.Scripts;

namespace Faas.Bench.Workloads;

/// <summary>One function in one language, with what it is called with and what it must answer.</summary>
/// <param name="Case">What it stands for: <c>hello</c>.</param>
/// <param name="Language">What it is written in.</param>
/// <param name="Source">Its code, in the form that <c>/upload</c> takes: it sees <c>event</c> and returns.</param>
/// <param name="Input">The event, JSON.</param>
/// <param name="Result">What it returns, JSON.</param>
/// <param name="Printed">What it prints, when its output is streamed; null: it is called for its result.</param>
/// <param name="IsFlood">It prints so much that a call is measured for what goes through it, not for how long it takes.</param>
internal sealed record Workload(
    string Case, Language Language, string Source, string Input, string Result, Printed? Printed = null, bool IsFlood = false)
{
    public string Name => $"{Case} in {Language.ToWire()}";

    /// <summary>A script's path and a folder's name: <c>10-000-lines-streamed-python</c>.</summary>
    public string Path =>
        string.Concat($"{Case} {Language.ToWire()}".ToLowerInvariant().Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-'));

    /// <summary>The same function in another text: to the server, whose caches go by the text, it is another script.</summary>
    public Workload Text(int number) => this with { Source = $"{(Language == Language.Python ? "#" : "//")} {TextMark(number)}\n{Source}" };

    /// <summary>What tells a numbered text from the others; all marks have the same length.</summary>
    public static string TextMark(int number) => string.Create(CultureInfo.InvariantCulture, $"text {number:D10}");
}

/// <summary>What a streamed script prints.</summary>
/// <param name="Lines">How many lines.</param>
/// <param name="Bytes">All of them, ends of lines included.</param>
internal sealed record Printed(long Lines, long Bytes);
