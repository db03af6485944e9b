using Faas.Actors.Json;
using Faas.Actors.Runs.Recent;

namespace Faas.Actors.UseCases;

/// <summary>Runs a version of a stored script.</summary>
public sealed class RunScript(
    ScriptLookup scripts, Runner runner, UseCaseOptions options, SecretSupply secrets, RecentRuns? recent = null)
{
    /// <summary>Runs it. Throws <see cref="OperationCanceledException"/> when the caller leaves before there is an outcome.</summary>
    /// <param name="request">What to run.</param>
    /// <param name="sink">Takes the output while it comes; null: the result has it at the end.</param>
    /// <param name="cancellation">Cancelled when the caller leaves; the run is then killed.</param>
    public async Task<RunResult> ExecuteAsync(RunScriptRequest request, IRunSink? sink, CancellationToken cancellation)
    {
        var (found, refusal) = await scripts.FindToRunAsync(request.Path, request.Version, request.HeaderOf, cancellation);
        return found is null
            ? new RunNotTaken(refusal!, Version: null)
            : await ExecuteAsync(request.Path, found, request.Arguments, sink, cancellation);
    }

    /// <summary>Runs a version that was found already.</summary>
    /// <param name="path">The script.</param>
    /// <param name="found">The version.</param>
    /// <param name="arguments">What the run is given.</param>
    /// <param name="sink">Takes the output while it comes; null: the result has it at the end.</param>
    /// <param name="cancellation">Cancelled when the caller leaves; the run is then killed.</param>
    public async Task<RunResult> ExecuteAsync(
        string path, FoundScript found, RunArguments arguments, IRunSink? sink, CancellationToken cancellation)
    {
        var (version, code) = found;
        var run = VersionRun.Of(options, path, version.Number, version.Settings, code, arguments, sink is not null, found.IsLatest);
        var record = recent?.Begin(run, arguments.Call, arguments.Key, found.Alias);
        if (record is not null)
        {
            arguments.Noted?.Invoke(record);
        }

        if (options.Network.Refuse(run.Settings) is { } unsupported)
        {
            recent?.Refuse(record, unsupported.Reason.ToWire(), unsupported.Detail);
            return new RunNotTaken(unsupported, version.Number);
        }

        if (run.Files.Count > 0 && FilesOfRun.Check(run, options.DefaultTmpBytes) is { } tooMuch)
        {
            recent?.Refuse(record, tooMuch.Reason.ToWire(), tooMuch.Detail);
            return new RunNotTaken(tooMuch, version.Number);
        }

        if (options.ImageRefusal(version.Settings, code.Runtime) is { } missing)
        {
            var refusal = Refusal.NoImage(path, version.Number, missing);
            recent?.Refuse(record, refusal.Reason.ToWire(), refusal.Detail);
            return new RunNotTaken(refusal, version.Number);
        }

        if (run.Settings is { HasSecrets: true })
        {
            var (supplied, refusal) = secrets.Supply(path, run);
            if (supplied is null)
            {
                recent?.Refuse(record, refusal!.Reason.ToWire(), refusal.Detail);
                return new RunNotTaken(refusal!, version.Number);
            }

            run = supplied;
        }

        var forwarded = arguments.IsKept ? arguments with { WithUsage = true, WithLogs = sink is null } : arguments;
        return await runner.RunAsync(
            run, sink, cancellation, record, arguments.IsForwarded || arguments.StaysHere ? null : new StoredRun(path, found, forwarded));
    }
}
