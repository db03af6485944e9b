using Akka.Actor;
using Akka.Event;
using Faas.Actors.Scripts.Code;

namespace Faas.Actors.Scripts.Registry;

/// <summary>
/// Has the store delete the code that a script's versions no longer name.
/// <para>
/// Theory of operation. Code is dropped when a deletion is durable. First the token of the script's reference is read; then, if neither a
/// version names the code nor an upload of it is under way, the reference with this token is released. A version counts as long as it is
/// there durably, because a further deletion that is under way may fail, and as soon as it is decided on. An upload that comes between
/// the two steps gives the reference another token, so the release does nothing. Code whose release fails stays in the store, and is tried
/// again with the next deletion.
/// </para>
/// </summary>
internal sealed class UnusedCode(string path, ICodeStore codes, ILoggingAdapter log)
{
    private readonly Dictionary<CodeName, int> _uploads = [];
    private readonly HashSet<CodeName> _dropped = [];
    private int _underWay;

    /// <summary>Whether nothing is under way.</summary>
    public bool IsIdle => _underWay == 0;

    /// <summary>An upload or an import of the code has begun.</summary>
    public void BeginUpload(CodeName code) => _uploads[code] = _uploads.GetValueOrDefault(code) + 1;

    /// <summary>An upload or an import of the code has ended; if it was good, a version names the code.</summary>
    public void EndUpload(CodeName code)
    {
        if (--_uploads[code] == 0)
        {
            _uploads.Remove(code);
        }
    }

    /// <summary>Versions were deleted. Begins to release the code that none of those that are left names.</summary>
    /// <param name="deleted">The versions.</param>
    /// <param name="durable">The script as it is stored, without them.</param>
    /// <param name="decided">The script as it will be when all changes are stored.</param>
    /// <param name="self">The script's actor.</param>
    public void Drop(IEnumerable<ScriptVersion> deleted, ScriptState durable, ScriptState decided, IActorRef self)
    {
        _dropped.UnionWith(deleted.Select(CodeName.Of));
        _dropped.ExceptWith(durable.Versions.Concat(decided.Versions).Select(CodeName.Of));
        foreach (var code in _dropped)
        {
            _underWay++;
            codes.ReferenceAsync(code, path, CancellationToken.None).PipeTo(
                self,
                success: token => new ReferenceRead(code, token),
                failure: failure => new NotReleased(failure.Message));
        }
    }

    /// <summary>The token is known.</summary>
    public void OnRead(ReferenceRead read, ScriptState durable, ScriptState decided, IActorRef self)
    {
        if (read.Token is null
            || _uploads.ContainsKey(read.Code)
            || durable.Versions.Concat(decided.Versions).Any(version => CodeName.Of(version) == read.Code))
        {
            OnReleased(new Released(read.Code));
            return;
        }

        codes.ReleaseAsync(read.Code, path, read.Token, CancellationToken.None).PipeTo(
            self,
            success: () => new Released(read.Code),
            failure: failure => new NotReleased(failure.Message));
    }

    /// <summary>The code has been released, or is in use again.</summary>
    public void OnReleased(Released released)
    {
        _underWay--;
        _dropped.Remove(released.Code);
    }

    /// <summary>The store has not answered.</summary>
    public void OnNotReleased(NotReleased failed)
    {
        _underWay--;
        log.Warning("Code that script {0} no longer needs stays in the store: {1}", path, failed.Why);
    }

    internal sealed record ReferenceRead(CodeName Code, string? Token) : INoSerializationVerificationNeeded;

    internal sealed record Released(CodeName Code) : INoSerializationVerificationNeeded;

    internal sealed record NotReleased(string Why) : INoSerializationVerificationNeeded;
}
