using Akka.Actor;
using Akka.Event;
using Akka.Hosting;

namespace Faas.Actors.Scripts.Catalog;

/// <summary>
/// Gives the list of scripts, and keeps it in agreement with the journal.
/// <para>
/// Theory of operation. At its start, and when a rebuild is asked for, this actor compares the sequence numbers in the list
/// with those in the journal. It asks each script whose line is behind to write the line anew, a few scripts at a time. A
/// list that cannot be read is thrown away first. A store that does not answer is asked again later. One such actor is
/// enough for all nodes of a store.
/// </para>
/// </summary>
public sealed class CatalogKeeper : ReceiveActor, IWithTimers
{
    private const int AtOnce = 8;
    private static readonly TimeSpan s_retryAfter = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_mostSilence = TimeSpan.FromSeconds(30);
    private readonly IActorRef _scripts;
    private readonly IScriptCatalog _catalog;
    private readonly IPersistenceIds _ids;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Queue<string> _behind = new();
    private readonly List<IActorRef> _askers = [];
    private readonly List<IActorRef> _next = [];
    private bool _working;
    private readonly HashSet<string> _underWay = new(StringComparer.Ordinal);
    private int _refreshed;
    private string? _failure;

    /// <summary>Made by the actor system, which resolves everything but the way to the scripts.</summary>
    public CatalogKeeper(IActorRef scripts, IScriptCatalog catalog, IPersistenceIds ids)
    {
        (_scripts, _catalog, _ids) = (scripts, catalog, ids);
        Receive<ListScripts>(_ => List(Sender));
        Receive<Reconcile>(_ => Begin(false));
        Receive<RebuildCatalog>(_ =>
        {
            _next.Add(Sender);
            Begin(true);
        });
        Receive<Compared>(OnCompared);
        Receive<CatalogRefreshed>(refreshed => OnEnded(refreshed.Path, 1, null));
        Receive<StoreUnavailable>(unavailable => OnEnded(unavailable.Path, 0, unavailable.Detail));
        Receive<NotCompared>(failed => OnFailed(failed.Why));
        Receive<Silence>(_ => OnSilence());
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    protected override void PreStart() => Self.Tell(Reconcile.Instance);

    private void List(IActorRef asker) => _catalog.AllAsync(CancellationToken.None).PipeTo(
        asker,
        Self,
        Sorted,
        failure => new StoreUnavailable("", failure.Message));

    private static ScriptList Sorted(IReadOnlyList<CatalogState> lines) =>
        new([.. lines.Select(line => line.Summary).OfType<ScriptSummary>().OrderBy(summary => summary.Path, StringComparer.Ordinal)]);

    private void Begin(bool anew)
    {
        if (_working)
        {
            return;
        }

        _working = true;
        _askers.AddRange(_next);
        _next.Clear();
        CompareAsync(anew).PipeTo(Self, success: behind => new Compared(behind), failure: failure => new NotCompared(failure.Message));
    }

    private async Task<IReadOnlyList<string>> CompareAsync(bool anew)
    {
        if (anew)
        {
            await _catalog.ClearAsync(CancellationToken.None);
        }

        var lines = await ReadAsync();
        await _catalog.SortAsync(lines, CancellationToken.None);
        var listed = lines.ToDictionary(line => line.Path, line => line.SequenceNr);
        var stored = await _ids.ListAsync(ScriptRegistry.PersistenceIdPrefix, CancellationToken.None);
        return
        [
            .. stored
                .Select(script => (Path: script.PersistenceId[ScriptRegistry.PersistenceIdPrefix.Length..], script.HighestSequenceNr))
                .Where(script => listed.GetValueOrDefault(script.Path) < script.HighestSequenceNr)
                .Select(script => script.Path),
        ];
    }

    private async Task<IReadOnlyList<CatalogState>> ReadAsync()
    {
        try
        {
            return await _catalog.AllAsync(CancellationToken.None);
        }
        catch (InvalidDataException broken)
        {
            _log.Warning("The list of scripts is made anew: {0}", broken.Message);
            await _catalog.ClearAsync(CancellationToken.None);
            return [];
        }
    }

    private void OnCompared(Compared compared)
    {
        foreach (var path in compared.Behind)
        {
            _behind.Enqueue(path);
        }

        Advance();
    }

    // A reply may come so late that its script is not waited for any more.
    private void OnEnded(string path, int refreshed, string? failure)
    {
        if (_underWay.Remove(path))
        {
            _refreshed += refreshed;
            OnFailed(failure);
        }
    }

    // In a cluster, a request whose script is just being moved may be lost.
    private void OnSilence()
    {
        _underWay.Clear();
        OnFailed($"A script did not answer within {s_mostSilence.TotalSeconds} s.");
    }

    private void OnFailed(string? why)
    {
        if (why is not null)
        {
            _failure = why;
            _behind.Clear();
        }

        Advance();
    }

    private void Advance()
    {
        while (_underWay.Count < AtOnce && _behind.TryDequeue(out var path))
        {
            _underWay.Add(path);
            _scripts.Tell(new RefreshCatalog(path));
        }

        if (_underWay.Count > 0)
        {
            Timers.StartSingleTimer(nameof(Silence), Silence.Instance, s_mostSilence);
            return;
        }

        Timers.Cancel(nameof(Silence));
        if (_failure is null)
        {
            End(new CatalogRebuilt(_refreshed));
            return;
        }

        _log.Warning(
            "The list of scripts could not be compared with the journal, next try in {0} s: {1}", s_retryAfter.TotalSeconds, _failure);
        Timers.StartSingleTimer(nameof(Reconcile), Reconcile.Instance, s_retryAfter);
        End(new StoreUnavailable("", _failure));
    }

    private void End(object reply)
    {
        _askers.ForEach(asker => asker.Tell(reply));
        _askers.Clear();
        (_working, _refreshed, _failure) = (false, 0, null);
        if (_next.Count > 0)
        {
            Begin(true);
        }
    }

    private sealed class Reconcile : INoSerializationVerificationNeeded
    {
        public static Reconcile Instance { get; } = new();
    }

    private sealed class Silence : INoSerializationVerificationNeeded
    {
        public static Silence Instance { get; } = new();
    }

    private sealed record Compared(IReadOnlyList<string> Behind) : INoSerializationVerificationNeeded;

    private sealed record NotCompared(string Why) : INoSerializationVerificationNeeded;
}

/// <summary>Wiring.</summary>
public static class CatalogKeeperHosting
{
    /// <summary>Starts it under its own key, after the scripts, which it asks for their lines.</summary>
    public static AkkaConfigurationBuilder AddCatalogKeeper(
        this AkkaConfigurationBuilder builder) => builder.WithActors((system, registry, resolver) =>
        registry.Register<CatalogKeeper>(system.ActorOf(resolver.Props<CatalogKeeper>(registry.Get<ScriptRegistry>()), "catalog")));
}
