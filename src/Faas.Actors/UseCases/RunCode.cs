using Faas.Actors.Json;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Recent;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Compilation;

namespace Faas.Actors.UseCases;

/// <summary>Runs code that is not stored, in a sandbox of its own.</summary>
public sealed class RunCode(
    IScriptCompiler compiler,
    Runner runner,
    UseCaseOptions options,
    RecentLocks locks,
    SecretSupply secrets,
    RecentRuns? recent = null,
    TimeProvider? time = null)
{
    /// <summary>Runs it. Throws <see cref="OperationCanceledException"/> when the caller leaves before there is an outcome.</summary>
    /// <param name="request">What to run.</param>
    /// <param name="sink">Takes the output while it comes; null: the result has it at the end.</param>
    /// <param name="cancellation">Cancelled when the caller leaves; the run is then killed.</param>
    public async Task<RunResult> ExecuteAsync(RunCodeRequest request, IRunSink? sink, CancellationToken cancellation)
    {
        if (request.Settings is { } chosen && options.ImageRefusal(chosen, ScriptCode.RuntimeOf(request.Language)) is { } wrong)
        {
            return new RunNotTaken(Refusal.Malformed(wrong), Version: null);
        }

        var source = request.Code;
        var (code, failure) = await compiler.PrepareCodeAsync(locks.On(source), log: null, cancellation);
        if (code is not null && ImageLock.Refuse(options.Images, request.Settings?.Image, code) is { } differs)
        {
            (code, failure) = (null, differs);
        }

        if (code is null)
        {
            Note(request, sink is not null, failure!);
            return new RunFinished(failure!, Streamed: false, Version: null);
        }

        locks.Keep(source, code);
        var (callId, input, withUsage, key, withLogs) = request.Arguments;
        var run = new Run(
            RunIds.Next(callId),
            Run.RunNowQueue,
            code,
            RunMode.Execute,
            Isolation.Sandbox,
            input,
            Stream: sink is not null,
            Version: null,
            withUsage,
            options.OwnerOf(key),
            request.Settings?.Handler,
            WithLogs: withLogs,
            Settings: request.Settings is { } settings ? options.RunSettingsOf(settings) : null)
        {
            TraceParent = request.Arguments.TraceParent,
            Files = request.Arguments.Files,
            GivesFiles = request.Arguments.TakesFiles,
        };
        var record = recent?.Begin(run, request.Arguments.Call, key, alias: null);
        if ((options.Network.Refuse(run.Settings) ?? TooMuch(run)) is { } refusal)
        {
            recent?.Refuse(record, refusal.Reason.ToWire(), refusal.Detail);
            return new RunNotTaken(refusal, Version: null);
        }

        var (supplied, missing) = secrets.Supply(path: null, run);
        if (supplied is null)
        {
            recent?.Refuse(record, missing!.Reason.ToWire(), missing.Detail);
            return new RunNotTaken(missing!, Version: null);
        }

        return await runner.RunAsync(supplied, sink, cancellation, record);
    }

    private Refusal? TooMuch(Run run) => run.Files.Count > 0 ? FilesOfRun.Check(run, options.DefaultTmpBytes) : null;

    // It never became a run, but its caller wants to find it.
    private void Note(RunCodeRequest request, bool isStream, Outcome failure)
    {
        if (recent is not null && request.Arguments.Call is { } call)
        {
            recent.End(
                recent.Begin(new RunRecord(time ?? TimeProvider.System)
                {
                    Id = RunIds.Next(request.Arguments.CallId),
                    Path = Run.RunNowQueue,
                    Language = request.Language,
                    Isolation = Isolation.Sandbox,
                    Call = call,
                    Key = request.Arguments.Key,
                    Stream = isStream,
                    InputBytes = request.Arguments.Input.Length,
                }),
                failure);
        }
    }
}
