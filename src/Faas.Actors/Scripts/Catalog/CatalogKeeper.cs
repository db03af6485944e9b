using Akka.Actor;
using Akka.Event;
using Faas.Actors.Scripts.Registry;

namespace Faas.Actors.Scripts.Catalog;

/// <summary>
/// Keeps the list of scripts in agreement with the journal.
///
/// Theory of operation: at the start, and whenever a rebuild is asked for, the sequence numbers in the list are compared
/// with the journal's; each script that is behind is told to write its line, a few at a time. A list that cannot
/// be read is thrown away first. A store that does not answer is asked again later.
/// </summary>
internal sealed class CatalogKeeper : ReceiveActor, IWithTimers
{
    /// <summary>Its name under the registry: no script's, since a script's name has no <c>*</c> that is not escaped.</summary>
    public const string Name = "*catalog";

    private const int AtOnce = 8;
    private static readonly TimeSpan s_retryAfter = TimeSpan.FromSeconds(2);
    private readonly IScriptCatalog _catalog;
    private readonly IPersistenceIds _ids;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Queue<string> _behind = new();
    private readonly List<IActorRef> _askers = [];
    private readonly List<IActorRef> _next = [];
    private bool _working;
    private int _underWay;
    private int _refreshed;
    private string? _failure;

    public CatalogKeeper(IScriptCatalog catalog, IPersistenceIds ids)
    {
        (_catalog, _ids) = (catalog, ids);
        Receive<Reconcile>(_ => Begin(false));
        Receive<RebuildCatalog>(_ =>
        {
            _next.Add(Sender);
            Begin(true);
        });
        Receive<Compared>(OnCompared);
        Receive<CatalogRefreshed>(_ => OnEnded(1, null));
        Receive<StoreUnavailable>(unavailable => OnEnded(0, unavailable.Detail));
        Receive<NotCompared>(failed => OnFailed(failed.Why));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(IScriptCatalog catalog, IPersistenceIds ids) => Akka.Actor.Props.Create(() => new CatalogKeeper(catalog, ids));

    protected override void PreStart() => Self.Tell(Reconcile.Instance);

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

        var listed = (await ReadAsync()).ToDictionary(entry => entry.Summary.Path, entry => entry.SequenceNr);
        var stored = await _ids.ListAsync(ScriptRegistry.PersistenceIdPrefix, CancellationToken.None);
        return
        [
            .. stored
                .Select(script => (Path: script.PersistenceId[ScriptRegistry.PersistenceIdPrefix.Length..], script.HighestSequenceNr))
                .Where(script => listed.GetValueOrDefault(script.Path) < script.HighestSequenceNr)
                .Select(script => script.Path),
        ];
    }

    private async Task<IReadOnlyList<(ScriptSummary Summary, long SequenceNr)>> ReadAsync()
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

    private void OnEnded(int refreshed, string? failure)
    {
        _underWay--;
        _refreshed += refreshed;
        OnFailed(failure);
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
        while (_underWay < AtOnce && _behind.TryDequeue(out var path))
        {
            _underWay++;
            Context.Parent.Tell(new RefreshCatalog(path));
        }

        if (_underWay > 0)
        {
            return;
        }

        if (_failure is null)
        {
            End(new CatalogRebuilt(_refreshed));
            return;
        }

        _log.Warning("The list of scripts could not be compared with the journal, next try in {0} s: {1}", s_retryAfter.TotalSeconds, _failure);
        Timers.StartSingleTimer(nameof(Reconcile), Reconcile.Instance, s_retryAfter);
        End(new StoreUnavailable("", _failure));
    }

    private void End(object answer)
    {
        _askers.ForEach(asker => asker.Tell(answer));
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

    private sealed record Compared(IReadOnlyList<string> Behind) : INoSerializationVerificationNeeded;

    private sealed record NotCompared(string Why) : INoSerializationVerificationNeeded;
}
