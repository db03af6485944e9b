using Akka.Actor;
using Akka.Event;

namespace Faas.Actors.Scripts.Catalog;

/// <summary>
/// A script's line in the list of scripts, written by the script's actor.
/// <para>
/// Theory of operation. At most one write is under way; events that are persisted meanwhile are covered by one more write
/// after it. A write that fails is tried again later. If the server ends before that, <see cref="CatalogKeeper"/> sees at
/// the next start that the line is behind the journal. So an upload never waits for the list, and the list is never wrong
/// for long.
/// </para>
/// </summary>
internal sealed class CatalogEntry(string path, IScriptCatalog catalog)
{
    private static readonly TimeSpan s_retryAfter = TimeSpan.FromSeconds(2);
    private readonly List<IActorRef> _waiting = [];
    private long _wanted;
    private bool _writing;

    /// <summary>Whether nothing is left to write.</summary>
    public bool IsCurrent { get; private set; } = true;

    /// <summary>The script has changed. Writes its line now, or after the write that is under way.</summary>
    public void Follow(ScriptState state, long sequenceNr, IActorRef self)
    {
        _wanted = sequenceNr;
        IsCurrent = false;
        if (_writing)
        {
            return;
        }

        _writing = true;
        var write = state.Summary is { } summary
            ? catalog.PutAsync(summary, sequenceNr, CancellationToken.None)
            : catalog.RemoveAsync(path, sequenceNr, CancellationToken.None);
        write.PipeTo(
            self,
            success: () => new Written(sequenceNr),
            failure: failure => new NotWritten(failure.Message));
    }

    /// <summary>Replies to the asker once the line is up to date.</summary>
    public void Refresh(IActorRef asker, ScriptState state, long sequenceNr, IActorRef self)
    {
        if (sequenceNr == 0)
        {
            asker.Tell(new CatalogRefreshed(path));
            return;
        }

        _waiting.Add(asker);
        Follow(state, sequenceNr, self);
    }

    /// <summary>A write has succeeded; the script may have changed since it began.</summary>
    public void OnWritten(Written written, ScriptState state, long sequenceNr, IActorRef self)
    {
        _writing = false;
        if (written.SequenceNr < _wanted)
        {
            Follow(state, sequenceNr, self);
            return;
        }

        IsCurrent = true;
        ReplyToAll(new CatalogRefreshed(path));
    }

    /// <summary>A write has failed.</summary>
    public void OnNotWritten(NotWritten failed, ITimerScheduler timers, ILoggingAdapter log)
    {
        _writing = false;
        log.Warning("The list of scripts is behind on {0}, next try in {1} s: {2}", path, s_retryAfter.TotalSeconds, failed.Why);
        ReplyToAll(new StoreUnavailable(path, failed.Why));
        timers.StartSingleTimer(nameof(Retry), Retry.Instance, s_retryAfter);
    }

    /// <summary>The actor ends: the askers that wait are told.</summary>
    public void OnStopped() => ReplyToAll(new StoreUnavailable(path, "The script's actor has ended."));

    private void ReplyToAll(IWithScriptPath reply)
    {
        _waiting.ForEach(asker => asker.Tell(reply));
        _waiting.Clear();
    }

    internal sealed record Written(long SequenceNr) : INoSerializationVerificationNeeded;

    internal sealed record NotWritten(string Why) : INoSerializationVerificationNeeded;

    internal sealed class Retry : INoSerializationVerificationNeeded
    {
        public static Retry Instance { get; } = new();
    }
}
