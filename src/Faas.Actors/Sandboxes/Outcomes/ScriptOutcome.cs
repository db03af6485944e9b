using System.Text.Json;
using Faas.Actors.Linux;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Output;
using Faas.Actors.Sandboxes.Protocol;
using Faas.Actors.Scripts;

namespace Faas.Actors.Sandboxes.Outcomes;

/// <summary>
/// What a script did by its own account and by wait4(2), before anybody asks whether the server or the kernel ended
/// it. A script can write its result message itself, so nothing in it is trusted to be well formed.
/// </summary>
public static class ScriptOutcome
{
    /// <summary>The outcome of a run whose END came.</summary>
    /// <param name="result">The whole result message; null: the script never got to send one.</param>
    /// <param name="end">How its process went.</param>
    /// <param name="stdout">What it printed.</param>
    /// <param name="returned">The value in <paramref name="result"/>, if that has been read already.</param>
    public static Outcome Of(ResultMessage? result, EndFrame end, ByteTail stdout, ResultData? returned = null)
    {
        var outcome = result?.Kind switch
        {
            null => OfExit(end, stdout),
            'V' => (returned ?? ResultParser.FromJson(result.Payload)) is { } data
                ? new Outcome(Reason.Ok) { Data = data }
                : Forged("the returned value is not JSON"),
            'N' when result.Payload.IsEmpty => Printed(stdout),
            'E' when Parse<Thrown>(result) is { } thrown => Failed(Reason.Error, new ScriptError(thrown.Name ?? "Error", thrown.Message ?? "", thrown.Stack)),
            'S' when Parse<Misspelt>(result) is { } syntax => Failed(Reason.Syntax, new ScriptError("SyntaxError", syntax.Message ?? "", Line: syntax.Line, Column: syntax.Column)),
            _ => Forged("the result message is not one that a runtime writes"),
        };
        return outcome with { Usage = new Usage(TimeSpan.Zero, TimeSpan.FromMicroseconds(end.CpuMicroseconds), end.MaxRssBytes) };
    }

    /// <summary>The text with its line breaks turned into spaces, at most 1000 characters of it.</summary>
    public static string OneLine(string text)
    {
        var line = text.ReplaceLineEndings(" ").Trim();
        return line.Length <= 1000 ? line : string.Concat(line.AsSpan(0, 999), "…");
    }

    private static Outcome OfExit(EndFrame end, ByteTail stdout) => end switch
    {
        { Signal: { } signal } => new Outcome(Reason.Signal) { Signal = SignalNames.Of(signal), Detail = $"The script was killed by {SignalNames.Of(signal)}." },
        { ExitCode: 0 } => Printed(stdout),
        _ => new Outcome(Reason.Exit) { ExitCode = end.ExitCode, Detail = $"The script exited with status {end.ExitCode}." },
    };

    private static Outcome Printed(ByteTail stdout) => new(Reason.Ok) { Data = ResultParser.FromStdout(stdout.Read(), stdout.IsPartial) };

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

    private sealed record Misspelt(string? Message, int? Line, int? Column);
}
