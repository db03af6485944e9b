using Akka.Hosting;
using Faas.Actors.Runs;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Code;
using Faas.Actors.Scripts.Compilation;

namespace Faas.Actors.UseCases;

/// <summary>
/// Makes code the newest version of a script: compiles it, checks its syntax in a sandbox, stores it. The sandbox of the
/// check is warm for the version afterwards, where the version's runs may share one. Code that has passed a check is not checked
/// again, and neither are code and settings of the latest version, which is then the answer. A dry run does all but store it.
/// A stored version that becomes the latest again is stored as it is: with its lock, compiled, and without another check.
/// </summary>
public sealed class PublishScript(
    IScriptCompiler compiler,
    CheckedCodes checkedCodes,
    Runner runner,
    IRequiredActor<ScriptRegistry> registry,
    ScriptLookup scripts,
    ICodeStore codes,
    UseCaseOptions options,
    TimeProvider time)
{
    private const int MostAttempts = 3;
    private static readonly Outcome s_passedBefore = new(Reason.Ok) { Warmth = null };
    private static readonly byte[] s_noInput = "{}"u8.ToArray();

    /// <summary>Publishes it; once this returns <see cref="Published"/> the version is durable. A dry run that finds nothing wrong returns
    /// <see cref="Publishable"/>.</summary>
    /// <param name="request">What to publish.</param>
    /// <param name="cancellation">Cancelled when the caller leaves; a version that is being stored is stored all the same.</param>
    public async Task<PublishResult> ExecuteAsync(PublishRequest request, CancellationToken cancellation)
    {
        if (Refuse(request) is { } refusal)
        {
            return new PublishNotTaken(refusal, Check: null);
        }

        var source = request.Code;
        if (!request.Force && await LockOfLatestAsync(request.Path, source, cancellation) is { } @lock)
        {
            source = source.With(@lock);
        }

        if (!request.Force && await UnchangedAsync(request, source, cancellation) is { } unchanged)
        {
            return unchanged;
        }

        var (code, failure) = await compiler.PrepareCodeAsync(source, request.Log, cancellation);
        if (code is null)
        {
            return new NotPublished(failure!);
        }

        if (ImageLock.Refuse(options.Images, request.Settings.Image, code) is { } differs)
        {
            return new NotPublished(differs);
        }

        if (checkedCodes.Knows(code))
        {
            return await StoreAsync(request, code, s_passedBefore, cancellation);
        }

        return await runner.RunAsync(CheckOf(request, code), sink: null, cancellation) switch
        {
            RunFinished { Outcome: { Reason: Reason.Ok } check } => await StoreCheckedAsync(request, code, check, cancellation),
            RunFinished { Outcome: var outcome } => new NotPublished(outcome),
            RunNotTaken { Refusal: var notTaken } => new PublishNotTaken(notTaken, Check: null),
            var other => throw new InvalidOperationException($"A check ended with {other.GetType().Name}."),
        };
    }

    /// <summary>
    /// Makes a stored version the latest one again, under a new number: its sources, settings and lock. Nothing is chosen anew, so no
    /// registry is asked. Returns once the version is durable.
    /// </summary>
    /// <param name="callId">The caller's name for the request.</param>
    /// <param name="path">The script.</param>
    /// <param name="stored">The version.</param>
    /// <param name="key">The name of the caller's key; null: the caller has none.</param>
    public async Task<PublishResult> RestoreAsync(string callId, string path, FoundScript stored, string? key)
    {
        var (version, code) = stored;
        var request = new PublishRequest(callId, path, version.Language, code.Source, version.Settings, key) { Tree = code.Tree };
        return Refuse(request) is { } refusal
            ? new PublishNotTaken(refusal, Check: null)
            : await StoreAsync(request, code, s_passedBefore, CancellationToken.None);
    }

    // What this server does not have for such a version.
    private Refusal? Refuse(PublishRequest request) =>
        options.ImageRefusal(request.Settings, ScriptCode.RuntimeOf(request.Language)) is { } wrong
            ? Refusal.Malformed(wrong)
            : options.Network.Refuse(options.RunSettingsOf(request.Settings));

    // The script's actor decides; this spares the compiler and the sandbox. If the store does not answer, storing will say so.
    private async Task<Published?> UnchangedAsync(PublishRequest request, ScriptCode source, CancellationToken cancellation) =>
        await scripts.LatestAsync(request.Path, cancellation) is { } latest
            && latest.IsOf(source.Language, source.Hash, request.Settings)
            ? new Published(latest.Number, s_passedBefore, IsUnchanged: true)
            : null;

    // An upload keeps the lock of the same source, until it is forced.
    private async Task<string?> LockOfLatestAsync(string path, ScriptCode source, CancellationToken cancellation) =>
        source.MayNeedLibraries()
        && await scripts.CodeAsync(path, VersionRef.Latest, cancellation) is (Value: { Code: var code }, _)
        && code.Language == source.Language
        && code.SourceHash == source.Hash
        && Equals(code.Dependencies, source.Dependencies)
            ? code.Lock
            : null;

    // The version has no number yet, and a process that stays belongs to one version.
    private Run CheckOf(PublishRequest request, ScriptCode code) => new(
        RunIds.Next(request.CallId),
        request.Path,
        code,
        RunMode.Check,
        (request.Settings.Isolation ?? options.Isolation) == Isolation.Process ? Isolation.Process : Isolation.Sandbox,
        s_noInput,
        Stream: false,
        Owner: options.OwnerOf(request.Key),
        Handler: request.Settings.Handler,
        Settings: options.RunSettingsOf(request.Settings));

    private Task<PublishResult> StoreCheckedAsync(
        PublishRequest request, ScriptCode code, Outcome check, CancellationToken cancellation)
    {
        checkedCodes.Add(code);
        return StoreAsync(request, code, check, cancellation);
    }

    private Published Published(PublishRequest request, ScriptCode code, VersionPublished published, Outcome check)
    {
        var arguments = new RunArguments(request.CallId, s_noInput, Key: request.Key);
        var version = new ScriptVersion(
            published.Version, code.Language, code.Hash, code.Bytes, time.GetUtcNow(), request.Settings);
        runner.KeepWarm(
            VersionRun.Of(options, request.Path, published.Version, request.Settings, code, arguments, stream: false, isLatest: true),
            new StoredRun(request.Path, new FoundScript(version, code) { IsLatest = true }, arguments));
        return new Published(published.Version, check, published.IsUnchanged);
    }

    private async Task<PublishResult> StoreAsync(PublishRequest request, ScriptCode code, Outcome check, CancellationToken cancellation)
    {
        if (request.DryRun)
        {
            return await LatestAsync(request.Path, check, cancellation);
        }

        return await StoreAsync(request, code) switch
        {
            VersionPublished published => Published(request, code, published, check),
            StoreUnavailable unavailable => new PublishNotTaken(Refusal.Store(unavailable.Detail), check),
            CodeMissing => new PublishNotTaken(Refusal.Store("The code was deleted again and again while it was uploaded."), check),
            var other => throw ScriptLookup.Unexpected(other),
        };
    }

    // A deletion of the last version with this code may remove it between the two steps.
    private async Task<IWithScriptPath> StoreAsync(PublishRequest request, ScriptCode code)
    {
        var command = PublishVersion.Of(request.Path, code, time.GetUtcNow(), request.Settings, request.Force);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await codes.PutAsync(code, request.Path, CancellationToken.None);
            }
            catch (StoreException failed)
            {
                return new StoreUnavailable(request.Path, failed.Message);
            }

            var reply = await ScriptAsk.AskAsync(registry, command, options, CancellationToken.None);
            if (reply is not CodeMissing || attempt == MostAttempts)
            {
                return reply;
            }
        }
    }

    private async Task<PublishResult> LatestAsync(string path, Outcome check, CancellationToken cancellation)
    {
        var question = new GetVersion(path, Version: null);
        return await ScriptAsk.AskAsync(registry, question, options, cancellation) switch
        {
            VersionFound found => new Publishable(found.Version.Number, check),
            VersionNotFound => new Publishable(0, check),
            StoreUnavailable unavailable => new PublishNotTaken(Refusal.Store(unavailable.Detail), check),
            var other => throw ScriptLookup.Unexpected(other),
        };
    }
}
