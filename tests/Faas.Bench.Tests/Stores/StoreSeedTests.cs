using Akka.Actor;
using Faas.Actors.Scripts;
using Faas.Bench.Stores;
using Faas.Testing;
using Xunit;

namespace Faas.Bench.Tests.Stores;

public sealed class StoreSeedTests : IDisposable
{
    private const int Versions = 205;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private readonly string _folder = TestFolder.Create("faas-bench-tests-");

    [Fact]
    public async Task What_was_seeded_is_listed_found_and_continued_as_if_it_had_been_uploaded()
    {
        using (var filled = OpenStore.Open(_folder))
        {
            new StoreSeed(filled).Write(["seed/0", "seed/1"], Versions, CancellationToken.None);
        }

        using var store = OpenStore.Open(_folder);
        var list = await AskAsync<ScriptList>(store.Lister, ListScripts.Instance);
        Assert.Equal([("seed/0", Versions), ("seed/1", Versions)], list.Scripts.Select(script => (script.Path, script.Versions)));

        var latest = (await AskAsync<VersionFound>(store.Registry, new GetVersion("seed/1", null))).Version;
        Assert.Equal(list.Scripts[1].Latest, latest);
        var first = (await AskAsync<VersionFound>(store.Registry, new GetVersion("seed/1", latest.Number - Versions + 1))).Version;
        var code = await store.Codes.GetAsync(first.Language, first.CodeHash, CancellationToken.None);
        Assert.Equal(StoreSeed.Source("seed/1", 1), code!.Source);

        var another = ScriptCode.Of(Language.Python, "return 1");
        await store.Codes.PutAsync(another, "seed/1", CancellationToken.None);
        var next = PublishVersion.Of("seed/1", another, DateTimeOffset.UnixEpoch, ScriptSettings.Default);
        var published = await AskAsync<VersionPublished>(store.Registry, next);
        Assert.Equal(latest.Number + 1, published.Version);
    }

    public void Dispose() => Directory.Delete(_folder, true);

    private static async Task<T> AskAsync<T>(IActorRef actor, object question) =>
        Assert.IsType<T>(await actor.Ask<object>(question, s_patience));
}
