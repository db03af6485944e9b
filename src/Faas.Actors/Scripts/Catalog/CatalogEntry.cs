using Akka.Actor;
using Akka.Event;

namespace Faas.Actors.Scripts.Catalog;

/// <summary>
/// A script's line in the list of scripts, kept by the script's actor.
///
/// Theory of operation: at most one write is under way; what happens meanwhile is covered by one more write after it.
/// A failed one is tried again later, and if the server ends before that, the registry finds the line behind the
/// journal at its next start. So an upload never waits for the list, and the list is never wrong for long.
/// </summary>
internal sealed class CatalogEntry(string path, IScriptCatalog catalog)
{
    private static readonly TimeSpan s_retryAfter = TimeSpan.FromSeconds(2);
    private readonly List<IActorRef> _waiting = [];
    private long _wanted;
    private bool _writing;

    /// <summary>Whether nothing is left to write.</summary>
    public bool IsCurrent { get; private set; } = true;

    /// <summary>The script has changed: write its line, or do so after the write that is under way.</summary>
    public void Follow(ScriptState state, long sequenceNr, IActorRef self)
    {
        _wanted = sequenceNr;
        IsCurrent = false;
        if (_writing || state.Summary is not { } summary)
        {
            return;
        }

        _writing = true;
        catalog.PutAsync(summary, sequenceNr, CancellationToken.None).PipeTo(
            self,
            success: () => new Written(sequenceNr),
            failure: failure => new NotWritten(failure.Message));
    }

    /// <summary>Somebody wants to be told when the line is up to date.</summary>
    public void Refresh(IActorRef asker, ScriptState state, long sequenceNr, IActorRef self)
    {
        if (state.Summary is null)
        {
            asker.Tell(new CatalogRefreshed(path));
            return;
        }

        _waiting.Add(asker);
        Follow(state, sequenceNr, self);
    }

    /// <summary>A write is done; there may be more to write by now.</summary>
    public void OnWritten(Written written, ScriptState state, long sequenceNr, IActorRef self)
    {
        _writing = false;
        if (written.SequenceNr < _wanted)
        {
            Follow(state, sequenceNr, self);
            return;
        }

        IsCurrent = true;
        Tell(new CatalogRefreshed(path));
    }

    /// <summary>A write has failed.</summary>
    public void OnNotWritten(NotWritten failed, ITimerScheduler timers, ILoggingAdapter log)
    {
        _writing = false;
        log.Warning("The list of scripts is behind on {0}, next try in {1} s: {2}", path, s_retryAfter.TotalSeconds, failed.Why);
        Tell(new StoreUnavailable(path, failed.Why));
        timers.StartSingleTimer(nameof(Retry), Retry.Instance, s_retryAfter);
    }

    /// <summary>The actor ends: who waits is told.</summary>
    public void OnStopped() => Tell(new StoreUnavailable(path, "The script's actor has ended."));

    private void Tell(IWithScriptPath answer)
    {
        _waiting.ForEach(asker => asker.Tell(answer));
        _waiting.Clear();
    }

    internal sealed record Written(long SequenceNr) : INoSerializationVerificationNeeded;

    internal sealed record NotWritten(string Why) : INoSerializationVerificationNeeded;

    internal sealed class Retry : INoSerializationVerificationNeeded
    {
        public static Retry Instance { get; } = new();
    }
}
