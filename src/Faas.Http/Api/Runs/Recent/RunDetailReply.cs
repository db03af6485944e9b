using System.Text;
using System.Text.Json.Serialization;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Output;
using Faas.Actors.Runs.Recent;
using Faas.Actors.Scripts;
using Faas.Http.Wire;

namespace Faas.Http.Api.Runs.Recent;

/// <summary>One run, with what it has printed.</summary>
public sealed record RunDetailReply : RecentRunReply
{
    /// <summary>The same for a client.</summary>
    public RunDetailReply(RecentRun run)
        : base(run)
    {
        (Error, ExitCode, Signal) = (run.End?.Error is { } error ? RunErrorReply.Of(error) : null, run.End?.ExitCode, run.End?.Signal);
        var (lines, isCut) = run.Record.Log?.Lines() ?? ([], run.Record.IsLogForgotten);
        Log = [.. lines.Select(line => new LogLineReply(line.Stream, Encoding.UTF8.GetString(line.Bytes.Span)))];
        LogCut = isCut ? true : null;
    }

    /// <summary>The same of a kept run for a client.</summary>
    public RunDetailReply(KeptRun run)
        : base(run)
    {
        (Error, ExitCode, Signal) = (run.End?.Error is { } error ? RunErrorReply.Of(error) : null, run.End?.ExitCode, run.End?.Signal);
        (Log, LogCut) = ([.. run.Log.Select(line => new LogLineReply(line.Stream, line.Text))], run.Log.Count < run.Lines ? true : null);
        (Input, Result, ResultCut) = (RawJson.Of(run.Input), RawJson.Of(run.Result), run.End?.ResultCut);
        (Type, Hint) = (run.End?.Type, run.End?.Hint);
        Then = run.Call.Then is { } then ? RawJson.Of(KeptJson.BytesOf(then)) : null;
    }

    /// <summary>Of a kept run: what it was given.</summary>
    public RawJson? Input { get; init; }

    /// <summary>Of a kept run: what it hands on to.</summary>
    public RawJson? Then { get; init; }

    /// <summary>Of a kept run: what it returned.</summary>
    public RawJson? Result { get; init; }

    /// <summary>Of a kept run: the value is longer than what is kept; left out: it is not.</summary>
    public bool? ResultCut { get; init; }

    /// <summary>Of a kept run: what kind of value it returned.</summary>
    public DataType? Type { get; init; }

    /// <summary>Of a kept run: what may have gone otherwise than the script's author meant it.</summary>
    public string? Hint { get; init; }

    /// <summary>What the script threw, or where it does not compile.</summary>
    public RunErrorReply? Error { get; init; }

    /// <summary>The script's own exit status.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The signal that killed the script.</summary>
    public string? Signal { get; init; }

    /// <summary>The lines that it has printed, in the order of their ends.</summary>
    public IReadOnlyList<LogLineReply> Log { get; init; }

    /// <summary>Whether the beginning of the output, or all of it, is not kept; left out: it is.</summary>
    public bool? LogCut { get; init; }
}

/// <summary>One printed line.</summary>
/// <param name="Stream">Where it was printed.</param>
/// <param name="Text">The line, without its end.</param>
public sealed record LogLineReply(OutputStream Stream, string Text);

/// <summary>What a script threw, or where it does not compile.</summary>
/// <param name="Name">The name of the error's class.</param>
/// <param name="Message">Its message.</param>
/// <param name="Stack">Where it was thrown.</param>
/// <param name="Line">The line at which the script does not compile, from 1.</param>
/// <param name="Column">The column at which the script does not compile, from 1.</param>
/// <param name="File">The source file of a script of several files that does not compile.</param>
public sealed record RunErrorReply(string Name, string Message, string? Stack, int? Line, int? Column, string? File)
{
    /// <summary>The same for a client.</summary>
    public static RunErrorReply Of(ScriptError error) => new(error.Name, error.Message, error.Stack, error.Line, error.Column, error.File);
}

/// <summary>JSON of this room's records.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RunPageReply))]
[JsonSerializable(typeof(RunDetailReply))]
[JsonSerializable(typeof(RunEvent))]
[JsonSerializable(typeof(ActivityReply))]
internal sealed partial class RunsJson : JsonSerializerContext;
