using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Recent;
using Faas.Actors.Runs.Reply;

namespace Faas.Actors.UseCases.Kept;

/// <summary>What is stored of a call when its run is kept.</summary>
public static class KeptCalls
{
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(2);

    /// <summary>The call's part of the record.</summary>
    public static KeptCall Of(UseCaseOptions options, RunScriptRequest request, FoundScript found, KeptTerms terms) => new()
    {
        Path = request.Path,
        Version = found.Version.Number,
        Alias = found.Alias,
        Language = found.Version.Language,
        Isolation = options.IsolationOf(found.Version.Settings.Isolation),
        Via = terms.Schedule is not null ? RunVia.Schedule : terms.TaskTtl is not null ? RunVia.Tool : RunVia.Run,
        TaskTtl = terms.TaskTtl,
        Schedule = terms.Schedule,
        Received = terms.Received,
        Key = request.Arguments.Key,
        Caller = terms.Caller,
        Priority = terms.Priority,
        Then = terms.Then,
        NotBefore = terms.NotBefore,
        TraceParent = request.Arguments.TraceParent,
        Retention = found.Version.Settings.Retention,
        Callback = terms.Callback,
        InputBytes = request.Arguments.Input.Length,
    };

    /// <summary>Why such an input cannot be kept; null: it can.</summary>
    public static Refusal? RefusalOf(int inputBytes, KeptRunsOptions kept) => inputBytes <= kept.InputBytes
        ? null
        : Refusal.TooLarge($"\"input\" has {inputBytes} bytes; that of a kept run may have {kept.InputBytes} (faas.runs.kept.input-size).");

    /// <summary>Why the store did not take a run of this script.</summary>
    public static Refusal Full(KeptAcceptance acceptance, string path, KeptRunsOptions kept) => new(
        RefusalReason.QueueFull,
        acceptance switch
        {
            KeptAcceptance.QueueFull => $"{kept.Queue} asynchronous runs wait already (faas.runs.kept.queue).",
            KeptAcceptance.PathFull =>
                $"{kept.QueuePerPath} asynchronous runs of the script \"{path}\" wait already (faas.runs.kept.queue-per-path).",
            _ => "The inputs of the asynchronous runs that wait take too much of the store (faas.runs.kept.max-size).",
        },
        s_soon);
}
