using System.Collections.Immutable;
using System.Globalization;
using Akka.Actor;
using Akka.Persistence;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Registry;
using Faas.Bench.Workloads;

namespace Faas.Bench.Stores;

// Theory of operation. What a million uploads leave in the store is written without uploading: the script's own state
// decides on the events, the server's own journal, snapshot store, code store and list write them. So nothing here knows
// how they are stored, and what differs is that many events go into one transaction, and that of the snapshots only the
// last is written, which is all that the server keeps of them.

/// <summary>Fills a store with scripts.</summary>
/// <param name="store">The store.</param>
/// <param name="codeOf">The code of a script's version; null: of <see cref="Source"/>.</param>
internal sealed class StoreSeed(OpenStore store, Func<string, int, ScriptCode>? codeOf = null)
{
    private const int AtOnce = 16;
    private const int EventsEach = 500;
    private const int CodesEach = 1000;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);
    private readonly Func<string, int, ScriptCode> _codeOf =
        codeOf ?? ((path, version) => ScriptCode.Of(Language.JavaScript, Source(path, version)));

    private readonly IActorRef _journal = Persistence.Instance.Apply(store.System).JournalFor(null);
    private readonly IActorRef _snapshots = Persistence.Instance.Apply(store.System).SnapshotStoreFor(null);
    private readonly string _writer = Guid.NewGuid().ToString();
    private readonly DateTimeOffset _begin = DateTimeOffset.UtcNow.AddDays(-1);

    /// <summary>The script that every version is, the same but for its first line, so that each has code of its own.</summary>
    public static string Source(string path, int version) =>
        string.Create(CultureInfo.InvariantCulture, $"// {path}, {version}\n{Cases.HelloIn(Language.JavaScript).Source}");

    /// <summary>The path of the nth script of a kind.</summary>
    public static string PathOf(string kind, int number) => string.Create(CultureInfo.InvariantCulture, $"{kind}/{number}");

    /// <summary>Writes scripts of so many versions each, and returns when all is durable.</summary>
    public void Write(IEnumerable<string> paths, int versions, CancellationToken stop) => Parallel.ForEachAsync(
        paths,
        new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stop },
        async (path, _) => await WriteAsync(path, versions)).GetAwaiter().GetResult();

    private async Task WriteAsync(string path, int versions)
    {
        var codes = Enumerable.Range(1, versions).Select(version => _codeOf(path, version)).ToList();
        foreach (var chunk in codes.Chunk(CodesEach))
        {
            await Task.WhenAll(chunk.Select(code => store.Codes.PutAsync(code, path, CancellationToken.None)));
        }

        var (state, snapshot) = (ScriptState.Empty(path), (ScriptSnapshot?)null);
        var events = new List<VersionUploaded>(versions);
        foreach (var code in codes)
        {
            var uploaded = state.Decide(PublishVersion.Of(path, code, _begin.AddSeconds(events.Count), ScriptSettings.Default));
            events.Add(uploaded);
            state = state.Apply(uploaded);
            snapshot = events.Count % store.SnapshotEvery == 0 ? state.ToSnapshot() : snapshot;
        }

        var id = ScriptActor.PersistenceIdOf(path);
        for (var first = 0; first < events.Count; first += EventsEach)
        {
            await JournalAsync(id, events.Skip(first).Take(EventsEach), first);
        }

        if (snapshot is not null)
        {
            await SnapshotAsync(id, snapshot);
        }

        await store.Catalog.PutAsync(state.Summary!, versions, CancellationToken.None);
    }

    private async Task JournalAsync(string id, IEnumerable<VersionUploaded> events, int before)
    {
        var writes = events.Select((uploaded, index) => new AtomicWrite(ImmutableList.Create<IPersistentRepresentation>(
            new Persistent(uploaded, before + index + 1, id, "", false, ActorRefs.NoSender, _writer)))).ToList();
        var answer = await _journal.Ask<IJournalResponse>(asker => new WriteMessages(writes, asker, 1), s_patience, CancellationToken.None);
        if (answer is not WriteMessagesSuccessful)
        {
            throw new BenchException($"The journal of the store that is filled answered {answer}.");
        }
    }

    private async Task SnapshotAsync(string id, ScriptSnapshot snapshot)
    {
        var metadata = new SnapshotMetadata(id, snapshot.Versions.Count, DateTime.UtcNow);
        var answer = await _snapshots.Ask<object>(new SaveSnapshot(metadata, snapshot), s_patience);
        if (answer is not SaveSnapshotSuccess)
        {
            throw new BenchException($"The snapshots of the store that is filled answered {answer}.");
        }
    }
}
