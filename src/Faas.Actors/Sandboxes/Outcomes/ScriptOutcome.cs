using System.Text.Json;
using Faas.Actors.Linux;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Output;
using Faas.Actors.Sandboxes.Protocol;
using Faas.Actors.Scripts;

namespace Faas.Actors.Sandboxes.Outcomes;

/// <summary>
/// What a script did according to its result message and to wait4(2). Whether the server or the kernel ended it is not considered
/// here (<see cref="OutcomeClassifier"/>). A script can forge its result message, so the message may be malformed in any way.
/// </summary>
public static class ScriptOutcome
{
    /// <summary>The outcome of a run whose END came.</summary>
    /// <param name="result">The whole result message; null: none came.</param>
    /// <param name="end">The END frame.</param>
    /// <param name="stdout">What the script printed to stdout.</param>
    /// <param name="returned">The value in <paramref name="result"/>, if it has been parsed already.</param>
    public static Outcome Of(ResultMessage? result, EndFrame end, ByteTail stdout, ResultData? returned = null)
    {
        var outcome = result?.Kind switch
        {
            null => OfExit(end, stdout),
            'V' => (returned ?? ResultParser.FromJson(result.Payload)) is { } data
                ? new Outcome(Reason.Ok) { Data = data }
                : Forged("the returned value is not JSON"),
            'B' => (returned ?? BytesData.FromJson(result.Payload)) is { } data
                ? new Outcome(Reason.Ok) { Data = data }
                : Forged("the returned bytes are not in the form of a runtime"),
            'N' when result.Payload.IsEmpty => Printed(stdout),
            'N' when Parse<Uncalled>(result) is { Handler: null or { Length: <= HandlerName.MaxLength } } uncalled =>
                Hinted(Printed(stdout), uncalled.Handler),
            'E' when Parse<Thrown>(result) is { } thrown =>
                Failed(Reason.Error, new ScriptError(thrown.Name ?? "Error", thrown.Message ?? "", thrown.Stack)),
            'S' when Parse<Misspelt>(result) is { } syntax =>
                Failed(Reason.Syntax, new ScriptError(
                    syntax.Name ?? "SyntaxError", syntax.Message ?? "", Line: syntax.Line, Column: syntax.Column, File: syntax.File)),
            _ => Forged("the result message is not one that a runtime writes"),
        };
        return outcome with { Usage = new Usage(TimeSpan.Zero, TimeSpan.FromMicroseconds(end.CpuMicroseconds), end.MaxRssBytes) };
    }

    /// <summary>A good outcome with the files that the run gives back; one whose files cannot be given back is none.</summary>
    public static Outcome WithFiles(Outcome ok, OutRefusal? refusal, IReadOnlyList<RunFile> files) => refusal switch
    {
        null when files.Count == 0 => ok,
        null => ok with { Files = files },
        { Over: true } => new Outcome(Reason.OutputLimit) { Detail = OneLine(refusal.Detail), Usage = ok.Usage },
        _ => Failed(Reason.Error, new ScriptError("Error", OneLine(refusal.Detail))) with { Usage = ok.Usage },
    };

    /// <summary>The text in one line: line breaks become spaces, and the line ends after 1000 characters.</summary>
    public static string OneLine(string text)
    {
        var line = text.ReplaceLineEndings(" ").Trim();
        return line.Length <= 1000 ? line : string.Concat(line.AsSpan(0, 999), "…");
    }

    private static Outcome OfExit(EndFrame end, ByteTail stdout) => end switch
    {
        { Signal: { } signal } => new Outcome(Reason.Signal)
        {
            Signal = SignalNames.Of(signal),
            Detail = $"The script was killed by {SignalNames.Of(signal)}.",
        },
        { ExitCode: 0 } => Printed(stdout),
        _ => new Outcome(Reason.Exit) { ExitCode = end.ExitCode, Detail = $"The script exited with status {end.ExitCode}." },
    };

    private static Outcome Printed(ByteTail stdout) => new(Reason.Ok) { Data = ResultParser.FromStdout(stdout.Read(), stdout.IsPartial) };

    private static Outcome Hinted(Outcome printed, string? handler) => handler is not null
        ? printed with
        {
            Hint = $"The script has a handler, {OneLine(handler)}, which was not called because the script printed something. "
                + "To have it called, name it as \"handler\" in the upload.",
        }
        : ReferenceEquals(printed.Data, ResultParser.Null)
        ? printed with
        {
            Hint = "The script returned nothing, printed nothing and has no handler. Return or print the value, or define a handler "
                + "(docs/scripts.md says which names are handlers).",
        }
        : printed;

    private static Outcome Failed(Reason reason, ScriptError error) => new(reason)
    {
        Error = error,
        Detail = OneLine(error.Message.Length == 0 ? error.Name : $"{error.Name}: {error.Message}"),
    };

    private static Outcome Forged(string what) => new(Reason.Error)
    {
        Error = new ScriptError("Error", $"The script wrote to its result pipe: {what}."),
        Detail = $"The script wrote to its result pipe: {what}.",
    };

    private static T? Parse<T>(ResultMessage result)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(result.Payload.Span, JsonSerializerOptions.Web);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record Thrown(string? Name, string? Message, string? Stack);

    private sealed record Uncalled(string? Handler);

    private sealed record Misspelt(string? Name, string? Message, int? Line, int? Column, string? File);
}
